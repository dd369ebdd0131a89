"""Writes definitions: the flow's own header and those of the graphs inside it."""

from __future__ import annotations

from sqlalchemy import delete, insert, select, update

from engine.database.tables import DefinitionRow, StepRow, SubflowRow
from engine.database.tables.step import BOUNDARY
from engine.errors import IntegrityError
from engine.model.flow import Header
from engine.stores import row as rows
from engine.stores.bulk import chunks, insert_rows
from engine.stores.edit import Net, Nets, Path, added, kept, removed
from engine.stores.ports import Ports, boundary_ports, definition_ports
from engine.stores.scope import Scope
from engine.stores.wiring import Owner


class DefinitionWriter:
    """Adds, changes, renames and removes definitions. Every method raises IntegrityError when a rule would be broken."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._gone: list[int] = []

    def settle(self, headers: Nets[Header]) -> None:
        """Change definitions, then add some, outer ones first.

        Rows of those that go stay until `delete`: something may use them yet.
        """
        definitions = self._scope.definitions
        for place in sorted(removed(headers)):
            if not place.path:
                raise IntegrityError("a flow cannot lose its header; delete the flow itself")
            definitions.id_of(place.path)
            self._gone += definitions.drop(place.path)
        for place, each in kept(headers).items():
            self._change(place.path, each)
        for place, header in sorted(added(headers).items(), key=lambda item: len(item[0].path)):
            self._add(place.path, header)

    def _add(self, path: Path, header: Header) -> None:
        scope = self._scope
        parent = scope.definitions.id_of(path[:-1]) if path else None
        if path in scope.definitions:
            raise IntegrityError(f"there is already a definition '{'/'.join(path)}': choose another name")
        values = {
            **rows.header_row(header),
            "flow_id": scope.flow_id,
            "parent_id": parent,
            "name": path[-1] if path else None,
            "place": 0 if parent is None else scope.next_place(DefinitionRow, parent),
        }
        key = scope.transaction.execute(insert(DefinitionRow).returning(DefinitionRow.id), values).scalar_one()
        scope.new.add(key)
        scope.definitions.put(path, key, header)
        boundary = {**rows.boundary_row(), "definition_id": key, "place": 0}
        insert_rows(scope.transaction, StepRow, [boundary], lambda _: f"definition '{'/'.join(path)}'")
        scope.wiring.add({(key, BOUNDARY): boundary_ports(header)})

    def _change(self, path: Path, net: Net[Header]) -> None:
        definitions = self._scope.definitions
        assert net.after is not None
        key = definitions.id_of(path)
        values = rows.header_row(net.after)
        if path and net.after.name != path[-1]:
            raise IntegrityError(
                f"definition '{'/'.join(path)}' cannot be called '{net.after.name}'; add one of that name instead"
            )
        if path and net.last:
            values["place"] = self._scope.next_place(DefinitionRow, definitions.id_of(path[:-1]))
        definitions.put(path, key, net.after)
        self._scope.transaction.execute(update(DefinitionRow).where(DefinitionRow.id == key).values(values))

    def connect(self, headers: Nets[Header]) -> None:
        """Give changed definitions, and the subflows that use them, the ports of the headers now.

        Must come after connections and steps have gone, and after steps have come.
        """
        definitions = self._scope.definitions
        changed = [definitions.id_of(place.path) for place in kept(headers)]
        self._scope.wiring.change({(key, BOUNDARY): boundary_ports(definitions.header_of(key)) for key in changed})
        if headers and definitions.id_of(()) not in self._scope.new:
            self._resolve_subflows()

    def _resolve_subflows(self) -> None:
        """Let every subflow use the definition that its name means now: the nearest one may have come, gone or been renamed."""
        scope = self._scope
        row = SubflowRow
        paths = {key: path for path, key in scope.definitions}
        ports: dict[Owner, Ports | None] = {}
        query = select(row.definition_id, row.id, row.flow, row.uses_id).where(row.flow_id == scope.flow_id)
        for definition, step, name, uses in scope.transaction.execute(query).all():
            if definition not in paths:
                continue  # it goes with its definition
            found = resolve(scope, paths[definition], step, name)
            if found != uses:
                where = (row.definition_id == definition, row.id == step)
                scope.transaction.execute(update(row).where(*where).values(uses_id=found))
            ports[definition, step] = definition_ports(scope.definitions.header_of(found))
        scope.wiring.change(ports)

    def delete(self) -> None:
        """Delete the rows of the definitions that went, whose parts must have gone before."""
        for some in chunks(self._gone):
            left = select(StepRow.id).where(StepRow.definition_id.in_(some), StepRow.kind != rows.BOUNDARY_KIND)
            step = self._scope.transaction.scalar(left.limit(1))
            if step is not None:
                raise IntegrityError(f"step '{step}': its definition cannot be removed before it; delete it in the same edit")
            self._scope.transaction.execute(delete(DefinitionRow).where(DefinitionRow.id.in_(some)))


def resolve(scope: Scope, path: Path, step: str, name: str) -> int:
    """The definition that a subflow at `path` uses.

    Raises:
        IntegrityError: there is none of that name.
    """
    found = scope.definitions.resolve(path, name)
    if found is None:
        raise IntegrityError(
            f"subflow '{'/'.join((*path, step))}': there is no definition '{name}' here; add the definition in the same edit,"
            " or delete the subflow"
        )
    return found
