"""What Alembic runs to reach the scripts. It is always given an open connection, by `engine.database.migrate`."""

from __future__ import annotations

from alembic import context

from engine.database.tables import Base
from engine.database.version import TABLE

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    version_table=TABLE,
    transactional_ddl=True,
)
context.run_migrations()
