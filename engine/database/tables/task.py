"""tasks: runs of stages."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from engine.database.tables.base import Base, one_of, rule


class TaskRow(Base):
    """One run of a stage on a batch. The record of a worker's tasks stays when the worker is gone."""

    __tablename__ = "tasks"
    __table_args__ = (
        rule("state", one_of("state", "running", "done", "failed", "lost"), "a task is running, done, failed or lost"),
        rule("finished", "(state = 'running') = (finished_at IS NULL)", "a task has finished unless it is running"),
        rule("counts", "received >= 0 AND sent >= 0 AND failed >= 0", "a task's counts are not negative"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    deployment_id: Mapped[str] = mapped_column(ForeignKey("deployments.id", ondelete="CASCADE"), index=True)
    worker: Mapped[str | None] = mapped_column(ForeignKey("workers.name", ondelete="SET NULL"), index=True)
    stage: Mapped[str]
    state: Mapped[str]
    started_at: Mapped[datetime] = mapped_column(index=True)
    finished_at: Mapped[datetime | None]
    received: Mapped[int] = mapped_column(BigInteger)
    sent: Mapped[int] = mapped_column(BigInteger)
    failed: Mapped[int] = mapped_column(BigInteger)
    error: Mapped[str]
