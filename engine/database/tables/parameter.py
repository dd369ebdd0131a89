"""parameters: named values that settings refer to."""

from __future__ import annotations

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from engine.database.tables.base import Base, Json, rule


class ParameterRow(Base):
    """A named value of a flow or a definition."""

    __tablename__ = "parameters"
    __table_args__ = (rule("name", "name <> ''", "a parameter needs a name"),)

    definition_id: Mapped[int] = mapped_column(ForeignKey("definitions.id", ondelete="CASCADE"), primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    place: Mapped[int]
    value: Mapped[Json]
