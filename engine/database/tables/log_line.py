"""log_lines: what the flows and the processes of a cluster said."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Index, Integer
from sqlalchemy.orm import Mapped, mapped_column

from engine.database.tables.base import Base


class LogLineRow(Base):
    """A line of a deployment's log. `step` is empty for what concerns all of it; `worker` said it, on `node`."""

    __tablename__ = "log_lines"
    __table_args__ = (Index("ix_log_lines_flow_id", "flow", "id"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    flow: Mapped[str]
    step: Mapped[str]
    node: Mapped[str]
    worker: Mapped[str]
    level: Mapped[str]
    text: Mapped[str]
