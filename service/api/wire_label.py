"""One person's labels of a turn as pydantic models. Part of `wire`, which shows them in a conversation."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

Said = Annotated[Literal[0, 1] | None, Field(description="Null where nothing was said, which is not 0.")]
ThreatKind = Literal["violence", "self_harm", "legal", "regulator", "publicity", "chargeback"]
Sentiment = Literal["negative", "neutral", "positive"]


class LabelsOut(BaseModel):
    """What one person says of a turn."""

    by: str
    at: float
    frustration: Said
    abuse: Said
    threat: Said
    asks_human: Said
    threat_kind: ThreatKind | None
    sentiment: Sentiment | None
    model_version: Annotated[str, Field(description="The model whose answer was corrected or confirmed.")]
