"""nodes: machines."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, false
from sqlalchemy.orm import Mapped, mapped_column

from engine.database.tables.base import Base, Strings, rule


class NodeRow(Base):
    """A machine that may run stages. `labels` are what processors ask for by `requires`.

    `most` is how many workers it runs at most, 0 for any number; a `dedicated` one runs only what asks for one of its labels.
    """

    __tablename__ = "nodes"
    __table_args__ = (rule("size", "cpus >= 0 AND memory_bytes >= 0", "a node's processors and memory are not negative"),)

    name: Mapped[str] = mapped_column(primary_key=True)
    address: Mapped[str]
    system: Mapped[str]
    cpus: Mapped[int]
    memory_bytes: Mapped[int] = mapped_column(BigInteger)
    labels: Mapped[Strings]
    enabled: Mapped[bool]
    seen_at: Mapped[datetime]
    most: Mapped[int] = mapped_column(server_default="0")
    dedicated: Mapped[bool] = mapped_column(server_default=false())
