"""Alembic's entry: runs migrations on the connection that `backend.projects.database` hands it."""

from alembic import context

from backend.projects.table import Base

context.configure(connection=context.config.attributes["connection"], target_metadata=Base.metadata)
context.run_migrations()
