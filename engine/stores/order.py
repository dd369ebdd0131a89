"""The order of parts, which a flow file keeps and an import must take over."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection as Transaction
from sqlalchemy import Row, bindparam, select, update

from engine.database.tables import ConnectionRow, DefinitionRow, LabelRow, ParameterRow, StepRow
from engine.database.tables.step import BOUNDARY
from engine.model.flow import Flow
from engine.model.ports import split_end
from engine.stores.definitions import Definitions
from engine.stores.scope import Ordered

Key = tuple[str, ...]


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


def _lists(flow: Flow) -> Iterator[tuple[Ordered, tuple[str, ...], list[Key]]]:
    """Every ordered list of parts: its table, the columns of a part's key, the keys in order."""
    yield StepRow, ("id",), [(key,) for key in flow.steps]
    ends = ("source_step", "source_port", "target_step", "target_port")
    yield ConnectionRow, ends, [(*split_end(each.source), *split_end(each.target)) for each in flow.connections.values()]
    yield LabelRow, ("id",), [(key,) for key in flow.labels]
    yield ParameterRow, ("name",), [(name,) for name in flow.parameters]


def _restore(
    transaction: Transaction, table: Ordered, owner: str, key: int, columns: Sequence[str], wanted: Sequence[Key]
) -> None:
    column = table.__table__.c
    query = select(*(column[name] for name in columns)).where(column[owner] == key).order_by(table.place)
    found: Sequence[Row[Any]] = transaction.execute(query).all()
    if [tuple(row) for row in found if tuple(row) != (BOUNDARY,)] == list(wanted):
        return
    statement = update(table).values(place=bindparam("new_place")).where(column[owner] == bindparam("of_owner"))
    for name in columns:
        statement = statement.where(column[name] == bindparam(f"of_{name}"))
    values = [
        {"new_place": place, "of_owner": key, **{f"of_{name}": value for name, value in zip(columns, part, strict=True)}}
        for place, part in enumerate(wanted)
    ]
    transaction.execute(statement, values)
