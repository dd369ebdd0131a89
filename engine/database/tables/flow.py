"""flows: one row a stored flow."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from engine.database.tables.base import Base, rule


class FlowRow(Base):
    """A flow as a whole. `revision` grows by one with every transaction that edits any part of it."""

    __tablename__ = "flows"
    __table_args__ = (
        rule("named", "name <> ''", "a flow needs a name"),
        rule("revision", "revision >= 1", "revisions count from 1"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    revision: Mapped[int]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    updated_by: Mapped[str]
