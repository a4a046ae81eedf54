"""Scorers that API tests use in place of the model: fixed answers, a failure on demand, a gate to wait at."""

import threading
from dataclasses import dataclass, field
from typing import Final

from service.flow import Evidence, ModelInfo, Score
from tests.support import make_score

MODEL: Final = ModelInfo("letters-1", "0" * 64, "float64")


@dataclass
class LetterScorer:
    """Frustration grows with exclamation marks; a text without letters abstains; the hint is believed."""

    calls: list[list[str]] = field(default_factory=list)

    @property
    def model(self) -> ModelInfo:
        return MODEL

    def score(self, texts: list[str], languages: list[str | None] | None = None) -> list[Score]:
        self.calls.append(texts)
        hints = languages or [None] * len(texts)
        return [score_letters(text, hint or "en") for text, hint in zip(texts, hints, strict=True)]


def score_letters(text: str, language: str) -> Score:
    """Score one text; a pure function, so batches cannot matter."""
    has_letters = any(character.isalpha() for character in text)
    frustration = min(0.95, 0.05 + 0.2 * text.count("!"))
    return make_score(
        frustration=frustration,
        language=language,
        sentiment="negative" if frustration > 0.5 else "neutral",
        abstain_reason=None if has_letters else "no_words",
        evidence=(Evidence("frustration", 0, len(text), 1.0),) if frustration > 0.5 else (),
    )


class FailingScorer(LetterScorer):
    """Fails, and names the text in its exception, as a careless library would."""

    def score(self, texts: list[str], languages: list[str | None] | None = None) -> list[Score]:
        raise RuntimeError(f"cannot read {texts[0]!r}")


@dataclass
class GatedScorer(LetterScorer):
    """Waits inside the model until the test opens the gate."""

    gate: threading.Event = field(default_factory=threading.Event)
    entered: threading.Event = field(default_factory=threading.Event)

    def score(self, texts: list[str], languages: list[str | None] | None = None) -> list[Score]:
        self.entered.set()
        assert self.gate.wait(30)
        return super().score(texts, languages)
