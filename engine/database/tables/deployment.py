"""deployments: frozen revisions of flows, and what should become of them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from engine.database.tables.base import Base, Json, Strings, one_of, rule


class DeploymentRow(Base):
    """A revision of a flow on a target. `desired` is written by people; engines and agents reconcile towards it.

    `frozen` is the flow as it was deployed, so that later edits do not reach a running deployment. `folder` is what its
    relative paths start from; `stopped` are steps that do not run; `scale` has how many replicas of a stage are wanted where
    somebody said so; `run` makes the ids of a fresh start differ from those before it, `since_ms` is when that was and `base`
    what had been counted by then; `ended`: it is stopped because all was done; `change` grows with every change of what is
    wanted; `version` is the PYFI that planned it; `terminated` has, by step, the change with which it was to end at once.
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
    folder: Mapped[str] = mapped_column(server_default="")
    stopped: Mapped[Strings] = mapped_column(server_default="[]")
    scale: Mapped[dict[str, Any]] = mapped_column(server_default="{}")
    run: Mapped[str] = mapped_column(server_default="")
    since_ms: Mapped[int] = mapped_column(BigInteger, server_default="0")
    base: Mapped[dict[str, Any]] = mapped_column(server_default="{}")
    ended: Mapped[bool] = mapped_column(server_default=false())
    change: Mapped[int] = mapped_column(BigInteger, server_default="1")
    version: Mapped[str] = mapped_column(server_default="")
    terminated: Mapped[dict[str, Any]] = mapped_column(server_default="{}")
