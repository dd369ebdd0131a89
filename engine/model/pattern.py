"""Patterns: a selection as a flow file of its own, to be used again as a subflow or as loose parts.

A pattern is a flow whose only step is a use of a definition. What was not connected in the selection, or to what is outside it,
is a port of the definition; the parameters that it refers to are the definition's. Any other flow can be used as a pattern as
well: `as_use` makes one of it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from msgspec import structs

from engine.errors import UsageError
from engine.model.apply import apply
from engine.model.catalog import Catalog
from engine.model.flow import Connection, Flow, Header, Position, Processor, Subflow
from engine.model.fragment import copy, shifted
from engine.model.level import free_name, scope_at
from engine.model.ports import FAILURE, Ports, ports, split_end
from engine.model.scope import Scope
from engine.model.unwrap import unwrap
from engine.model.wrap import corner


def pattern_of(flow: Flow, keys: Collection[str], name: str, notes: str, catalog: Catalog, within: str = "") -> Flow:
    """A selection of steps and labels, or one subflow, as a pattern.

    Raises:
        UsageError: no step is selected.
    """
    part = copy(flow, keys, within)
    if not part.steps:
        raise UsageError("nothing can be a pattern without a processor or subflow; select some")
    part = structs.replace(part, header=Header(name=name, notes=notes))
    if use_of(part) is not None:
        return _called(part, id_of(name))
    level = scope_at(flow, within).flow
    outside = [each for each in level.connections.values() if each.id not in part.connections]
    ends = {each.source for each in outside} | {each.target for each in outside}
    return _as_definition(part, id_of(name), catalog, frozenset(ends))


def as_use(pattern: Flow, catalog: Catalog) -> Flow:
    """The pattern with nothing but one subflow on its top level."""
    if use_of(pattern) is not None:
        return pattern
    return _as_definition(pattern, id_of(pattern.name), catalog, frozenset())


def as_parts(pattern: Flow) -> Flow:
    """The pattern with what is inside its subflow on the top level, if it is nothing but that."""
    use = use_of(pattern)
    return pattern if use is None else apply(pattern, unwrap(pattern, use.id))


def use_of(pattern: Flow) -> Subflow | None:
    """The subflow that is all a pattern has on its top level; None when there is anything else."""
    step = next(iter(pattern.steps.values()), None)
    is_alone = len(pattern.steps) == 1 and not pattern.connections and not pattern.labels
    return step if is_alone and isinstance(step, Subflow) and step.flow in pattern.definitions else None


def inside_of(pattern: Flow) -> Flow:
    """What a pattern holds: the definition that it uses, or itself."""
    use = use_of(pattern)
    return pattern if use is None else pattern.definitions[use.flow]


def id_of(name: str) -> str:
    """A name for people as one that a definition may have: `Retry, then give up` is `retry-then-give-up`."""
    return re.sub(r"[^a-z0-9_]+", "-", name.lower()).strip("-") or "pattern"


def _called(part: Flow, name: str) -> Flow:
    """A pattern whose subflow and definition have another name."""
    [step] = part.steps.values()
    assert isinstance(step, Subflow)
    found = part.definitions[step.flow]
    others = {key: each for key, each in part.definitions.items() if key != step.flow}
    name = free_name(name, others)
    definition = structs.replace(found, header=structs.replace(found.header, name=name))
    use = structs.replace(step, id=name, flow=name, auto_terminate=(), position=(0.0, 0.0))
    return structs.replace(part, steps={name: use}, definitions={name: definition, **others})


def _as_definition(part: Flow, name: str, catalog: Catalog, outside: Collection[str]) -> Flow:
    """A flow's parts as a definition with ports for all open ends; `outside` are ends that lead out, whatever else they do."""
    name = free_name(name, part.definitions)
    inputs: dict[str, str] = {}
    outputs: dict[str, str] = {}
    for step, known in _known_ports(part, catalog):
        for end in _open_inputs(part, step, known, outside):
            inputs[end] = _port(end, inputs)
        for end in _open_outputs(part, step, known, catalog, outside):
            outputs[end] = _port(end, outputs)
    halves = [
        *(Connection(source=port, target=end) for end, port in inputs.items()),
        *(Connection(source=end, target=port) for end, port in outputs.items()),
    ]
    at = corner([*part.steps.values(), *part.labels.values()]) or (0.0, 0.0)
    definition = _moved(part, (-at[0], -at[1]))
    definition = structs.replace(
        definition,
        header=Header(name=name, inputs=tuple(inputs.values()), outputs=tuple(outputs.values())),
        connections={**definition.connections, **{each.id: each for each in halves}},
        definitions={},
    )
    return Flow(
        header=part.header,
        steps={name: Subflow(id=name, flow=name, position=(0.0, 0.0))},
        definitions={name: definition, **part.definitions},
    )


def _known_ports(part: Flow, catalog: Catalog) -> Iterator[tuple[Processor | Subflow, Ports]]:
    scope = Scope(part)
    for step in part.steps.values():
        known = ports(step, scope, catalog)
        if known is not None:
            yield step, known


def _open_inputs(part: Flow, step: Processor | Subflow, known: Ports, outside: Collection[str]) -> Iterator[str]:
    fed = {connection.target for connection in part.connections.values()}
    for port in known.inputs:
        end = f"{step.id}.{port}"
        if end in outside or end not in fed:
            yield end


def _open_outputs(
    part: Flow, step: Processor | Subflow, known: Ports, catalog: Catalog, outside: Collection[str]
) -> Iterator[str]:
    led = {connection.source for connection in part.connections.values()}
    declared = catalog.get(step.type) if isinstance(step, Processor) else None
    ends_here = {FAILURE, *step.auto_terminate, *(("success",) if declared is not None and declared.final else ())}
    for port in known.outputs:
        end = f"{step.id}.{port}"
        if end in outside or (end not in led and port not in ends_here):
            yield end


def _port(end: str, taken: dict[str, str]) -> str:
    """What a port for an end is called: as the end's own port, or with its step in front where that is taken."""
    step, port = split_end(end)
    names = set(taken.values())
    return port if port not in names else free_name(f"{step}-{port}", names)


def _moved(part: Flow, offset: Position) -> Flow:
    return structs.replace(
        part,
        steps={key: structs.replace(step, position=shifted(step.position, offset)) for key, step in part.steps.items()},
        labels={key: structs.replace(label, position=shifted(label.position, offset)) for key, label in part.labels.items()},
        connections={
            key: structs.replace(each, bends=tuple((x + offset[0], y + offset[1]) for x, y in each.bends))
            for key, each in part.connections.items()
        },
    )
