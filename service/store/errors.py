"""Every error that the store raises, and none of them holds customer text or a database password.

StoreError
  StoreUnavailable   the database cannot be reached, or stayed locked for longer than we wait: 503
  TurnConflict       the same turn_id arrived with another role or text: 409
  PersonRefused      a change to a person that cannot be: 409
  WebhookRefused     a webhook that cannot be: 409
  BadCursor          a page cursor that this service did not make: 422
  NotACustomersTurn  labels for a turn of an agent or a bot: 422
"""


class StoreError(Exception):
    """The store cannot do what was asked."""


class StoreUnavailable(StoreError):
    """The database cannot be reached, is read-only, or stayed locked; trying again later may help."""


class TurnConflict(StoreError):
    """This turn_id is already stored with another role or text."""


class PersonRefused(StoreError):
    """The change to a person cannot be: the name is taken, or nobody would be left who may administer."""

    def __init__(self, field: str, why: str) -> None:
        super().__init__(f"{field} {why}")
        self.field = field
        self.why = why


class WebhookRefused(StoreError):
    """The webhook cannot be: there are as many as there may be."""

    def __init__(self, field: str, why: str) -> None:
        super().__init__(f"{field} {why}")
        self.field = field
        self.why = why


class BadCursor(StoreError):
    """The cursor does not come from `list_conversations`."""


class NotACustomersTurn(StoreError):
    """Only what customers write is scored, so only that can be labelled."""
