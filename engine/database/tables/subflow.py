"""subflows: uses of a definition as a step of another."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ForeignKeyConstraint, Index, false
from sqlalchemy.orm import Mapped, mapped_column

from engine.database.tables.base import Base, one_of, rule


class SubflowRow(Base):
    """A subflow. Its shared columns are the row of the same key in `steps`.

    `uses_id` is the definition that `flow` names from here; both ends are of the same flow, and a definition in use cannot go.
    """

    __tablename__ = "subflows"
    __table_args__ = (
        ForeignKeyConstraint(
            ["definition_id", "id", "kind"], ["steps.definition_id", "steps.id", "steps.kind"], ondelete="CASCADE"
        ),
        ForeignKeyConstraint(["flow_id", "definition_id"], ["definitions.flow_id", "definitions.id"], ondelete="CASCADE"),
        # Checked at the commit, since deleting a flow takes its definitions in no certain order.
        ForeignKeyConstraint(
            ["flow_id", "uses_id"], ["definitions.flow_id", "definitions.id"], deferrable=True, initially="DEFERRED"
        ),
        Index("ix_subflows_uses", "flow_id", "uses_id"),
        rule("kind", one_of("kind", "subflow"), "a subflow's step is a subflow"),
    )

    definition_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(server_default="subflow")
    flow_id: Mapped[str]
    uses_id: Mapped[int]
    flow: Mapped[str]
    parameters: Mapped[dict[str, Any]]
    expanded: Mapped[bool] = mapped_column(server_default=false())
