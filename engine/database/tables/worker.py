"""workers: the processes that agents run."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from engine.database.tables.agent import PROCESS_STATES
from engine.database.tables.base import Base, one_of, rule


class WorkerRow(Base):
    """A worker, which an agent runs for one stage of a deployment."""

    __tablename__ = "workers"
    __table_args__ = (rule("state", one_of("state", *PROCESS_STATES), "a worker is starting, running, stopping or stopped"),)

    name: Mapped[str] = mapped_column(primary_key=True)
    agent: Mapped[str] = mapped_column(ForeignKey("agents.name", ondelete="CASCADE"), index=True)
    deployment_id: Mapped[str | None] = mapped_column(ForeignKey("deployments.id", ondelete="CASCADE"), index=True)
    stage: Mapped[str]
    pid: Mapped[int]
    state: Mapped[str]
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]
