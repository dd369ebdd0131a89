"""The parts of a flow as a canvas shows them: where one is in the flow, and which ports its steps have."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any

from msgspec import Struct

from engine.model.catalog import Catalog, decode_config
from engine.model.flow import CODE_TYPES, Flow, Processor, Subflow
from engine.model.ports import Ports, built_in_ports, split_end
from engine.model.ports import ports as ports_of
from engine.model.scope import Scope

__all__ = ["Place", "Ports", "place_within", "ports", "split_end", "steps_below", "title_of", "why_not"]


class Place(Struct, frozen=True):
    """A level of a flow that is looked at: the subflows one went through, by their ids; none for the flow itself."""

    steps: tuple[str, ...] = ()

    def scope(self, flow: Flow) -> Scope | None:
        """The flow or definition that is there; None when it is gone."""
        scope = Scope(flow)
        for id in self.steps:
            step = scope.flow.steps.get(id)
            below = scope.find(step.flow) if isinstance(step, Subflow) else None
            if below is None:
                return None
            scope = below
        return scope

    def below(self, step: str) -> Place:
        """One level down, into a subflow."""
        return Place((*self.steps, step))

    @property
    def above(self) -> Place:
        """One level up."""
        return Place(self.steps[:-1])

    @property
    def prefix(self) -> str:
        """What stands before a step's id in a running flow: `sub/`."""
        return "".join(f"{step}/" for step in self.steps)


def place_within(flow: Flow, path: str) -> Place | None:
    """The nearest place at which the definition of a path (as in `Scope.path`) is used; None when nothing uses it."""
    waiting = deque([(Scope(flow), Place())])
    seen = {""}
    while waiting:
        scope, place = waiting.popleft()
        if scope.path == path:
            return place
        for step in scope.flow.steps.values():
            below = scope.find(step.flow) if isinstance(step, Subflow) else None
            if below is not None and below.path not in seen:
                seen.add(below.path)
                waiting.append((below, place.below(step.id)))
    return None


@lru_cache(maxsize=1)
def _catalog() -> Catalog:
    from engine.processors.registry import catalog

    return catalog()


def ports(step: Processor | Subflow, scope: Scope) -> Ports:
    """A step's ports; where they cannot be told, those that its type usually has and its connections name."""
    is_built_in = isinstance(step, Processor) and step.type not in CODE_TYPES
    found = ports_of(step, scope, _catalog() if is_built_in else {})  # all types need not be imported for the others
    if found is not None:
        return found
    usual = usual_ports(step.type) if isinstance(step, Processor) else Ports((), ())
    inputs = _named(step.id, (connection.target for connection in scope.flow.connections.values()))
    outputs = _named(step.id, (connection.source for connection in scope.flow.connections.values()))
    return Ports(tuple(dict.fromkeys((*usual.inputs, *inputs))), tuple(dict.fromkeys((*usual.outputs, *outputs))))


def _named(step: str, ends: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(port for owner, port in map(split_end, ends) if owner == step))


@lru_cache
def usual_ports(type: str) -> Ports:
    """The ports of a built-in type as far as they do not depend on its configuration; none of a type that there is not."""
    declared = _catalog().get(type)
    if declared is None:
        return Ports((), ())
    config, _ = decode_config(declared, {})
    inputs, outputs = (_constant(declared.inputs, config), _constant(declared.outputs, config))
    return built_in_ports(inputs, outputs)


def _constant(ports: Callable[[Any], tuple[str, ...]], config: Any) -> tuple[str, ...]:
    try:
        return ports(config)
    except (AttributeError, TypeError):  # it depends on a setting that is not there
        return ()


def title_of(type: str) -> str:
    """A processor type as people call it."""
    if type in CODE_TYPES:
        return {"python": "Python", "node": "Node.js", "bash": "bash"}[type]
    declared = _catalog().get(type)
    return getattr(declared, "title", type) if declared is not None else type


def category_of(type: str) -> str:
    """What kind of thing a processor type does: code, sources, routing ..."""
    if type in CODE_TYPES:
        return "code"
    declared = _catalog().get(type)
    return getattr(declared, "category", "") if declared is not None else ""


def why_not(scope: Scope, source: str, target: str) -> str:
    """Why an output cannot be joined to an input (`step.port`, or a subflow's own port alone); "" when it can."""
    if any(connection.source == source and connection.target == target for connection in scope.flow.connections.values()):
        return "They are connected already."
    for end, is_source in ((source, True), (target, False)):
        step_id, port = split_end(end)
        if not step_id:
            continue
        step = scope.flow.steps.get(step_id)
        if step is None:
            return f"There is no '{step_id}' here."
        known = ports(step, scope)
        if port and port not in (known.outputs if is_source else known.inputs):
            return f"'{step_id}' has no {'output' if is_source else 'input'} '{port}'."
        if not (known.outputs if is_source else known.inputs):
            return f"'{step_id}' {'has no outputs' if is_source else 'is a source and takes no input'}."
    return ""


def steps_below(
    scope: Scope, ids: Sequence[str] | None = None, prefix: str = "", *, within: frozenset[str] = frozenset()
) -> Iterator[str]:
    """Full ids (`sub/step`) of the processors that steps stand for, those inside subflows included.

    `within` holds the paths of the definitions around: what holds itself, which no valid flow does, is not gone into again.
    """
    within |= {scope.path}
    for id in scope.flow.steps if ids is None else ids:
        step = scope.flow.steps.get(id)
        if isinstance(step, Processor):
            yield prefix + id
        elif isinstance(step, Subflow) and (below := scope.find(step.flow)) is not None and below.path not in within:
            yield from steps_below(below, None, f"{prefix}{id}/", within=within)
