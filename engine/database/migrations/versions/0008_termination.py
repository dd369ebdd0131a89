"""Which steps of a deployment were to end at once, and since which change."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.database.tables.base import ExactJson

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("deployments", sa.Column("terminated", ExactJson(), server_default="{}", nullable=False))


def downgrade() -> None:
    op.drop_column("deployments", "terminated")
