"""The ledger's tables.

Every name starts with `ledger_`, so that a ledger may share a PostgreSQL database with other tables. A batch's body has a table
of its own: leasing a batch then rewrites a hundred bytes, not a few hundred thousand.

`ledger_batch.ready_ms` alone says whether a batch may be claimed: 0 it waits, otherwise it is leased or hidden until then.
`place` is its position in the claiming order, made from the queue's order when it is inserted: turn, birth or rank.

Sums have a `worker` column: on PostgreSQL every ledger object adds to rows of its own, so that workers do not wait for each
other on one hot row. Readers add them up.
"""

from __future__ import annotations

from sqlalchemy import (
    DDL,
    BigInteger,
    Boolean,
    Column,
    Double,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
    event,
    text,
)

HEAD = "0002"
"""The version of the schema below, the newest of `engine/database/ledger_migrations`."""

metadata = MetaData(
    naming_convention={
        "pk": "%(table_name)s_pk",
        "fk": "%(table_name)s_%(column_0_N_name)s_fk",
        "uq": "%(table_name)s_%(column_0_N_name)s_key",
    }
)
Number = BigInteger().with_variant(Integer, "sqlite")
"""64 bits; SQLite numbers rows by itself only where the type is called INTEGER."""

version = Table(
    "ledger_version",
    metadata,
    Column("version_num", String(32), nullable=False),
    PrimaryKeyConstraint("version_num", name="ledger_version_pkc"),
)
"""As Alembic makes it."""

deployment = Table(
    "ledger_deployment",
    metadata,
    Column("id", Number, primary_key=True),
    Column("name", Text, nullable=False),
    Column("plan", Number, nullable=False),
    Column("revision", Text, nullable=False),
    UniqueConstraint("name"),
    sqlite_autoincrement=True,
)

fact = Table(
    "ledger_fact",
    metadata,
    Column("deployment", Number, ForeignKey(deployment.c.id, ondelete="CASCADE"), primary_key=True),
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
    sqlite_with_rowid=False,
)

queue = Table(
    "ledger_queue",
    metadata,
    Column("id", Number, primary_key=True),
    Column("deployment", Number, ForeignKey(deployment.c.id, ondelete="CASCADE"), nullable=False),
    Column("key", Text, nullable=False),
    Column("plan", Number, nullable=False, comment="the last plan that named it"),
    Column("sort", Text, nullable=False, comment="an Order"),
    Column("expire_ms", Number, nullable=False),
    Column("limit_messages", Number, nullable=False),
    Column("limit_bytes", Number, nullable=False),
    UniqueConstraint("deployment", "key"),
    sqlite_autoincrement=True,
)

step = Table(
    "ledger_step",
    metadata,
    Column("id", Number, primary_key=True),
    Column("deployment", Number, ForeignKey(deployment.c.id, ondelete="CASCADE"), nullable=False),
    Column("key", Text, nullable=False),
    Column("plan", Number, nullable=False, comment="the last plan that named it"),
    UniqueConstraint("deployment", "key"),
    sqlite_autoincrement=True,
)

