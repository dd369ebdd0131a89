"""Writes processors and subflows: two rows each, and their ports."""

from __future__ import annotations

from collections.abc import Mapping

from engine.database.tables import ProcessorRow, StepRow, SubflowRow
from engine.model.flow import Processor, Subflow
from engine.stores import row as rows
from engine.stores.bulk import Naming, Row, delete_rows, insert_rows, update_rows
from engine.stores.definition_writer import resolve
from engine.stores.edit import Nets, Path, Place, Step, added, kept, removed
from engine.stores.ports import Ports, definition_ports, processor_ports
from engine.stores.scope import Scope
from engine.stores.wiring import Owner

_KEYS = ("definition_id", "id")
_OF_PORTS = ("type", "config", "inputs", "outputs")


class StepWriter:
    """Adds, changes and removes steps. Every method raises IntegrityError when a rule would be broken."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def delete(self, nets: Nets[Step]) -> None:
        """Delete steps; their second rows and ports go with them."""
        steps = removed(nets)
        located = list(self._scope.located(steps))
        self._scope.wiring.refuse_connected({(key, step.id): _named(step) for key, step in located})
        gone = [{"definition_id": key, "id": step.id} for key, step in located]
        delete_rows(self._scope.transaction, StepRow, _KEYS, gone, _naming("step"))

    def change(self, nets: Nets[Step]) -> None:
        """Update both rows of every step that stays; one that turned into the other kind gets another second row."""
        scope = self._scope
        staying = kept(nets)
        afters = {place: each.after for place, each in staying.items() if each.after is not None}
        turned = {place: step for place, step in afters.items() if type(step) is not type(nets[place].before)}
        self._delete_kinds(
            {place: each.before for place, each in staying.items() if place in turned and each.before is not None}
        )
        shared = scope.changed(StepRow, staying, [rows.step_row(step) for step in afters.values()])
        update_rows(scope.transaction, StepRow, _KEYS, shared, _naming("step"))
        processors, subflows = self._kinds({place: step for place, step in afters.items() if place not in turned})
        update_rows(scope.transaction, ProcessorRow, _KEYS, processors, _naming("processor"))
        update_rows(scope.transaction, SubflowRow, _KEYS, subflows, _naming("subflow"))
        self._insert_kinds(turned)
        scope.wiring.change(
            self._ports({place: step for place, step in afters.items() if _ports_differ(nets[place].before, step)})
        )

    def add(self, nets: Nets[Step]) -> None:
        """Insert new steps."""
        scope = self._scope
        steps = added(nets)
        shared = scope.appended(StepRow, ((key, rows.step_row(step)) for key, step in scope.located(steps)))
        insert_rows(scope.transaction, StepRow, shared, lambda row: f"{row['kind']} '{row['id']}'")
        self._insert_kinds(steps)
        scope.wiring.add(self._ports(steps))

    def _ports(self, steps: Mapping[Place, Step]) -> dict[Owner, Ports | None]:
        return {
            (self._scope.definitions.id_of(place.path), step.id): self._ports_of(place.path, step)
            for place, step in steps.items()
        }

    def _ports_of(self, path: Path, step: Step) -> Ports | None:
        if isinstance(step, Processor):
            return processor_ports(step, self._scope.catalog)
        return definition_ports(self._scope.definitions.header_of(resolve(self._scope, path, step.id, step.flow)))

    def _kinds(self, steps: Mapping[Place, Step]) -> tuple[list[Row], list[Row]]:
        """The second rows: of processors, of subflows."""
        processors: list[Row] = []
        subflows: list[Row] = []
        for place, step in steps.items():
            key = self._scope.definitions.id_of(place.path)
            if isinstance(step, Processor):
                processors.append({**rows.processor_row(step), "definition_id": key})
            else:
                uses = resolve(self._scope, place.path, step.id, step.flow)
                ids = {"definition_id": key, "flow_id": self._scope.flow_id, "uses_id": uses}
                subflows.append({**rows.subflow_row(step), **ids})
        return processors, subflows

    def _insert_kinds(self, steps: Mapping[Place, Step]) -> None:
        processors, subflows = self._kinds(steps)
        insert_rows(self._scope.transaction, ProcessorRow, processors, _naming("processor"))
        insert_rows(self._scope.transaction, SubflowRow, subflows, _naming("subflow"))

    def _delete_kinds(self, steps: Mapping[Place, Step]) -> None:
        for key, step in self._scope.located(steps):
            table = ProcessorRow if isinstance(step, Processor) else SubflowRow
            delete_rows(self._scope.transaction, table, _KEYS, [{"definition_id": key, "id": step.id}], _naming("step"))


def _ports_differ(before: Step | None, after: Step) -> bool:
    """Whether the ports may have changed; a move or an edit of code leaves them alone."""
    if isinstance(before, Processor) and isinstance(after, Processor):
        return any(getattr(before, name) != getattr(after, name) for name in _OF_PORTS)
    return not (isinstance(before, Subflow) and isinstance(after, Subflow) and before.flow == after.flow)


def _named(step: Step) -> str:
    return f"{rows.kind_of(step)} '{step.id}'"


def _naming(kind: str) -> Naming:
    return lambda row: f"{kind} '{row['id']}'"
