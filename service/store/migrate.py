"""Bring a database to the schema of this version; run at every start, by every worker at once.

One transaction under the database's write lock: the first worker migrates, the others then find
nothing to do, and a worker that dies on the way leaves the old schema. New revisions are made with
`alembic.command.revision(configuration(), message=…)` and edited by hand.
"""

from typing import Final

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import text

from .database import Database
from .errors import StoreError

MIGRATION_LOCK: Final = 0x6576656E  # "even"; names the PostgreSQL advisory lock


def configuration() -> Config:
    """Return Alembic's configuration for the revisions that are shipped in this package."""
    config = Config()
    config.set_main_option("script_location", f"{__package__}:migrations")
    config.set_main_option("path_separator", "os")
    return config


def upgrade(database: Database) -> None:
    """Apply the revisions that are missing; raises `StoreError` when the database is newer than we are."""
    with database.migrate() as connection:
        if not database.is_sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})
        config = configuration()
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, "head")
        except CommandError as error:
            raise StoreError(f"the database has a schema that this version does not know ({error})") from None
