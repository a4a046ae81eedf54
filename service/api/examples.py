"""Examples for /docs: what customers really write in each language, what agents should not answer, hand-offs."""

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

_DRAFTS: Final = {
    "vi": "Anh bình tĩnh đi, cái này do anh tự bấm nhầm chứ hệ thống không sai.",
    "tl": "Sir kalma lang, hindi po kami ang may hawak niyan, sa rider po kayo magtanong.",
    "cs": "Uklidněte se, prosím. Asi jste to špatně zadal, s tím nic neudělám.",
    "en": "Please calm down, sir. You should have read the terms, it's our policy.",
}
DRAFT_EXAMPLES: Final = {
    code: Example(summary=_NAMES[code], value={"text": text, "language": code}) for code, text in _DRAFTS.items()
}

HANDOFF_EXAMPLES: Final = {
    "claim": Example(summary="Take it for a moment", value={"action": "claim", "by": "jana.novakova"}),
    "accept": Example(summary="Take the responsibility", value={"action": "accept", "by": "jana.novakova"}),
    "join": Example(summary="Be in the chat", value={"action": "join", "by": "jana.novakova"}),
    "return": Example(
        summary="Give it back",
        value={"action": "return", "by": "jana.novakova", "note": "Refund agreed, please send the form."},
    ),
    "resolve": Example(
        summary="Close it",
        value={"action": "resolve", "by": "jana.novakova", "outcome": "solved", "note": "Refunded both charges."},
    ),
}

_POLICY: Final = """version: what-if
rules:
  - id: frustrated-twice
    when: {streak_at_least: {frustration: 2}, handed_over: false}
    action: consult
    queue: senior
    respond_within_s: 300
    because:
      vi: "Hai tin nhắn bức xúc liền nhau."
      tl: "Dalawang magkasunod na inis na message."
      cs: "Dvě rozčilené zprávy po sobě."
      en: "Two frustrated messages in a row."
"""
REPLAY_EXAMPLES: Final = {
    "given": Example(
        summary="Another policy over a given conversation",
        value={
            "policy": _POLICY,
            "conversations": [
                {
                    "id": "chat-1",
                    "escalated": True,
                    "turns": [{"role": "customer", "text": text} for text in _TEXTS.values()],
                }
            ],
        },
    ),
    "stored": Example(summary="Today's policy over the stored ones", value={"language": "vi", "limit": 200}),
}
ALERT_EXAMPLES: Final = {
    "acknowledge": Example(summary="I take it", value={"action": "acknowledge", "by": "Mai Nguyễn"}),
    "snooze": Example(summary="Not before ten minutes", value={"action": "snooze", "by": "Petr Dvořák", "for_s": 600}),
    "dismiss": Example(summary="False alarm", value={"action": "dismiss", "by": "Ana Reyes", "justified": False}),
}
