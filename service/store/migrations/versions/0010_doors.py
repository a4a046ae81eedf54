"""What a publishable key is answered, and what a sign-in or a session is for: the board, or a panel in another site."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply. What there is keeps its meaning: pages may read the answers that they got so far."""
    op.add_column("api_keys", sa.Column("answers", sa.Text(), nullable=False, server_default="full"))
    for table in ("sign_in_links", "sessions"):
        op.add_column(table, sa.Column("scope", sa.Text(), nullable=False, server_default="board"))
