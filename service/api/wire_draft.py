"""The draft check as pydantic models: the request of `POST …/draft` and its answer. Part of `wire`."""

from typing import Annotated

from pydantic import BaseModel, Field

from ..risk.draft_rules import Kind
from .wire import Language, Request, TurnText


class DraftRequest(Request):
    """What an agent is about to send."""

    text: TurnText
    language: Annotated[Language | None, Field(description="Overrides the conversation's language.")] = None


class FindingOut(BaseModel):
    """One thing to reconsider; positions count characters of the draft as sent, null where something is missing."""

    kind: Kind
    start: int | None
    end: int | None
    why: Annotated[str, Field(description="For the agent, in the language of the draft.")]
    offer: Annotated[str, Field(description="A better wording, in the language of the draft.")]


class DraftOut(BaseModel):
    """What to reconsider, in the order of the draft; missing things come last. Empty: nothing was found."""

    language: Language
    findings: list[FindingOut]
