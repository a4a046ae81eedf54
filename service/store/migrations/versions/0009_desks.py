"""Connections to desks, what shall be done there, and what they said of a conversation's status."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "connections",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("secrets", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("options", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.Double(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("last_delivery_at", sa.Double()),
        sa.Column("last_error", sa.Text()),
        sa.Column("last_error_at", sa.Double()),
        sa.PrimaryKeyConstraint("id", name="pk_connections"),
    )
    op.create_table(
        "desk_effects",
        sa.Column("conversation_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("connection_id", sa.Text(), nullable=False),
        sa.Column("payload", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.Double(), nullable=False),
        sa.Column("error", sa.Text()),
        sa.Column("created_at", sa.Double(), nullable=False),
        sa.Column("updated_at", sa.Double(), nullable=False),
        _leaves_with("desk_effects", "conversation_id", "conversations.id"),
        _leaves_with("desk_effects", "connection_id", "connections.id"),
        sa.PrimaryKeyConstraint("conversation_id", "name", name="pk_desk_effects"),
    )
    op.create_index("ix_desk_effects_status_due_at", "desk_effects", ["status", "due_at"])
    op.create_index("ix_desk_effects_connection_id", "desk_effects", ["connection_id"])
    op.create_table(
        "desk_statuses",
        sa.Column("conversation_id", sa.Text(), nullable=False),
        sa.Column("closed", sa.Boolean(), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        _leaves_with("desk_statuses", "conversation_id", "conversations.id"),
        sa.PrimaryKeyConstraint("conversation_id", name="pk_desk_statuses"),
    )
    op.create_table(
        "desk_cursor",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("event_id", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_desk_cursor"),
    )


def _leaves_with(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [other], name=f"fk_{table}_{column}", ondelete="CASCADE")
