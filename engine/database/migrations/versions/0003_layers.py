"""What lies over what on the canvas."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("steps", "connections"):
        op.add_column(table, sa.Column("layer", sa.BigInteger(), server_default="0", nullable=False))


def downgrade() -> None:
    for table in ("connections", "steps"):
        op.drop_column(table, "layer")
