"""audit: who changed what, and when."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from engine.database.tables.base import Base, OptionalJson


class AuditRow(Base):
    """One Change, or one act on a whole flow (`part` is then NULL).

    Refers to nothing by foreign key: the record stays when what it tells of is gone.
    """

    __tablename__ = "audit"
    __table_args__ = (Index(None, "flow_id", "revision"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    author: Mapped[str]
    action: Mapped[str]
    flow_id: Mapped[str | None]
    flow_name: Mapped[str]
    revision: Mapped[int | None]
    part: Mapped[str | None]
    before: Mapped[OptionalJson]
    after: Mapped[OptionalJson]
