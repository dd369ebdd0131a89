"""steps: what processors and subflows have in common."""

from __future__ import annotations

from sqlalchemy import BigInteger, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engine.database.tables.base import Base, Strings, one_of, rule

BOUNDARY = ""
"""Id of the step that stands for the definition itself: it owns the ports that bare names in connections mean."""


class StepRow(Base):
    """A step of a definition. One table for both kinds makes an id unique among them; the kind's own table has the rest.

    `place` orders steps as the flow file does. A move touches this row only.
    """

    __tablename__ = "steps"
    __table_args__ = (
        UniqueConstraint("definition_id", "id", "kind"),
        rule("kind", one_of("kind", "processor", "subflow", "boundary"), "a step is a processor or a subflow"),
        rule("id", "(id = '') = (kind = 'boundary')", "a step needs an id"),
        rule("position", "(x IS NULL) = (y IS NULL)", "a position has two finite numbers"),
        {"sqlite_with_rowid": False},
    )

    definition_id: Mapped[int] = mapped_column(ForeignKey("definitions.id", ondelete="CASCADE"), primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    place: Mapped[int]
    name: Mapped[str]
    auto_terminate: Mapped[Strings]
    enabled: Mapped[bool]
    notes: Mapped[str]
    color: Mapped[str | None]
    x: Mapped[float | None]
    y: Mapped[float | None]
    layer: Mapped[int] = mapped_column(BigInteger, server_default="0")
