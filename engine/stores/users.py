"""UserStore, users and the roles that give them privileges."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime

from msgspec import Struct
from sqlalchemy import Connection as Transaction
from sqlalchemy import delete, insert, select, update

from engine.database.connect import Database
from engine.database.tables import PrivilegeRow, RoleRow, UserRoleRow, UserRow
from engine.errors import NotFound
from engine.model.problem import did_you_mean
from engine.stores.upsert import upsert


class User(Struct, frozen=True):
    """A user, without the password's hash: that leaves the store only where a password is checked."""

    name: str
    email: str
    enabled: bool
    created_at: datetime
    roles: tuple[str, ...] = ()


class Role(Struct, frozen=True):
    """A named set of privileges."""

    name: str
    notes: str
    privileges: tuple[str, ...] = ()


class UserStore:
    """Users and roles, by name."""

    def __init__(self, database: Database, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._database = database
        self._now = now

    def put(self, name: str, *, email: str = "", enabled: bool = True, password_hash: str | None = None) -> None:
        """Add a user, or change one. Without a `password_hash`, the one there is stays.

        Raises:
            IntegrityError: the name is empty.
        """
        row = {"name": name, "email": email, "enabled": enabled, "created_at": self._now()}
        if password_hash is not None:
            row["password_hash"] = password_hash
        with self._database.write() as transaction:
            upsert(transaction, UserRow, row, ("name",), f"user '{name}'", lasting=("created_at",))

    def list(self) -> list[User]:
        """Every user, by name."""
        row = UserRow
        assigned = select(UserRoleRow.user, UserRoleRow.role).order_by(UserRoleRow.role)
        query = select(row.name, row.email, row.enabled, row.created_at).order_by(row.name)
        with self._database.read() as transaction:
            roles = _grouped(transaction.execute(assigned))
            return [
                User(name, email, enabled, created_at, tuple(roles.get(name, ())))
                for name, email, enabled, created_at in transaction.execute(query)
            ]

    def password_hash(self, name: str) -> str | None:
        """The hash that a password of an enabled user is checked against; None where nobody can log in."""
        row = UserRow
        with self._database.read() as transaction:
            return transaction.scalar(select(row.password_hash).where(row.name == name, row.enabled))

    def delete(self, name: str) -> None:
        """Delete a user.

        Raises:
            NotFound: there is none of that name.
        """
        with self._database.write() as transaction:
            _require(transaction, name)
            transaction.execute(delete(UserRow).where(UserRow.name == name))

    def rename(self, name: str, new: str) -> None:
        """Give a user another name; the roles stay.

        Raises:
            NotFound: there is none of that name.
            IntegrityError: the new name is taken.
        """
        with self._database.write() as transaction:
            _require(transaction, name)
            transaction.execute(update(UserRow).where(UserRow.name == name).values(name=new))

    def put_role(self, name: str, privileges: Iterable[str], notes: str = "") -> None:
        """Add a role, or give it exactly these privileges.

        Raises:
            IntegrityError: the name is empty.
        """
        with self._database.write() as transaction:
            upsert(transaction, RoleRow, {"name": name, "notes": notes}, ("name",), f"role '{name}'")
            transaction.execute(delete(PrivilegeRow).where(PrivilegeRow.role == name))
            rows = [{"role": name, "privilege": each} for each in sorted(set(privileges))]
            if rows:
                transaction.execute(insert(PrivilegeRow), rows)

    def roles(self) -> list[Role]:
        """Every role, by name."""
        with self._database.read() as transaction:
            query = select(PrivilegeRow.role, PrivilegeRow.privilege).order_by(PrivilegeRow.privilege)
            privileges = _grouped(transaction.execute(query))
            roles = transaction.execute(select(RoleRow.name, RoleRow.notes).order_by(RoleRow.name))
            return [Role(name, notes, tuple(privileges.get(name, ()))) for name, notes in roles]

    def assign(self, name: str, roles: Iterable[str]) -> None:
        """Give a user exactly these roles.

        Raises:
            NotFound: there is no such user.
            IntegrityError: there is no such role.
        """
        with self._database.write() as transaction:
            _require(transaction, name)
            transaction.execute(delete(UserRoleRow).where(UserRoleRow.user == name))
            for role in sorted(set(roles)):
                upsert(transaction, UserRoleRow, {"user": name, "role": role}, ("user", "role"), f"role '{role}'")

    def privileges(self, name: str) -> frozenset[str]:
        """Everything that an enabled user may do."""
        query = (
            select(PrivilegeRow.privilege)
            .join(UserRoleRow, UserRoleRow.role == PrivilegeRow.role)
            .join(UserRow, UserRow.name == UserRoleRow.user)
            .where(UserRow.name == name, UserRow.enabled)
        )
        with self._database.read() as transaction:
            return frozenset(transaction.scalars(query))


def _require(transaction: Transaction, name: str) -> None:
    names = transaction.scalars(select(UserRow.name)).all()
    if name not in names:
        raise NotFound(f"there is no user '{name}'{did_you_mean(name, names) or '; `pyfi ls users` shows those there are'}")


def _grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for key, value in pairs:
        found.setdefault(key, []).append(value)
    return found
