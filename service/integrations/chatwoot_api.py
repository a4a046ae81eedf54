"""Effects -> calls of Chatwoot's API, each safe to repeat: it looks first and sends only what differs.

Labels are replaced as a whole there, so those of others are read and sent along; priority is only raised;
custom attributes are merged by us, because older versions replace them; a note carries a reference by which it is
found when it may have been written already. Newer versions drop labels that the account does not know, so a label that
did not stick is made.
"""

from typing import Final

from .seam import Assignment, Call, DeskRefused, Effect, Json, Note, Options, Reply, Standing
from .values import ident, part, record, records, words

PRIORITIES: Final = ("low", "medium", "high", "urgent")
LABEL_COLOUR: Final = "#C4501B"
PAGES: Final = 5
"""How far back a note is looked for, in pages of 20 messages."""


async def write(call: Call, options: Options, conversation: str, effect: Effect, again: bool) -> None:
    """See `seam.Writer`."""
    if not conversation.isdecimal():
        raise DeskRefused("this is no id of a conversation of Chatwoot", again=False)
    account = f"/api/v1/accounts/{options['account_id']}"
    place = f"{account}/conversations/{conversation}"
    match effect:
        case Standing():
            await _stand(call, account, place, effect)
        case Note():
            if not (again and await _is_noted(call, place, effect.reference)):
                await _done(call, "POST", f"{place}/messages", _private(effect.text))
        case Assignment():
            if ident(await _conversation(call, place), "meta", "team", "id") != str(effect.team):
                await _done(call, "POST", f"{place}/assignments", {"team_id": effect.team})


async def _stand(call: Call, account: str, place: str, effect: Standing) -> None:
    found = await _conversation(call, place)
    attributes = record(found, "custom_attributes")
    if any(attributes.get(name) != value for name, value in effect.attributes.items()):
        merged = {**attributes, **effect.attributes}
        await _done(call, "POST", f"{place}/custom_attributes", {"custom_attributes": merged, "merge": True})
    if effect.priority is not None and _rank(words(found, "priority")) < _rank(effect.priority):
        await _done(call, "POST", f"{place}/toggle_priority", {"priority": effect.priority})
    labels = [label for label in _texts(part(found, "labels")) if label not in effect.family]
    wanted = [*labels, *effect.labels]
    if set(wanted) != set(_texts(part(found, "labels"))):
        await _label(call, account, place, wanted, effect.labels)


async def _label(call: Call, account: str, place: str, wanted: list[str], ours: tuple[str, ...]) -> None:
    kept = await _done(call, "POST", f"{place}/labels", {"labels": wanted})
    missing = [label for label in ours if label not in _texts(part(kept.body, "payload"))]
    if not missing:
        return
    for label in missing:
        made = await call("POST", f"{account}/labels", {"title": label, "color": LABEL_COLOUR, "show_on_sidebar": True})
        if made.status >= 400:
            raise DeskRefused(f"Chatwoot has no label {label} and this token may not add it; add it there", again=True)
    await _done(call, "POST", f"{place}/labels", {"labels": wanted})


async def _is_noted(call: Call, place: str, reference: str) -> bool:
    before: str | None = None
    for _ in range(PAGES):
        path = f"{place}/messages" + ("" if before is None else f"?before={before}")
        page = records((await _done(call, "GET", path, None)).body, "payload")
        if any(reference in (words(message, "content") or "") for message in page):
            return True
        before = min(
            (found for found in (ident(message, "id") for message in page) if found), key=_number, default=None
        )
        if before is None:
            return False
    return False


async def _conversation(call: Call, place: str) -> Json:
    return record((await _done(call, "GET", place, None)).body)


async def _done(call: Call, method: str, path: str, body: Json | None) -> Reply:
    reply = await call(method, path, body)
    if reply.status < 300:
        return reply
    known = {401: "the token is refused", 403: "the token may not do this", 404: "it knows no such conversation"}
    why = known.get(reply.status, "it did not take the change")
    # A token is mended by an administrator, so it is worth waiting for; what is gone stays gone.
    again = reply.status not in (400, 404, 410, 422)
    raise DeskRefused(f"Chatwoot answered {reply.status}: {why}", again=again, retry_after_s=reply.retry_after_s)


def _private(text: str) -> Json:
    return {"content": text, "message_type": "outgoing", "private": True}


def _rank(priority: str | None) -> int:
    return PRIORITIES.index(priority) if priority in PRIORITIES else -1


def _texts(value: object) -> list[str]:
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def _number(text: str) -> int:
    return int(text) if text.isdecimal() else 0
