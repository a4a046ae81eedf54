"""The latest event of each conversation beside its row: by it a reader tells what is news."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column("conversations", sa.Column("event_id", sa.BigInteger(), nullable=False, server_default="0"))
    latest = "SELECT MAX(events.id) FROM events WHERE events.conversation_id = conversations.id"
    op.execute(f"UPDATE conversations SET event_id = COALESCE(({latest}), 0)")
