"""The model's outputs: names, order and meaning, the one place that both flows read.

Training builds its heads from these tuples and the service reads the model's output columns by
them, so the order here *is* the order of the columns in `model.onnx` and in `calibration.json`.
Adding a name at the end of a tuple needs a new model; the artefact's manifest is compared at load.
"""

from typing import Final

LANGUAGES: Final = ("vi", "tl", "cs", "en")
"""The languages that the model is built for; Taglish and Filipino are `tl`."""

SIGNALS: Final = ("frustration", "abuse", "threat")
"""What raises an alert. Frustration: annoyed *with the service*. Abuse: insult or swearing aimed at
a person or the company. Threat: the writer's own announcement of harm. See data/ANNOTATION.md."""

ASKS_HUMAN: Final = "asks_human"
"""Asks for a person, a supervisor, a manager, or to be called."""

BINARY: Final = (*SIGNALS, ASKS_HUMAN)
"""The outputs with a sigmoid of their own, in column order."""

THREAT_KINDS: Final = ("violence", "self_harm", "legal", "regulator", "publicity", "chargeback")
"""What is threatened; several may hold at once, so each has a sigmoid."""

SENTIMENTS: Final = ("negative", "neutral", "positive")
"""Sentiment of this turn, one of three (softmax)."""

LANGUAGE_OUTPUTS: Final = (*LANGUAGES, "other")
"""Language of this turn, one of five (softmax)."""

COLUMNS: Final = (
    *BINARY,
    *(f"threat_kind.{kind}" for kind in THREAT_KINDS),
    *(f"sentiment.{name}" for name in SENTIMENTS),
    *(f"language.{name}" for name in LANGUAGE_OUTPUTS),
)
"""Every column of the model's logits, left to right."""

BINARY_SLICE: Final = slice(0, len(BINARY))
THREAT_KIND_SLICE: Final = slice(BINARY_SLICE.stop, BINARY_SLICE.stop + len(THREAT_KINDS))
SENTIMENT_SLICE: Final = slice(THREAT_KIND_SLICE.stop, THREAT_KIND_SLICE.stop + len(SENTIMENTS))
LANGUAGE_SLICE: Final = slice(SENTIMENT_SLICE.stop, SENTIMENT_SLICE.stop + len(LANGUAGE_OUTPUTS))
