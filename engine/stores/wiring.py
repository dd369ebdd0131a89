"""Ports and connections of a stored flow: which exist, and what may be joined to what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

from sqlalchemy import Connection as Transaction
from sqlalchemy import Delete, Update, delete, select, update

from engine.database.tables import ConnectionRow, PortRow, ProcessorRow, StepRow
from engine.database.tables.port import IN, OUT
from engine.errors import IntegrityError
from engine.model.catalog import Catalog
from engine.model.flow import Processor
from engine.model.problem import did_you_mean, listed
from engine.stores.bulk import chunks, insert_rows
from engine.stores.ports import Ports, processor_ports
from engine.stores.row import join_end

Owner = tuple[int, str]
"""A step: its definition's row, its id."""
End = tuple[int, str, str, str]
"""A connection's end: definition, step, port, direction."""
Statement = TypeVar("Statement", Delete, Update)


class Wiring:
    """Keeps the port rows in step with the steps, inside one transaction."""

    def __init__(self, transaction: Transaction, catalog: Catalog) -> None:
        self._transaction = transaction
        self._catalog = catalog
        self._known: dict[Owner, Ports | None] = {}

    def add(self, steps: Mapping[Owner, Ports | None]) -> None:
        """Ports of steps that are new. None are those that cannot be told; connections will say."""
        self._known.update(steps)
        self._insert((*owner, name, direction) for owner, ports in steps.items() for name, direction in _each(ports))

    def change(self, steps: Mapping[Owner, Ports | None]) -> None:
        """Ports of steps that were there.

        Raises:
            IntegrityError: a connection still uses a port that goes.
        """
        self._known.update(steps)
        told = {owner: ports for owner, ports in steps.items() if ports is not None}
        stored = self._stored(list(told))
        new: list[End] = []
        for owner, ports in told.items():
            wanted = _each(ports)
            declared = stored.get(owner, {})
            for port in declared.keys() - set(wanted):
                self._delete((*owner, *port))
            for port in wanted:
                if port not in declared:
                    new.append((*owner, *port))
                elif not declared[port]:
                    self._transaction.execute(_of((*owner, *port), update(PortRow).values(declared=True)))
        self._insert(new)

    def join(self, ends: Iterable[tuple[str, End, End]]) -> None:
        """Check that both ends of connections that are about to be stored exist.

        Args:
            ends: what messages call the connection, its source, its target.

        Raises:
            IntegrityError: there is no such step, or it has no such port.
        """
        wanted = list(ends)
        owners = {end[:2] for _, *pair in wanted for end in pair}
        unknown = [owner for owner in owners if owner not in self._known]
        stored = self._stored(unknown)
        open_ends: dict[End, None] = {}
        for name, *pair in wanted:
            for end in pair:
                definition, step, port, direction = end
                owner = (definition, step)
                if owner in stored and (port, direction) in stored[owner]:
                    continue
                ports = self._ports(owner, name)
                if ports is None:
                    open_ends[end] = None
                elif port not in (ports.inputs if direction == IN else ports.outputs):
                    raise IntegrityError(f"{name}: {_lacking(step, port, direction, ports)}")
        self._insert_open(list(open_ends))

    def refuse_connected(self, steps: Mapping[Owner, str]) -> None:
        """Stop before steps are deleted that connections still join.

        Args:
            steps: what messages call each.

        Raises:
            IntegrityError: one is joined.
        """
        row = ConnectionRow
        columns = (row.source_step, row.source_port, row.target_step, row.target_port)
        for definition, some in _in_chunks(steps):
            for end in (row.source_step, row.target_step):
                query = select(end, *columns).where(row.definition_id == definition, end.in_(some)).limit(1)
                for step, *ends in self._transaction.execute(query):
                    name = steps[definition, step]
                    raise IntegrityError(f"{name}: the connection '{_joined(*ends)}' still uses it; delete it in the same edit")

    def _ports(self, owner: Owner, name: str) -> Ports | None:
        """What a step's ports are, or None if that cannot be told."""
        if owner in self._known:
            return self._known[owner]
        definition, step = owner
        row = ProcessorRow
        kind = self._transaction.scalar(select(StepRow.kind).where(StepRow.definition_id == definition, StepRow.id == step))
        if kind is None:
            raise IntegrityError(f"{name}: there is no step '{step}'; add it first or correct the connection")
        found = self._transaction.execute(
            select(row.type, row.config, row.inputs, row.outputs).where(row.definition_id == definition, row.id == step)
        ).first()
        if found is None:
            ports = _grouped(self._stored([owner]).get(owner, {}))
        else:
            own_type, config, inputs, outputs = found
            declared = Processor(
                id=step,
                type=own_type,
                config=config,
                inputs=None if inputs is None else tuple(inputs),
                outputs=None if outputs is None else tuple(outputs),
            )
            ports = processor_ports(declared, self._catalog)
        self._known[owner] = ports
        return ports

    def _stored(self, owners: list[Owner]) -> dict[Owner, dict[tuple[str, str], bool]]:
        """Whether each stored port of some steps is declared."""
        row = PortRow
        found: dict[Owner, dict[tuple[str, str], bool]] = {}
        for definition, some in _in_chunks(owners):
            query = select(row.step_id, row.name, row.direction, row.declared)
            for step, port, direction, declared in self._transaction.execute(
                query.where(row.definition_id == definition, row.step_id.in_(some))
            ):
                found.setdefault((definition, step), {})[port, direction] = declared
        return found

    def _insert(self, ends: Iterable[End], *, declared: bool = True) -> None:
        rows = [
            {"definition_id": definition, "step_id": step, "name": port, "direction": direction, "declared": declared}
            for definition, step, port, direction in ends
        ]
        insert_rows(self._transaction, PortRow, rows, lambda row: f"port '{row['name']}' of step '{row['step_id']}'")

    def _insert_open(self, ends: list[End]) -> None:
        stored = self._stored(list({end[:2] for end in ends}))
        self._insert((end for end in ends if end[2:] not in stored.get(end[:2], {})), declared=False)

    def _delete(self, end: End) -> None:
        definition, step, port, direction = end
        row = ConnectionRow
        own_step, own_port = (row.source_step, row.source_port) if direction == OUT else (row.target_step, row.target_port)
        columns = (row.source_step, row.source_port, row.target_step, row.target_port)
        query = select(*columns).where(row.definition_id == definition, own_step == step, own_port == port)
        for ends in self._transaction.execute(query.limit(1)):
            raise IntegrityError(
                f"{_owner(step)} would lose its {_word(step, direction)} '{port}', which '{_joined(*ends)}' uses;"
                " delete that connection in the same edit"
            )
        self._transaction.execute(_of(end, delete(PortRow)))


