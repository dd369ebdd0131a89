"""What flows as a whole need of Python: packages and a version; which Python runs a processor."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.database.tables.base import ExactJson

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("processors", sa.Column("python", sa.String(), nullable=True))
    op.add_column("definitions", sa.Column("requirements", ExactJson(), server_default="[]", nullable=False))
    op.add_column("definitions", sa.Column("python", sa.String(), nullable=True))


def downgrade() -> None:
    op.drop_column("definitions", "python")
    op.drop_column("definitions", "requirements")
    op.drop_column("processors", "python")
