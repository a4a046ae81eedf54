"""Alerts: at most one live one of a conversation."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# Only an INTEGER primary key numbers itself in SQLite.
BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
LIVE = sa.text("status IN ('held', 'raised', 'acknowledged', 'snoozed')")


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "alerts",
        sa.Column("seq", BIG_ID, nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("conversation_id", sa.Text(), nullable=False),
        sa.Column("turn_id", sa.Text(), nullable=False),
        sa.Column("queue", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("rules", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("level", sa.Double(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("respond_within_s", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.Double(), nullable=False),
        sa.Column("updated_at", sa.Double(), nullable=False),
        sa.Column("raised_at", sa.Double()),
        sa.Column("addressed_at", sa.Double()),
        sa.Column("due_at", sa.Double()),
        sa.Column("climbs", sa.Integer(), nullable=False),
        sa.Column("merged", sa.Integer(), nullable=False),
        sa.Column("acknowledged_at", sa.Double()),
        sa.Column("acknowledged_by", sa.Text()),
        sa.Column("acknowledged_in_time", sa.Boolean()),
        sa.Column("snoozed_until", sa.Double()),
        sa.Column("ended_at", sa.Double()),
        sa.Column("settled_level", sa.Double()),
        sa.Column("justified", sa.Boolean()),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name="fk_alerts_conversation_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("seq", name="pk_alerts"),
        sa.UniqueConstraint("id", name="uq_alerts_id"),
        sqlite_autoincrement=True,
    )
    _indexes()


def _indexes() -> None:
    op.create_index(
        "ux_alerts_live_conversation_id",
        "alerts",
        ["conversation_id"],
        unique=True,
        sqlite_where=LIVE,
        postgresql_where=LIVE,
    )
    for columns in (
        ["conversation_id"],
        ["opened_at"],
        ["status", "due_at"],
        ["queue", "addressed_at"],
        ["rank", "opened_at", "id"],
    ):
        op.create_index(f"ix_alerts_{'_'.join(columns)}", "alerts", columns)
