"""Erasing: what a contact asked for, and what retention asks for.

Turns, labels, hand-offs and events leave with their conversation (ON DELETE CASCADE). In SQLite the freed pages are
overwritten (`secure_delete`) and the log is emptied, so the texts leave the disk with this call (with
the last step of a purge); in PostgreSQL they leave it with the next VACUUM.
"""

from sqlalchemy import Select, delete, func, select
from sqlalchemy.orm import Session

from .database import Database
from .keys import write_audit
from .models import ConversationRow, EventRow, TurnRow
from .records import ErasedContact, Purged


def erase_contact(database: Database, contact_id: str, *, now: float, actor: str) -> ErasedContact:
    """See `Store.erase_contact`. The audit entry holds numbers only: the contact's id is erased too."""
    took_part = select(TurnRow.conversation_id).where(TurnRow.contact_id == contact_id)
    with database.write() as session:
        erased = _erase(session, list(session.scalars(_locked().where(ConversationRow.id.in_(took_part)))))
        numbers = {"conversations": erased.conversations, "turns": erased.turns}
        write_audit(session, now, actor, "contact.erased", "", numbers)
    database.empty_log()
    return erased


def purge_before(database: Database, timestamp: float, limit: int) -> Purged:
    """See `Store.purge_before`."""
    with database.write() as session:
        old = _locked().where(ConversationRow.updated_at < timestamp).limit(limit)
        conversation_ids = list(session.scalars(old))
        session.execute(delete(ConversationRow).where(ConversationRow.id.in_(conversation_ids)))
        event_ids = list(session.scalars(select(EventRow.id).where(EventRow.at < timestamp).limit(limit)))
        session.execute(delete(EventRow).where(EventRow.id.in_(event_ids)))
    done = max(len(conversation_ids), len(event_ids)) < limit
    if done:
        database.empty_log()
    return Purged(len(conversation_ids), len(event_ids), done)


def _locked() -> Select[str]:
    # In one order everywhere, so that two erasures cannot wait for each other.
    return select(ConversationRow.id).order_by(ConversationRow.id).with_for_update()


def _erase(session: Session, conversation_ids: list[str]) -> ErasedContact:
    turns, models = 0, set[str]()
    for conversation_id in conversation_ids:
        of_it = TurnRow.conversation_id == conversation_id
        turns += session.scalar(select(func.count()).where(of_it)) or 0
        models.update(session.scalars(select(TurnRow.model_version).where(of_it).distinct()))
        session.execute(delete(ConversationRow).where(ConversationRow.id == conversation_id))
    return ErasedContact(len(conversation_ids), turns, tuple(sorted(models)))
