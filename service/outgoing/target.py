"""The URL of somebody else's service, as an administrator typed it -> `Target`, or why it is refused. No lookup, no I/O.

Only the parser of the library that will send reads the URL, so that what is checked is what is called. Which
addresses the name stands for is found and judged when something is sent (`sender.py`).
"""

import re
from dataclasses import dataclass
from ipaddress import ip_address
from typing import TYPE_CHECKING, Final, Literal

from .addresses import Reach, reach_of

if TYPE_CHECKING:
    import httpx2

MAX_URL_CHARS: Final = 2048

RefusedWhy = Literal["url", "scheme", "credentials", "host", "address"]
"""Not an http(s) URL · not https · a password in it · a number that pretends to be a name · an address we may not call."""

_ENDS_IN_NUMBER: Final = re.compile(r"(^|\.)(0[xX][0-9a-fA-F]*|[0-9]+)\.?$")
"""What systems read as an IPv4 address: 127.1, 2130706433, 0x7f.0.0.1, 0177.0.0.1."""
_NAME: Final = re.compile(r"(?=.{1,253}$)([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.?)+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Target:
    """Where to send: a URL that was read and found harmless as far as it goes."""

    url: "httpx2.URL"
    host: str
    """The name for DNS, `Host` and the certificate, in ASCII, or an address without brackets."""
    port: int

    @property
    def plain(self) -> bool:
        """Whether it would be sent unencrypted."""
        return self.url.scheme == "http"


def read_target(text: str, *, allow_private: bool) -> Target | RefusedWhy:
    """Read a URL. Plain http is for private addresses only, and only where those are allowed."""
    import httpx2  # here, because it takes long to load and most services send nothing

    if len(text) > MAX_URL_CHARS or not text.isprintable() or any(c.isspace() for c in text) or "\\" in text:
        return "url"
    try:
        url = httpx2.URL(text)
        host, port = url.raw_host.decode("ascii"), url.port
    except (httpx2.InvalidURL, ValueError):
        return "url"
    if url.scheme not in ("http", "https") or not host or url.fragment or not (port is None or 0 < port < 2**16):
        return "url"
    if url.userinfo:
        return "credentials"
    if url.scheme == "http" and not allow_private:
        return "scheme"
    return _refused_host(host, allow_private) or Target(
        url, host.strip("[]"), port or (443 if url.scheme == "https" else 80)
    )


def allowed(reach: Reach, *, allow_private: bool, plain: bool) -> RefusedWhy | None:
    """Return why an address of this reach may not be called; None when it may."""
    if reach == "never" or (reach == "private" and not allow_private):
        return "address"
    return "scheme" if plain and reach == "public" else None


def _refused_host(host: str, allow_private: bool) -> RefusedWhy | None:
    try:
        address = ip_address(host.strip("[]"))
    except ValueError:
        plain_name = _NAME.fullmatch(host) is not None and _ENDS_IN_NUMBER.search(host) is None
        return None if plain_name else "host"
    return allowed(reach_of(address), allow_private=allow_private, plain=False)
