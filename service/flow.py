"""READ FIRST: the frozen records that pass between the stages, and the list of the stages.

    turn - normalise - tokenise - infer - calibrate - accumulate - decide - record - publish
           `------------- service/scoring/ -------'  `-- service/risk/ --'  store/    events.py

Everything up to `decide` is a pure function of these values: no clock, no randomness, no I/O.
`Engine.assess(state, turn, now)` runs it, and the live service, the replay, the evaluation and the
benchmarks all call that. Times are seconds since the epoch (UTC), probabilities lie in 0..1,
character spans are half-open and count Python characters of the text as it was received.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, Protocol

STAGES: Final = ("normalise", "tokenise", "infer", "calibrate", "accumulate", "decide")
"""The pure stages in order: 1-4 are the scorer's, 5 and 6 the engine's."""

Role = Literal["customer", "agent", "bot"]
Status = Literal["scored", "abstained"]
Band = Literal["calm", "watch", "high", "critical"]
Trend = Literal["rising", "steady", "falling"]
Stage = Literal["venting", "receptive", "connected"]
Action = Literal["none", "phrase", "consult", "handoff"]

BANDS: Final[tuple[Band, ...]] = ("calm", "watch", "high", "critical")
ACTIONS: Final[tuple[Action, ...]] = ("none", "phrase", "consult", "handoff")
ForecastReason = Literal[
    "frustration", "abuse", "threat", "asks_human", "mood", "repeat_contact", "shouting", "answers"
]
WITHIN_TURNS: Final = 4
"""How many customer turns the forecast looks ahead."""
ABSTAIN_REASONS: Final = ("other_language", "too_short", "no_words", "too_long")


@dataclass(frozen=True, slots=True)
class Turn:
    """One message of a conversation, as it was received."""

    turn_id: str
    role: Role
    text: str
    sent_at: float
    contact_id: str | None = None
    queue: str | None = None
    channel: str | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """A word of the text and how much it moved a signal's logit (weight > 0 raises it)."""

    signal: str
    start: int
    end: int
    weight: float


@dataclass(frozen=True, slots=True)
class Score:
    """What the model says of one turn, calibrated. An abstained score never raises an alert."""

    status: Status
    abstain_reason: str | None
    language: str
    language_probability: float
    scores: Mapping[str, float]
    """Probability per name of `labels.SIGNALS`."""
    flags: Mapping[str, bool]
    """Per signal: the probability reached the threshold of the turn's language, and nothing abstained."""
    asks_human: float
    asks_human_flag: bool
    threat_kind: str | None
    """The likeliest kind, when `flags["threat"]` holds; None where none is likely."""
    threat_kinds: Mapping[str, float]
    sentiment: Mapping[str, float]
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class ConversationState:
    """All that `decide` may know of the past; a value, stored as JSON with its conversation."""

    conversation_id: str
    language: str | None = None
    """The customer's language: of the clearest turns so far, not only of the last one."""
    language_settled: bool = False
    """More than a guess from a single word: only a clear turn of several words changes it now."""
    customer_turns: int = 0
    scored_turns: int = 0
    baseline_frustration: float | None = None
    """Frustration of the first scored turn: a negative opening is normal, so rises count from here."""
    levels: Mapping[str, float] = field(default_factory=dict)
    """Decayed level per signal after the last customer turn."""
    peaks: Mapping[str, float] = field(default_factory=dict)
    streaks: Mapping[str, int] = field(default_factory=dict)
    """Per signal: how many customer turns in a row were flagged, up to now."""
    flagged: Mapping[str, int] = field(default_factory=dict)
    """Per signal: how many customer turns were flagged in all."""
    threat_kinds: tuple[str, ...] = ()
    """Kinds of threat flagged so far, in order of first sight."""
    asks_human: int = 0
    """How many customer turns asked for a person, since the wish was last withdrawn."""
    human_request_pending: bool = False
    """A person was asked for, and neither was the wish withdrawn nor the conversation moved or joined since."""
    shouting: int = 0
    """How many customer turns shouted (capitals, rows of exclamation marks)."""
    repeat_contact: bool = False
    """The customer said that this is not the first time ("5th time", "third week")."""
    earlier_conversations: int = 0
    """The contact's other recent conversations; counted by the store when this one begins, not by the engine."""
    topics: tuple[str, ...] = ()
    """What the customer named so far that an agent alone seldom decides: "money", "technical"."""
    passed_around: bool = False
    """The customer said that they are sent from one person to the next."""
    queue: str | None = None
    """The queue that the last turn with one named."""
    transfers: int = 0
    """How often the conversation changed its queue."""
    risk_history: tuple[float, ...] = ()
    """Risk level after each customer turn, oldest first, at most the last 50."""
    latest: Mapping[str, float] = field(default_factory=dict)
    """Of the last scored turn: probability per name of `labels.BINARY`, and of negative and positive sentiment."""
    negative_level: float = 0.0
    """Decayed level of negative sentiment after the last customer turn."""
    forecast: float | None = None
    """Probability that the conversation escalates within `WITHIN_TURNS`; None before the first scored turn."""
    forecast_because: tuple[ForecastReason, ...] = ()
    """What raises the forecast above a usual conversation's, the strongest first."""
    stage: Stage = "connected"
    band: Band = "calm"
    waiting_since: float | None = None
    """When the customer began to wait for an answer; None while we wait for the customer."""
    we_wait_since: float | None = None
    """When we began to wait for the customer; None while the customer waits for us."""
    last_turn_at: float | None = None
    unanswered_turns: int = 0
    """Customer turns in a row up to now that neither an agent nor a bot answered."""
    level_before_reply: float | None = None
    """Risk level that the last reply met; None when the last two turns were the customer's."""
    reply_care: float | None = None
    """How likely people would call the last reply of an agent a good one; None before the first. Read by the forecast alone."""
    reply_strain: float = 0.0
    """Sum, over the agents' replies, of how much likelier than usual each has a fault (blame, a brush-off, a template); 0 without
    replies. Nobody's name is with it."""
    bot_turns: int = 0
    """Turns of a bot since an agent last wrote."""
    bot_repeats: int = 0
    """How many of those said again what the bot had said."""
    customer_repeats: int = 0
    """How many customer turns said again, word for word, what the customer had said."""
    bot_fingerprints: tuple[str, ...] = ()
    customer_fingerprints: tuple[str, ...] = ()
    """Of the last few texts, 16 bits each (see `risk/exchange.py`): enough to notice a repetition, not to guess a text."""
    phrases_used: tuple[str, ...] = ()
    """Ids of phrases recommended so far: none is recommended twice."""
    last_action: Action = "none"
    handed_over: bool = False
    """Somebody has accepted or joined: the rules that ask for a second person are silent, those of safety are not."""
    handed_over_until: float | None = None
    """When an accepted hand-over lapses unless its owner joins; None without a limit, and when nobody has it."""

    @property
    def bot_muted(self) -> bool:
        """Whether a bot must be silent: exactly while a person has taken the conversation over."""
        return self.handed_over


