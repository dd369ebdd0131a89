"""definitions: the graphs of a flow, its own and those used as subflows."""

from __future__ import annotations

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from engine.database.tables.base import Base, Strings, rule


class DefinitionRow(Base):
    """A named graph inside a flow; every part belongs to one.

    The root is the flow's own graph: it has no parent, and its name is the flow's. The others are visible from their parent
    downwards.
    """

    __tablename__ = "definitions"
    __table_args__ = (
        UniqueConstraint("flow_id", "id"),
        UniqueConstraint("parent_id", "name"),
        ForeignKeyConstraint(["flow_id", "parent_id"], ["definitions.flow_id", "definitions.id"], ondelete="CASCADE"),
        Index(
            "ix_definitions_root",
            "flow_id",
            unique=True,
            sqlite_where=text("parent_id IS NULL"),
            postgresql_where=text("parent_id IS NULL"),
        ),
        rule("named", "(parent_id IS NULL) = (name IS NULL)", "every definition but the flow's own has a name"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    flow_id: Mapped[str] = mapped_column(ForeignKey("flows.id", ondelete="CASCADE"))
    parent_id: Mapped[int | None]
    name: Mapped[str | None]
    inputs: Mapped[Strings]
    outputs: Mapped[Strings]
    notes: Mapped[str]
    place: Mapped[int]
    requirements: Mapped[Strings] = mapped_column(server_default="[]")
    python: Mapped[str | None]
