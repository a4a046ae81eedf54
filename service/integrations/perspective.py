"""A comment as Perspective's clients send it -> what its attributes are here, in its shape. Pure.

Beside the flow, behind `POST /v1alpha1/comments:analyze`. Attributes that the model has no meaning for are refused
as Perspective refuses an attribute in a language that it was not built for, because clients know that answer.
The documented shape: github.com/conversationai/perspectiveapi, 2-api/methods.md and limits.md.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from ..flow import ModelInfo, Score
from . import readings
from .readings import Reading
from .refusal import Refusal

ATTRIBUTES: Final[Mapping[str, Callable[[Score], Reading]]] = {
    "TOXICITY": readings.toxicity,
    "INSULT": readings.insult,
    "THREAT": readings.violence,
    "EVENKEEL_FRUSTRATION": readings.frustration,
    "EVENKEEL_THREAT": readings.threat,
    "EVENKEEL_SELF_HARM": readings.self_harm,
    "EVENKEEL_ASKS_HUMAN": readings.asks_human,
}
"""What can be asked for; the names that begin with EVENKEEL_ are ours."""
_NOT_TAUGHT: Final = "SEVERE_TOXICITY IDENTITY_ATTACK PROFANITY SEXUALLY_EXPLICIT FLIRTATION TOXICITY_FAST"
_OF_A_NEWSPAPER: Final = (
    "ATTACK_ON_AUTHOR ATTACK_ON_COMMENTER INCOHERENT INFLAMMATORY LIKELY_TO_REJECT OBSCENE SPAM UNSUBSTANTIAL"
)
_EXPERIMENTS: Final = "TOXICITY SEVERE_TOXICITY IDENTITY_ATTACK INSULT PROFANITY THREAT"
UNSUPPORTED: Final = frozenset(
    [
        *_NOT_TAUGHT.split(),
        *_OF_A_NEWSPAPER.split(),
        *(f"{name}_EXPERIMENTAL" for name in _EXPERIMENTS.split()),
    ]
)
"""Perspective's other attributes: the model was not taught what they mean."""
LANGUAGES: Final[Mapping[str, str]] = {"vi": "vi", "tl": "tl", "fil": "tl", "cs": "cs", "en": "en"}
_UNKNOWN_LANGUAGE: Final = "und"
PROBABILITY: Final = "PROBABILITY"
_ERROR_TYPE: Final = "type.googleapis.com/google.commentanalyzer.v1alpha1.Error"


@dataclass(frozen=True, slots=True)
class Comment:
    """What is asked of one comment, checked."""

    text: str
    attributes: Mapping[str, float | None]
    """Per attribute that can be answered: below which score it is left out; None: never."""
    languages: tuple[str, ...] = ()
    """As they were named, in the caller's spelling."""
    spans: bool = False
    drop_unsupported: bool = False

    @property
    def hint(self) -> str | None:
        """The language to score in; None where it is to be detected, also among several named ones."""
        ours = {our_language(language) for language in self.languages}
        return next(iter(ours)) if len(ours) == 1 else None


def read_comment(
    text: str | None,
    attributes: Mapping[str, float | None],
    languages: tuple[str, ...] = (),
    *,
    spans: bool = False,
    drop_unsupported: bool = False,
    max_chars: int,
) -> Comment:
    """Check a request in the order in which Perspective does; raise `Refusal`."""
    if text is None or not text.strip():
        raise refusal("Comment must be non-empty.", "comment.text", "COMMENT_EMPTY")
    if len(text) > max_chars:
        raise _too_long()
    if not attributes:
        raise refusal("Missing requested_attributes", "requestedAttributes", "NO_REQUESTED_ATTRIBUTES")
    if any(name not in ATTRIBUTES and name not in UNSUPPORTED for name in attributes):
        known = ", ".join(ATTRIBUTES)
        raise refusal(f"Unknown requested attribute. Those that are scored here: {known}.", "requestedAttributes")
    refused = attributes if _foreign(languages) else [name for name in attributes if name in UNSUPPORTED]
    if refused and not drop_unsupported:
        raise _not_supported(next(iter(refused)), "requestedLanguages", languages)
    kept = {name: least for name, least in attributes.items() if name not in refused}
    return Comment(text, kept, languages, spans, drop_unsupported)


