"""Wrapping: a selection becomes a subflow, and the connections it cuts lead through the subflow's ports."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from msgspec import structs

from engine.errors import UsageError
from engine.model.apply import diff
from engine.model.change import Change
from engine.model.flow import Connection, Flow, Header, Label, Limit, Position, Processor, Subflow
from engine.model.level import check_name, free_name, part_of, scope_at, with_level
from engine.model.ports import split_end


def wrap(flow: Flow, keys: Collection[str], name: str, within: str = "") -> list[Change]:
    """Makes a definition called `name` of a selection of steps and labels, and puts one subflow in its place.

    The subflow hands over every parameter, so that the steps see the same ones. The flow runs as before.

    Raises:
        UsageError: no step is selected, or the name is malformed or taken.
    """
    scope = scope_at(flow, within)
    level = scope.flow
    parts = [part_of(level, key) for key in dict.fromkeys(keys)]
    inner = {part.id: part for part in parts if isinstance(part, Processor | Subflow)}
    labels = {part.id: part for part in parts if isinstance(part, Label)}
    if not inner:
        raise UsageError("nothing can be wrapped without a processor or subflow; select some")
    check_name(name, "definition", dict.fromkeys(scope.visible()))
    outer = {key: step for key, step in level.steps.items() if key not in inner}
    subflow_id = free_name(name, level.steps)
    cut = _Cut(level, inner, subflow_id)
    definition = Flow(
        header=Header(name=name, inputs=tuple(cut.inputs.values()), outputs=tuple(cut.outputs.values())),
        parameters=level.parameters,
        steps=inner,
        connections=cut.inside,
        labels=labels,
    )
    subflow = Subflow(
        id=subflow_id,
        flow=name,
        parameters={parameter: f"${{{parameter}}}" for parameter in level.parameters},
        position=corner([*inner.values(), *labels.values()]),
    )
    wrapped = structs.replace(
        level,
        steps={**outer, subflow_id: subflow},
        connections=cut.outside,
        labels={key: label for key, label in level.labels.items() if key not in labels},
        definitions={**level.definitions, name: definition},
    )
    return diff(flow, with_level(flow, within, wrapped))


def corner(parts: Collection[Processor | Subflow | Label]) -> Position | None:
    """The upper left corner of parts; None when none of them has a position."""
    positions = [part.position for part in parts if part.position is not None]
    return (min(x for x, _ in positions), min(y for _, y in positions)) if positions else None


class _Cut:
    """The connections of a flow around a selection: inside it, outside it, and cut at ports that are named here.

    `inputs` and `outputs` give the port for each end inside.
    """

    def __init__(self, level: Flow, inner: Mapping[str, object], subflow_id: str) -> None:
        self.inside: dict[str, Connection] = {}
        self.outside: dict[str, Connection] = {}
        self.inputs: dict[str, str] = {}
        self.outputs: dict[str, str] = {}
        self._inner = inner
        self._subflow_id = subflow_id
        cut: list[tuple[Connection, bool, bool]] = []
        for connection in level.connections.values():
            begins, ends = self._is_inner(connection.source), self._is_inner(connection.target)
            if begins and ends:
                self.inside[connection.id] = connection
            elif begins or ends:
                cut.append((connection, begins, ends))
            else:
                self.outside[connection.id] = connection
        for connection, begins, _ in cut:
            self._add(connection, leaves=begins)

    def _is_inner(self, end: str) -> bool:
        return split_end(end)[0] in self._inner

    def _add(self, connection: Connection, *, leaves: bool) -> None:
        """The policy stays with the half outside; the half inside must not narrow it."""
        end = connection.source if leaves else connection.target
        named = self.outputs if leaves else self.inputs
        if end not in named:
            step, port = split_end(end)
            taken = set(named.values())
            named[end] = port if port not in taken else free_name(f"{step}-{port}", taken)
        port = named[end]
        half = Connection(source=end, target=port) if leaves else Connection(source=port, target=end)
        if not _within_default(connection.limit):
            half = structs.replace(half, limit=Limit(0, 0))
        if half.id not in self.inside or half.limit != Limit():
            self.inside[half.id] = half
        port_outside = f"{self._subflow_id}.{port}"
        rest = structs.replace(connection, source=port_outside) if leaves else structs.replace(connection, target=port_outside)
        self.outside[rest.id] = rest


def _within_default(limit: Limit) -> bool:
    """Whether the default limit on the way would change nothing."""
    default = Limit()
    return 0 < limit.messages <= default.messages and 0 < limit.size_bytes <= default.size_bytes
