"""Hand-offs: who has a conversation, and the log of how it came to that; the queue that each turn named."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# Only an INTEGER primary key numbers itself in SQLite.
BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Apply."""
    op.add_column("conversations", sa.Column("owner", sa.Text()))
    op.add_column("conversations", sa.Column("handoff_by", sa.Text()))
    op.add_column("conversations", sa.Column("handoff_at", sa.Double()))
    op.add_column("conversations", sa.Column("handoff_deadline", sa.Double()))
    op.create_index("ix_conversations_owner", "conversations", ["owner"])
    op.add_column("turns", sa.Column("queue", sa.Text()))
    op.create_table(
        "handoffs",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("conversation_id", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.Column("deadline", sa.Double()),
        sa.Column("after_seq", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text()),
        sa.Column("outcome", sa.Text()),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name="fk_handoffs_conversation_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_handoffs"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_handoffs_conversation_id", "handoffs", ["conversation_id"])
