"""connections: output ports joined to input ports."""

from __future__ import annotations

from sqlalchemy import BigInteger, ForeignKey, ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from engine.database.tables.base import Base, Json, one_of, rule
from engine.database.tables.port import IN, OUT


def _port(side: str) -> ForeignKeyConstraint:
    """An end is a port. Checked at the commit, since deleting a flow takes its ports and connections in no certain order."""
    columns = ["definition_id", f"{side}_step", f"{side}_port", f"{side}_direction"]
    port = ["ports.definition_id", "ports.step_id", "ports.name", "ports.direction"]
    return ForeignKeyConstraint(columns, port, name=f"fk_connections_{side}", deferrable=True, initially="DEFERRED")


class ConnectionRow(Base):
    """A connection. Its ends are the key; each refers to a port, and to its direction, which the CHECKs fix."""

    __tablename__ = "connections"
    __table_args__ = (
        _port("source"),
        _port("target"),
        Index("ix_connections_target", "definition_id", "target_step", "target_port"),
        rule("source", one_of("source_direction", OUT), "a connection starts at an output"),
        rule("target", one_of("target_direction", IN), "a connection ends at an input"),
        rule("limit", "limit_messages >= 0 AND limit_bytes >= 0", "a connection's limits are not negative"),
        rule("expire", "expire_s >= 0", "a connection's expiration is not negative"),
        rule(
            "priority",
            f"{one_of('priority', 'fifo', 'lifo', 'oldest')} OR priority LIKE 'attribute:_%'",
            "a connection's priority is fifo, lifo, oldest or attribute:NAME",
        ),
    )

    definition_id: Mapped[int] = mapped_column(ForeignKey("definitions.id", ondelete="CASCADE"), primary_key=True)
    source_step: Mapped[str] = mapped_column(primary_key=True)
    source_port: Mapped[str] = mapped_column(primary_key=True)
    source_direction: Mapped[str] = mapped_column(server_default=OUT)
    target_step: Mapped[str] = mapped_column(primary_key=True)
    target_port: Mapped[str] = mapped_column(primary_key=True)
    target_direction: Mapped[str] = mapped_column(server_default=IN)
    place: Mapped[int]
    name: Mapped[str]
    limit_messages: Mapped[int] = mapped_column(BigInteger)
    limit_bytes: Mapped[int] = mapped_column(BigInteger)
    expire_s: Mapped[float]
    priority: Mapped[str]
    breakpoint: Mapped[bool]
    fuse: Mapped[bool]
    bends: Mapped[Json]
    layer: Mapped[int] = mapped_column(BigInteger, server_default="0")
    color: Mapped[str | None]
    label_at: Mapped[float | None]
