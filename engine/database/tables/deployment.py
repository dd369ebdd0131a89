"""deployments: frozen revisions of flows, and what should become of them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engine.database.tables.base import Base, Json, one_of, rule


class DeploymentRow(Base):
    """A revision of a flow on a target. `desired` is written by people; engines and agents reconcile towards it.

    `frozen` is the flow as it was deployed, so that later edits do not reach a running deployment.
    """

    __tablename__ = "deployments"
    __table_args__ = (
        UniqueConstraint("target", "name"),
        rule("desired", one_of("desired", "running", "paused", "stopped"), "a deployment should be running, paused or stopped"),
        rule("named", "name <> ''", "a deployment needs a name"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    flow_id: Mapped[str] = mapped_column(ForeignKey("flows.id"), index=True)
    revision: Mapped[int]
    target: Mapped[str]
    name: Mapped[str]
    desired: Mapped[str]
    parameters: Mapped[dict[str, Any]]
    frozen: Mapped[Json]
    author: Mapped[str]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
