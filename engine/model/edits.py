"""Edits: what a person does to a flow, as Changes.

Every edit looks at a flow and returns the changes that carry it out; nothing is changed in place. `within` names the definition
that is edited, by the names that lead there joined by `/`; empty, it is the flow itself. Ids never change.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from msgspec import structs

from engine.errors import NotFound, UsageError
from engine.model.apply import diff, key_of
from engine.model.change import Change
from engine.model.flow import Connection, Flow, Label, Parameter, Part, Position, Processor, Subflow
from engine.model.fragment import copy, duplicate, paste
from engine.model.level import check_name, connection_of, part_of, scope_at, step_of, with_level
from engine.model.ports import FAILURE, split_end
from engine.model.problem import did_you_mean, listed, shown
from engine.model.unwrap import unwrap
from engine.model.wrap import wrap

__all__ = [
    "add",
    "add_definition",
    "bring_to_front",
    "configure",
    "connect",
    "copy",
    "delete",
    "disconnect",
    "duplicate",
    "edit_code",
    "move",
    "paste",
    "reconnect",
    "remove_definition",
    "rename",
    "send_to_back",
    "set_auto_terminate",
    "set_parameter",
    "unwrap",
    "wrap",
]

_KEYS = frozenset({"id", "source", "target"})


def add(flow: Flow, part: Processor | Subflow | Label, within: str = "") -> list[Change]:
    """Adds a step or a label.

    Raises:
        UsageError: its id is malformed or taken.
    """
    scope = scope_at(flow, within)
    if isinstance(part, Label):
        check_name(part.id, "label", scope.flow.labels)
    else:
        check_name(part.id, "processor or subflow", scope.flow.steps)
    return [Change(scope.prefix + key_of(part), None, part)]


def move(flow: Flow, positions: Mapping[str, Position], within: str = "") -> list[Change]:
    """Puts steps and labels (`label:ID`) at positions on the canvas."""
    scope = scope_at(flow, within)
    changes: list[Change] = []
    for key, position in positions.items():
        part = part_of(scope.flow, key)
        if not isinstance(part, Processor | Subflow | Label):
            raise UsageError(f"{shown(key)} has no position; move processors, subflows and labels")
        changes += _replaced(scope.prefix, part, position=position)
    return changes


def bring_to_front(flow: Flow, keys: Collection[str], within: str = "") -> list[Change]:
    """Has steps lie over all other steps of their level, connections over all other connections; their order stays."""
    return _restacked(flow, keys, within, 1)


def send_to_back(flow: Flow, keys: Collection[str], within: str = "") -> list[Change]:
    """Has steps lie below all other steps of their level, connections below all other connections; their order stays."""
    return _restacked(flow, keys, within, -1)


def _restacked(flow: Flow, keys: Collection[str], within: str, way: int) -> list[Change]:
    """Steps and connections beyond all others, upwards (1) or downwards (-1). What lies there already stays as it is."""
    scope = scope_at(flow, within)
    wanted = frozenset(keys)
    changes: list[Change] = []
    for parts in (scope.flow.steps, scope.flow.connections):
        chosen = [part for key, part in parts.items() if key in wanted]
        layers = sorted({way * part.layer for part in chosen})
        edge = max((way * part.layer for key, part in parts.items() if key not in wanted), default=None)
        if not layers or edge is None or layers[0] > edge:
            continue
        found = {layer: way * (edge + number) for number, layer in enumerate(layers, start=1)}
        for part in chosen:
            changes += _replaced(scope.prefix, part, layer=found[way * part.layer])
    return changes


def rename(flow: Flow, step_id: str, name: str, within: str = "") -> list[Change]:
    """Gives a step another name to show; its id stays."""
    scope = scope_at(flow, within)
    return _replaced(scope.prefix, step_of(scope.flow, step_id), name=name)


def configure(flow: Flow, key: str, within: str = "", **fields: Any) -> list[Change]:
    """Sets fields of a step, a connection, a label (`label:ID`) or the header (`flow:`).

    Raises:
        UsageError: the part has no such field, or it is part of what identifies it.
    """
    scope = scope_at(flow, within)
    part = part_of(scope.flow, key)
    known = part.__struct_fields__
    for field in fields:
        if field in _KEYS or (key == "flow:" and field == "name" and within):
            raise UsageError(f"{shown(key)} keeps its `{field}` as long as it lives; add another part instead")
        if field not in known:
            raise UsageError(f"{shown(key)} has no field {shown(field)}{did_you_mean(field, known)}")
    return _replaced(scope.prefix, part, **fields)


def edit_code(flow: Flow, step_id: str, code: str, within: str = "") -> list[Change]:
    """Gives a processor other code; code from git gives way to it."""
    scope = scope_at(flow, within)
    step = step_of(scope.flow, step_id)
    if not isinstance(step, Processor):
        raise UsageError(f"'{step_id}' is a subflow and has no code; edit a processor inside it")
    return _replaced(scope.prefix, step, code=code, git=None)


def set_auto_terminate(flow: Flow, step_id: str, ports: Collection[str], within: str = "") -> list[Change]:
    """Says which outputs of a step are dropped on purpose."""
    scope = scope_at(flow, within)
    return _replaced(scope.prefix, step_of(scope.flow, step_id), auto_terminate=tuple(dict.fromkeys(ports)))


def set_parameter(flow: Flow, name: str, value: Any, within: str = "") -> list[Change]:
    """Gives a parameter a value; makes the parameter if there is none."""
    scope = scope_at(flow, within)
    parameters = scope.flow.parameters
    before = Parameter(name, parameters[name]) if name in parameters else None
    if before is None:
        check_name(name, "parameter", parameters)
    after = Parameter(name, value)
    return [] if before == after else [Change(f"{scope.prefix}parameter:{name}", before, after)]


def add_definition(flow: Flow, definition: Flow, within: str = "") -> list[Change]:
    """Adds a flow to those that can be used as subflows."""
    scope = scope_at(flow, within)
    check_name(definition.name, "definition", scope.flow.definitions)
    level = structs.replace(scope.flow, definitions={**scope.flow.definitions, definition.name: definition})
    return diff(flow, with_level(flow, within, level))


def remove_definition(flow: Flow, name: str, within: str = "") -> list[Change]:
    """Removes a definition that nothing uses.

    Raises:
        NotFound: there is none.
        UsageError: it is used.
    """
    scope = scope_at(flow, within)
    if name not in scope.flow.definitions:
        raise NotFound(f"there is no definition {shown(name)}{did_you_mean(name, scope.flow.definitions)}")
    path = scope.below(name).path
    users = [
        below.prefix + step.id
        for below in scope.walk()
        if below.path != path and not below.path.startswith(f"{path}/")
        for step in below.flow.steps.values()
        if isinstance(step, Subflow) and (found := below.find(step.flow)) is not None and found.path == path
    ]
    if users:
        raise UsageError(f"definition '{name}' is used by {listed(users)}; delete these first")
    definitions = {key: value for key, value in scope.flow.definitions.items() if key != name}
    return diff(flow, with_level(flow, within, structs.replace(scope.flow, definitions=definitions)))


def connect(flow: Flow, source: str, target: str, within: str = "", **policy: Any) -> list[Change]:
    """Joins an output to an input (`processor.port`; a port alone is one of the subflow's own), with a policy's fields.

    An output that was dropped on purpose no longer is.

    Raises:
        UsageError: they are joined already.
        NotFound: an end's step does not exist.
    """
    scope = scope_at(flow, within)
    connection = Connection(source=source, target=target, **policy)
    return [*_opened(scope.flow, scope.prefix, source), *_added(scope.flow, scope.prefix, connection)]


def disconnect(flow: Flow, connection_id: str, within: str = "") -> list[Change]:
    """Removes a connection."""
    scope = scope_at(flow, within)
    return [Change(scope.prefix + connection_id, connection_of(scope.flow, connection_id), None)]


def reconnect(
    flow: Flow, connection_id: str, source: str | None = None, target: str | None = None, within: str = ""
) -> list[Change]:
    """Moves an end of a connection, or both; its policy stays."""
    scope = scope_at(flow, within)
    old = connection_of(scope.flow, connection_id)
    new = structs.replace(old, source=source or old.source, target=target or old.target, bends=(), label_at=None)
    if new.id == old.id:
        return []
    removed = Change(scope.prefix + old.id, old, None)
    return [removed, *_opened(scope.flow, scope.prefix, new.source), *_added(scope.flow, scope.prefix, new)]


def delete(flow: Flow, keys: Collection[str], within: str = "", *, heal: bool = False) -> list[Change]:
    """Removes steps with their connections, connections, labels (`label:ID`) and parameters (`parameter:NAME`).

    With `heal`, what led into a removed step leads on to where its outputs led (`failure` aside), with the policy it had.
    """
    scope = scope_at(flow, within)
    level = scope.flow
    steps: dict[str, None] = {}
    gone: list[Change] = []
    for key in dict.fromkeys(keys):
        name = key.removeprefix("parameter:")
        if name != key:
            if name not in level.parameters:
                raise NotFound(f"there is no parameter {shown(name)}{did_you_mean(name, level.parameters)}")
            gone.append(Change(scope.prefix + key, Parameter(name, level.parameters[name]), None))
            continue
        part = part_of(level, key)
        if isinstance(part, Processor | Subflow):
            steps[key] = None
        elif key == "flow:":
            raise UsageError("a flow's header cannot be deleted; delete the flow, or remove the definition")
        else:
            gone.append(Change(scope.prefix + key, part, None))
    kept = {change.id for change in gone}
    lost, healed = _detached(level, steps, heal=heal)
    gone += [Change(scope.prefix + each.id, each, None) for each in lost if scope.prefix + each.id not in kept]
    gone += [Change(scope.prefix + key, level.steps[key], None) for key in steps]
    return gone + [Change(scope.prefix + each.id, None, each) for each in healed]


def _detached(level: Flow, steps: Mapping[str, None], *, heal: bool) -> tuple[list[Connection], list[Connection]]:
    """The connections that go with removed steps, and those that close the gaps."""
    touching: dict[str, dict[str, Connection]] = {key: {} for key in steps}
    for connection in level.connections.values():
        for end in (connection.source, connection.target):
            touching.get(split_end(end)[0], {})[connection.id] = connection
    lost = {key: connection for connections in touching.values() for key, connection in connections.items()}
    healed: dict[str, Connection] = {}
    for step_id in steps if heal else ():
        around = list(touching[step_id].values())
        for way_in in around:
            if split_end(way_in.target)[0] != step_id or split_end(way_in.source)[0] == step_id:
                continue
            for way_out in around:
                source_step, source_port = split_end(way_out.source)
                if source_step != step_id or source_port == FAILURE or split_end(way_out.target)[0] == step_id:
                    continue
                bridge = structs.replace(way_in, target=way_out.target, bends=(), label_at=None)
                healed.setdefault(bridge.id, bridge)
                for end in (bridge.source, bridge.target):
                    touching.get(split_end(end)[0], {})[bridge.id] = bridge
    bridges = [
        bridge
        for key, bridge in healed.items()
        if key not in level.connections and not {split_end(bridge.source)[0], split_end(bridge.target)[0]} & steps.keys()
    ]
    return list(lost.values()), bridges


def _added(level: Flow, prefix: str, connection: Connection) -> list[Change]:
    if connection.id in level.connections:
        raise UsageError(f"'{connection.source}' and '{connection.target}' are connected already; change that connection")
    for end in (connection.source, connection.target):
        step_id, port = split_end(end)
        if not port:
            raise UsageError(f"{shown(end)} names no port; write it as processor.port")
        if step_id:
            step_of(level, step_id)
    return [Change(prefix + connection.id, None, connection)]


def _opened(level: Flow, prefix: str, source: str) -> list[Change]:
    """The change that stops dropping an output, if it is dropped."""
    step_id, port = split_end(source)
    step = level.steps.get(step_id)
    if step is None or port not in step.auto_terminate:
        return []
    return _replaced(prefix, step, auto_terminate=tuple(other for other in step.auto_terminate if other != port))


def _replaced(prefix: str, part: Part, **fields: Any) -> list[Change]:
    """The change of some fields of a part; none when they have these values already."""
    after = structs.replace(part, **fields)
    return [] if after == part else [Change(prefix + key_of(part), part, after)]
