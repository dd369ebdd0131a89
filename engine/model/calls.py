"""The flow behind the calls of a flow's steps: copies of those that are called, and a step `call` before and behind them.

    call.parse -> parse.in          parse.success -> call.returned
                                    parse.failure -> call.returned

Steps in subflows keep their ids: the subflows are there, too, with nothing in them but what is called.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from msgspec import structs

from engine.errors import NotFound, UsageError
from engine.model.catalog import Catalog
from engine.model.flow import Connection, Flow, Header, Limit, Processor, Replicas, Schedule, Subflow
from engine.model.ports import FAILURE, Ports, ports
from engine.model.problem import did_you_mean, shown
from engine.model.scope import Scope

TYPE = "call"
RETURNED = "returned"
OPEN = "-open"
"""What the id of the step that keeps the open calls has behind that of `call`. It never runs: its state rows are the calls."""
_HOLDING = frozenset({"merge"})
"""Types that put messages of several calls together."""


def calls_flow(flow: Flow, steps: Sequence[str], catalog: Catalog) -> Flow:
    """The flow behind the calls of some steps (full ids). More steps may be added later: all else stays as it was.

    Raises:
        NotFound: the flow has no such step.
        UsageError: the step cannot be called; says why.
    """
    outputs = {step: port_of(step) for step in sorted(set(steps))}
    router = TYPE
    while router in flow.steps or router + OPEN in flow.steps:
        router += "_"
    level = _Level(Scope(flow), outputs, router, catalog)
    own = {
        router: Processor(id=router, type=TYPE, config={"steps": outputs}, replicas=Replicas(0, 1)),
        router + OPEN: Processor(id=router + OPEN, type=TYPE, enabled=False),
    }
    return Flow(
        header=Header(name=flow.name),
        parameters=flow.parameters,
        steps={**own, **level.steps},
        connections={each.id: each for each in level.connections},
        definitions=level.definitions,
    )


def renewed(flow: Flow, called: Iterable[str], wanted: Collection[str], catalog: Catalog) -> Flow:
    """The flow behind the calls of a flow that may have changed. Steps that it has no more are left out, but for `wanted` ones.

    Args:
        flow: the flow whose steps are called, as it is now.
        called: the steps that could be called so far, and those that are wanted.
        wanted: the steps that must be there.
        catalog: the types there are.

    Raises:
        NotFound, UsageError: one that is wanted is not there, or cannot be called.
    """
    kept: list[str] = []
    for step in called:
        try:
            calls_flow(flow, [step], catalog)
        except UsageError:
            if step in wanted:
                raise
        else:
            kept.append(step)
    return calls_flow(flow, kept, catalog)


def called_steps(flow: Flow) -> tuple[str, ...]:
    """The steps that can be called by a flow that `calls_flow` made."""
    router = next((step for step in flow.steps.values() if isinstance(step, Processor) and step.type == TYPE), None)
    return tuple(router.config.get("steps", ())) if router is not None else ()


def port_of(step: str) -> str:
    """A step's full id as the name of a port, which may hold no `/`; different for different ids."""
    return step.replace("_", "__").replace("/", "_-") if "/" in step or "_-" in step else step


class _Level:
    """What is called in a flow or definition, by ids from there, each with the port by which it is reached."""

    def __init__(self, scope: Scope, wanted: Mapping[str, str], router: str, catalog: Catalog) -> None:
        self._scope = scope
        self._router = router
        self._catalog = catalog
        self.steps: dict[str, Processor | Subflow] = {}
        self.connections: list[Connection] = []
        self.definitions: dict[str, Flow] = {}
        below: dict[str, dict[str, str]] = {}
        for id, port in wanted.items():
            first, _, rest = id.partition("/")
            if rest:
                below.setdefault(first, {})[rest] = port
            else:
                self._add(first, port)
        for id, inner in below.items():
            self._add_below(id, inner)

    def _add(self, id: str, port: str) -> None:
        step = self._scope.flow.steps.get(id)
        if not isinstance(step, Processor):
            raise NotFound(self._unknown(id, is_subflow=isinstance(step, Subflow)))
        found = _callable_ports(step, self._scope, self._catalog)
        self.steps[id] = structs.replace(
            step,
            enabled=True,
            auto_terminate=(),
            schedule=Schedule(),
            replicas=Replicas(0, step.replicas.max),
            tests=(),
            # Whoever names a step's outputs may leave `failure` out; a call that fails leaves by it all the same.
            outputs=None if step.outputs is None else found.outputs,
        )
        self._connect(id, found.inputs[0], found.outputs, port)

    def _add_below(self, id: str, inner: Mapping[str, str]) -> None:
        step = self._scope.flow.steps.get(id)
        definition = self._scope.find(step.flow) if isinstance(step, Subflow) else None
        if not isinstance(step, Subflow) or definition is None:
            raise NotFound(self._unknown(id, is_subflow=False))
        level = _Level(definition, inner, "", self._catalog)
        taken = tuple(inner.values())
        self.definitions[id] = Flow(
            header=Header(name=id, inputs=taken, outputs=taken),
            parameters=definition.flow.parameters,
            steps=level.steps,
            connections={each.id: each for each in level.connections},
            definitions=level.definitions,
        )
        self.steps[id] = structs.replace(step, flow=id, auto_terminate=(), enabled=True)
        for port in taken:
            self._connect(id, port, (port,), port)

    def _connect(self, id: str, entry: str, outputs: Iterable[str], port: str) -> None:
        """Connect a step to what is before and behind it here: `call`, or the ports of the definition."""
        before = f"{self._router}.{port}" if self._router else port
        behind = f"{self._router}.{RETURNED}" if self._router else port
        self.connections.append(_link(before, f"{id}.{entry}"))
        self.connections.extend(_link(f"{id}.{output}", behind) for output in outputs)

    def _unknown(self, id: str, *, is_subflow: bool) -> str:
        if is_subflow:
            return f"{shown(id)} is a subflow; call a processor in it, such as '{id}/NAME'"
        known = self._scope.flow.steps
        where = f"'{self._scope.flow.name}'"
        return f"flow {where} has no processor {shown(id)}{did_you_mean(id, known) or '; check the name'}"


def _callable_ports(step: Processor, scope: Scope, catalog: Catalog) -> Ports:
    """The ports of a step that can be called.

    Raises:
        UsageError: it cannot; says why.
    """
    found = ports(step, scope, catalog)
    name = shown(step.id)
    if found is None:
        raise UsageError(f"processor {name} cannot be called: its type or its settings are wrong; validate the flow")
    if not found.inputs:
        raise UsageError(f"processor {name} is a source: nothing can be sent to it; call a processor behind it")
    if len(found.inputs) > 1:
        raise UsageError(f"processor {name} puts messages of several inputs together; call one with a single input")
    if step.type in _HOLDING or step.type == TYPE:
        raise UsageError(f"processor {name} holds messages until others come; call a processor before or behind it")
    outputs = found.outputs if FAILURE in found.outputs else (*found.outputs, FAILURE)
    return Ports(found.inputs, outputs)


def _link(source: str, target: str) -> Connection:
    # No limit: what is called waits as long as it must, and a call that is under way is never held up by one that begins.
    return Connection(source=source, target=target, limit=Limit(0, 0), fuse=False)
