"""Shared by tests: scores made by hand, and a scorer that answers from a table instead of a model."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from service.flow import Evidence, ModelInfo, Score
from service.labels import LANGUAGE_OUTPUTS, SENTIMENTS, SIGNALS, THREAT_KINDS
from service.risk.forecast import FEATURES, Forecaster

THRESHOLD = 0.5
"""From which probability a made score is flagged; any fixed number does."""
_WEIGHTS = {
    "frustration": 0.26,
    "rise": 0.66,
    "streak": 0.11,
    "abuse": 0.9,
    "threat": 1.56,
    "threat_level": 0.18,
    "asks_human": 1.45,
    "negative": 1.2,
    "negative_level": 0.76,
    "positive": -1.26,
    "repeat_contact": 0.35,
    "shouting": 0.03,
    "turns": -0.14,
    "reply_care": 0.0,
    "reply_strain": 0.0,
}
STEADY_FORECASTER = Forecaster(tuple(_WEIGHTS[name] for name in FEATURES), intercept=-2.0, slope=0.9, offset=-0.245)
"""Stands in for the fitted forecast, which is fitted anew with every model and must move no law about the rules."""


def make_score(
    *,
    frustration: float = 0.05,
    abuse: float = 0.01,
    threat: float = 0.01,
    asks_human: float = 0.02,
    threat_kinds: Mapping[str, float] | None = None,
    sentiment: str = "neutral",
    language: str = "en",
    language_probability: float = 0.99,
    abstain_reason: str | None = None,
    evidence: tuple[Evidence, ...] = (),
) -> Score:
    """Return a consistent score: flags follow from the probabilities, an abstained one has none."""
    assert sentiment in SENTIMENTS, sentiment
    assert language in LANGUAGE_OUTPUTS, language
    scores = dict(zip(SIGNALS, (frustration, abuse, threat), strict=True))
    scored = abstain_reason is None
    kinds = dict.fromkeys(THREAT_KINDS, 0.0) | dict(threat_kinds or {})
    flags = {signal: scored and scores[signal] >= THRESHOLD for signal in SIGNALS}
    return Score(
        status="scored" if scored else "abstained",
        abstain_reason=abstain_reason,
        language=language,
        language_probability=language_probability,
        scores=scores,
        flags=flags,
        asks_human=asks_human,
        asks_human_flag=scored and asks_human >= THRESHOLD,
        threat_kind=max(kinds, key=lambda kind: kinds[kind]) if flags["threat"] and any(kinds.values()) else None,
        threat_kinds=kinds,
        sentiment={name: 0.9 if name == sentiment else 0.05 for name in SENTIMENTS},
        evidence=evidence,
    )


CALM = make_score()
FIXED_MODEL = ModelInfo(version="fixed", digest="sha256:0", precision="exact")


@dataclass(frozen=True)
class FixedScorer:
    """A `flow.Scorer` that looks each text up and scores any other one as calm."""

    scores: Mapping[str, Score] = field(default_factory=dict)
    default: Score = CALM
    model: ModelInfo = FIXED_MODEL

    def score(self, texts: list[str], languages: list[str | None] | None = None) -> list[Score]:
        return [self.scores.get(text, self.default) for text in texts]
