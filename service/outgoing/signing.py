"""Secrets and signatures of webhooks, as Standard Webhooks 1.0.0 has them. Pure; the secret's bytes come from outside.

What is signed is `id.timestamp.body`; a signature is `v1,` and the base64 of its HMAC-SHA256. While a secret is
being replaced there are two, separated by a blank, and a receiver accepts either.
"""

import base64
import hashlib
import hmac
import secrets as random
from collections.abc import Sequence
from typing import Final

PREFIX: Final = "whsec_"
SECRET_BYTES: Final = 32


def new_secret() -> str:
    """Return a fresh random secret."""
    return PREFIX + base64.b64encode(random.token_bytes(SECRET_BYTES)).decode()


def signed_headers(secrets: Sequence[str], message_id: str, timestamp_s: int, body: bytes) -> dict[str, str]:
    """Return the three headers that a receiver verifies; one signature per secret."""
    signed = f"{message_id}.{timestamp_s}.".encode() + body
    signatures = (hmac.digest(_key(secret), signed, hashlib.sha256) for secret in secrets)
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp_s),
        "webhook-signature": " ".join(f"v1,{base64.b64encode(signature).decode()}" for signature in signatures),
    }


def _key(secret: str) -> bytes:
    return base64.b64decode(secret.removeprefix(PREFIX))
