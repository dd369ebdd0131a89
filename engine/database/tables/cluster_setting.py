"""cluster_settings: what all processes of a cluster have in common."""

from __future__ import annotations

from sqlalchemy.orm import Mapped, mapped_column

from engine.database.tables.base import Base


class ClusterSettingRow(Base):
    """A value by name. `key` is what tickets are signed with: whoever may use the database may send them."""

    __tablename__ = "cluster_settings"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str | None]
