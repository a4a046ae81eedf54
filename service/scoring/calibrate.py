"""Stage 4: logits -> calibrated probabilities and flags, per language.

`calibration.json` holds, for each binary output and language, the slope and offset of a logistic
calibration (Platt 1999) fitted on development data of the *served* int8 logits, and the threshold
for a stated precision; for the softmax outputs a temperature (Guo et al. 2017).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..labels import BINARY, LANGUAGE_OUTPUTS, LANGUAGE_SLICE, LANGUAGES, SENTIMENT_SLICE, THREAT_KIND_SLICE
from .artefact import ArtefactError, read_json


@dataclass(frozen=True, slots=True)
class Logistic:
    """probability = sigmoid(slope * logit + offset); flagged from `threshold` on."""

    slope: float
    offset: float
    threshold: float

    def probability(self, logit: float) -> float:
        """Calibrated probability of one logit."""
        return float(sigmoid(np.float64(self.slope * logit + self.offset)))


@dataclass(frozen=True, slots=True)
class Calibrated:
    """Probabilities of one turn, plain floats by position in `service.labels`."""

    binary: tuple[float, ...]
    flags: tuple[bool, ...]
    threat_kinds: tuple[float, ...]
    sentiment: tuple[float, ...]
    language: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Calibration:
    """The calibration of one model: `binary[language][output]`, and the temperatures."""

    binary: Mapping[str, Mapping[str, Logistic]]
    sentiment_temperature: float
    language_temperature: float

    def language_probabilities(self, logits: np.ndarray) -> np.ndarray:
        """Probabilities of `LANGUAGE_OUTPUTS`, float64."""
        return softmax(logits[LANGUAGE_SLICE] / self.language_temperature)

    def calibrate(self, logits: np.ndarray, language: str) -> Calibrated:
        """Calibrate one row of logits for a language (the general calibration when it is `other`)."""
        by_output = self.binary[language if language in self.binary else "other"]
        binary = tuple(by_output[name].probability(float(logits[i])) for i, name in enumerate(BINARY))
        return Calibrated(
            binary=binary,
            flags=tuple(p >= by_output[name].threshold for p, name in zip(binary, BINARY, strict=True)),
            threat_kinds=_floats(sigmoid(logits[THREAT_KIND_SLICE].astype(np.float64))),
            sentiment=_floats(softmax(logits[SENTIMENT_SLICE] / self.sentiment_temperature)),
            language=_floats(self.language_probabilities(logits)),
        )


def load_calibration(path: Path) -> Calibration:
    """Read calibration.json; raises `ArtefactError` when a language or output is missing."""
    raw = read_json(path)
    try:
        table = raw["binary"]
        binary = {
            language: {name: Logistic(**{k: float(v) for k, v in table[language][name].items()}) for name in BINARY}  # type: ignore[index]
            for language in LANGUAGE_OUTPUTS
        }
        temperatures = float(raw["sentiment_temperature"]), float(raw["language_temperature"])  # type: ignore[arg-type]
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ArtefactError(
            f"{path}: not a calibration for {', '.join(LANGUAGES)} ({type(error).__name__}: {error})"
        ) from None
    return Calibration(binary, *temperatures)


def sigmoid(values: np.ndarray | np.float64) -> np.ndarray:
    """Logistic function that does not overflow."""
    return np.asarray(0.5 * (1.0 + np.tanh(0.5 * np.asarray(values))))


def softmax(logits: np.ndarray) -> np.ndarray:
    """Softmax over the last axis in float64."""
    shifted = np.exp(logits.astype(np.float64) - logits.max())
    return np.asarray(shifted / shifted.sum())


def _floats(values: np.ndarray) -> tuple[float, ...]:
    return tuple(float(v) for v in values)
