"""Unwrapping: a subflow's parts take its place, and the connections through its ports are joined."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, cast

from msgspec import structs

from engine.errors import NotFound, UsageError
from engine.model.apply import diff
from engine.model.change import Change
from engine.model.flatten import Node, follow, join_policies
from engine.model.flow import Connection, Flow, Git, Position, Processor, Subflow
from engine.model.fragment import Step, fragment, insert, shifted
from engine.model.level import scope_at, step_of, with_level
from engine.model.parameters import as_text, escape, references, resolve, respell
from engine.model.ports import split_end
from engine.model.problem import shown
from engine.model.scope import Scope
from engine.model.wrap import corner


def unwrap(flow: Flow, step_id: str, within: str = "") -> list[Change]:
    """Puts the parts of a subflow in its place. Its definition goes when nothing else uses it.

    Raises:
        UsageError: the step is no subflow, or steps inside need a parameter that means something else outside.
        NotFound: its definition does not exist.
    """
    scope = scope_at(flow, within)
    subflow = step_of(scope.flow, step_id)
    if not isinstance(subflow, Subflow):
        raise UsageError(f"'{step_id}' is a processor; only subflows can be unwrapped")
    definition = scope.find(subflow.flow)
    if definition is None:
        raise NotFound(f"subflow '{step_id}' uses {shown(subflow.flow)}, which is no definition; choose another definition")
    inner = definition.flow
    steps = _respelled(subflow, inner)
    copied = structs.replace(
        fragment(definition, steps, inner.labels), parameters=_needed_parameters(subflow, scope.flow, inner)
    )
    offset = _offset(subflow, inner)
    # The subflow itself is still there, so that no part gets its id: connections to it must stay recognisable.
    level, ids = insert(scope, copied, offset)
    level = _rejoined(level, subflow, inner, ids, offset)
    level = structs.replace(level, steps={key: step for key, step in level.steps.items() if key != step_id})
    return diff(flow, _without_unused(with_level(flow, within, level), definition))


def _offset(subflow: Subflow, inner: Flow) -> Position:
    """How far the parts move so that their corner comes to lie where the subflow was."""
    at = corner([*inner.steps.values(), *inner.labels.values()])
    if at is None or subflow.position is None:
        return (0.0, 0.0)
    return (subflow.position[0] - at[0], subflow.position[1] - at[1])


def _respelled(subflow: Subflow, inner: Flow) -> dict[str, Step]:
    """The steps inside, with settings that refer to the parameters outside."""
    spellings = {**{name: escape(value) for name, value in inner.parameters.items()}, **subflow.parameters}
    steps: dict[str, Step] = {}
    for key, step in inner.steps.items():
        enabled = step.enabled and subflow.enabled
        if isinstance(step, Processor):
            git = step.git and _respelled_git(step.git, spellings)
            steps[key] = structs.replace(step, config=respell(step.config, spellings), git=git, enabled=enabled)
        else:
            steps[key] = structs.replace(step, parameters=respell(step.parameters, spellings), enabled=enabled)
    return steps


def _respelled_git(git: Git, spellings: Mapping[str, Any]) -> Git:
    given = {name: value for name, value in structs.asdict(git).items() if value is not None}
    return structs.replace(git, **{name: as_text(respell(value, spellings)) for name, value in given.items()})


def _needed_parameters(subflow: Subflow, level: Flow, inner: Flow) -> dict[str, Any]:
    """The parameters that code and expressions inside ask for by name and that there are not outside."""
    needed: dict[str, Any] = {}
    for name, default in inner.parameters.items():
        spelled = subflow.parameters.get(name, escape(default))
        if spelled == f"${{{name}}}" or not _asks_for(inner, name):
            continue
        known = level.parameters
        value = resolve(spelled, {**dict.fromkeys(references(spelled)), **known})
        if name in known and known[name] != value:
            raise UsageError(
                f"code inside '{subflow.id}' uses its parameter '{name}', which has another value outside; rename it"
            )
        needed[name] = value
    return needed


def _asks_for(inner: Flow, name: str) -> bool:
    """Whether code or an expression may use a parameter by its name, other than by `${name}`."""
    word = re.compile(rf"(?<![\w{{]){re.escape(name)}(?!\w)")
    for step in inner.steps.values():
        if not isinstance(step, Processor):
            continue
        if step.git is not None or word.search(step.code or "") or any(word.search(text) for text in _texts(step.config)):
            return True
    return False


def _texts(value: Any) -> Iterator[str]:
    """The texts among a setting's values."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in cast("dict[str, Any]", value).values():
            yield from _texts(item)
    elif isinstance(value, list):
        for item in cast("list[Any]", value):
            yield from _texts(item)


