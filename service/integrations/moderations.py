"""Scores -> the categories of OpenAI's moderation endpoint, in its shape. Pure.

Beside the flow, behind `POST /v1/moderations`. Categories that the model has no meaning for are always false and
0.0, and name no input type that was read for them. The documented shape: platform.openai.com/docs/api-reference/moderations.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ..flow import ModelInfo, Score
from .readings import Reading, insult, self_harm, threatens, violence
from .refusal import Refusal


@dataclass(frozen=True, slots=True)
class Category:
    """How a category is scored, and when it is flagged."""

    read: Callable[[Score], Reading]
    flagged: Callable[[Score], bool]


def _violent(score: Score) -> bool:
    return threatens(score, "violence")


def _self_harming(score: Score) -> bool:
    return threatens(score, "self_harm")


SCORED: Final[Mapping[str, Category]] = {
    "harassment": Category(insult, lambda score: score.flags["abuse"]),
    "harassment/threatening": Category(violence, _violent),
    "self-harm": Category(self_harm, _self_harming),
    "self-harm/intent": Category(self_harm, _self_harming),
    "violence": Category(violence, _violent),
}
NOT_SCORED: Final = (
    "hate",
    "hate/threatening",
    "illicit",
    "illicit/violent",
    "self-harm/instructions",
    "sexual",
    "sexual/minors",
    "violence/graphic",
)
CATEGORIES: Final = tuple(sorted((*SCORED, *NOT_SCORED)))


def check_texts(texts: Sequence[str], *, max_texts: int, max_chars: int) -> None:
    """Raise `Refusal` for too many texts, and for empty or overlong ones."""
    if len(texts) > max_texts:
        raise _refusal(f"input has more than {max_texts} texts; send fewer at once.", "input", "array_above_max_length")
    for place, text in enumerate(texts):
        if not text:
            raise _refusal(f"input[{place}] is empty.", f"input[{place}]", "empty_string")
        if len(text) > max_chars:
            raise _too_long(place, f"more than {max_chars} characters")


def image_refusal(place: int) -> Refusal:
    """Return what is said to a picture."""
    return _refusal(
        "This model reads text only; leave parts of type `image_url` out.", f"input[{place}].type", "unsupported_value"
    )


def moderation(scores: Sequence[Score], model: ModelInfo, *, identifier: str) -> dict[str, object]:
    """Return the answer in OpenAI's shape; raise `Refusal` for a text too long to be read whole."""
    for place, score in enumerate(scores):
        if score.abstain_reason == "too_long":
            raise _too_long(place, "more text than the model reads at once")
    return {
        "id": f"modr-{identifier}",
        "model": f"evenkeel-{model.version}",
        "results": [_result(score) for score in scores],
        "evenkeel": {"model": {"version": model.version, "digest": model.digest, "precision": model.precision}},
    }


def _result(score: Score) -> dict[str, object]:
    categories = {name: name in SCORED and bool(SCORED[name].flagged(score)) for name in CATEGORIES}
    return {
        "flagged": any(categories.values()),
        "categories": categories,
        "category_scores": {name: SCORED[name].read(score).value if name in SCORED else 0.0 for name in CATEGORIES},
        "category_applied_input_types": {name: ["text"] if name in SCORED else [] for name in CATEGORIES},
        "evenkeel": {"status": score.status, "abstain_reason": score.abstain_reason, "language": score.language},
    }


def _too_long(place: int, how: str) -> Refusal:
    return _refusal(f"input[{place}] has {how}; split it.", f"input[{place}]", "string_above_max_length")


def _refusal(message: str, param: str, code: str) -> Refusal:
    return Refusal(message, field=param, details={"param": param, "code": code})
