"""One example in each language for /docs: what customers really write."""

from typing import Final

from fastapi.openapi.models import Example

_TEXTS: Final = {
    "vi": "Tôi gọi 5 lần rồi mà không ai giải quyết, các anh làm ăn kiểu gì vậy?",
    "tl": "Ang tagal nyo sumagot, nakakainis na talaga, gusto ko makausap ang manager nyo",
    "cs": "Jestli mi to do zítra nevrátíte, dávám to právníkovi a na ČOI",
    "en": "You people are useless idiots, I know where your office is",
}
_NAMES: Final = {"vi": "Vietnamese", "tl": "Tagalog", "cs": "Czech", "en": "English"}

SCORE_EXAMPLES: Final = {
    "all": Example(summary="All four languages", value={"turns": [{"text": text} for text in _TEXTS.values()]})
}
TURN_EXAMPLES: Final = {
    code: Example(
        summary=_NAMES[code],
        value={"turn_id": f"{code}-1", "role": "customer", "text": text, "queue": "support", "channel": "web"},
    )
    for code, text in _TEXTS.items()
}
