"""What a drop-in route refuses for its own API's reasons; `api/failures.py` makes an answer of it."""

from collections.abc import Mapping


class Refusal(ValueError):
    """A request that the foreign API would refuse too. Neither message nor details hold a customer's words."""

    def __init__(self, message: str, *, field: str, details: Mapping[str, object]) -> None:
        super().__init__(message)
        self.field = field
        """The part of the body that was refused."""
        self.details = dict(details)
        """What the foreign API says beside the message, in its own words."""
