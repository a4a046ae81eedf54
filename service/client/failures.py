"""What can go wrong when the service is asked: it answered no, or nothing answered."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


class ClientError(Exception):
    """Every failure of a call. No message holds a customer's text or a key."""


class Unreachable(ClientError):
    """Nothing answered, or what answered is no Evenkeel, also after all attempts."""


@dataclass(frozen=True, slots=True)
class FieldError:
    """A field of the request that was refused, and why."""

    field: str
    message: str


class ApiError(ClientError):
    """The service answered, and it was no (RFC 9457)."""

    def __init__(self, status: int, problem: Mapping[str, Any]) -> None:
        """Read a problem of the service; of anything else the status alone is known."""
        errors = problem.get("errors")
        self.status = status
        self.type = str(problem.get("type", "about:blank"))
        self.title = str(problem.get("title", ""))
        self.detail = str(problem.get("detail", ""))
        self.errors = tuple(
            FieldError(str(error.get("field", "")), str(error.get("message", "")))
            for error in (errors if isinstance(errors, list) else [])
            if isinstance(error, Mapping)
        )
        said = ". ".join(filter(None, [self.detail.rstrip("."), *(f"{e.field}: {e.message}" for e in self.errors)]))
        super().__init__(f"{status} {self.title}".rstrip() + (f": {said}" if said else ""))
