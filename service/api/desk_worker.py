"""Events -> effects -> calls of the desks' APIs, again and again; every worker runs it, the store sees to it that each is done once.

A call is made by the one sender that cannot be pointed into our own network. What fails is put off, longer each time; what
a desk refuses for good is given up, and shown at the connection.
"""

import asyncio
import json
from typing import Final

from ..integrations.desks import DESKS
from ..integrations.seam import Call, DeskRefused, DeskUnreachable, Json, Reply, theirs_of
from ..outgoing import Answered, Refused, Sender
from ..scoring.batching import Overloaded
from ..store import ConnectionRecord, DueEffect, StoreError
from ..telemetry import log, log_failure
from .runtime import Runtime

POLL_S: Final = 1.0
AT_ONCE: Final = 8
ANSWER_BYTES: Final = 512 * 1024
"""A page of messages of a desk, with room; more is cut off and then no JSON."""


async def keep_desks(runtime: Runtime) -> None:
    """Work again and again, until cancelled."""
    while True:
        try:
            busy = await work_once(runtime)
        except (StoreError, Overloaded) as failure:
            log_failure("desks.failed", failure)
            busy = False
        await asyncio.sleep(0 if busy else POLL_S)


async def work_once(runtime: Runtime) -> bool:
    """Work out what is new, and do what is due; True when there was something to do."""
    effects, policy = runtime.store.desk_effects, runtime.engine.policy
    more = await runtime.in_store(effects.work_out, policy.explain)
    taken = await runtime.in_store(effects.take, AT_ONCE)
    await asyncio.gather(*(_send(runtime, effect) for effect in taken))
    return more or bool(taken)


async def _send(runtime: Runtime, effect: DueEffect) -> None:
    effects, connection, desk = runtime.store.desk_effects, effect.connection, DESKS[effect.connection.kind]
    found = theirs_of(effect.conversation_id)
    if found is None or desk.writer is None:
        await runtime.in_store(effects.given_up, effect, "this desk cannot be written to")
        return
    call = calls_to(runtime.sender, connection)
    try:
        await desk.writer(call, connection.options, found[2], effect.effect, effect.attempts > 1)
    except DeskUnreachable as failure:
        await runtime.in_store(effects.put_off, effect, str(failure))
    except DeskRefused as failure:
        if failure.again:
            await runtime.in_store(effects.put_off, effect, str(failure), failure.retry_after_s)
        else:
            await runtime.in_store(effects.given_up, effect, str(failure))
    else:
        await runtime.in_store(effects.done, effect)
        log("desk.done", kind=connection.kind, connection=connection.id, effect=effect.name.partition(":")[0])


def calls_to(sender: Sender, connection: ConnectionRecord) -> Call:
    """Return how this connection's desk is called."""
    desk, base = DESKS[connection.kind], str(connection.options.get("base_url", ""))
    headers = {name: connection.secrets[secret] for name, secret in desk.write_headers.items()}

    async def call(method: str, path: str, body: Json | None) -> Reply:
        sent = b"" if body is None else json.dumps(body).encode()
        outcome = await sender.send(
            method,
            base + path,
            headers={**headers, "Accept": "application/json", "Content-Type": "application/json"},
            body=sent,
            answer_bytes=ANSWER_BYTES,
        )
        if isinstance(outcome, Answered):
            return Reply(outcome.status, _json(outcome.body), outcome.retry_after_s)
        if isinstance(outcome, Refused):
            raise DeskRefused(f"{desk.title}'s address may not be called ({outcome.why})", again=True)
        raise DeskUnreachable(f"{desk.title} does not answer ({outcome.kind})")

    return call


def _json(body: bytes) -> object:
    try:
        found: object = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return found
