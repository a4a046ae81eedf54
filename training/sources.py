"""Step 1: the public sets named in data/sources.toml -> examples.

The files are looked for below `EVENKEEL_SOURCES` and their checksums compared; a set that is absent
is left out with a note, so the flow also runs on the project's own transcripts alone. Sets marked
`use = "eval"` are only ever returned by `evaluation_sets`; training reads them for one purpose, to drop
rows of its own that have the same text.
Run: `python -m training.sources` (make sources) lists what is there.
"""

import gzip
import hashlib
import json
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from service.labels import LANGUAGES, THREAT_KINDS

from .examples import Example
from .labels import read_annotations
from .marks import marked_characters
from .paths import ROOT, SOURCES

CATALOGUE = ROOT / "data" / "sources.toml"
GOEMOTIONS_POSITIVE = frozenset(
    [
        "admiration",
        "amusement",
        "approval",
        "caring",
        "desire",
        "excitement",
        "gratitude",
        "joy",
        "love",
        "optimism",
        "pride",
        "relief",
    ]
)
GOEMOTIONS_NEGATIVE = frozenset(
    [
        "anger",
        "annoyance",
        "disappointment",
        "disapproval",
        "disgust",
        "embarrassment",
        "fear",
        "grief",
        "nervousness",
        "remorse",
        "sadness",
    ]
)
MIXED_LANGUAGE = frozenset({"bpi_bank_reviews", "github_incivility"})
"""Sets whose language field does not hold row by row (Taglish marked English; program text)."""
SWEARING_AT_NOBODY = frozenset({"bitext_cs_synthetic"})
"""Sets whose positive abuse label means any swearing, which our guide does not call abuse."""
HARMLESS_AGENTS = frozenset({"cs_restaurant_agent"})
"""Agent turns without labels in which nothing may fire."""


class SourceError(RuntimeError):
    """A public set that is there but is not the file that the catalogue describes."""


@dataclass(frozen=True, slots=True)
class Source:
    """One entry of the catalogue."""

    name: str
    use: str
    sha256: str
    weight: float
    share: float

    @property
    def path(self) -> Path:
        """Where the set lies, if it is there."""
        return SOURCES / "data" / self.use / f"{self.name}.jsonl.gz"


def catalogue() -> list[Source]:
    """Read data/sources.toml."""
    entries = tomllib.loads(CATALOGUE.read_text(encoding="utf-8"))
    return [Source(n, e["use"], e["sha256"], e.get("weight", 0.0), e.get("share", 0.0)) for n, e in entries.items()]


def training_sets() -> Iterator[Example]:
    """Every row of the sets that may be trained on, our annotations laid over the source's labels."""
    annotations, unseen = read_annotations(), evaluation_keys()
    for source in catalogue():
        if source.use == "train" and source.path.exists():
            for row in read_rows(source):
                if text_key(str(row["text"])) in unseen:
                    continue
                example = _example(row, source)
                yield annotations[example.id].over(example) if example.id in annotations else example


@cache
def evaluation_keys() -> frozenset[str]:
    """Texts of the evaluation-only sets: some public sets share texts, and those rows must stay unseen."""
    return frozenset(key for example in evaluation_sets() if (key := text_key(example.text)))


def text_key(text: str) -> str:
    """What makes two texts the same row: letters and digits, case folded; empty for texts too short to tell ("ok", "thanks")."""
    key = "".join(filter(str.isalnum, text.casefold()))
    return key if len(key) >= 8 else ""


def evaluation_sets() -> Iterator[Example]:
    """Every row of the evaluation-only sets. Never train, calibrate or choose a threshold on these."""
    for source in catalogue():
        if source.use == "eval" and source.path.exists():
            yield from (_example(row, source) for row in read_rows(source))


def read_rows(source: Source) -> Iterator[dict[str, object]]:
    """The rows of one set as its file has them; a file of another checksum is refused."""
    data = source.path.read_bytes()
    digest = hashlib.sha256(data).hexdigest()
    if digest != source.sha256:
        raise SourceError(
            f"{source.path.name}: sha256 is {digest[:12]}…, data/sources.toml expects {source.sha256[:12]}…"
        )
    for line in gzip.decompress(data).decode("utf-8").splitlines():
        if line:
            yield json.loads(line)


def _example(row: dict[str, object], source: Source) -> Example:
    binary = {name: int(bool(row[name])) for name in ("frustration", "abuse", "threat") if row.get(name) is not None}
    if source.name in SWEARING_AT_NOBODY and binary.get("abuse") == 1:
        del binary["abuse"]
    if source.name == "complaints_xci" and json.loads(str(row["raw"])).get("severity") == "1":
        # The mildest "complaints" are calm reports of a problem, which our guide does not call frustration.
        binary.pop("frustration", None)
    if source.name in HARMLESS_AGENTS:
        binary = {"frustration": 0, "abuse": 0, "threat": 0}
    sentiment = row.get("sentiment")
    if source.name == "goemotions":
        sentiment = _goemotions_sentiment(str(row["raw"]))
    language = str(row["lang"])
    return Example(
        id=str(row["id"]),
        text=str(row["text"]),
        language=language if language in LANGUAGES else "other",
        source=source.name,
        split=str(row["split"]),
        binary=binary,
        threat_kinds=() if binary.get("threat") == 0 else None,
        sentiment=None if sentiment is None else str(sentiment),
        language_known=source.name not in MIXED_LANGUAGE,
        weight=source.weight,
        share=source.share,
        marked=marked_characters(source.name, str(row["text"]), str(row["raw"])) if source.use == "train" else None,
    )


def _goemotions_sentiment(raw: str) -> str | None:
    """The authors' grouping; rows of mixed or ambiguous emotions are left out."""
    emotions = set(raw.replace(",", " ").replace("|", " ").split())
    if emotions == {"neutral"}:
        return "neutral"
    if emotions and emotions <= GOEMOTIONS_POSITIVE:
        return "positive"
    return "negative" if emotions and emotions <= GOEMOTIONS_NEGATIVE else None


def main() -> None:
    for source in catalogue():
        state = "present" if source.path.exists() else "absent"
        print(json.dumps({"source": source.name, "use": source.use, "state": state, "weight": source.weight}))
    print(json.dumps({"step": "sources", "folder_found": SOURCES.exists(), "threat_kinds": len(THREAT_KINDS)}))


if __name__ == "__main__":
    main()