def _rejoined(level: Flow, subflow: Subflow, inner: Flow, ids: Mapping[str, str], offset: Position) -> Flow:
    """The flow with every way through the subflow's ports as one connection."""
    ways: dict[Node, list[tuple[Node, Connection]]] = {}
    kept: dict[str, Connection] = {}
    for connection in level.connections.values():
        source = _outside(connection.source, subflow.id, "out")
        target = _outside(connection.target, subflow.id, "in")
        if isinstance(source, str) and isinstance(target, str):
            kept[connection.id] = connection
        else:
            ways.setdefault(source, []).append((target, connection))
    for connection in inner.connections.values():
        source = _inside(connection.source, ids, "in")
        target = _inside(connection.target, ids, "out")
        if not (isinstance(source, str) and isinstance(target, str)):
            bends = tuple(filter(None, (shifted(bend, offset) for bend in connection.bends)))
            ways.setdefault(source, []).append((target, structs.replace(connection, bends=bends)))
    dropped: dict[str, list[str]] = {}
    for source in [node for node in ways if isinstance(node, str)]:
        for target, chain, _ in follow(ways, source):
            if isinstance(target, str):
                joined = join_policies(chain, source, target)
                bends = next((connection.bends for connection in chain if connection.bends), ())
                kept.setdefault(joined.id, structs.replace(joined, bends=bends))
            elif target not in ways and target[0] == "out" and target[1] in subflow.auto_terminate:
                step, port = split_end(source)
                dropped.setdefault(step, []).append(port)
    steps = _dropping(level.steps, dropped, {connection.source for connection in kept.values()})
    return structs.replace(level, connections=kept, steps=steps)


def _outside(end: str, subflow_id: str, face: str) -> Node:
    step, port = split_end(end)
    return (face, port) if step == subflow_id else end


def _inside(end: str, ids: Mapping[str, str], face: str) -> Node:
    step, port = split_end(end)
    return f"{ids.get(step, step)}.{port}" if step else (face, port)


def _dropping(steps: Mapping[str, Step], dropped: Mapping[str, Iterable[str]], connected: set[str]) -> dict[str, Step]:
    """Steps that drop more outputs on purpose, where these lead nowhere else."""
    found = dict(steps)
    for key, ports in dropped.items():
        if key in found:
            more = [port for port in ports if f"{key}.{port}" not in connected]
            ends = tuple(dict.fromkeys([*found[key].auto_terminate, *more]))
            found[key] = structs.replace(found[key], auto_terminate=ends)
    return found


def _without_unused(flow: Flow, definition: Scope) -> Flow:
    """The flow without a definition, unless something uses it."""
    for scope in Scope(flow).walk():
        if scope.path == definition.path or scope.path.startswith(f"{definition.path}/"):
            continue
        for step in scope.flow.steps.values():
            used = scope.find(step.flow) if isinstance(step, Subflow) else None
            if used is not None and used.path == definition.path:
                return flow
    holder, _, name = definition.path.rpartition("/")
    level = scope_at(flow, holder).flow
    definitions = {key: each for key, each in level.definitions.items() if key != name}
    return with_level(flow, holder, structs.replace(level, definitions=definitions))
