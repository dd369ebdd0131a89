"""slots: the places in which a cluster runs the stages of its deployments."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from engine.database.tables.base import Base, one_of, rule

SLOT_STATES = ("free", "starting", "running", "draining", "broken")


class SlotRow(Base):
    """One replica of a stage. An agent holds it under a lease and runs a worker for it; a row that goes is given up.

    The slot of the stage "" is the deployment's keeper, which does what has to be done once for all of it. `epoch` counts how
    often it was taken; `worker` is who holds it, or held it last.
    """

    __tablename__ = "slots"
    __table_args__ = (
        rule("state", one_of("state", *SLOT_STATES), "a slot is free, starting, running, draining or broken"),
        rule("number", "number >= 0", "slots are counted from 0"),
    )

    deployment_id: Mapped[str] = mapped_column(ForeignKey("deployments.id", ondelete="CASCADE"), primary_key=True)
    stage: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    agent: Mapped[str | None] = mapped_column(ForeignKey("agents.name", ondelete="SET NULL"), index=True)
    worker: Mapped[str]
    epoch: Mapped[int] = mapped_column(BigInteger)
    until: Mapped[datetime | None]
    state: Mapped[str]
    trouble: Mapped[str]
    busy: Mapped[int]
