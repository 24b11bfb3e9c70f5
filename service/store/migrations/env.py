"""Alembic's surroundings: the connection and its transaction are those of :mod:`service.store.migrating`."""

from __future__ import annotations

from alembic import context

from service.store.tables import metadata

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    transactional_ddl=True,  # both databases undo a half-done migration; the caller began the transaction
    render_as_batch=True,
)
context.run_migrations()
