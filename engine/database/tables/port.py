"""ports: the named inputs and outputs that connections may join."""

from __future__ import annotations

from sqlalchemy import ForeignKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engine.database.tables.base import Base, one_of, rule

IN = "in"
OUT = "out"


class PortRow(Base):
    """A port. `direction` is as a connection of the definition sees it: `out` gives messages, `in` takes them.

    So a definition's own input, owned by its boundary step, is an `out` here. `declared` is False for a port that is only known
    because a connection uses it: the step's type is not installed, or its config cannot be read at the moment.
    """

    __tablename__ = "ports"
    __table_args__ = (
        ForeignKeyConstraint(["definition_id", "step_id"], ["steps.definition_id", "steps.id"], ondelete="CASCADE"),
        rule("direction", one_of("direction", IN, OUT), "a port is an input or an output"),
        rule("name", "name <> ''", "a port needs a name"),
        {"sqlite_with_rowid": False},
    )

    definition_id: Mapped[int] = mapped_column(primary_key=True)
    step_id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    direction: Mapped[str] = mapped_column(primary_key=True)
    declared: Mapped[bool]
