"""`policy.yaml` -> `Rule`s in matrix order. Read once at the start; the format is described in the file itself.

Every mistake is a `PolicyError` with line and field, so a broken matrix never starts a service.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from ..flow import ACTIONS, Action
from ..labels import LANGUAGES
from .conditions import Condition, Facts, parse_conditions
from .loader import Field, PolicyError, open_yaml
from .phrases import SITUATIONS, TECHNIQUES, Offer

Queue = Literal["agent", "senior", "technical", "finance", "supervisor", "safety"]
QUEUES: Final[tuple[Queue, ...]] = ("agent", "senior", "technical", "finance", "supervisor", "safety")
MAX_OFFERS: Final = 2
"""An agent under pressure reads two suggestions, not six."""
MAX_COLLECTED: Final = 4
"""Facts that one person can note while another one is upset."""
_MAX_RESPOND_S: Final = 7 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the escalation matrix."""

    id: str
    conditions: tuple[Condition, ...]
    action: Action
    queue: Queue | None
    respond_within_s: int | None
    offers: tuple[Offer, ...]
    because: Mapping[str, str]
    """The explanation by language, one for each of `labels.LANGUAGES`."""
    collect: Mapping[str, tuple[str, ...]]
    """By language: the facts that whoever takes this over will need; may be empty."""

    @property
    def signals(self) -> frozenset[str]:
        """The signals that the conditions look at."""
        return frozenset[str]().union(*(condition.signals for condition in self.conditions))

    def fires(self, facts: Facts) -> bool:
        """Return whether every condition holds."""
        return all(condition.holds(facts) for condition in self.conditions)


@dataclass(frozen=True, slots=True)
class PolicyFile:
    """What stands in one policy file."""

    version: str
    reason_language: str
    read_replies: bool
    rules: tuple[Rule, ...]


def parse_policy(file: str, content: bytes) -> PolicyFile:
    """Return the policy in `content`; `file` is the name that errors carry. Raises PolicyError."""
    root = open_yaml(file, content).mapping(required=("version", "rules"), optional=("reason_language", "read_replies"))
    rules = tuple(_rule(field) for field in root["rules"].items())
    _refuse_duplicates(root["rules"], rules)
    language = root["reason_language"].one_of(LANGUAGES) if "reason_language" in root else "en"
    replies = root["read_replies"].boolean() if "read_replies" in root else True
    return PolicyFile(root["version"].text(max_chars=40), language, replies, rules)


def _rule(field: Field) -> Rule:
    entries = field.mapping(
        required=("id", "when", "action", "because"), optional=("queue", "respond_within_s", "offer", "collect")
    )
    action = entries["action"].one_of(ACTIONS)
    _check_action(entries, action)
    because = entries["because"].mapping(required=LANGUAGES)
    within = entries.get("respond_within_s")
    return Rule(
        id=_identifier(entries["id"]),
        conditions=parse_conditions(entries["when"]),
        action=action,
        queue=entries["queue"].one_of(QUEUES) if "queue" in entries else None,
        respond_within_s=within.whole(1, _MAX_RESPOND_S) if within else None,
        offers=_offers(entries["offer"]) if "offer" in entries else (),
        because={language: because[language].text(max_chars=300) for language in LANGUAGES},
        collect=_collect(entries["collect"]) if "collect" in entries else dict.fromkeys(LANGUAGES, ()),
    )


_NEEDED: Final[Mapping[Action, tuple[str, ...]]] = {
    "none": (),
    "phrase": ("offer",),
    "consult": ("queue", "respond_within_s"),
    "handoff": ("queue", "respond_within_s"),
}
_REFUSED: Final[Mapping[Action, tuple[str, ...]]] = {
    "none": ("queue", "respond_within_s", "offer", "collect"),
    "phrase": ("queue", "respond_within_s", "collect"),
    "consult": (),
    "handoff": (),
}


def _check_action(entries: Mapping[str, Field], action: Action) -> None:
    """An action without its target, or a target that the action never reaches, is the author's mistake."""
    for name in _NEEDED[action]:
        if name not in entries:
            entries["action"].fail(f"the key {name!r} in the same rule", found=f"action {action!r} without it")
    for name in _REFUSED[action]:
        if name in entries:
            entries[name].fail(f"no such key beside action {action!r}", found=f"the key {name!r}")


def _offers(field: Field) -> tuple[Offer, ...]:
    offers = []
    for item in field.items():
        entries = item.mapping(required=("technique",), optional=("situation",))
        situation = entries["situation"].one_of(SITUATIONS) if "situation" in entries else "any"
        offers.append(Offer(entries["technique"].one_of(TECHNIQUES), situation))
    return (
        tuple(offers)
        if len(offers) <= MAX_OFFERS
        else field.fail(f"at most {MAX_OFFERS} phrases", found=f"{len(offers)}")
    )


def _collect(field: Field) -> dict[str, tuple[str, ...]]:
    """Read the same list in every language; one that is longer elsewhere lost a line in translation."""
    lists = field.mapping(required=LANGUAGES)
    collected = {
        language: tuple(item.text(max_chars=120) for item in lists[language].items()) for language in LANGUAGES
    }
    for language, items in collected.items():
        if len(items) > MAX_COLLECTED:
            lists[language].fail(f"at most {MAX_COLLECTED} facts", found=f"{len(items)}")
        if len(items) != len(collected[LANGUAGES[0]]):
            lists[language].fail(f"as many facts as in {LANGUAGES[0]!r}", found=f"{len(items)}")
    return collected


def _identifier(field: Field) -> str:
    value = field.text(max_chars=60)
    return (
        value
        if value.isascii() and value.replace("-", "").isalnum() and value.islower()
        else field.fail("lower-case letters, digits and hyphens")
    )


def _refuse_duplicates(field: Field, rules: tuple[Rule, ...]) -> None:
    seen: set[str] = set()
    for item, rule in zip(field.items(), rules, strict=True):
        if rule.id in seen:
            raise PolicyError(
                item.file, item.line, f"{item.path}.id", f"the id {rule.id!r} a second time", "each id once"
            )
        seen.add(rule.id)
