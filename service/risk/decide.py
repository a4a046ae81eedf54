"""Stage 6: (state, turn, score, now) -> one Recommendation, by the escalation matrix. Pure.

The first rule that fires decides; the others that fire are further reasons, in matrix order. An
abstained turn never raises the action above what was recommended before it.
Try: `load_policy().decide(state, turn, score, now)`.
"""

import hashlib
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from ..flow import ACTIONS, ConversationState, Phrase, Reason, Recommendation, Score, Turn
from ..labels import LANGUAGES
from .conditions import Facts, observe
from .loader import PolicyError
from .phrases import FIRM_TECHNIQUES, Catalogue, Offer, parse_phrases
from .policy import PolicyFile, Rule, parse_policy

NOTHING = Recommendation(action="none", queue=None, respond_within_s=None, phrases=(), reasons=())


@dataclass(frozen=True, slots=True)
class EscalationPolicy:
    """A policy file and the phrases that it answers with; satisfies `flow.Policy`."""

    version: str
    """Version of the policy file, `+`, the start of a digest over it and the phrase files."""
    rules: tuple[Rule, ...]
    catalogue: Catalogue
    reason_language: str
    read_replies: bool
    """Whether the forecast may read how the agents' replies read."""
    text: str
    """The file as it was read: what a what-if begins with."""
    _placed: Mapping[str, tuple[int, Rule]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_placed", {rule.id: (place, rule) for place, rule in enumerate(self.rules)})

    def decide(self, state: ConversationState, turn: Turn, score: Score | None, now: float) -> Recommendation:
        """Return the recommendation for the state that `accumulate` made of this turn.

        Turns of agents and bots call for nothing. `now` is in epoch seconds.
        """
        if turn.role != "customer":
            return NOTHING
        facts = observe(state, turn, score, now)
        fired = self.fired(facts)
        if not fired:
            return NOTHING
        first = fired[0]
        return Recommendation(
            action=first.action,
            queue=first.queue,
            respond_within_s=first.respond_within_s,
            phrases=self._phrases(first, facts),
            reasons=tuple(self._reason(rule, score) for rule in fired),
        )

    def explain(self, rule: str, language: str) -> str | None:
        """Return the sentence of a rule in a language; None when this policy has no such rule."""
        known = self._placed.get(rule)
        return None if known is None else known[1].because[language]

    def to_collect(self, rule: str, language: str) -> tuple[str, ...]:
        """Return the facts that a rule asks for, in a language; none when this policy has no such rule."""
        known = self._placed.get(rule)
        return () if known is None else known[1].collect[language]

    def in_order(self, rules: Iterable[str]) -> list[str]:
        """Return these rules in matrix order; those that this policy does not have come last, as they were."""
        return sorted(rules, key=lambda rule: self._placed[rule][0] if rule in self._placed else len(self._placed))

    def fired(self, facts: Facts) -> list[Rule]:
        """Return the rules that fire, in matrix order; after a turn that was not scored, none above the last action."""
        fired = [rule for rule in self.rules if rule.fires(facts)]
        if facts.scored:
            return fired
        ceiling = ACTIONS.index(facts.state.last_action)
        return [rule for rule in fired if ACTIONS.index(rule.action) <= ceiling]

    def _phrases(self, rule: Rule, facts: Facts) -> tuple[Phrase, ...]:
        seconds = rule.respond_within_s
        slots = {} if seconds is None else {language: {"time": _spoken(seconds, language)} for language in LANGUAGES}
        return self.catalogue.choose(_fitting(rule.offers, facts), facts.state, slots)

    def _reason(self, rule: Rule, score: Score | None) -> Reason:
        found = () if score is None or score.status != "scored" else score.evidence
        evidence = tuple(e for e in found if e.signal in rule.signals and e.weight > 0)
        return Reason(rule.id, rule.because[self.reason_language], evidence, rule.collect[self.reason_language])


def _fitting(offers: tuple[Offer, ...], facts: Facts) -> tuple[Offer, ...]:
    """Return the offers, warm ones replaced by one boundary where the message insults."""
    if not facts.flags.get("abuse", False):
        return offers
    firm = (offer if offer.technique in FIRM_TECHNIQUES else Offer("set_boundary") for offer in offers)
    return tuple(dict.fromkeys(firm))


_MINUTES: Mapping[str, tuple[str, str]] = {
    "vi": ("phút", "phút"),
    "tl": ("minuto", "minuto"),
    "cs": ("minuty", "minut"),  # genitive, as it stands after "do"
    "en": ("minute", "minutes"),
}


def _spoken(seconds: int, language: str) -> str:
    """A time that may be promised to a customer: whole minutes, rounded up."""
    minutes = math.ceil(seconds / 60)
    return f"{minutes} {_MINUTES[language][minutes != 1]}"


def load_policy(path: Path | None = None) -> EscalationPolicy:
    """Return the policy at `path`, or the one that is shipped.

    The phrases come from a folder `phrases` beside the file where there is one, else the shipped
    ones are used. Raises PolicyError naming file, line and field.
    """
    shipped = resources.files(__package__)
    file: Traversable = shipped / "policy.yaml" if path is None else path
    folder: Traversable = shipped / "phrases"
    if path is not None and (path.parent / "phrases").is_dir():
        folder = path.parent / "phrases"
    contents = {language: _read(folder / f"{language}.yaml") for language in LANGUAGES}
    wordings = {n: parse_phrases(f"phrases/{n}.yaml", content, n) for n, content in contents.items()}
    catalogue = Catalogue(wordings, hashlib.sha256(b"\0".join(contents.values())).hexdigest())
    return policy_from_text(_read(file), catalogue, name=file.name)


def policy_from_text(content: bytes, catalogue: Catalogue, *, name: str = "policy") -> EscalationPolicy:
    """Return the policy that `content` describes, answering with phrases that are already there.

    The version is that of the same file loaded from disk. Raises PolicyError naming `name`, line and field.
    """
    parsed: PolicyFile = parse_policy(name, content)
    digest = hashlib.sha256(content + catalogue.digest.encode()).hexdigest()[:8]
    version, text = f"{parsed.version}+{digest}", content.decode("utf-8-sig")
    return EscalationPolicy(version, parsed.rules, catalogue, parsed.reason_language, parsed.read_replies, text)


def _read(file: Traversable) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise PolicyError(file.name, 1, "(file)", "no readable file", "a policy or phrase file") from error
