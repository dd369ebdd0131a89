"""What a connection looks like: its colour, and where its label is."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("connections", sa.Column("color", sa.String(), nullable=True))
    op.add_column("connections", sa.Column("label_at", sa.Double(), nullable=True))


def downgrade() -> None:
    op.drop_column("connections", "label_at")
    op.drop_column("connections", "color")
