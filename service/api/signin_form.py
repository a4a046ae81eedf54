"""The form that spends a one-time token -> its fields, and whether our own page sent it.

A browser says so itself (`Sec-Fetch-Site`), but not over plain HTTP; and because the page sends no referrer, it names
no origin either. So the form repeats a random number that only the page and its cookie know. Otherwise
another site could sign somebody in as a person of its choice, and read what they do there.
"""

import hmac
import re
import secrets
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qs

from fastapi import Request
from starlette.responses import Response

from .auth import CSRF_HEADER

FORM_COOKIE: Final = "evenkeel_form"
_NONCE: Final = re.compile(r"[\w-]{32}", re.ASCII)
_NONCE_BYTES: Final = 24
_MAX_FIELDS: Final = 8
_MAX_TOKEN_CHARS: Final = 500


@dataclass(frozen=True, slots=True)
class SignInForm:
    """What was sent; empty where nothing was."""

    token: str = ""
    nonce: str = ""

    def __repr__(self) -> str:
        return "SignInForm()"


async def read_form(request: Request) -> SignInForm:
    """Read the form. Who pastes the whole link into the field means the token in it."""
    try:
        fields = parse_qs((await request.body()).decode(), max_num_fields=_MAX_FIELDS)
    except ValueError:
        return SignInForm()
    token, nonce = (fields.get(name, [""])[-1] for name in ("token", "nonce"))
    return SignInForm(token.rpartition("token=")[2][:_MAX_TOKEN_CHARS], nonce)


def is_ours(request: Request, form: SignInForm) -> bool:
    """Tell whether our own page sent this form."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    known = request.cookies.get(FORM_COOKIE, "")
    return CSRF_HEADER in request.headers or bool(
        _NONCE.fullmatch(known) and hmac.compare_digest(known.encode(), form.nonce.encode())
    )


def nonce_for(request: Request) -> str:
    """Return the number that the page's form repeats: the browser's own, so that a second tab ends no first one."""
    known = request.cookies.get(FORM_COOKIE, "")
    return known if _NONCE.fullmatch(known) else secrets.token_urlsafe(_NONCE_BYTES)


def keep_nonce(answer: Response, nonce: str, *, secure: bool) -> None:
    """Give the number to the browser, for as long as it is open, and for requests from our own pages only."""
    answer.set_cookie(FORM_COOKIE, nonce, path="/", httponly=True, samesite="strict", secure=secure)
