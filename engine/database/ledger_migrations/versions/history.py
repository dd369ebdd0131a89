"""What parts of deployments did, minute by minute."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def _number() -> sa.types.TypeEngine[int]:
    """64 bits; SQLite numbers rows by itself only where the type is called INTEGER."""
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the table; what is counted from now on is kept in it."""
    op.create_table(
        "ledger_history",
        sa.Column("row", _number(), nullable=False),
        sa.Column("deployment", _number(), nullable=False),
        sa.Column("piece", _number(), nullable=False, comment="which parts of the deployment"),
        sa.Column("time_ms", _number(), nullable=False),
        sa.Column("packed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["deployment"], ["ledger_deployment.id"], name="ledger_history_deployment_fk", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("row", name="ledger_history_pk"),
    )
    op.create_index("ledger_history_piece", "ledger_history", ["deployment", "piece", "time_ms"])
    op.create_index("ledger_history_time", "ledger_history", ["time_ms"])
