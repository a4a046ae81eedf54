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
    code: Example(summary=_NAMES[code], value={"turns": [{"text": text, "language": code}]})
    for code, text in _TEXTS.items()
} | {"all": Example(summary="All four languages", value={"turns": [{"text": text} for text in _TEXTS.values()]})}
TURN_EXAMPLES: Final = {
    code: Example(
        summary=_NAMES[code],
        value={"turn_id": f"{code}-1", "role": "customer", "text": text, "queue": "support", "channel": "web"},
    )
    for code, text in _TEXTS.items()
}

PERSPECTIVE_EXAMPLES: Final = {
    code: Example(
        summary=_NAMES[code],
        value={
            "comment": {"text": text},
            "requestedAttributes": {"TOXICITY": {}, "INSULT": {"scoreThreshold": 0.5}, "THREAT": {}},
            "languages": [code],
            "spanAnnotations": True,
            "doNotStore": True,
        },
    )
    for code, text in _TEXTS.items()
}
MODERATION_EXAMPLES: Final = {
    code: Example(summary=_NAMES[code], value={"model": "omni-moderation-latest", "input": text})
    for code, text in _TEXTS.items()
} | {
    "several": Example(summary="Several texts", value={"input": list(_TEXTS.values())}),
    "parts": Example(summary="Parts of one message", value={"input": [{"type": "text", "text": _TEXTS["en"]}]}),
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

_NOTES: Final = {
    "vi": "Đã hoàn lại cả hai khoản trừ nhầm.",
    "tl": "Naibalik na po ang dalawang maling singil.",
    "cs": "Obě chybné platby jsme vrátili.",
    "en": "Refunded both charges.",
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
HANDOFF_NOTE_EXAMPLES: Final = {
    code: Example(
        summary=f"Close it, with a note in {_NAMES[code]}",
        value={"action": "resolve", "by": "jana.novakova", "outcome": "solved", "note": note},
    )
    for code, note in _NOTES.items()
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
    code: Example(
        summary=f"Another policy over a given conversation in {_NAMES[code]}",
        value={
            "policy": _POLICY,
            "conversations": [
                {"id": "chat-1", "escalated": True, "turns": [{"role": "customer", "text": text}], "language": code}
            ],
        },
    )
    for code, text in _TEXTS.items()
} | {"stored": Example(summary="Today's policy over the stored ones", value={"language": "vi", "limit": 200})}
LABEL_EXAMPLES: Final = {
    "correct": Example(
        summary="It is a threat, with a lawyer",
        value={"by": "Mai Nguyễn", "threat": 1, "threat_kind": "legal", "sentiment": "negative"},
    ),
    "nothing": Example(
        summary="Nothing of it holds",
        value={"by": "jana.novakova", "frustration": 0, "abuse": 0, "threat": 0, "asks_human": 0},
    ),
}
CHECK_EXAMPLES: Final = {
    "changed": Example(
        summary="Warn later, and without one rule",
        value={
            "changes": [
                {"rule": "forecast-high", "path": "when.forecast_at_least", "value": 0.6},
                {"rule": "slow-burn", "path": "enabled", "value": False},
            ]
        },
    ),
    "written": Example(summary="A whole policy", value={"policy": _POLICY}),
}
ALERT_EXAMPLES: Final = {
    "acknowledge": Example(summary="I take it", value={"action": "acknowledge", "by": "Mai Nguyễn"}),
    "snooze": Example(summary="Not before ten minutes", value={"action": "snooze", "by": "Petr Dvořák", "for_s": 600}),
    "dismiss": Example(summary="False alarm", value={"action": "dismiss", "by": "Ana Reyes", "justified": False}),
}
WEBHOOK_EXAMPLES: Final = {
    "alerts": Example(
        summary="Alerts of Vietnamese and Czech customers",
        value={
            "url": "https://desk.example/hooks/evenkeel",
            "description": "Opens a ticket",
            "types": ["alert.raised", "handoff.changed"],
            "languages": ["vi", "cs"],
        },
    ),
    "everything": Example(
        summary="All that the live stream tells of two queues",
        value={
            "url": "https://data.example/in",
            "types": ["turn.scored", "risk.changed", "alert.raised", "alert.changed"],
            "queues": ["support", "billing"],
            "payload": "full",
        },
    ),
}
RETRY_EXAMPLES: Final = {
    "since": Example(summary="Since the receiver was down", value={"since": "2026-12-01T08:00:00+07:00"})
}
PERSON_EXAMPLES: Final = {
    "vi": Example(summary="An agent", value={"name": "mai.nguyen", "display_name": "Mai Nguyễn", "role": "agent"}),
    "tl": Example(summary="Another agent", value={"name": "ana.reyes", "display_name": "Ana Reyes", "role": "agent"}),
    "cs": Example(
        summary="A supervisor", value={"name": "jana.novakova", "display_name": "Jana Nováková", "role": "supervisor"}
    ),
    "en": Example(summary="An administrator", value={"name": "sam.lee", "display_name": "Sam Lee", "role": "admin"}),
}
PERSON_CHANGE_EXAMPLES: Final = {
    "promote": Example(summary="Another role", value={"role": "supervisor"}),
    "vi": Example(summary="Another name to show, Vietnamese", value={"display_name": "Nguyễn Thị Mai"}),
    "tl": Example(summary="Another name to show, Filipino", value={"display_name": "Ana Dela Cruz"}),
    "cs": Example(summary="Another name to show, Czech", value={"display_name": "Jana Dvořáková"}),
    "en": Example(summary="Another name to show, English", value={"display_name": "Samantha Lee"}),
    "deactivate": Example(summary="May not sign in any more", value={"deactivated": True}),
}
KEY_EXAMPLES: Final = {
    "secret": Example(summary="For a program of yours", value={"kind": "secret", "name": "chat desk"}),
    "publishable": Example(
        summary="For a web page",
        value={"kind": "publishable", "name": "shop", "origins": ["https://shop.example"]},
    ),
}
SETTINGS_EXAMPLES: Final = {
    "retention": Example(summary="Keep conversations for a month", value={"retention_days": 30}),
    "budgets": Example(summary="Fewer alerts for one queue", value={"alert_budgets": {"senior": 6}}),
    "back": Example(summary="Take both back", value={"retention_days": None, "alert_budgets": {"senior": None}}),
}
CONNECTION_EXAMPLES: Final = {
    "chatwoot": Example(
        summary="Chatwoot",
        value={
            "kind": "chatwoot",
            "name": "Chatwoot",
            "secrets": {"signing_secret": "…", "api_token": "…"},
            "options": {"base_url": "https://desk.example", "account_id": 1},
        },
    )
}
CONNECTION_CHANGE_EXAMPLES: Final = {
    "off": Example(summary="Switch it off", value={"enabled": False}),
    "secret": Example(summary="Another token", value={"secrets": {"api_token": "…"}}),
}
WEBHOOK_CHANGE_EXAMPLES: Final = {
    "off": Example(summary="Send nothing", value={"enabled": False}),
    "more": Example(summary="Tell of more", value={"types": ["alert.raised", "alert.changed"], "payload": "full"}),
}
PANEL_LINK_EXAMPLES: Final = {
    "key": Example(summary="For an agent, with a secret key", value={"by": "mai.nguyen"}),
    "board": Example(summary="For oneself, at the board", value={}),
}
