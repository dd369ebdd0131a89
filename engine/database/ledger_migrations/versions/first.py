"""The first tables of the ledger."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_WAITING = sa.text("ready_ms = 0")
_DUE = sa.text("ready_ms > 0")


def _number() -> sa.types.TypeEngine[int]:
    """64 bits; SQLite numbers rows by itself only where the type is called INTEGER."""
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create everything."""
    _create_deployments()
    _create_batches()
    _create_steps()
    _create_sums()
    if op.get_bind().dialect.name == "postgresql":
        # Rows of these come and go, so what is dead must be cleared away soon, however large the tables are.
        for table in ("ledger_batch", "ledger_body"):
            op.execute(f"ALTER TABLE {table} SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000)")


def _create_deployments() -> None:
    op.create_table(
        "ledger_deployment",
        sa.Column("id", _number(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("plan", _number(), nullable=False),
        sa.Column("revision", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="ledger_deployment_pk"),
        sa.UniqueConstraint("name", name="ledger_deployment_name_key"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "ledger_fact",
        sa.Column("deployment", _number(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["deployment"], ["ledger_deployment.id"], name="ledger_fact_deployment_fk", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("deployment", "name", name="ledger_fact_pk"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "ledger_lineage",
        sa.Column("row", _number(), nullable=False),
        sa.Column("deployment", _number(), nullable=False),
        sa.Column("time_ms", _number(), nullable=False),
        sa.Column("packed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["deployment"], ["ledger_deployment.id"], name="ledger_lineage_deployment_fk", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("row", name="ledger_lineage_pk"),
    )
    op.create_index("ledger_lineage_time", "ledger_lineage", ["deployment", "time_ms"])
    op.create_table(
        "ledger_queue",
        sa.Column("id", _number(), nullable=False),
        sa.Column("deployment", _number(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("plan", _number(), nullable=False, comment="the last plan that named it"),
        sa.Column("sort", sa.Text(), nullable=False, comment="an Order"),
        sa.Column("expire_ms", _number(), nullable=False),
        sa.Column("limit_messages", _number(), nullable=False),
        sa.Column("limit_bytes", _number(), nullable=False),
        sa.ForeignKeyConstraint(
            ["deployment"], ["ledger_deployment.id"], name="ledger_queue_deployment_fk", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="ledger_queue_pk"),
        sa.UniqueConstraint("deployment", "key", name="ledger_queue_deployment_key_key"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "ledger_step",
        sa.Column("id", _number(), nullable=False),
        sa.Column("deployment", _number(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("plan", _number(), nullable=False, comment="the last plan that named it"),
        sa.ForeignKeyConstraint(["deployment"], ["ledger_deployment.id"], name="ledger_step_deployment_fk", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="ledger_step_pk"),
        sa.UniqueConstraint("deployment", "key", name="ledger_step_deployment_key_key"),
        sqlite_autoincrement=True,
    )


def _create_batches() -> None:
    op.create_table(
        "ledger_batch",
        sa.Column("row", _number(), autoincrement=True, nullable=False),
        sa.Column("deployment", _number(), nullable=False),
        sa.Column("queue", _number(), nullable=False),
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("lo", sa.Integer(), nullable=False),
        sa.Column("hi", sa.Integer(), nullable=False),
        sa.Column("size", _number(), nullable=False),
        sa.Column("born_ms", _number(), nullable=False),
        sa.Column("ready_ms", _number(), nullable=False),
        sa.Column("turn", _number(), nullable=False, comment="when it arrived: its row, or a later number if it was moved"),
        sa.Column("place", sa.Double, nullable=False),
        sa.Column("rank", sa.Double, nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("crashes", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Integer(), nullable=False),
        sa.Column("files", sa.Integer(), nullable=False, comment="how many rows of ledger_batch_file it has"),
        sa.Column("lease", _number(), nullable=False, comment="0: not leased"),
        sa.Column("holder", sa.Text(), nullable=False, comment="who leased it last"),
        sa.ForeignKeyConstraint(["queue"], ["ledger_queue.id"], name="ledger_batch_queue_fk", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("row", name="ledger_batch_pk"),
        sa.UniqueConstraint("queue", "id", "lo", name="ledger_batch_queue_id_lo_key"),
        sqlite_autoincrement=True,
    )
    op.create_index("ledger_batch_born", "ledger_batch", ["queue", "born_ms"])
    op.create_index("ledger_batch_due", "ledger_batch", ["deployment", "ready_ms"], sqlite_where=_DUE, postgresql_where=_DUE)
    op.create_index(
        "ledger_batch_waiting", "ledger_batch", ["queue", "place", "row"], sqlite_where=_WAITING, postgresql_where=_WAITING
    )
    op.create_table(
        "ledger_body",
        sa.Column("row", _number(), autoincrement=False, nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["row"], ["ledger_batch.row"], name="ledger_body_row_fk", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("row", name="ledger_body_pk"),
    )
    op.create_table(
        "ledger_batch_file",
        sa.Column("row", _number(), autoincrement=False, nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["row"], ["ledger_batch.row"], name="ledger_batch_file_row_fk", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("row", "file", name="ledger_batch_file_pk"),
        sqlite_with_rowid=False,
    )
    op.create_index("ledger_batch_file_name", "ledger_batch_file", ["file"])


def _create_steps() -> None:
    op.create_table(
        "ledger_state",
        sa.Column("step", _number(), autoincrement=False, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("value", sa.LargeBinary(), nullable=False),
        sa.Column("version", _number(), nullable=False),
        sa.Column("files", sa.Integer(), nullable=False, comment="how many rows of ledger_state_file it has"),
        sa.ForeignKeyConstraint(["step"], ["ledger_step.id"], name="ledger_state_step_fk", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("step", "key", name="ledger_state_pk"),
    )
    op.create_table(
        "ledger_state_file",
        sa.Column("step", _number(), autoincrement=False, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["step", "key"], ["ledger_state.step", "ledger_state.key"], name="ledger_state_file_step_key_fk", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("step", "key", "file", name="ledger_state_file_pk"),
        sqlite_with_rowid=False,
    )
    op.create_index("ledger_state_file_name", "ledger_state_file", ["file"])
    op.create_table(
        "ledger_source",
        sa.Column("step", _number(), autoincrement=False, nullable=False),
        sa.Column("epoch", _number(), nullable=False),
        sa.Column("seq", _number(), nullable=False),
        sa.Column("yielded", _number(), nullable=False),
        sa.Column("done", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["step"], ["ledger_step.id"], name="ledger_source_step_fk", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("step", name="ledger_source_pk"),
    )
    op.create_table(
        "ledger_timer",
        sa.Column("step", _number(), autoincrement=False, nullable=False),
        sa.Column("deployment", _number(), nullable=False),
        sa.Column("due_ms", _number(), nullable=False),
        sa.ForeignKeyConstraint(["step"], ["ledger_step.id"], name="ledger_timer_step_fk", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("step", name="ledger_timer_pk"),
    )
    op.create_index("ledger_timer_due", "ledger_timer", ["deployment", "due_ms"])


def _create_sums() -> None:
    op.create_table(
        "ledger_queue_sum",
        sa.Column("queue", _number(), autoincrement=False, nullable=False),
        sa.Column("worker", _number(), autoincrement=False, nullable=False),
        sa.Column("messages", _number(), nullable=False, comment="ever crossed"),
        sa.Column("size", _number(), nullable=False, comment="ever crossed"),
        sa.Column("expired", _number(), nullable=False),
        sa.Column("waiting_messages", _number(), nullable=False),
        sa.Column("waiting_size", _number(), nullable=False),
        sa.Column("waiting_batches", _number(), nullable=False),
        sa.ForeignKeyConstraint(["queue"], ["ledger_queue.id"], name="ledger_queue_sum_queue_fk", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("queue", "worker", name="ledger_queue_sum_pk"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "ledger_step_sum",
        sa.Column("step", _number(), autoincrement=False, nullable=False),
        sa.Column("worker", _number(), autoincrement=False, nullable=False),
        sa.Column("received", _number(), nullable=False),
        sa.Column("failed", _number(), nullable=False),
        sa.Column("tasks", _number(), nullable=False),
        sa.Column("time_ns", _number(), nullable=False),
        sa.ForeignKeyConstraint(["step"], ["ledger_step.id"], name="ledger_step_sum_step_fk", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("step", "worker", name="ledger_step_sum_pk"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "ledger_port_sum",
        sa.Column("step", _number(), autoincrement=False, nullable=False),
        sa.Column("port", sa.Text(), nullable=False),
        sa.Column("worker", _number(), autoincrement=False, nullable=False),
        sa.Column("messages", _number(), nullable=False),
        sa.ForeignKeyConstraint(["step"], ["ledger_step.id"], name="ledger_port_sum_step_fk", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("step", "port", "worker", name="ledger_port_sum_pk"),
        sqlite_with_rowid=False,
    )
