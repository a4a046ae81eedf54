"""/demo: a page on which one plays customer and agent, and what it asks. Nothing is stored, and no key is needed.

Who may open it says the setting DEMO. By default that is whoever sits at the machine of a service that only this
machine reaches, and whoever is signed in to the board.
"""

import time
from html import escape
from importlib import resources
from ipaddress import ip_address
from string import Template
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Body, Request
from pydantic import Field
from starlette.responses import HTMLResponse, JSONResponse, Response

from ...flow import Score, Turn
from ...risk.draft_rules import load_draft_rules
from ...risk.lint import check_draft
from ...risk.phrases import FALLBACK_LANGUAGE
from ...risk.reply_model import load_reply_model
from ..auth import COOKIE
from ..errors import NotFound, Unauthorised
from ..present import findings_to_json
from ..runtime import Runtime, runtime_of
from ..trial import MAX_CHARS, MAX_TURNS, play
from ..widget_files import script_element
from ..wire import Language, TurnText
from ..wire import Request as Wire
from .board import ask_to_sign_in

router = APIRouter(include_in_schema=False)
ROUTERS: Final = (router,)

_FORWARDED: Final = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via")
"""A proxy in front tells by these that others than this machine ask."""


class TrialTurn(Wire):
    """One message that somebody made up."""

    role: Literal["customer", "agent"]
    text: Annotated[TurnText, Field(max_length=MAX_CHARS)]
    sent_at: Annotated[float, Field(ge=0, le=4e10)]


class TrialRequest(Wire):
    """A whole conversation, and the language to explain it in."""

    turns: Annotated[list[TrialTurn], Field(min_length=1, max_length=MAX_TURNS)]
    language: Language = "en"


class TrialDraftRequest(Wire):
    """What the agent is about to answer."""

    turns: Annotated[list[TrialTurn], Field(max_length=MAX_TURNS)]
    text: Annotated[TurnText, Field(max_length=MAX_CHARS)]
    language: Annotated[Language | None, Field(description="Of the conversation.")] = None


@router.get("/demo", name="openDemo")
async def open_demo(request: Request) -> Response:
    """Return the page, or ask to sign in."""
    try:
        await _require_open(request)
    except Unauthorised:
        return ask_to_sign_in(request, refused=False)
    page = resources.files("service").joinpath("widget/demo/index.html").read_text(encoding="utf-8")
    address = str(request.base_url).rstrip("/")
    words = {"script": escape(script_element(address)), "endpoint": escape(address)}
    return HTMLResponse(Template(page).substitute(words))


@router.post("/demo/assess", name="assessDemo")
async def assess(request: Request, body: Annotated[TrialRequest, Body()]) -> JSONResponse:
    """Assess every turn of a made-up conversation."""
    await _require_open(request)
    runtime = runtime_of(request)
    now = time.time()
    turns = [Turn(f"t{i}", turn.role, turn.text, min(turn.sent_at, now)) for i, turn in enumerate(body.turns, 1)]
    scores = await _scores(runtime, turns)
    return JSONResponse(await runtime.in_store(play, runtime.engine, turns, scores, body.language))


@router.post("/demo/draft", name="checkDemoDraft")
async def check(request: Request, body: Annotated[TrialDraftRequest, Body()]) -> JSONResponse:
    """Check a draft against a made-up conversation."""
    await _require_open(request)
    return JSONResponse(await runtime_of(request).in_store(_checked, body))


def _checked(body: TrialDraftRequest) -> dict[str, object]:
    rules = load_draft_rules()
    language = body.language or FALLBACK_LANGUAGE
    return findings_to_json(language, check_draft(body.text, body.turns, rules[language], load_reply_model()))


async def _scores(runtime: Runtime, turns: list[Turn]) -> list[Score | None]:
    """Score what was not scored lately; agents' turns get None."""
    desk = runtime.trial
    customers = [turn.text for turn in turns if turn.role == "customer"]
    new = list(dict.fromkeys(text for text in customers if desk.known(text) is None))
    if new:
        desk.admit(len(new))
        found = dict(zip(new, await runtime.score(new), strict=True))
    else:
        found = {}
    for text, score in found.items():
        desk.keep(text, score)
    known = {text: found.get(text) or desk.known(text) for text in customers}
    return [known[turn.text] if turn.role == "customer" else None for turn in turns]


async def _require_open(request: Request) -> None:
    """Raise `NotFound` where there is no demo, `Unauthorised` where one must sign in first."""
    runtime, cookie = runtime_of(request), request.cookies.get(COOKIE, "")
    mode = runtime.settings.demo
    if mode == "off":
        raise NotFound("There is nothing at this address.")
    if mode == "public" or (mode == "local" and _asked_here(request, runtime.settings.host)):
        return
    if not cookie or await runtime.in_store(runtime.store.sessions.find, cookie) is None:
        raise Unauthorised("Sign in at the board to try the demo, or serve with `--demo public`.")


def _asked_here(request: Request, listens_on: str) -> bool:
    """Whether only this machine can have asked: the service listens nowhere else, and no proxy passes others on."""
    if any(name in request.headers for name in _FORWARDED):
        return False
    return _is_loopback(listens_on) and _is_loopback(request.url.hostname or "")


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
