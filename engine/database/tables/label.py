"""labels: notes on the canvas."""

from __future__ import annotations

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from engine.database.tables.base import Base, rule


class LabelRow(Base):
    """A note on the canvas."""

    __tablename__ = "labels"
    __table_args__ = (
        rule("id", "id <> ''", "a label needs an id"),
        rule("position", "(x IS NULL) = (y IS NULL)", "a position has two finite numbers"),
        rule("size", "(width IS NULL) = (height IS NULL)", "a size has two finite numbers"),
    )

    definition_id: Mapped[int] = mapped_column(ForeignKey("definitions.id", ondelete="CASCADE"), primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    place: Mapped[int]
    text: Mapped[str]
    x: Mapped[float | None]
    y: Mapped[float | None]
    width: Mapped[float | None]
    height: Mapped[float | None]
    color: Mapped[str | None]
