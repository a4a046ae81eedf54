"""What can go wrong, as one shape: `application/problem+json` (RFC 9457). `failures.py` turns exceptions into these.

    Problem                     type, title, status, detail, instance, errors
    |- BadBody             400  not UTF-8, not JSON
    |- Refused             400  what a drop-in route refuses for its own API's reasons, with that API's details
    |- Unauthorised        401  no key, unknown key, session over
    |- BadSignature        401  a delivery that does not come from the desk of its connection
    |- Forbidden           403  a key or session that may not do this
    |- NotFound            404  no such route, conversation, contact
    |- MethodNotAllowed    405
    |- Conflict            409  the same turn_id with a different body
    |- Taken               409  a conversation that somebody else has, or nobody
    |- AlertConflict       409  an alert that has ended, or cannot be treated so
    |- PersonConflict      409  a name that is taken, the last administrator
    |- WebhookConflict     409  more webhooks than there may be
    |- BodyTooLarge        413
    |- NotJson             415  another Content-Type than JSON
    |- Invalid             422  a field's value; `errors` names each field
    |- Broken              500  our fault; `instance` is in the log, nothing else is said
    |- NotOffered          501  a call of a foreign API that has no meaning here
    |- Busy                503  too much to do, or shutting down; Retry-After says when
    `- NotReady            503  of /readyz, and of scoring by a model that is not right here; `errors` names the part

No message ever quotes a value that was sent: it may be a customer's words. A conversation's owner is named.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import ClassVar, Final

from starlette.exceptions import HTTPException

MEDIA_TYPE: Final = "application/problem+json"
TYPE_PREFIX: Final = "urn:evenkeel:problem:"


@dataclass(frozen=True, slots=True)
class FieldError:
    """One field that was refused, by its path in the body or its name in the address."""

    field: str
    message: str


class Problem(HTTPException):
    """Base of everything that a caller is told; subclasses fix the status."""

    status: ClassVar[HTTPStatus] = HTTPStatus.BAD_REQUEST
    slug: ClassVar[str] = "bad-request"
    title: ClassVar[str] = "Bad request"

    def __init__(
        self, detail: str, *, errors: Sequence[FieldError] = (), headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(self.status, detail, headers)
        self.errors = tuple(errors)


class BadBody(Problem):
    """The body cannot be read as JSON."""

    slug, title = "bad-body", "Unreadable body"


class Refused(Problem):
    """A drop-in route's own refusal."""

    slug, title = "refused", "Refused"

    def __init__(self, detail: str, *, field: str, details: Mapping[str, object]) -> None:
        super().__init__(detail, errors=[FieldError(field, detail)])
        self.details = dict(details)
        """As the foreign API writes them."""


class Unauthorised(Problem):
    """Nobody that we know asks."""

    status, slug, title = HTTPStatus.UNAUTHORIZED, "unauthorised", "Not signed in"

    def __init__(self, detail: str) -> None:
        super().__init__(detail, headers={"WWW-Authenticate": 'Bearer realm="evenkeel"'})


class BadSignature(Problem):
    """A delivery that does not prove whom it comes from."""

    status, slug, title = HTTPStatus.UNAUTHORIZED, "bad-signature", "Wrong signature"


class Forbidden(Problem):
    """Somebody that we know asks for what they may not do."""

    status, slug, title = HTTPStatus.FORBIDDEN, "forbidden", "Not allowed"


class NotFound(Problem):
    """There is no such thing."""

    status, slug, title = HTTPStatus.NOT_FOUND, "not-found", "Not found"


class MethodNotAllowed(Problem):
    """The route exists, the method does not."""

    status, slug, title = HTTPStatus.METHOD_NOT_ALLOWED, "method-not-allowed", "Method not allowed"


class Conflict(Problem):
    """The turn id was answered before, with another body."""

    status, slug, title = HTTPStatus.CONFLICT, "turn-conflict", "Turn answered before"


class Taken(Problem):
    """The conversation is not this person's to act on."""

    status, slug, title = HTTPStatus.CONFLICT, "handoff-conflict", "Not yours to act on"


class AlertConflict(Problem):
    """This cannot be done to the alert as it stands."""

    status, slug, title = HTTPStatus.CONFLICT, "alert-conflict", "Not possible with this alert"


class PersonConflict(Problem):
    """This cannot be done to the person as things stand."""

    status, slug, title = HTTPStatus.CONFLICT, "person-conflict", "Not possible with this person"


class WebhookConflict(Problem):
    """This cannot be done to webhooks as things stand."""

    status, slug, title = HTTPStatus.CONFLICT, "webhook-conflict", "Not possible with webhooks"


class BodyTooLarge(Problem):
    """The body is longer than the service reads."""

    status, slug, title = HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "body-too-large", "Body too large"


class NotJson(Problem):
    """The body came under another media type."""

    status, slug, title = HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "not-json", "Not sent as JSON"


class Invalid(Problem):
    """Fields hold what they must not."""

    status, slug, title = HTTPStatus.UNPROCESSABLE_ENTITY, "invalid", "Invalid fields"


class Broken(Problem):
    """Our fault."""

    status, slug, title = HTTPStatus.INTERNAL_SERVER_ERROR, "internal", "Internal error"


class NotOffered(Problem):
    """A call of a foreign API that cannot be answered honestly here."""

    status, slug, title = HTTPStatus.NOT_IMPLEMENTED, "not-offered", "Not offered here"


class Busy(Problem):
    """Too much to do right now."""

    status, slug, title = HTTPStatus.SERVICE_UNAVAILABLE, "unavailable", "Temporarily unavailable"

    def __init__(self, detail: str, *, retry_after_s: int) -> None:
        super().__init__(detail, headers={"Retry-After": str(retry_after_s)})


class NotReady(Problem):
    """A part of the service does not work."""

    status, slug, title = HTTPStatus.SERVICE_UNAVAILABLE, "not-ready", "Not ready"


PROBLEMS: Final[tuple[type[Problem], ...]] = tuple(Problem.__subclasses__())
