"""Stages 1-4 joined: texts -> calibrated scores with evidence, or an abstention with its reason.

`load_scorer` opens the artefact that `models/CURRENT` names; `verify` scores the golden vectors that
ship with it on the CPU at hand, because int8 kernels differ between CPUs.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from ..flow import Evidence, ModelInfo, Score
from ..labels import (
    ASKS_HUMAN,
    BINARY,
    LANGUAGE_OUTPUTS,
    SENTIMENTS,
    SIGNALS,
    THREAT_KINDS,
)
from .artefact import CALIBRATION, GOLDEN, MODEL, NGRAMS, TOKENIZER, Artefact, ArtefactError, load_artefact, read_json
from .calibrate import Calibrated, load_calibration
from .evidence import evidence_of
from .normalise import MASKS, Normalised, normalise
from .text_model import TextModel
from .tokenise import Tokenised

OTHER_FROM: Final = 0.8
"""Probability of `other` from which the model says that it does not speak the language."""
LEAST_LETTERS: Final = 2
KIND_FROM: Final = 0.02
"""Probability from which a kind of threat is named; of those below, half were wrong on dev (`training/LOG.md`)."""


@dataclass(frozen=True, slots=True)
class GoldenReport:
    """How far this machine's logits are from those recorded at release."""

    ok: bool
    worst: float
    tolerance: float
    count: int


class OnnxScorer:
    """Scores texts one by one; the same text always gets the same score on the same machine."""

    def __init__(self, artefact: Artefact, *, threads: int = 1) -> None:
        self.artefact = artefact
        self.text_model = TextModel.open(
            artefact.folder / MODEL,
            artefact.folder / TOKENIZER,
            artefact.max_tokens,
            ngrams=artefact.folder / NGRAMS if artefact.has_ngrams else None,
            threads=threads,
        )
        self._calibration = load_calibration(artefact.folder / CALIBRATION)

    @property
    def model(self) -> ModelInfo:
        """What answers say of the model."""
        return self.artefact.model

    def score(self, texts: list[str], languages: list[str | None] | None = None) -> list[Score]:
        """Score each text alone; order kept. A language hint overrides the detected language."""
        hints = languages or [None] * len(texts)
        return [self._score(text, hint) for text, hint in zip(texts, hints, strict=True)]

    def logits(self, text: str) -> np.ndarray:
        """Raw logits of a text, float32 (columns,); calibration and evaluation read these."""
        return self.text_model.read(normalise(text)).inference.logits

    def verify(self) -> GoldenReport:
        """Score the golden vectors and compare."""
        golden = read_json(self.artefact.folder / GOLDEN)
        tolerance, rows = golden["tolerance"], golden["rows"]
        if not isinstance(tolerance, float) or not isinstance(rows, list) or not rows:
            raise ArtefactError(f"{self.artefact.folder / GOLDEN}: expected `tolerance` and `rows`")
        worst = max(float(np.abs(self.logits(row["text"]) - np.array(row["logits"])).max()) for row in rows)
        return GoldenReport(worst <= tolerance, worst, tolerance, len(rows))

    def _score(self, text: str, hint: str | None) -> Score:
        normalised = normalise(text)
        reading = self.text_model.read(normalised)
        tokenised, inference = reading.tokenised, reading.inference
        probabilities = self._calibration.language_probabilities(inference.logits)
        language = hint or LANGUAGE_OUTPUTS[int(probabilities.argmax())]
        reason = abstain_reason(normalised, tokenised, float(probabilities[-1]) if hint is None else 0.0)
        calibrated = self._calibration.calibrate(inference.logits, language)
        tokens = tuple(token for window in tokenised.windows for token in window.tokens)
        return _assemble(
            calibrated,
            language=language,
            reason=reason,
            evidence=evidence_of(normalised, tokens, inference.contributions, calibrated.binary),
        )


def load_scorer(model_dir: Path, threads: int = 1) -> OnnxScorer:
    """Open the served artefact; raises `ArtefactError` with one line for the operator."""
    return OnnxScorer(load_artefact(model_dir), threads=threads)


def abstain_reason(normalised: Normalised, tokenised: Tokenised, p_other: float) -> str | None:
    """Why a turn cannot be judged, one of `flow.ABSTAIN_REASONS`; None when it can."""
    words = normalised.text
    for mask in MASKS:
        words = words.replace(mask, "")
    letters = sum(map(str.isalpha, words))
    if letters == 0:
        return "no_words"
    if letters < LEAST_LETTERS:
        return "too_short"
    if tokenised.cut:
        return "too_long"
    return "other_language" if p_other >= OTHER_FROM else None


def likeliest_kind(kinds: Mapping[str, float]) -> str | None:
    """The kind of a flagged threat; None where none is likely, and somebody had better read it.

    Self-harm is named however unlikely, as long as nothing is likelier: it must reach who can help.
    """
    kind = max(kinds, key=kinds.__getitem__)
    return kind if kinds[kind] >= KIND_FROM or kind == "self_harm" else None


def _assemble(calibrated: Calibrated, *, language: str, reason: str | None, evidence: tuple[Evidence, ...]) -> Score:
    p = dict(zip(BINARY, calibrated.binary, strict=True))
    flags = {name: flag and reason is None for name, flag in zip(BINARY, calibrated.flags, strict=True)}
    kinds = dict(zip(THREAT_KINDS, calibrated.threat_kinds, strict=True))
    return Score(
        status="scored" if reason is None else "abstained",
        abstain_reason=reason,
        language=language,
        language_probability=calibrated.language[LANGUAGE_OUTPUTS.index(language)],
        scores={name: p[name] for name in SIGNALS},
        flags={name: flags[name] for name in SIGNALS},
        asks_human=p[ASKS_HUMAN],
        asks_human_flag=flags[ASKS_HUMAN],
        threat_kind=likeliest_kind(kinds) if flags["threat"] else None,
        threat_kinds=kinds,
        sentiment=dict(zip(SENTIMENTS, calibrated.sentiment, strict=True)),
        evidence=evidence,
    )
