"""`Accept-Language` -> the first language in it that we speak. Pure."""

from typing import Final

from .wire import Language

_SPOKEN: Final[dict[str, Language]] = {"vi": "vi", "tl": "tl", "fil": "tl", "cs": "cs", "en": "en"}
_DEFAULT: Final[Language] = "en"


def first_supported(header: str | None) -> Language:
    """Return the language that the header prefers among ours: by weight, then by place; English without any."""
    weighed = [_weighed(item) for item in (header or "").split(",")]
    wanted = sorted((found for found in weighed if found is not None), key=lambda found: -found[0])
    return wanted[0][1] if wanted else _DEFAULT


def _weighed(item: str) -> tuple[float, Language] | None:
    """Read `cs-CZ;q=0.8`; None for what we do not speak, cannot read, or is refused with weight 0."""
    tag, _, rest = item.partition(";")
    language = _SPOKEN.get(tag.strip().lower().partition("-")[0])
    name, _, value = rest.strip().partition("=")
    try:
        weight = float(value) if name.strip().lower() == "q" else 1.0
    except ValueError:
        return None
    return (weight, language) if language is not None and weight > 0.0 else None
