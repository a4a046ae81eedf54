"""A policy to try, as it was sent -> the policy, its changes against today's, or what is wrong with it.

Between the routes and `risk/`: shared by `POST /v1/policy/check` and `POST /v1/replays`. Nothing is put into
force, and an answer quotes nothing that was sent except the text that it was asked to change.
"""

import re
from dataclasses import asdict
from typing import Final

from ..flow import ACTIONS
from ..replay.rules import policy_changes
from ..risk.amend import Change, ChangeRefused, amend
from ..risk.decide import EscalationPolicy, policy_from_text
from ..risk.describe import condition_parts
from ..risk.loader import PolicyError
from ..risk.policy import QUEUES
from .errors import FieldError, Invalid
from .wire import Language
from .wire_policy import PolicyEdits

_PLAIN_KEY: Final = re.compile(r"[A-Za-z0-9_.\[\]-]{1,200}")


def todays_policy(policy: object) -> EscalationPolicy:
    """Return the policy in force as one that can be read and changed."""
    if not isinstance(policy, EscalationPolicy):
        raise TypeError(f"a what-if needs an EscalationPolicy, this service has a {type(policy).__name__}")
    return policy


def tried_policy(policy: object, edits: PolicyEdits) -> EscalationPolicy | None:
    """Return the policy to try; None when nothing was sent. Raises `Invalid`."""
    if edits.policy is None and not edits.changes:
        return None
    today = todays_policy(policy)
    try:
        return policy_from_text(_changed(today, edits).encode("utf-8"), today.catalogue)
    except PolicyError as failure:
        message = f"line {failure.line}, {_key(failure)}: expected {failure.expected}"
        raise Invalid(f"policy {message}", errors=[FieldError("policy", message)]) from None


def check_policy(policy: object, edits: PolicyEdits) -> dict[str, object]:
    """Return the changed text, and what it changes or its first mistake. Raises `Invalid` for a change that cannot be."""
    today = todays_policy(policy)
    text, mistake, tried = edits.policy or today.text, None, None
    try:
        text = _changed(today, edits)
        tried = policy_from_text(text.encode("utf-8"), today.catalogue)
    except PolicyError as failure:
        mistake = {"line": failure.line, "key": _key(failure), "expected": failure.expected}
    return {
        "policy": None if tried is None else {"version": tried.version},
        "against": {"version": today.version},
        "mistake": mistake,
        "changes": None if tried is None else asdict(policy_changes(today, tried)),
        "text": text,
    }


def policy_to_json(policy: object, language: Language) -> dict[str, object]:
    """Return the policy in force, explained in a language."""
    today = todays_policy(policy)
    rules = [
        {
            "id": rule.id,
            "because": rule.because[language],
            "action": rule.action,
            "queue": rule.queue,
            "respond_within_s": rule.respond_within_s,
            "conditions": [asdict(condition_parts(condition)) for condition in rule.conditions],
        }
        for rule in today.rules
    ]
    return {
        "policy": {"version": today.version},
        "language": language,
        "actions": list(ACTIONS),
        "queues": list(QUEUES),
        "rules": rules,
    }


def _changed(today: EscalationPolicy, edits: PolicyEdits) -> str:
    changes = [Change(change.rule, change.path, change.value) for change in edits.changes]
    try:
        return amend(edits.policy or today.text, changes)
    except ChangeRefused as refused:
        field = f"changes[{refused.index}].{refused.part}"
        raise Invalid(f"{field} {refused.message}", errors=[FieldError(field, refused.message)]) from None


def _key(failure: PolicyError) -> str:
    # `found` quotes what was sent, and so may the path to it.
    return failure.field if _PLAIN_KEY.fullmatch(failure.field) else "(unknown)"
