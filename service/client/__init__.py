"""Evenkeel from Python: a service's address and a key -> typed calls, waiting (`Client`) or async (`AsyncClient`).

Beside the flow: a program of yours calls the service over HTTP, and neither the model nor the store is loaded.
Answers are plain dicts with the types of `answers`; calls are tried again when that is safe (`attempts`).

    from service.client import Client

    with Client("http://127.0.0.1:8000", key="evk_sk_...") as evenkeel:
        assessment = evenkeel.add_turn("chat-4711", "Ang tagal nyo sumagot, nakakainis na")
        if assessment["recommendation"]["action"] != "none": ...
"""

from .aio import AsyncClient
from .blocking import Client
from .events import Event
from .failures import ApiError, ClientError, FieldError, Unreachable

__all__ = ["ApiError", "AsyncClient", "Client", "ClientError", "Event", "FieldError", "Unreachable"]
