"""Reads a stored flow whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from sqlalchemy import Connection as Transaction
from sqlalchemy import Select, and_, select

from engine.database.tables import ConnectionRow, DefinitionRow, LabelRow, ParameterRow, ProcessorRow, StepRow, SubflowRow
from engine.model.flow import Flow, Processor, Subflow
from engine.stores import row as rows
from engine.stores.definitions import Definitions
from engine.stores.edit import Path

AnyPart = TypeVar("AnyPart")


def read_flow(transaction: Transaction, flow_id: str, name: str) -> Flow:
    """The flow called `name`, every part in the order in which it was added."""
    return _Reading(transaction, flow_id, Definitions.read(transaction, flow_id, name)).flow()


class _Reading:
    """One query for each kind of part, over all definitions of the flow."""

    def __init__(self, transaction: Transaction, flow_id: str, definitions: Definitions) -> None:
        self._transaction = transaction
        self._flow_id = flow_id
        self._definitions = definitions

    def flow(self) -> Flow:
        steps = self._steps()
        connections = self._parts(ConnectionRow, rows.CONNECTION_COLUMNS, rows.read_connection)
        labels = self._parts(LabelRow, rows.LABEL_COLUMNS, rows.read_label)
        parameters = self._parts(ParameterRow, rows.PARAMETER_COLUMNS, tuple)
        below: dict[Path, list[Path]] = {}
        for path, _ in self._definitions:
            if path:
                below.setdefault(path[:-1], []).append(path)

        def build(path: Path) -> Flow:
            key = self._definitions.id_of(path)
            return Flow(
                header=self._definitions.header_of(key),
                parameters=dict(parameters.get(key, ())),
                steps={step.id: step for step in steps.get(key, ())},
                connections={each.id: each for each in connections.get(key, ())},
                labels={label.id: label for label in labels.get(key, ())},
                definitions={inner[-1]: build(inner) for inner in below.get(path, ())},
            )

        return build(())

    def _steps(self) -> dict[int, list[Processor | Subflow]]:
        placed: dict[int, list[tuple[int, Processor | Subflow]]] = {}
        for table, columns, read in (
            (ProcessorRow, rows.PROCESSOR_COLUMNS, rows.read_processor),
            (SubflowRow, rows.SUBFLOW_COLUMNS, rows.read_subflow),
        ):
            query = select(StepRow.definition_id, StepRow.place, *columns).join(
                table, and_(table.definition_id == StepRow.definition_id, table.id == StepRow.id)
            )
            for definition, place, *values in self._all(query.join(DefinitionRow, DefinitionRow.id == StepRow.definition_id)):
                placed.setdefault(definition, []).append((place, read(values)))
        return {key: [step for _, step in sorted(some, key=_place)] for key, some in placed.items()}

    def _parts(self, table: Any, columns: rows.Columns, read: Callable[[rows.Read], AnyPart]) -> dict[int, list[AnyPart]]:
        query = select(table.definition_id, *columns).join(DefinitionRow, DefinitionRow.id == table.definition_id)
        found: dict[int, list[AnyPart]] = {}
        for definition, *values in self._all(query.order_by(table.place)):
            found.setdefault(definition, []).append(read(values))
        return found

    def _all(self, query: Select[*tuple[Any, ...]]) -> Iterator[Any]:
        return iter(self._transaction.execute(query.where(DefinitionRow.flow_id == self._flow_id)))


def _place(placed: tuple[int, object]) -> int:
    return placed[0]
