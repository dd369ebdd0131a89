"""code_history: every text that a processor's code ever was."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from engine.database.tables.base import Base


class CodeRow(Base):
    """One edit of a processor's code.

    `processor` is the processor's key behind the names of its definitions, not a reference: the history outlives a processor
    that is deleted, and greets it when the deletion is undone. `note` is what somebody wants to remember of it.
    """

    __tablename__ = "code_history"
    __table_args__ = (Index(None, "flow_id", "processor", "id"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True)
    flow_id: Mapped[str] = mapped_column(ForeignKey("flows.id", ondelete="CASCADE"))
    processor: Mapped[str]
    revision: Mapped[int]
    code: Mapped[str]
    sha256: Mapped[str]
    at: Mapped[datetime]
    author: Mapped[str]
    note: Mapped[str] = mapped_column(server_default="")
