"""Which queues of a running flow a connection to or from a subflow stands for.

Messages do not wait at a subflow's ports: what leads through them is one connection in the running flow, from the processor
inside that sends to the one that receives. It is shown once, on the connection between the cards that hold these two.
"""

from __future__ import annotations

from collections.abc import Iterable

from engine.client.parts import split_end
from engine.model.flow import Flow, Processor, Subflow
from engine.model.scope import Scope


def queues_of(flow_level: Scope, key: str, prefix: str) -> list[str]:
    """The keys in the running flow of what a connection of a level leads through; `prefix` is that of the level's steps."""
    connection = flow_level.flow.connections[key]
    sources = list(_ends(flow_level, connection.source, prefix, outwards=True, trail=frozenset({flow_level.path})))
    targets = list(_ends(flow_level, connection.target, prefix, outwards=False, trail=frozenset({flow_level.path})))
    return [f"{source}->{target}" for source in sources for target in targets]


def crossing(level: Flow) -> list[str]:
    """The keys of the connections of a level that begin or end at a subflow."""
    subflows = {id for id, step in level.steps.items() if isinstance(step, Subflow)}
    if not subflows:
        return []
    return [
        key
        for key, connection in level.connections.items()
        if split_end(connection.source)[0] in subflows or split_end(connection.target)[0] in subflows
    ]


def _ends(scope: Scope, end: str, prefix: str, *, outwards: bool, trail: frozenset[str]) -> Iterable[str]:
    """The ports of processors that send to an output, or receive from an input, by their full ids."""
    step_id, port = split_end(end)
    step = scope.flow.steps.get(step_id)
    if isinstance(step, Processor):
        yield f"{prefix}{step_id}.{port}"
    elif isinstance(step, Subflow) and (below := scope.find(step.flow)) is not None and below.path not in trail:
        for connection in below.flow.connections.values():
            near, far = (connection.target, connection.source) if outwards else (connection.source, connection.target)
            if near == port:
                yield from _ends(below, far, f"{prefix}{step_id}/", outwards=outwards, trail=trail | {below.path})
