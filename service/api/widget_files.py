"""The files that other sites' pages load -> their bytes, media type and hashes. Pure but for reading the package once.

The hash of Subresource Integrity lets a page refuse a script that is not the one it was written for; the
documentation and the demo show it from here, so it cannot be stale.
"""

import base64
import hashlib
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import resources
from typing import Final

from .assets import Asset

MEDIA_TYPES: Final = {
    "evenkeel.js": "text/javascript; charset=utf-8",
    "evenkeel.mjs": "text/javascript; charset=utf-8",
    "evenkeel.d.ts": "text/plain; charset=utf-8",
    "evenkeel-panel.js": "text/javascript; charset=utf-8",
}


@dataclass(frozen=True)
class WidgetFile(Asset):
    """A file that is served to pages of other sites."""

    @cached_property
    def integrity(self) -> str:
        """For the `integrity` attribute of a script; a browser checks it after unpacking."""
        return "sha384-" + base64.b64encode(hashlib.sha384(self.content).digest()).decode("ascii")


@cache
def widget_file(name: str) -> WidgetFile | None:
    """Return a file by its name; None when there is none for other sites."""
    if name not in MEDIA_TYPES:
        return None
    return WidgetFile(resources.files("service").joinpath("widget", name).read_bytes(), MEDIA_TYPES[name])


def script_element(address: str, name: str = "evenkeel.js") -> str:
    """Return the element that loads a script from a service at this address, with its hash."""
    found = widget_file(name)
    assert found is not None, f"{name} is no file of the widget"
    return f'<script src="{address}/widget/{name}" integrity="{found.integrity}" crossorigin="anonymous"></script>'
