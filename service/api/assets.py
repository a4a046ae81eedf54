"""The files of our own pages -> their bytes, packed bytes, media type and names. Pure but for reading the package once.

The board loads some hundred small modules. Under an address that holds the digest of all files together
(`/assets/v-<digest>/main.js`; modules import one another relatively, so they stay under it) a browser keeps each for
good and asks for none again until the next release. Under the plain address it asks each time whether a file changed.
"""

import gzip
import hashlib
import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Final, NamedTuple

MEDIA_TYPES: Final = {
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "json": "application/json",
    "svg": "image/svg+xml",
}
FOREVER: Final = "public, max-age=31536000, immutable"
ASK_AGAIN: Final = "no-cache"
_START: Final = "main.js"
_IMPORT: Final = re.compile(r'^(?:import|export)\b[^"();]*"(\.[^"]+)";$', re.MULTILINE)
"""An import as our modules write it: at the start of a line, relative, not `import()`."""


@dataclass(frozen=True)
class Asset:
    """One file as it is served."""

    content: bytes
    media_type: str

    @cached_property
    def etag(self) -> str:
        """The name of this very content, packed or not: as HTTP has it a weak one, because the bytes differ."""
        return f'W/"{hashlib.sha256(self.content).hexdigest()[:32]}"'

    @cached_property
    def packed(self) -> bytes | None:
        """The content in gzip's format; None where that is not smaller."""
        packed = gzip.compress(self.content, mtime=0)
        return packed if len(packed) < len(self.content) else None


def takes_gzip(accept_encoding: str) -> bool:
    """Tell whether a header `Accept-Encoding` names gzip, and not to refuse it (`gzip;q=0`)."""
    for coding in accept_encoding.lower().split(","):
        name, _, weight = coding.partition(";")
        if name.strip() == "gzip":
            return weight.replace(" ", "").removeprefix("q=").strip("0.") != "" or not weight
    return False


class Found(NamedTuple):
    """A file, and what its address says about how long it may be kept."""

    asset: Asset
    cache_control: str


@dataclass(frozen=True)
class Assets:
    """The files of one folder, by their path in it."""

    files: Mapping[str, Asset]

    @cached_property
    def version(self) -> str:
        """The part of the address that names all of them together."""
        digest = hashlib.sha256()
        for name, asset in sorted(self.files.items()):
            digest.update(f"{name}\0{len(asset.content)}\0".encode() + asset.content)
        return f"v-{digest.hexdigest()[:16]}"

    def find(self, path: str) -> Found | None:
        """Return the file at a path, with or without a version before it.

        A page that was opened before an upgrade still asks under the older version: it gets the file as it is now,
        which must not be kept under that name.
        """
        version, _, name = path.partition("/")
        if not version.startswith("v-"):
            version, name = "", path
        asset = self.files.get(name)
        return None if asset is None else Found(asset, FOREVER if version == self.version else ASK_AGAIN)


@cache
def assets_of(folder: str) -> Assets:
    """Return the files of a folder of the package, read once."""
    return Assets(dict(_read(resources.files("service").joinpath(folder), "")))


def _read(folder: Traversable, prefix: str) -> Iterator[tuple[str, Asset]]:
    for entry in folder.iterdir():
        if entry.is_dir():
            yield from _read(entry, f"{prefix}{entry.name}/")
        elif (media_type := MEDIA_TYPES.get(entry.name.rpartition(".")[2])) is not None:
            yield f"{prefix}{entry.name}", Asset(entry.read_bytes(), media_type)


@cache
def board_page() -> str:
    """Return the frame of the board; what it loads, it loads under this version's address.

    Every module that the first one needs is named in the head: a browser would otherwise find out file by file, one
    journey to the service for each step from import to import.
    """
    board = assets_of("dashboard")
    page = resources.files("service").joinpath("dashboard/index.html").read_text(encoding="utf-8")
    needed = "".join(f'    <link rel="modulepreload" href="/assets/{name}">\n' for name in _imported(board, _START))
    return page.replace("  </head>", f"{needed}  </head>", 1).replace('"/assets/', f'"/assets/{board.version}/')


def _imported(assets: Assets, start: str) -> list[str]:
    """Return the modules that one imports, and those that they import, nearest first."""
    found = [start]
    for name in found:  # grows meanwhile
        imports = _IMPORT.findall(assets.files[name].content.decode())
        paths = [posixpath.normpath(posixpath.join(posixpath.dirname(name), path)) for path in imports]
        found += [path for path in dict.fromkeys(paths) if path not in found]
    return found[1:]
