"""users, and the roles that give them privileges."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from engine.database.tables.base import Base, rule


class UserRow(Base):
    """Somebody who may log in; without a `password_hash`, nobody can as them."""

    __tablename__ = "users"
    __table_args__ = (rule("named", "name <> ''", "a user needs a name"),)

    name: Mapped[str] = mapped_column(primary_key=True)
    email: Mapped[str]
    password_hash: Mapped[str | None]
    enabled: Mapped[bool]
    created_at: Mapped[datetime]


class RoleRow(Base):
    """A named set of privileges."""

    __tablename__ = "roles"
    __table_args__ = (rule("named", "name <> ''", "a role needs a name"),)

    name: Mapped[str] = mapped_column(primary_key=True)
    notes: Mapped[str]


class PrivilegeRow(Base):
    """A privilege that a role gives."""

    __tablename__ = "privileges"

    role: Mapped[str] = mapped_column(ForeignKey("roles.name", ondelete="CASCADE", onupdate="CASCADE"), primary_key=True)
    privilege: Mapped[str] = mapped_column(primary_key=True)


class UserRoleRow(Base):
    """A role that a user has."""

    __tablename__ = "user_roles"

    user: Mapped[str] = mapped_column(ForeignKey("users.name", ondelete="CASCADE", onupdate="CASCADE"), primary_key=True)
    role: Mapped[str] = mapped_column(
        ForeignKey("roles.name", ondelete="CASCADE", onupdate="CASCADE"), primary_key=True, index=True
    )