def analysis(comment: Comment, score: Score, model: ModelInfo) -> dict[str, object]:
    """Return the answer in Perspective's shape; raise `Refusal` where it would not answer either."""
    kept = _answerable(comment, score)
    detected = [_UNKNOWN_LANGUAGE if score.language == "other" else score.language]
    found = {name: ATTRIBUTES[name](score) for name in kept}
    answer: dict[str, object] = {
        "attributeScores": {
            name: {"spanScores": _spans(comment, score, reading), "summaryScore": _probability(reading.value)}
            for name, reading in found.items()
            if reading.value >= (kept[name] or 0.0)
        },
        "languages": list(comment.languages) or detected,
        "evenkeel": {
            "status": score.status,
            "abstain_reason": score.abstain_reason,
            "model": {"version": model.version, "digest": model.digest, "precision": model.precision},
        },
    }
    # With a language given, none is detected: only one pass of the model is made, in that language.
    return answer if comment.hint else {**answer, "detectedLanguages": detected}


def _answerable(comment: Comment, score: Score) -> Mapping[str, float | None]:
    match score.abstain_reason:
        case "too_long":
            raise _too_long()
        case "other_language" if not comment.drop_unsupported and comment.attributes:
            raise _not_supported(next(iter(comment.attributes)), "detectedLanguages", (_UNKNOWN_LANGUAGE,))
        case "other_language":
            return {}
        case "no_words" | "too_short" if not comment.languages:
            raise refusal("Unable to detect language", "comment.text", "LANGUAGE_DETECTION_FAILED")
    return comment.attributes


def _spans(comment: Comment, score: Score, reading: Reading) -> list[dict[str, object]]:
    """Return the words that raised the score; the whole text where they were not asked for, or none stands out."""
    words = [(e.start, e.end) for e in score.evidence if e.signal == reading.signal and e.weight > 0.0]
    places = words if comment.spans and words else [(0, len(comment.text))]
    return [
        {"begin": utf16(comment.text, start), "end": utf16(comment.text, end), "score": _probability(reading.value)}
        for start, end in places
    ]


def utf16(text: str, position: int) -> int:
    """Return a position in characters as Perspective counts it: in UTF-16 code units."""
    return position + sum(ord(character) > 0xFFFF for character in text[:position])


def _probability(value: float) -> dict[str, object]:
    return {"value": float(value), "type": PROBABILITY}


def our_language(language: str) -> str | None:
    """Return our name of `vi-VN` or `FIL`; None for a language that is not ours."""
    return LANGUAGES.get(language.partition("-")[0].lower())


def _foreign(languages: tuple[str, ...]) -> bool:
    return any(our_language(language) is None for language in languages)


def refusal(message: str, field: str, kind: str = "INVALID_REQUEST", **more: object) -> Refusal:
    """Return a refusal with Perspective's detail: its error type, and what belongs to that type."""
    return Refusal(message, field=field, details={"@type": _ERROR_TYPE, "errorType": kind, **more})


def _too_long() -> Refusal:
    return refusal("Comment text too long.", "comment.text", "COMMENT_TOO_LONG")


def _not_supported(attribute: str, whose: str, languages: tuple[str, ...]) -> Refusal:
    """Clients read both the detail and, some of them, the words "does not support request languages"."""
    named = ", ".join(languages) or "any"
    return refusal(
        f"Attribute {attribute} does not support request languages: {named}",
        "requestedAttributes",
        "LANGUAGE_NOT_SUPPORTED_BY_ATTRIBUTE",
        languageNotSupportedByAttributeError={"attribute": attribute, whose: list(languages)},
    )
