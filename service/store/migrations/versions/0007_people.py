"""People with roles, their one-time sign-ins and their sessions; settings that were changed while the service runs."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "people",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("folded_name", sa.Text(), nullable=False),
        sa.Column("display_name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("created_at", sa.Double(), nullable=False),
        sa.Column("deactivated_at", sa.Double()),
        sa.PrimaryKeyConstraint("id", name="pk_people"),
        sa.UniqueConstraint("folded_name", name="uq_people_folded_name"),
    )
    op.create_table(
        "sign_in_links",
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text()),
        sa.Column("expires_at", sa.Double(), nullable=False),
        _belongs_to_a_person("sign_in_links"),
        sa.PrimaryKeyConstraint("hash", name="pk_sign_in_links"),
    )
    op.create_table(
        "sessions",
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("created_at", sa.Double(), nullable=False),
        sa.Column("last_seen_at", sa.Double(), nullable=False),
        sa.Column("expires_at", sa.Double(), nullable=False),
        _belongs_to_a_person("sessions"),
        sa.PrimaryKeyConstraint("hash", name="pk_sessions"),
    )
    for table in ("sign_in_links", "sessions"):
        op.create_index(f"ix_{table}_person_id", table, ["person_id"])
    op.create_table(
        "changed_settings",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.Double(), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_changed_settings"),
    )


def _belongs_to_a_person(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=f"fk_{table}_person_id", ondelete="CASCADE")
