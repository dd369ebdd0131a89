"""Scope, what everything that writes one edit of one flow works with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import Connection as Transaction
from sqlalchemy import func, select

from engine.database.tables import ConnectionRow, DefinitionRow, LabelRow, ParameterRow, StepRow
from engine.model.catalog import Catalog
from engine.model.flow import Part
from engine.stores.bulk import Row
from engine.stores.definitions import Definitions
from engine.stores.edit import Net, Nets, Place
from engine.stores.wiring import Wiring

Ordered = type[DefinitionRow | StepRow | ConnectionRow | LabelRow | ParameterRow]
AnyPart = TypeVar("AnyPart", bound=Part)


class Scope:
    """One transaction on one flow: its definitions, its wiring, and the next place in every list of parts.

    `new` holds the definitions that were made in this transaction, which therefore hold nothing yet.
    """

    def __init__(
        self,
        transaction: Transaction,
        flow_id: str,
        definitions: Definitions,
        catalog: Catalog,
    ) -> None:
        self.transaction = transaction
        self.flow_id = flow_id
        self.definitions = definitions
        self.catalog = catalog
        self.wiring = Wiring(transaction, catalog)
        self.new: set[int] = set()
        self._places: dict[tuple[str, int], int] = {}

    def next_place(self, table: Ordered, definition: int) -> int:
        """The place behind all parts of a definition; for `DefinitionRow`, behind all definitions inside it."""
        key = (table.__tablename__, definition)
        if key not in self._places:
            self._places[key] = 0 if definition in self.new else self._last_place(table, definition) + 1
        place = self._places[key]
        self._places[key] += 1
        return place

    def _last_place(self, table: Ordered, definition: int) -> int:
        owner = table.parent_id if table is DefinitionRow else table.__table__.c["definition_id"]
        last = self.transaction.scalar(select(func.max(table.place)).where(owner == definition))
        return -1 if last is None else last

    def located(self, parts: Mapping[Place, AnyPart]) -> Iterator[tuple[int, AnyPart]]:
        """Every part with the row of its definition."""
        for place, part in parts.items():
            yield self.definitions.id_of(place.path), part

    def appended(self, table: Ordered, parts: Iterable[tuple[int, Row]]) -> list[Row]:
        """Rows of new parts, each at the end of its definition."""
        return [{**row, "definition_id": key, "place": self.next_place(table, key)} for key, row in parts]

    def changed(self, table: Ordered, nets: Nets[AnyPart], rows: Sequence[Row]) -> list[Row]:
        """Rows of changed parts, those that come last now with their new place."""
        each: Net[Any]
        found: list[Row] = []
        for (place, each), row in zip(nets.items(), rows, strict=True):
            key = self.definitions.id_of(place.path)
            last = {"place": self.next_place(table, key)} if each.last else {}
            found.append({**row, "definition_id": key, **last})
        return found
