"""Stories -> what the service would have answered, customer turn by customer turn; the future stays unseen.

Scores come from the released int8 model through `Engine.assess`. They are kept in `build/` by the hash of the
text, because the same conversations are walked many times with changed rules.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from service.engine import Engine, ReplyReader, Step
from service.flow import ConversationState, ModelInfo, Score, Scorer, Turn
from service.risk.exchange import Judgement
from service.store.serialise import score_from_record, score_to_record

from .escalation import Story
from .paths import BUILD, ROOT

START = 1_780_000_000.0
PAUSE_S = 0.1
"""Transcripts carry no times, and threads know no agents; at this pace no rule about waiting fires."""


def walk(story: Story, engine: Engine) -> Iterator[Step]:
    """Yield the step after each customer turn."""
    state = ConversationState(story.id)
    for number, line in enumerate(story.lines):
        now = START + PAUSE_S * number
        step = engine.assess(state, Turn(f"t{number}", line.role, line.text, now), now)
        state = step.state
        if line.role == "customer":
            yield step


@dataclass
class RememberedScores:
    """A scorer in front of another one; what it has seen is in a file that names model and scoring code. Without evidence."""

    scorer: Scorer
    path: Path
    known: dict[str, dict[str, object]] = field(default_factory=dict)

    @property
    def model(self) -> ModelInfo:
        """The model behind it."""
        return self.scorer.model

    def score(self, texts: list[str], languages: list[str | None] | None = None) -> list[Score]:
        """Scores from the file, or from the model."""
        return [self._score(text) for text in texts]

    def remember(self, stories: Iterable[Story]) -> None:
        """Score every customer turn of `stories` that is new, and write the file once."""
        before = len(self.known)
        for text in dict.fromkeys(line.text for s in stories for line in s.lines if line.role == "customer"):
            self._score(text)
        if len(self.known) > before:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self.path.write_text(json.dumps(self.known), encoding="utf-8")

    def _score(self, text: str) -> Score:
        key = hashlib.sha256(text.encode()).hexdigest()
        if key not in self.known:
            self.known[key] = score_to_record(self.scorer.score([text])[0]) | {"evidence": []}
        return score_from_record(self.known[key])


@dataclass(frozen=True)
class RememberedReplies:
    """A reader of replies that says of known ones what was said of them before, by text."""

    known: Mapping[str, Judgement]
    reader: ReplyReader

    def judge(self, text: str) -> Judgement | None:
        """From what is known, or from the reader."""
        return self.known[text] if text in self.known else self.reader.judge(text)


def scoring_code() -> bytes:
    """What makes scores of a model's logits; a change of it must forget what was remembered."""
    folder = ROOT / "service"
    files = [folder / "labels.py", folder / "store" / "serialise.py", *sorted((folder / "scoring").glob("*.py"))]
    return b"".join(path.read_bytes() for path in files)


def remembered(scorer: Scorer) -> RememberedScores:
    """The scorer with what `build/` remembers of its model, as this code scores with it."""
    made_by = hashlib.sha256(scorer.model.digest.encode() + scoring_code())
    path = BUILD / f"scores-{made_by.hexdigest()[:12]}.json"
    known = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return RememberedScores(scorer, path, known)
