"""Labelled conversations and issue threads -> stories: who said what, and at which customer turn it escalates.

A conversation *escalates* at the first customer turn that needs a second person: a threat, a request for a person,
leaving, or the second insult (one insult asks for a boundary only, `abuse-single`), provided that the conversation is
marked `escalated`. Escalated without any of these, it is the insult, else the last frustrated turn. Without frustration
either it was passed on for its gravity (a gas leak, a third party's crisis): nobody's mood escalated, so it has no
such turn; it is neither learnt from nor counted as calm. Turns of github_incivility carry frustration, abuse and
threat only; a thread is escalated when any comment insults or threatens.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

from service.flow import Role
from service.labels import LANGUAGES

from .sources import catalogue, read_rows
from .transcripts import Conversation, read_transcripts

OWN = "own_transcripts"
THREADS = "github_incivility"
SIGNS = ("threat", "asks_human", "leaves")
"""Any of these, once, needs a second person; abuse needs to come twice."""
FRUSTRATION, ABUSE = "frustration", "abuse"


@dataclass(frozen=True, slots=True)
class Line:
    """One turn; `signs` are the names of its positive labels, empty for agents and bots."""

    role: Role
    text: str
    signs: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Story:
    """A conversation with what became of it."""

    id: str
    source: str
    language: str
    split: str
    escalated: bool
    lines: tuple[Line, ...]

    @property
    def signs(self) -> tuple[frozenset[str], ...]:
        """Of the customer's turns, in order."""
        return tuple(line.signs for line in self.lines if line.role == "customer")

    @property
    def escalates_at(self) -> int | None:
        """Position among the customer's turns; None when nothing escalated, or nobody's mood did."""
        return escalation_turn(self.signs) if self.escalated else None

    @property
    def kind(self) -> str:
        """`escalated`, `passed_on` (for its gravity), else what a conversation that did not escalate held."""
        if self.escalated:
            return "passed_on" if self.escalates_at is None else "escalated"
        held = frozenset().union(*self.signs)
        return "heated" if held & {*SIGNS, ABUSE} else "displeased" if FRUSTRATION in held else "calm"


KINDS = ("escalated", "passed_on", "heated", "displeased", "calm")
"""`heated`: a threat, insult, request for a person or cancellation that somebody settled; `displeased`: frustration only."""


def escalation_turn(signs: Sequence[frozenset[str]]) -> int | None:
    """Position of the turn at which an escalated conversation escalates; None when no turn shows it."""
    insults = [at for at, seen in enumerate(signs) if ABUSE in seen]
    decisive = [at for at, seen in enumerate(signs) if not seen.isdisjoint(SIGNS)] + insults[1:2]
    if decisive:
        return min(decisive)
    frustrated = [at for at, seen in enumerate(signs) if FRUSTRATION in seen]
    return (insults[:1] or frustrated[-1:] or [None])[0]


def own_stories() -> Iterator[Story]:
    """Our own conversations, without single turns and lines in other languages."""
    for conversation in read_transcripts():
        if not conversation.single and conversation.language in LANGUAGES and conversation.escalated is not None:
            yield story_of(conversation)


def story_of(conversation: Conversation) -> Story:
    """A labelled conversation as a story."""
    lines = tuple(
        Line(turn.role, turn.text, _positive(turn.labels | {"leaves": int(turn.leaves)}))
        if turn.role == "customer"
        else Line(turn.role, turn.text)
        for turn in conversation.turns
    )
    return Story(conversation.id, OWN, conversation.language, conversation.split, bool(conversation.escalated), lines)


def thread_stories() -> Iterator[Story]:
    """The threads of github_incivility with two comments and more, every comment a customer's; none where it is absent."""
    source = next(s for s in catalogue() if s.name == THREADS)
    if not source.path.exists():
        return
    rows = sorted(read_rows(source), key=itemgetter("conversation", "turn"))  # type: ignore[arg-type]
    for name, comments in groupby(rows, key=itemgetter("conversation")):
        thread = list(comments)
        lines = tuple(
            Line("customer", str(r["text"]), _positive({n: r[n] for n in (FRUSTRATION, ABUSE, "threat")}))
            for r in thread
        )
        if len(lines) > 1:
            escalated = any(line.signs - {FRUSTRATION} for line in lines)
            yield Story(str(name), THREADS, "en", str(thread[0]["split"]), escalated, lines)


def _positive(labels: dict[str, object] | dict[str, int]) -> frozenset[str]:
    return frozenset(name for name, value in labels.items() if value == 1)
