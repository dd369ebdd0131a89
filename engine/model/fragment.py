"""Copying and pasting: a selection as a flow of its own, and its way into another flow."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from msgspec import structs

from engine.model.apply import diff
from engine.model.change import Change
from engine.model.flow import Connection, Flow, Header, Label, Position, Processor, Subflow
from engine.model.level import free_name, part_of, scope_at, with_level
from engine.model.parameters import references, settings_of
from engine.model.ports import split_end
from engine.model.scope import Scope

Step = Processor | Subflow


def copy(flow: Flow, keys: Collection[str], within: str = "") -> Flow:
    """A selection as a flow: steps and labels, the connections between them, and the definitions and parameters they refer to.

    It can be written as a flow file, so that text carries it from one program to another.
    """
    scope = scope_at(flow, within)
    parts = [part_of(scope.flow, key) for key in dict.fromkeys(keys)]
    steps = {part.id: part for part in parts if isinstance(part, Processor | Subflow)}
    return fragment(scope, steps, {part.id: part for part in parts if isinstance(part, Label)})


def paste(flow: Flow, pasted: Flow, offset: Position = (40.0, 40.0), within: str = "") -> list[Change]:
    """Puts a copied flow's parts into a flow, moved by an offset, under new ids where theirs are taken."""
    scope = scope_at(flow, within)
    level, _ = insert(scope, pasted, offset)
    return diff(flow, with_level(flow, within, level))


def duplicate(flow: Flow, keys: Collection[str], offset: Position = (40.0, 40.0), within: str = "") -> list[Change]:
    """A second copy of a selection beside the first."""
    return paste(flow, copy(flow, keys, within), offset, within)


def fragment(scope: Scope, steps: Mapping[str, Step], labels: Mapping[str, Label]) -> Flow:
    """Parts of a flow as a flow of their own."""
    connections = {
        key: connection
        for key, connection in scope.flow.connections.items()
        if split_end(connection.source)[0] in steps and split_end(connection.target)[0] in steps
    }
    settings = [settings_of(step) if isinstance(step, Processor) else step.parameters for step in steps.values()]
    referred = dict.fromkeys(name for setting in settings for name in references(setting))
    extraction = _Extraction()
    return Flow(
        header=Header(name=scope.flow.name),
        parameters={name: scope.flow.parameters[name] for name in referred if name in scope.flow.parameters},
        steps=extraction.redirected(steps, scope),
        connections=connections,
        labels=dict(labels),
        definitions=extraction.definitions(),
    )


class _Extraction:
    """Gathers the definitions that parts use, directly or not, under names that are unique among them."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}
        self._flows: dict[str, Flow] = {}

    def redirected(self, steps: Mapping[str, Step], scope: Scope) -> dict[str, Step]:
        """Steps whose subflows use the gathered definitions."""
        return {key: self._redirected(step, scope) for key, step in steps.items()}

    def definitions(self) -> dict[str, Flow]:
        """What was gathered, by name."""
        return dict(self._flows)

    def _redirected(self, step: Step, scope: Scope) -> Step:
        definition = scope.find(step.flow) if isinstance(step, Subflow) else None
        if definition is None:
            return step
        name = self._names.get(definition.path)
        if name is None:
            name = self._names[definition.path] = (
                free_name(step.flow, self._names.values()) if isinstance(step, Subflow) else ""
            )
            self._flows[name] = self._standalone(definition, definition.path, name)
        return step if isinstance(step, Subflow) and step.flow == name else structs.replace(step, flow=name)

    def _standalone(self, scope: Scope, top: str, name: str | None = None) -> Flow:
        """A definition that refers to others only by the names they are gathered under; its own stay inside it."""
        steps: dict[str, Step] = {}
        for key, step in scope.flow.steps.items():
            used = scope.find(step.flow) if isinstance(step, Subflow) else None
            inside = used is not None and used.path.startswith(f"{top}/")
            steps[key] = step if used is None or inside else self._redirected(step, scope)
        header = scope.flow.header if name is None else structs.replace(scope.flow.header, name=name)
        definitions = {key: self._standalone(scope.below(key), top) for key in scope.flow.definitions}
        return structs.replace(scope.flow, header=header, steps=steps, definitions=definitions)


def insert(scope: Scope, pasted: Flow, offset: Position) -> tuple[Flow, dict[str, str]]:
    """A flow with another's parts put in, and the new ids of the steps by their old ones."""
    level = scope.flow
    definitions, names = _inserted_definitions(scope, pasted)
    ids: dict[str, str] = {}
    steps = dict(level.steps)
    for key, step in pasted.steps.items():
        ids[key] = free_name(key, steps)
        moved = structs.replace(step, id=ids[key], position=shifted(step.position, offset))
        if isinstance(moved, Subflow):
            moved = structs.replace(moved, flow=names.get(moved.flow, moved.flow))
        steps[moved.id] = moved
    connections = dict(level.connections)
    for connection in pasted.connections.values():
        joined = _renamed_ends(connection, ids, offset)
        connections[joined.id] = joined
    labels = dict(level.labels)
    for key, label in pasted.labels.items():
        name = free_name(key, labels)
        labels[name] = structs.replace(label, id=name, position=shifted(label.position, offset))
    new = structs.replace(
        level,
        parameters={**pasted.parameters, **level.parameters},
        steps=steps,
        connections=connections,
        labels=labels,
        definitions=definitions,
    )
    return new, ids


def shifted(position: Position | None, offset: Position) -> Position | None:
    """A position moved by an offset; none stays none."""
    return None if position is None else (position[0] + offset[0], position[1] + offset[1])


def _renamed_ends(connection: Connection, ids: Mapping[str, str], offset: Position) -> Connection:
    source, source_port = split_end(connection.source)
    target, target_port = split_end(connection.target)
    return structs.replace(
        connection,
        source=f"{ids[source]}.{source_port}",
        target=f"{ids[target]}.{target_port}",
        bends=tuple((x + offset[0], y + offset[1]) for x, y in connection.bends),
    )


def _inserted_definitions(scope: Scope, pasted: Flow) -> tuple[dict[str, Flow], dict[str, str]]:
    """The level's definitions with the pasted ones, and the names under which the pasted ones are found there.

    A definition that is visible already and the same is used as it is; a different one of the same name gets a new name.
    """
    visible = dict.fromkeys(scope.visible())
    names: dict[str, str] = {}
    fresh: dict[str, Flow] = {}
    for name, definition in pasted.definitions.items():
        found = scope.find(name)
        if found is not None and found.flow == definition:
            continue
        new_name = free_name(name, {**visible, **dict.fromkeys(fresh)})
        if new_name != name:
            names[name] = new_name
        fresh[new_name] = definition
    definitions = dict(scope.flow.definitions)
    for name, definition in fresh.items():
        renamed = structs.replace(definition, header=structs.replace(definition.header, name=name))
        definitions[name] = _redirect(renamed, names)
    return definitions, names


def _redirect(flow: Flow, names: Mapping[str, str]) -> Flow:
    """A flow whose subflows use definitions around it by their new names; its own definitions hide those of the same name."""
    names = {old: new for old, new in names.items() if old not in flow.definitions}
    if not names:
        return flow
    steps = {
        key: structs.replace(step, flow=names.get(step.flow, step.flow)) if isinstance(step, Subflow) else step
        for key, step in flow.steps.items()
    }
    return structs.replace(
        flow, steps=steps, definitions={key: _redirect(each, names) for key, each in flow.definitions.items()}
    )
