"""Labels: what people say of the customers' turns, only ever added to."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

# Only an INTEGER primary key numbers itself in SQLite.
BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "labels",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("conversation_id", sa.Text(), nullable=False),
        sa.Column("turn_id", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("frustration", sa.Integer()),
        sa.Column("abuse", sa.Integer()),
        sa.Column("threat", sa.Integer()),
        sa.Column("asks_human", sa.Integer()),
        sa.Column("threat_kind", sa.Text()),
        sa.Column("sentiment", sa.Text()),
        sa.Column("model_version", sa.Text(), nullable=False),
        sa.Column("answer", sa.JSON(none_as_null=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name="fk_labels_conversation_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_labels"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_labels_conversation_id_turn_id", "labels", ["conversation_id", "turn_id"])
    op.create_index("ix_labels_at", "labels", ["at"])
