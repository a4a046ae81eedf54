"""Storage: see `store.py` for what it does and `models.py` for what it keeps."""

from ..risk.handoff import ConversationStatus
from .errors import BadCursor, StoreError, StoreUnavailable, TurnConflict
from .records import (
    AlertFilter,
    AlertPage,
    AlertReport,
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
    Ticked,
    TurnRecord,
    Window,
)
from .serialise import assessment_to_json, score_to_json
from .store import Store

__all__ = [
    "AlertFilter",
    "AlertPage",
    "AlertReport",
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
    "Ticked",
    "TurnConflict",
    "TurnRecord",
    "Window",
    "assessment_to_json",
    "score_to_json",
]
