"""Storage: see `store.py` for what it does and `models.py` for what it keeps."""

from ..risk.handoff import ConversationStatus
from .errors import BadCursor, StoreError, StoreUnavailable, TurnConflict
from .records import (
    AuditEntry,
    ConversationFilter,
    ConversationRecord,
    ConversationSummary,
    ErasedContact,
    HandedOver,
    HeardConversation,
    HeardTurn,
    KeyKind,
    KeyRecord,
    NewKey,
    Page,
    Purged,
    RecordedTurn,
    TurnRecord,
    Window,
)
from .serialise import assessment_to_json, score_to_json
from .store import Store

__all__ = [
    "AuditEntry",
    "BadCursor",
    "ConversationFilter",
    "ConversationRecord",
    "ConversationStatus",
    "ConversationSummary",
    "ErasedContact",
    "HandedOver",
    "HeardConversation",
    "HeardTurn",
    "KeyKind",
    "KeyRecord",
    "NewKey",
    "Page",
    "Purged",
    "RecordedTurn",
    "Store",
    "StoreError",
    "StoreUnavailable",
    "TurnConflict",
    "TurnRecord",
    "Window",
    "assessment_to_json",
    "score_to_json",
]
