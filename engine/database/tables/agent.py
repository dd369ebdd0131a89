"""agents: the processes that represent nodes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from engine.database.tables.base import Base, one_of, rule

PROCESS_STATES = ("starting", "running", "stopping", "stopped")


class AgentRow(Base):
    """The process that represents a node."""

    __tablename__ = "agents"
    __table_args__ = (rule("state", one_of("state", *PROCESS_STATES), "an agent is starting, running, stopping or stopped"),)

    name: Mapped[str] = mapped_column(primary_key=True)
    node: Mapped[str] = mapped_column(ForeignKey("nodes.name", ondelete="CASCADE"), index=True)
    pid: Mapped[int]
    version: Mapped[str]
    state: Mapped[str]
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]
