"""The limits that settings may move: how long a turn is, how many come at once. Too much is a 422."""

from ..settings import Settings
from .errors import FieldError, Invalid
from .wire import ScoreRequest, TurnRequest
from .wire_draft import DraftRequest


def check_batch(body: ScoreRequest, settings: Settings) -> None:
    """Raise `Invalid` for too many turns, or for turns that are too long."""
    if len(body.turns) > settings.max_batch:
        raise _invalid([FieldError("turns", f"should have at most {settings.max_batch} items")])
    _refuse(
        [f"turns[{i}].text" for i, turn in enumerate(body.turns) if len(turn.text) > settings.max_turn_chars], settings
    )


def check_text(body: TurnRequest | DraftRequest, settings: Settings) -> None:
    """Raise `Invalid` for a text that is too long."""
    _refuse(["text"] if len(body.text) > settings.max_turn_chars else [], settings)


def _refuse(fields: list[str], settings: Settings) -> None:
    if fields:
        raise _invalid(
            [FieldError(name, f"should have at most {settings.max_turn_chars} characters") for name in fields]
        )


def _invalid(errors: list[FieldError]) -> Invalid:
    return Invalid(f"{errors[0].field} {errors[0].message}", errors=errors)
