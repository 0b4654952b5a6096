"""Runs the migrations; called by ``app.store.migrating`` with an open connection."""

from alembic import context

from app.store.rows import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    # SQLite cannot change a column in place; the table is copied instead.
    render_as_batch=True,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
