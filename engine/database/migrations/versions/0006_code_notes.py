"""What somebody wants to remember of a version of a processor's code."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("code_history", sa.Column("note", sa.String(), server_default="", nullable=False))


def downgrade() -> None:
    op.drop_column("code_history", "note")
