"""Lifting: parts of a subflow move one level up, beside it, and stay connected as they were."""

from __future__ import annotations

from collections.abc import Collection

from msgspec import structs

from engine.errors import NotFound, UsageError
from engine.model.apply import apply, diff
from engine.model.change import Change
from engine.model.flow import Connection, Flow, Subflow
from engine.model.level import free_name, part_of, scope_at, step_of, with_level
from engine.model.ports import split_end
from engine.model.problem import shown
from engine.model.scope import Scope
from engine.model.unwrap import unwrap
from engine.model.wrap import wrap


def lift(flow: Flow, keys: Collection[str], step_id: str, within: str = "") -> list[Change]:
    """Moves steps and labels out of the subflow `step_id`, which is a step of `within`, to where it is.

    Connections between what moves and what stays lead through ports of the subflow. Where the subflow's definition has other
    uses, they keep everything: this one gets a definition of its own. With all steps moved, the subflow is gone.

    Raises:
        UsageError: the step is no subflow, nothing is to be moved, or a moved step needs a parameter that means something else
            outside.
        NotFound: there is no such part.
    """
    subflow = step_of(scope_at(flow, within).flow, step_id)
    definition = scope_at(flow, within).find(subflow.flow) if isinstance(subflow, Subflow) else None
    if not isinstance(subflow, Subflow) or definition is None:
        raise UsageError(f"{shown(step_id)} is no subflow; parts can only be moved out of one")
    inner = definition.flow
    for key in keys:
        part_of(inner, key)
    moving = set(keys)
    if not moving:
        raise UsageError("nothing is selected; select what is to be moved out of the subflow")
    rest = [key for key in (*inner.steps, *(f"label:{id}" for id in inner.labels)) if key not in moving]
    if not any(key in inner.steps for key in rest):
        return unwrap(flow, step_id, within)
    if _is_shared(flow, definition):
        copied = _with_own(flow, within, subflow, definition)
        return diff(flow, apply(copied, lift(copied, keys, step_id, within)))
    # What stays becomes a subflow inside; with the one around it dissolved, it has taken its place.
    name = free_name(inner.name, dict.fromkeys(definition.visible()))
    wrapped = apply(flow, wrap(flow, rest, name, definition.path))
    inside = next(key for key in scope_at(wrapped, definition.path).flow.steps if key not in inner.steps)
    before = scope_at(wrapped, within).flow.steps
    dissolved = apply(wrapped, unwrap(wrapped, step_id, within))
    level = scope_at(dissolved, within).flow
    stays = next(
        (
            key
            for key, step in level.steps.items()
            if key not in before and isinstance(step, Subflow) and _is(step, name, level)
        ),
        None,
    )
    if stays is None:
        raise NotFound(f"what stays of '{step_id}' cannot be found (it was '{inside}'); undo, and wrap it by hand")
    return diff(flow, with_level(dissolved, within, _in_place(level, stays, subflow)))


def _is_shared(flow: Flow, definition: Scope) -> bool:
    """Whether more than one step uses a definition."""
    uses = [
        step
        for scope in Scope(flow).walk()
        for step in scope.flow.steps.values()
        if isinstance(step, Subflow) and (found := scope.find(step.flow)) is not None and found.path == definition.path
    ]
    return len(uses) > 1


def _with_own(flow: Flow, within: str, subflow: Subflow, definition: Scope) -> Flow:
    """The flow with a copy of the definition for one of its uses."""
    holder = definition.path.rpartition("/")[0]
    level = scope_at(flow, holder).flow
    name = free_name(subflow.flow, dict.fromkeys((*definition.visible(), *scope_at(flow, within).visible())))
    copy = structs.replace(definition.flow, header=structs.replace(definition.flow.header, name=name))
    flow = with_level(flow, holder, structs.replace(level, definitions={**level.definitions, name: copy}))
    level = scope_at(flow, within).flow
    return with_level(
        flow, within, structs.replace(level, steps={**level.steps, subflow.id: structs.replace(subflow, flow=name)})
    )


def _is(step: Subflow, name: str, level: Flow) -> bool:
    """Whether a subflow uses the definition that was made of what stays, or what it was renamed to."""
    return step.flow in level.definitions and (step.flow == name or step.flow.startswith(f"{name}-"))


def _in_place(level: Flow, stays: str, subflow: Subflow) -> Flow:
    """The level with the subflow that stays called, placed and looking like the one that it was."""
    step = level.steps[stays]
    assert isinstance(step, Subflow)
    definitions = dict(level.definitions)
    name = step.flow
    if subflow.flow not in definitions:
        found = definitions.pop(name)
        name = subflow.flow
        definitions[name] = structs.replace(found, header=structs.replace(found.header, name=name))
    kept = structs.replace(
        step,
        id=subflow.id,
        flow=name,
        name=subflow.name,
        notes=subflow.notes,
        color=subflow.color,
        position=subflow.position,
        enabled=subflow.enabled,
    )
    connections = [_renamed(each, stays, subflow.id) for each in level.connections.values()]
    return structs.replace(
        level,
        steps={(subflow.id if key == stays else key): (kept if key == stays else each) for key, each in level.steps.items()},
        connections={each.id: each for each in connections},
        definitions=definitions,
    )


def _renamed(connection: Connection, old: str, new: str) -> Connection:
    def end(text: str) -> str:
        step, port = split_end(text)
        return f"{new}.{port}" if step == old else text

    return structs.replace(connection, source=end(connection.source), target=end(connection.target))
