"""What other sites' pages are answered, as pydantic models: a receipt, and the sign-in of a panel. Part of `wire`."""

from typing import Annotated

from pydantic import BaseModel, Field

from .wire import ActingPerson, Request


class ReceiptOut(BaseModel):
    """A turn that arrived, for a page whose visitors shall not see how they are judged."""

    conversation_id: str
    turn_id: str


class PanelLinkRequest(Request):
    """A panel in another site that somebody shall be signed in to."""

    by: ActingPerson = None


class PanelLinkOut(BaseModel):
    """A link that signs its person in to one panel, once. It is shown here and nowhere else."""

    path: Annotated[
        str, Field(description="To be put after the address of the service; may get a `?conversation=` before `#`.")
    ]
    token: Annotated[str, Field(description="The same, to be pasted into a panel that asks.")]
    expires_at: float


class PanelPassRequest(Request):
    """The token of a link, as the panel's own page sends it."""

    token: Annotated[str, Field(min_length=1, max_length=500)]