batch = Table(
    "ledger_batch",
    metadata,
    Column("row", Number, primary_key=True, autoincrement=True),
    Column("deployment", Number, nullable=False),
    Column("queue", Number, ForeignKey(queue.c.id, ondelete="CASCADE"), nullable=False),
    Column("id", LargeBinary(16), nullable=False),
    Column("lo", Integer, nullable=False),
    Column("hi", Integer, nullable=False),
    Column("size", Number, nullable=False),
    Column("born_ms", Number, nullable=False),
    Column("ready_ms", Number, nullable=False),
    Column("turn", Number, nullable=False, comment="when it arrived: its row, or a later number if it was moved"),
    Column("place", Double, nullable=False),
    Column("rank", Double, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("crashes", Integer, nullable=False),
    Column("kind", Integer, nullable=False),
    Column("files", Integer, nullable=False, comment="how many rows of ledger_batch_file it has"),
    Column("lease", Number, nullable=False, comment="0: not leased"),
    Column("holder", Text, nullable=False, comment="who leased it last"),
    UniqueConstraint("queue", "id", "lo"),
    sqlite_autoincrement=True,
)
_WAITING = text("ready_ms = 0")
_DUE = text("ready_ms > 0")
Index(
    "ledger_batch_waiting",
    batch.c.queue,
    batch.c.place,
    batch.c.row,
    sqlite_where=_WAITING,
    postgresql_where=_WAITING,
)
Index("ledger_batch_due", batch.c.deployment, batch.c.ready_ms, sqlite_where=_DUE, postgresql_where=_DUE)
Index("ledger_batch_born", batch.c.queue, batch.c.born_ms)

body = Table(
    "ledger_body",
    metadata,
    Column("row", Number, ForeignKey(batch.c.row, ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("body", LargeBinary, nullable=False),
)

batch_file = Table(
    "ledger_batch_file",
    metadata,
    Column("row", Number, ForeignKey(batch.c.row, ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("file", Text, primary_key=True),
    Index("ledger_batch_file_name", "file"),
    sqlite_with_rowid=False,
)

state = Table(
    "ledger_state",
    metadata,
    Column("step", Number, ForeignKey(step.c.id, ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("key", Text, primary_key=True),
    Column("value", LargeBinary, nullable=False),
    Column("version", Number, nullable=False),
    Column("files", Integer, nullable=False, comment="how many rows of ledger_state_file it has"),
)

state_file = Table(
    "ledger_state_file",
    metadata,
    Column("step", Number, primary_key=True, autoincrement=False),
    Column("key", Text, primary_key=True),
    Column("file", Text, primary_key=True),
    ForeignKeyConstraint(["step", "key"], [state.c.step, state.c.key], ondelete="CASCADE"),
    Index("ledger_state_file_name", "file"),
    sqlite_with_rowid=False,
)

source = Table(
    "ledger_source",
    metadata,
    Column("step", Number, ForeignKey(step.c.id, ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("epoch", Number, nullable=False),
    Column("seq", Number, nullable=False),
    Column("yielded", Number, nullable=False),
    Column("done", Boolean, nullable=False),
)

timer = Table(
    "ledger_timer",
    metadata,
    Column("step", Number, ForeignKey(step.c.id, ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("deployment", Number, nullable=False),
    Column("due_ms", Number, nullable=False),
    Index("ledger_timer_due", "deployment", "due_ms"),
)

queue_sum = Table(
    "ledger_queue_sum",
    metadata,
    Column("queue", Number, ForeignKey(queue.c.id, ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("worker", Number, primary_key=True, autoincrement=False),
    Column("messages", Number, nullable=False, comment="ever crossed"),
    Column("size", Number, nullable=False, comment="ever crossed"),
    Column("expired", Number, nullable=False),
    Column("waiting_messages", Number, nullable=False),
    Column("waiting_size", Number, nullable=False),
    Column("waiting_batches", Number, nullable=False),
    sqlite_with_rowid=False,
)

step_sum = Table(
    "ledger_step_sum",
    metadata,
    Column("step", Number, ForeignKey(step.c.id, ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("worker", Number, primary_key=True, autoincrement=False),
    Column("received", Number, nullable=False),
    Column("failed", Number, nullable=False),
    Column("tasks", Number, nullable=False),
    Column("time_ns", Number, nullable=False),
    sqlite_with_rowid=False,
)

port_sum = Table(
    "ledger_port_sum",
    metadata,
    Column("step", Number, ForeignKey(step.c.id, ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("port", Text, primary_key=True),
    Column("worker", Number, primary_key=True, autoincrement=False),
    Column("messages", Number, nullable=False),
    sqlite_with_rowid=False,
)

lineage = Table(
    "ledger_lineage",
    metadata,
    Column("row", Number, primary_key=True),
    Column("deployment", Number, ForeignKey(deployment.c.id, ondelete="CASCADE"), nullable=False),
    Column("time_ms", Number, nullable=False),
    Column("packed", LargeBinary, nullable=False),
    Index("ledger_lineage_time", "deployment", "time_ms"),
)

history = Table(
    "ledger_history",
    metadata,
    Column("row", Number, primary_key=True),
    Column("deployment", Number, ForeignKey(deployment.c.id, ondelete="CASCADE"), nullable=False),
    Column("piece", Number, nullable=False, comment="which parts of the deployment"),
    Column("time_ms", Number, nullable=False),
    Column("packed", LargeBinary, nullable=False),
    Index("ledger_history_piece", "deployment", "piece", "time_ms"),
    Index("ledger_history_time", "time_ms"),
)

# Rows of these come and go, so what is dead must be cleared away soon, however large the tables are.
for _table in (batch, body):
    _tune = DDL("ALTER TABLE %(table)s SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000)")
    event.listen(_table, "after_create", _tune.execute_if(dialect="postgresql"))
