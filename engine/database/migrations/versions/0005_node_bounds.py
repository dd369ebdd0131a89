"""How many workers a node runs at most, and whether it runs only what asks for it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("nodes", sa.Column("most", sa.Integer(), server_default="0", nullable=False))
    op.add_column("nodes", sa.Column("dedicated", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    op.drop_column("nodes", "dedicated")
    op.drop_column("nodes", "most")
