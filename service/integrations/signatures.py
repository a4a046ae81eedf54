"""Proofs that a delivery comes from whom it says, compared in constant time. Pure; never raises on what was sent."""

import hashlib
import hmac
import re
from typing import Final

from .seam import Delivery

MAX_AGE_S: Final = 300
MAX_AHEAD_S: Final = 30
"""How far a sender's clock may be ahead of ours."""
_SECONDS: Final = re.compile(r"[0-9]{1,12}")


def same(presented: str | None, expected: str) -> bool:
    """Compare in constant time; an empty expectation is never met."""
    given = (presented or "").encode("utf-8", "surrogateescape")
    return hmac.compare_digest(given, expected.encode()) and expected != ""


def token_matches(delivery: Delivery, header: str, token: str) -> bool:
    """Tell whether a header holds the token, bare or after `Bearer`."""
    return same(delivery.headers.get(header, "").removeprefix("Bearer "), token)


def body_signed(delivery: Delivery, header: str, secret: str, algorithm: str, prefix: str) -> bool:
    """Tell whether a header holds the keyed hash of the body, in hexadecimal after `prefix`."""
    return _signed(delivery.body, delivery.headers.get(header), secret, algorithm, prefix)


def body_signed_at(delivery: Delivery, header: str, time_header: str, secret: str) -> bool:
    """Tell whether the hash covers `<time>.<body>`, and the time is near ours: what was overheard cannot be sent later."""
    stated = delivery.headers.get(time_header, "")
    fresh = _SECONDS.fullmatch(stated) and -MAX_AHEAD_S <= delivery.at - int(stated) <= MAX_AGE_S
    message = stated.encode("utf-8", "surrogateescape") + b"." + delivery.body
    return _signed(message, delivery.headers.get(header), secret, "sha256", "sha256=") and bool(fresh)


def _signed(message: bytes, presented: str | None, secret: str, algorithm: str, prefix: str) -> bool:
    expected = prefix + hmac.new(secret.encode(), message, getattr(hashlib, algorithm)).hexdigest()
    return same(presented, expected) and secret != ""
