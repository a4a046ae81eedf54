"""Alembic runs this; the connection, already in a transaction, comes from `migrate.upgrade`."""

from alembic import context

from service.store.models import Base

context.configure(
    connection=context.config.attributes["connection"], target_metadata=Base.metadata, render_as_batch=True
)
context.run_migrations()
