"""Alembic runs this: apply the scripts of one system inside the transaction that `migrate.py` opened."""

from alembic import context

config = context.config
context.configure(connection=config.attributes["connection"], target_metadata=config.attributes.get("metadata"))
with context.begin_transaction():
    context.run_migrations()
