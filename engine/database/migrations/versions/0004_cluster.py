"""What a cluster has to know of its deployments, the slots in which it runs them, and their logs."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.database.tables.base import ExactJson, Instant

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for column in _columns():
        op.add_column("deployments", column)
    op.create_table(
        "slots",
        sa.Column("deployment_id", sa.String(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("agent", sa.String(), nullable=True),
        sa.Column("worker", sa.String(), nullable=False),
        sa.Column("epoch", sa.BigInteger(), nullable=False),
        sa.Column("until", Instant(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("trouble", sa.String(), nullable=False),
        sa.Column("busy", sa.Integer(), nullable=False),
        sa.CheckConstraint("number >= 0", name=op.f("ck_slots_number")),
        sa.CheckConstraint("state IN ('free', 'starting', 'running', 'draining', 'broken')", name=op.f("ck_slots_state")),
        sa.ForeignKeyConstraint(["agent"], ["agents.name"], name=op.f("fk_slots_agent"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["deployment_id"], ["deployments.id"], name=op.f("fk_slots_deployment_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("deployment_id", "stage", "number", name=op.f("pk_slots")),
    )
    op.create_index(op.f("ix_slots_agent"), "slots", ["agent"], unique=False)
    op.create_table(
        "log_lines",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("flow", sa.String(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("node", sa.String(), nullable=False),
        sa.Column("worker", sa.String(), nullable=False),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_log_lines")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_log_lines_at"), "log_lines", ["at"], unique=False)
    op.create_index("ix_log_lines_flow_id", "log_lines", ["flow", "id"], unique=False)
    op.create_table(
        "cluster_settings",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_cluster_settings")),
    )


def downgrade() -> None:
    op.drop_table("cluster_settings")
    op.drop_table("log_lines")
    op.drop_table("slots")
    for column in reversed(_columns()):
        op.drop_column("deployments", column.name)


def _columns() -> list[sa.Column[object]]:
    # Deployments that were there before get what a new one would have.
    return [
        sa.Column("folder", sa.String(), server_default="", nullable=False),
        sa.Column("stopped", ExactJson(), server_default="[]", nullable=False),
        sa.Column("scale", ExactJson(), server_default="{}", nullable=False),
        sa.Column("run", sa.String(), server_default="", nullable=False),
        sa.Column("since_ms", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("base", ExactJson(), server_default="{}", nullable=False),
        sa.Column("ended", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("change", sa.BigInteger(), server_default="1", nullable=False),
        sa.Column("version", sa.String(), server_default="", nullable=False),
    ]
