"""StoredFlow, a flow as a whole: its row, its name, its revision."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import ColumnElement, Row, Select, exc, func, insert, select, update
from sqlalchemy import Connection as Transaction

from engine.database.tables import AuditRow, DefinitionRow, FlowRow, StepRow
from engine.errors import ConflictError, IntegrityError, NameTaken, NotFound
from engine.model.problem import did_you_mean, listed


class StoredFlow(Struct, frozen=True):
    """What a list of flows shows of one."""

    id: str
    name: str
    revision: int
    created_at: datetime
    updated_at: datetime
    updated_by: str


def all_flows(transaction: Transaction) -> list[StoredFlow]:
    """Every flow, by name."""
    return [_stored(row) for row in transaction.execute(_select().order_by(FlowRow.name))]


def count_processors(transaction: Transaction) -> dict[str, int]:
    """Processors of every flow that has any, those of its definitions included, by the flow's id."""
    query = select(DefinitionRow.flow_id, func.count()).join(StepRow, StepRow.definition_id == DefinitionRow.id)
    query = query.where(StepRow.kind == "processor").group_by(DefinitionRow.flow_id)
    return dict(transaction.execute(query).all())


def flow_named(transaction: Transaction, name: str) -> StoredFlow | None:
    """The flow of that name, if there is one."""
    return _first(transaction, FlowRow.name == name)


def find_flow(transaction: Transaction, name_or_id: str) -> StoredFlow:
    """The flow of that name, otherwise the one of that id.

    Raises:
        NotFound: there is neither.
    """
    found = flow_named(transaction, name_or_id) or _first(transaction, FlowRow.id == name_or_id)
    if found is None:
        names = transaction.scalars(select(FlowRow.name)).all()
        hint = did_you_mean(name_or_id, names) or "; `pyfi ls flows` shows those there are"
        raise NotFound(f"there is no flow '{name_or_id}' in the database{hint}")
    return found


def insert_flow(transaction: Transaction, stored: StoredFlow) -> None:
    """Add the row of a new flow.

    Raises:
        NameTaken: another flow has it.
        IntegrityError: the name is empty.
    """
    values = {name: getattr(stored, name) for name in StoredFlow.__struct_fields__}
    _keep_name(transaction, insert(FlowRow).values(values), stored.name)


def rename_flow(transaction: Transaction, flow_id: str, name: str) -> None:
    """Give the row another name.

    Raises:
        NameTaken: another flow has it.
        IntegrityError: the name is empty.
    """
    _keep_name(transaction, update(FlowRow).where(FlowRow.id == flow_id).values(name=name), name)


def take_revision(transaction: Transaction, stored: StoredFlow, revision: int, author: str, at: datetime) -> StoredFlow:
    """Move the flow on from `revision`. From here to the end of the transaction, nobody else can.

    Raises:
        ConflictError: the flow is not at `revision`.
    """
    row = FlowRow
    statement = update(row).where(row.id == stored.id, row.revision == revision)
    taken = transaction.execute(statement.values(revision=revision + 1, updated_at=at, updated_by=author))
    if taken.rowcount != 1:
        raise _conflict(transaction, find_flow(transaction, stored.id), revision)
    return find_flow(transaction, stored.id)


def _keep_name(transaction: Transaction, statement: Any, name: str) -> None:
    if not name:
        raise IntegrityError("a flow needs a name; give it one")
    try:
        with transaction.begin_nested():
            transaction.execute(statement)
    except exc.IntegrityError:
        raise NameTaken(f"there already is a flow '{name}': choose another name, or import over it") from None


def _conflict(transaction: Transaction, stored: StoredFlow, revision: int) -> ConflictError:
    row = AuditRow
    query = select(row.author, row.part).where(row.flow_id == stored.id, row.revision > revision, row.part.is_not(None))
    records = transaction.execute(query.order_by(row.id)).all()
    authors = listed(dict.fromkeys(author for author, _ in records)) or "somebody"
    parts = listed(dict.fromkeys(str(part) for _, part in records)) or "it"
    return ConflictError(
        f"flow '{stored.name}' is at revision {stored.revision}, you edited {revision}: {authors} changed {parts} meanwhile;"
        " reload the flow, or merge your edit with theirs"
    )


def _first(transaction: Transaction, condition: ColumnElement[bool]) -> StoredFlow | None:
    row = transaction.execute(_select().where(condition)).first()
    return None if row is None else _stored(row)


def _select() -> Select[str, str, int, datetime, datetime, str]:
    row = FlowRow
    return select(row.id, row.name, row.revision, row.created_at, row.updated_at, row.updated_by)


def _stored(row: Row[str, str, int, datetime, datetime, str]) -> StoredFlow:
    return StoredFlow(*row)
