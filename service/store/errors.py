"""Every error that the store raises, and none of them holds customer text or a database password.

StoreError
  StoreUnavailable   the database cannot be reached, or stayed locked for longer than we wait: 503
  TurnConflict       the same turn_id arrived with another role or text: 409
  BadCursor          a page cursor that this service did not make: 422
"""


class StoreError(Exception):
    """The store cannot do what was asked."""


class StoreUnavailable(StoreError):
    """The database cannot be reached, is read-only, or stayed locked; trying again later may help."""


class TurnConflict(StoreError):
    """This turn_id is already stored with another role or text."""


class BadCursor(StoreError):
    """The cursor does not come from `list_conversations`."""
