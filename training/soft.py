"""Rows whose targets are probabilities: what `training.distil` writes and `training.finetune --soft` learns from.

One JSON line a text in a scratch folder of this machine, for the texts are public ones.
"""

import gzip
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from service.labels import BINARY, SENTIMENTS

from .examples import Example

ROWS = "soft.jsonl.gz"
FACTS = "distil.json"
SOURCE = "distilled"
SURE = 0.8
"""A sentiment likelier than this is taught; the loss takes classes for it, not shares."""


def soft_example(number: int, text: str, language: str, probabilities: np.ndarray) -> Example:
    """A row from the probabilities (binary + sentiment,) of its text."""
    moods = probabilities[len(BINARY) :]
    return Example(
        id=f"{SOURCE}-{language}-{number}",
        text=text,
        language=language,
        source=SOURCE,
        split="train",
        binary={name: round(float(p), 4) for name, p in zip(BINARY, probabilities, strict=False)},
        sentiment=SENTIMENTS[int(moods.argmax())] if moods.max() >= SURE else None,
        language_known=False,
    )


def write(rows: Sequence[Example], folder: Path) -> None:
    """Keep the rows for `read`."""
    folder.mkdir(parents=True, exist_ok=True)
    with gzip.open(folder / ROWS, "wt", encoding="utf-8") as file:
        for row in rows:
            entry = {"id": row.id, "text": row.text, "language": row.language, "binary": row.binary}
            file.write(json.dumps({**entry, "sentiment": row.sentiment}, ensure_ascii=False) + "\n")


def read(folder: Path, share: float = 1.0) -> Iterator[Example]:
    """The rows that `write` kept, each drawn `share` times an epoch."""
    with gzip.open(folder / ROWS, "rt", encoding="utf-8") as file:
        for line in file:
            yield Example(**json.loads(line), source=SOURCE, split="train", language_known=False, share=share)
