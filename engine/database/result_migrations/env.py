"""What Alembic runs to reach the scripts. It is always given an open connection, by `upgrade` beside it."""

from __future__ import annotations

from alembic import context

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=None,
    version_table="result_version",
    transactional_ddl=True,
)
context.run_migrations()
