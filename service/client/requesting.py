"""A call and a client's settings -> what httpx sends, and back: an answer -> what the call returns. Pure."""

import math
from dataclasses import dataclass, field
from typing import Any, Final, TypedDict, TypeVar, cast
from urllib.parse import urlsplit

import httpx2

from .attempts import Received
from .calls import Call
from .failures import ApiError, Unreachable

Answer = TypeVar("Answer")
_SCHEMES: Final = ("http", "https")
READY_POLL_S: Final = 0.5


class Sent(TypedDict):
    """The arguments of `httpx2.Client.request`."""

    method: str
    url: str
    params: dict[str, Any]
    json: Any
    headers: dict[str, str]


class Stream(TypedDict):
    """The arguments of `httpx2.Client.sse`."""

    url: str
    params: dict[str, Any]
    headers: dict[str, str]
    timeout: httpx2.Timeout


@dataclass(frozen=True, slots=True)
class Service:
    """Which service, with which key; without one only its readiness can be asked for."""

    url: str
    key: str | None = field(repr=False)

    def __post_init__(self) -> None:
        parts = urlsplit(self.url)
        if parts.scheme not in _SCHEMES or not parts.netloc or parts.username:
            raise ValueError("url: expected an address like https://evenkeel.example, without a user in it")
        if self.key is not None and not (self.key and all(" " < letter <= "~" for letter in self.key)):
            # httpx would refuse such a header at each call, as if the line were broken.
            raise ValueError("key: expected letters, digits and signs, without spaces or line breaks")

    def sent(self, call: Call[Any]) -> Sent:
        """Return the request of a call."""
        return {
            "method": call.method,
            "url": self.url.rstrip("/") + call.path,
            "params": dict(call.params),
            "json": call.body,
            "headers": self.headers(),
        }

    def headers(self) -> dict[str, str]:
        """Return what every request carries."""
        accepted = {"Accept": "application/json"}
        return accepted if self.key is None else accepted | {"Authorization": f"Bearer {self.key}"}


def received(response: httpx2.Response | None) -> Received | None:
    """Return what decides whether the call is tried again."""
    return None if response is None else Received(response.status_code, response.headers)


def returned(call: Call[Answer], response: httpx2.Response | None) -> Answer:
    """Return what the call returns. Raises `ApiError` and `Unreachable`."""
    if response is None:
        raise Unreachable("nothing answered at this address, or the line broke")
    content = json_of(response)
    if response.is_success and isinstance(content, dict):
        return cast(Answer, content)
    if response.is_success or response.is_redirect:
        raise Unreachable(f"{response.status_code} without a JSON object: this address is no Evenkeel")
    raise refusal(response.status_code, content)


def looks(timeout_s: float) -> range:
    """How often to look whether a service is ready, with `READY_POLL_S` between two looks."""
    return range(1 + math.ceil(timeout_s / READY_POLL_S))


def never_ready(service: Service, response: httpx2.Response | None) -> Unreachable:
    """Return the error of a service that did not become ready; `response` is its last answer, if any."""
    said = "nothing answers there" if response is None else "it answers, but is not ready (see /readyz)"
    return Unreachable(f"no service at {service.url}: {said}")


def json_of(response: httpx2.Response) -> object:
    """Return the body; None when it is no JSON."""
    try:
        return cast(object, response.json())
    except ValueError:
        return None


def refusal(status: int, content: object) -> ApiError:
    """Return the error that an answer tells."""
    return ApiError(status, content if isinstance(content, dict) else {})