def _each(ports: Ports | None) -> list[tuple[str, str]]:
    if ports is None:
        return []
    return [(name, IN) for name in sorted(ports.inputs)] + [(name, OUT) for name in sorted(ports.outputs)]


def _grouped(stored: Iterable[tuple[str, str]]) -> Ports:
    named = list(stored)
    return Ports(
        frozenset(name for name, direction in named if direction == IN),
        frozenset(name for name, direction in named if direction == OUT),
    )


def _in_chunks(owners: Iterable[Owner]) -> Iterator[tuple[int, Sequence[str]]]:
    """Ids of steps by definition, in pieces fit for one query each."""
    by_definition: dict[int, list[str]] = {}
    for definition, step in owners:
        by_definition.setdefault(definition, []).append(step)
    for definition, steps in by_definition.items():
        for some in chunks(steps):
            yield definition, some


def _of(end: End, statement: Statement) -> Statement:
    definition, step, port, direction = end
    row = PortRow
    return statement.where(row.definition_id == definition, row.step_id == step, row.name == port, row.direction == direction)


def _joined(source_step: str, source_port: str, target_step: str, target_port: str) -> str:
    return f"{join_end(source_step, source_port)}->{join_end(target_step, target_port)}"


def _owner(step: str) -> str:
    return f"step '{step}'" if step else "the definition"


def _word(step: str, direction: str) -> str:
    """What its owner calls the port. Inside a definition its own inputs give messages, and its outputs take them."""
    return "input" if (direction == IN) == bool(step) else "output"


def _lacking(step: str, port: str, direction: str, ports: Ports) -> str:
    has, others = sorted(ports.inputs), sorted(ports.outputs)
    if direction == OUT:
        has, others = others, has
    word = _word(step, direction)
    if port in others:
        return f"'{port}' of {_owner(step)} is no {word}; a connection leads from an output to an input"
    known = f"it has {listed(has)}" if has else "it has none"
    return f"{_owner(step)} has no {word} '{port}' ({known}){did_you_mean(port, has)}"
