"""The order of parts, which a flow file keeps and an import must take over."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import Connection as Transaction
from sqlalchemy import Row, bindparam, select, update

from engine.database.tables import ConnectionRow, DefinitionRow, LabelRow, ParameterRow, StepRow
from engine.database.tables.step import BOUNDARY
from engine.model.apply import home_of
from engine.model.change import Change
from engine.model.flow import Flow
from engine.model.order import Order
from engine.model.ports import split_end
from engine.stores.definitions import Definitions
from engine.stores.row import join_end
from engine.stores.scope import Ordered

Key = tuple[str, ...]
_ENDS = ("source_step", "source_port", "target_step", "target_port")
_TABLES: dict[str, tuple[Ordered, tuple[str, ...], str]] = {
    "steps": (StepRow, ("id",), "definition_id"),
    "connections": (ConnectionRow, _ENDS, "definition_id"),
    "labels": (LabelRow, ("id",), "definition_id"),
    "parameters": (ParameterRow, ("name",), "definition_id"),
    "definitions": (DefinitionRow, ("name",), "parent_id"),
}
"""By mapping of a flow: its table, the columns of a part's key there, and the one of what holds it."""


def same_order(one: Flow, other: Flow) -> bool:
    """Whether two flows with the same parts have them in the same order, their definitions too."""
    return (
        all(keys == others for (_, _, keys), (_, _, others) in zip(_lists(one), _lists(other), strict=True))
        and list(one.definitions) == list(other.definitions)
        and all(same_order(inner, other.definitions[name]) for name, inner in one.definitions.items())
    )


def restore_order(transaction: Transaction, flow_id: str, flow: Flow) -> None:
    """Give the stored parts the order that they have in `flow`, which holds the same parts."""
    definitions = Definitions.read(transaction, flow_id, flow.name)
    for path, key in definitions:
        inner = flow
        for name in path:
            inner = inner.definitions[name]
        for table, columns, wanted in _lists(inner):
            _restore(transaction, table, "definition_id", key, columns, wanted)
        _restore(transaction, DefinitionRow, "parent_id", key, ("name",), [(name,) for name in inner.definitions])


def put_in_places(transaction: Transaction, flow_id: str, name: str, changes: Iterable[Change]) -> None:
    """Put parts that came, and know ahead of which others, into their places among the stored ones."""
    moves: dict[tuple[tuple[str, ...], str], list[tuple[str, str]]] = {}
    for change in changes:
        if change.before is None and change.after is not None and change.ahead_of:
            path, field, part = home_of(change.id)
            moves.setdefault((path, field), []).append((part, change.ahead_of))
    definitions = Definitions.read(transaction, flow_id, name) if moves else Definitions()
    for (path, field), comes in moves.items():
        if path not in definitions:
            continue  # it came and went
        table, columns, owner = _TABLES[field]
        key = definitions.id_of(path)
        rows = {_name(row): row for row in _stored(transaction, table, owner, key, columns)}
        order = Order(rows)
        for part, ahead_of in comes:
            if part in order:
                order.remove(part)
                order.insert(part, ahead_of)
        _restore(transaction, table, owner, key, columns, [rows[part] for part in order])


def _name(row: Key) -> str:
    """What a part is called in its flow, by the columns of its key."""
    return f"{join_end(*row[:2])}->{join_end(*row[2:])}" if len(row) == len(_ENDS) else row[0]


def _lists(flow: Flow) -> Iterator[tuple[Ordered, tuple[str, ...], list[Key]]]:
    """Every ordered list of parts: its table, the columns of a part's key, the keys in order."""
    yield StepRow, ("id",), [(key,) for key in flow.steps]
    yield ConnectionRow, _ENDS, [(*split_end(each.source), *split_end(each.target)) for each in flow.connections.values()]
    yield LabelRow, ("id",), [(key,) for key in flow.labels]
    yield ParameterRow, ("name",), [(name,) for name in flow.parameters]


def _stored(transaction: Transaction, table: Ordered, owner: str, key: int, columns: Sequence[str]) -> list[Key]:
    """The keys of the parts of a definition, in their order."""
    column = table.__table__.c
    query = select(*(column[name] for name in columns)).where(column[owner] == key).order_by(table.place)
    found: Sequence[Row[Any]] = transaction.execute(query).all()
    return [tuple(row) for row in found if tuple(row) != (BOUNDARY,)]


def _restore(
    transaction: Transaction, table: Ordered, owner: str, key: int, columns: Sequence[str], wanted: Sequence[Key]
) -> None:
    column = table.__table__.c
    if _stored(transaction, table, owner, key, columns) == list(wanted):
        return
    statement = update(table).values(place=bindparam("new_place")).where(column[owner] == bindparam("of_owner"))
    for name in columns:
        statement = statement.where(column[name] == bindparam(f"of_{name}"))
    values = [
        {"new_place": place, "of_owner": key, **{f"of_{name}": value for name, value in zip(columns, part, strict=True)}}
        for place, part in enumerate(wanted)
    ]
    transaction.execute(statement, values)
