"""The files that other sites' pages load -> their bytes, media type and hashes. Pure but for reading the package once.

The hash of Subresource Integrity lets a page refuse a script that is not the one it was written for; the
documentation and the demo show it from here, so it cannot be stale.
"""

import base64
import gzip
import hashlib
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Final

MEDIA_TYPES: Final = {
    "evenkeel.js": "text/javascript; charset=utf-8",
    "evenkeel.mjs": "text/javascript; charset=utf-8",
    "evenkeel.d.ts": "text/plain; charset=utf-8",
    "evenkeel-panel.js": "text/javascript; charset=utf-8",
}


@dataclass(frozen=True, slots=True)
class WidgetFile:
    """One file as it is served."""

    content: bytes
    media_type: str
    integrity: str
    """For the `integrity` attribute of a script; a browser checks it after unpacking."""
    packed: bytes = field(repr=False)
    """The content in gzip's format: this is what travels to nearly everybody."""

    @property
    def etag(self) -> str:
        """The name of this very content, packed or not: a weak one, because the bytes differ."""
        return f'W/"{self.integrity.partition("-")[2][:32]}"'


@cache
def widget_file(name: str) -> WidgetFile | None:
    """Return a file by its name; None when there is none for other sites."""
    if name not in MEDIA_TYPES:
        return None
    content = resources.files("service").joinpath("widget", name).read_bytes()
    digest = base64.b64encode(hashlib.sha384(content).digest()).decode("ascii")
    return WidgetFile(content, MEDIA_TYPES[name], f"sha384-{digest}", gzip.compress(content, mtime=0))


def script_element(address: str, name: str = "evenkeel.js") -> str:
    """Return the element that loads a script from a service at this address, with its hash."""
    found = widget_file(name)
    assert found is not None, f"{name} is no file of the widget"
    return f'<script src="{address}/widget/{name}" integrity="{found.integrity}" crossorigin="anonymous"></script>'