@dataclass(frozen=True, slots=True)
class Forecast:
    """The probability that the conversation escalates now or within the next customer turns."""

    probability: float
    because: tuple[ForecastReason, ...] = ()
    """What raises it above a usual conversation's, the strongest first."""
    within_turns: int = WITHIN_TURNS


@dataclass(frozen=True, slots=True)
class Risk:
    """Where the conversation stands after a turn."""

    level: float
    band: Band
    trend: Trend
    stage: Stage
    forecast: Forecast | None = None
    """None before the first scored customer turn."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """A sentence for the agent, in the customer's language."""

    id: str
    language: str
    technique: str
    stage: Stage
    text: str


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a rule fired: its id, a sentence for a human, and the words of the turn that moved it."""

    rule: str
    because: str
    evidence: tuple[Evidence, ...] = ()
    collect: tuple[str, ...] = ()
    """Facts that whoever takes this over will need."""


@dataclass(frozen=True, slots=True)
class Recommendation:
    """One recommendation: nothing, a phrase, ask a senior colleague, or hand over."""

    action: Action
    queue: str | None
    respond_within_s: int | None
    phrases: tuple[Phrase, ...]
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """Which model answered."""

    version: str
    digest: str
    precision: str


@dataclass(frozen=True, slots=True)
class Assessment:
    """The answer to one turn. `score` is None for agent and bot turns: nobody's mood but the customer's is scored."""

    conversation_id: str
    turn_id: str
    score: Score | None
    risk: Risk
    recommendation: Recommendation
    model: ModelInfo
    policy_version: str
    bot_muted: bool = False
    """A person has taken the conversation over: a bot says nothing until it is given back."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened, in the order it was stored; `id` grows and resumes a stream."""

    id: int
    type: str
    conversation_id: str
    at: float
    data: Mapping[str, object]


class Scorer(Protocol):
    """Stages 1-4. The ONNX scorer is one; tests ship a fixed one."""

    @property
    def model(self) -> ModelInfo:
        """The model that answers."""

    def score(self, texts: list[str], languages: list[str | None] | None = None) -> list[Score]:
        """Score each text alone; order kept. `languages` are hints that override the detected one."""


class Policy(Protocol):
    """Stage 6, and the words it answers with."""

    @property
    def version(self) -> str:
        """Version of the policy file and phrase catalogue, as answers name it."""

    @property
    def read_replies(self) -> bool:
        """Whether the forecast may read how the agents' replies read."""

    def decide(self, state: ConversationState, turn: Turn, score: Score | None, now: float) -> Recommendation:
        """Return the recommendation for the state that `accumulate` made of this turn."""

    def explain(self, rule: str, language: str) -> str | None:
        """Return the sentence of a rule in a language; None when this policy has no such rule."""

    def to_collect(self, rule: str, language: str) -> tuple[str, ...]:
        """Return the facts that a rule asks for, in a language; none when this policy has no such rule."""

    def in_order(self, rules: Iterable[str]) -> list[str]:
        """Return these rules, the gravest first; those that this policy does not have come last, as they were."""
