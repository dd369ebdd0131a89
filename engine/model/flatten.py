"""Flattening: subflows unfolded to plain steps `sub/id`, and connections through their ports joined to links."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from msgspec import Struct, structs

from engine.errors import InvalidFlow, PyfiError
from engine.model.flow import Connection, Flow, Header, Limit, Processor, Subflow
from engine.model.parameters import override, resolve, resolve_git
from engine.model.ports import FAILURE, split_end
from engine.model.problem import Problem
from engine.model.scope import Scope

MAX_STEPS = 200_000
"""A small file can unfold to more steps than any machine holds; this is where it is refused."""
TOO_LARGE = f"it unfolds to more than {MAX_STEPS:,} steps; use fewer subflows in each other"
MAX_DEPTH = 200


class FlatStep(Struct, frozen=True):
    """A processor of the unfolded flow: `id` is full, `config` resolved, `enabled` False inside a disabled subflow.

    What is disabled need not be sound: its config stays as written, and a subflow that cannot be unfolded is left out.

    `parameters` are those of the flow or definition that holds it, with their values here: what `ctx.params` shows.
    """

    processor: Processor
    parameters: dict[str, Any]

    @property
    def id(self) -> str:
        """The id, behind those of the subflows that hold the step."""
        return self.processor.id


class FlatLink(Struct, frozen=True):
    """A way from an output to an input that crosses no port of a subflow any more.

    `policy` joins the policies on the way; its `source` and `target` are full.
    """

    source: str
    source_port: str
    target: str
    target_port: str
    policy: Connection

    @property
    def key(self) -> str:
        """`full/source.port->full/target.port`: the key in summaries and in the ledger."""
        return self.policy.id


class FlatFlow(Struct, frozen=True):
    """A flow without subflows.

    `terminated` and `dead_letters` give, by step, the outputs without a link whose messages are dropped on purpose, or kept as
    dead letters because they leave a subflow by its unconnected `failure` port. (That a step's own unconnected `failure` leads
    there too goes without saying.) `repeated` names links that several ways join; only one is kept. `endless` names ways that
    come back to the same port of a subflow without meeting a step. A sound flow has neither.
    """

    name: str
    parameters: dict[str, Any]
    steps: dict[str, FlatStep]
    links: dict[str, FlatLink]
    terminated: dict[str, tuple[str, ...]]
    dead_letters: dict[str, tuple[str, ...]]
    repeated: tuple[str, ...] = ()
    endless: tuple[str, ...] = ()


def flatten(flow: Flow, overrides: Mapping[str, Any] | None = None) -> FlatFlow:
    """The flow as plain steps and links, with its parameters' values filled in.

    Raises:
        UsageError: an override of a parameter that the flow has not.
        InvalidFlow: subflows that cannot be unfolded, or references to parameters that there are not.
    """
    flow = override(flow, overrides or {})
    if unfolded_size(Scope(flow)) > MAX_STEPS:
        raise InvalidFlow([Problem("", TOO_LARGE)])
    unfolding = _Unfolding()
    unfolding.add(Scope(flow), "", flow.parameters, (), _NO_NEEDS, enabled=True)
    return unfolding.flat(flow)


def unfolded_size(scope: Scope) -> int:
    """How many steps a flow has once its subflows are unfolded, told without unfolding them.

    Definitions that are missing or use themselves count as empty.
    """
    return _size(scope, {}, 0)


def _size(scope: Scope, known: dict[str, int], depth: int) -> int:
    if scope.path in known:
        return known[scope.path]
    known[scope.path] = 0
    size = len(scope.flow.steps)
    for step in scope.flow.steps.values():
        definition = scope.find(step.flow) if isinstance(step, Subflow) and depth < MAX_DEPTH else None
        if definition is not None:
            size += _size(definition, known, depth + 1)
    known[scope.path] = size
    return size


def join_policies(chain: Iterable[Connection], source: str, target: str) -> Connection:
    """One connection with the policies of a chain, from the source on."""
    connections = list(chain)
    priorities = [connection.priority for connection in connections if connection.priority != "fifo"]
    return Connection(
        source=source,
        target=target,
        name=next((connection.name for connection in connections if connection.name), ""),
        limit=Limit(
            _smallest(connection.limit.messages for connection in connections),
            _smallest(connection.limit.size_bytes for connection in connections),
        ),
        expire_s=float(_smallest(connection.expire_s for connection in connections)),
        priority=priorities[0] if priorities else "fifo",
        breakpoint=any(connection.breakpoint for connection in connections),
        fuse=all(connection.fuse for connection in connections),
    )


def _smallest(numbers: Iterable[Any]) -> Any:
    """The smallest number that is not 0, which switches a bound off; 0 when all are."""
    return min((number for number in numbers if number > 0), default=0)


class _Needs(Struct, frozen=True):
    """What Python code needs by the word of the flows around it."""

    requirements: tuple[str, ...] = ()
    python: str | None = None

    def inside(self, header: Header) -> _Needs:
        """Those inside a flow that says more."""
        if not (header.requirements or header.python):
            return self
        return _Needs(tuple(dict.fromkeys((*self.requirements, *header.requirements))), header.python or self.python)

    def given_to(self, step: Processor) -> Processor:
        """The step with these besides its own."""
        if self == _NO_NEEDS or step.type != "python":
            return step
        requirements = tuple(dict.fromkeys((*self.requirements, *step.requirements)))
        return structs.replace(step, requirements=requirements, python=step.python or self.python)


_NO_NEEDS = _Needs()


def with_needs(step: Processor, headers: Iterable[Header]) -> Processor:
    """A step with what the flows around it, the outermost first, say that its code needs."""
    needs = _NO_NEEDS
    for header in headers:
        needs = needs.inside(header)
    return needs.given_to(step)


Node = str | tuple[str, ...]
"""`step.port` of a plain step, or a port of an unfolded subflow: ("in" or "out", its prefix, port)."""


class _Unfolding:
    """What is gathered while walking through the subflows."""

    def __init__(self) -> None:
        self._steps: dict[str, FlatStep] = {}
        self._ways: dict[Node, list[tuple[Node, Connection]]] = {}
        self._terminated: dict[Node, None] = {}

    def add(
        self,
        scope: Scope,
        prefix: str,
        parameters: dict[str, Any],
        above: tuple[str, ...],
        needs: _Needs,
        *,
        enabled: bool,
    ) -> None:
        """Unfolds a flow whose parts get `prefix` before their ids. `above` are the paths of the definitions around it."""
        needs = needs.inside(scope.flow.header)
        for step in scope.flow.steps.values():
            if isinstance(step, Processor):
                self._add_processor(needs.given_to(step), scope, prefix, parameters, enabled=enabled)
                self._terminated.update(dict.fromkeys(f"{prefix}{step.id}.{port}" for port in step.auto_terminate))
            else:
                self._add_subflow(step, scope, prefix, parameters, above, needs, enabled=enabled)
                self._terminated.update(dict.fromkeys(("out", f"{prefix}{step.id}/", port) for port in step.auto_terminate))
        for connection in scope.flow.connections.values():
            source = self._node(connection.source, scope.flow, prefix, "in", "out")
            target = self._node(connection.target, scope.flow, prefix, "out", "in")
            self._ways.setdefault(source, []).append((target, connection))

    def _add_processor(self, step: Processor, scope: Scope, prefix: str, parameters: dict[str, Any], *, enabled: bool) -> None:
        key = f"{prefix}{step.id}"
        try:
            config, git = step.config, step.git
            if enabled and step.enabled:
                config = resolve(config, parameters)
                git = git and resolve_git(git, parameters)
        except PyfiError as error:
            part = f"processor '{scope.prefix}{step.id}'"
            raise InvalidFlow([Problem(part, str(error), key=f"{scope.prefix}{step.id}")]) from None
        if prefix or config is not step.config or git != step.git or (step.enabled and not enabled):
            step = structs.replace(step, id=key, config=config, git=git, enabled=step.enabled and enabled)
        self._steps[key] = FlatStep(step, parameters)

    def _add_subflow(
        self,
        step: Subflow,
        scope: Scope,
        prefix: str,
        parameters: dict[str, Any],
        above: tuple[str, ...],
        needs: _Needs,
        *,
        enabled: bool,
    ) -> None:
        definition = scope.find(step.flow)
        key = f"{scope.prefix}{step.id}"
        reason = ""
        if definition is None:
            reason = f"there is no definition '{step.flow}' under `subflows`"
        elif definition.path in above:
            reason = f"definition '{step.flow}' uses itself; take this step out of it"
        elif len(above) >= MAX_DEPTH:
            reason = f"subflows are nested more than {MAX_DEPTH} deep; flatten some of them"
        enabled = enabled and step.enabled
        if (definition is None or reason) and not enabled:
            return
        if definition is None or reason:
            raise InvalidFlow([Problem(f"subflow '{key}'", reason, key=key)])
        try:
            given = resolve(step.parameters, parameters) if enabled else step.parameters
        except PyfiError as error:
            raise InvalidFlow([Problem(f"subflow '{key}'", str(error), key=key)]) from None
        own = {**definition.flow.parameters, **given}
        self.add(definition, f"{prefix}{step.id}/", own, (*above, definition.path), needs, enabled=enabled)

    def _node(self, end: str, flow: Flow, prefix: str, own_face: str, step_face: str) -> Node:
        """Where an end of a connection is; a bare name is the flow's own port, seen from inside."""
        step, port = split_end(end)
        if not step:
            return (own_face, prefix, port)
        return (step_face, f"{prefix}{step}/", port) if isinstance(flow.steps.get(step), Subflow) else f"{prefix}{end}"

    def flat(self, flow: Flow) -> FlatFlow:
        """Everything gathered, with the ways through ports joined."""
        links: dict[str, FlatLink] = {}
        terminated = {node: None for node in self._terminated if isinstance(node, str)}
        dead_letters: dict[str, None] = {}
        repeated: list[str] = []
        endless: list[str] = []
        for source in [node for node in self._ways if isinstance(node, str)]:
            linked = False
            dropped: Node | None = None
            for target, chain, known in follow(self._ways, source):
                if isinstance(target, str):
                    linked = True
                    link = _link(source, target, chain)
                    if known:
                        repeated.append(link.key)
                    else:
                        links[link.key] = link
                elif target in self._ways:
                    endless.append(f"{source}->{target[1].rstrip('/')}.{target[2]}")
                else:
                    dropped = target if dropped is None or target in self._terminated else dropped
            if dropped is not None and not linked:
                if dropped in self._terminated:
                    terminated[source] = None
                elif dropped[0] == "out" and dropped[1] and dropped[2] == FAILURE:
                    dead_letters[source] = None
            if len(links) > MAX_STEPS:
                raise InvalidFlow([Problem("", f"it unfolds to more than {MAX_STEPS:,} connections; use fewer of them")])
        return FlatFlow(
            name=flow.name,
            parameters=flow.parameters,
            steps=self._steps,
            links=links,
            terminated=_by_step(terminated),
            dead_letters=_by_step(dead_letters),
            repeated=tuple(dict.fromkeys(repeated)),
            endless=tuple(dict.fromkeys(endless)),
        )


def follow(ways: Mapping[Node, list[tuple[Node, Connection]]], source: Node) -> Iterable[tuple[Node, list[Connection], bool]]:
    """Where messages from an output end up: the last node, the connections on the way, whether another way led there before.

    A node that is text is an end; from any other the way goes on as long as there is one. A way that comes back to a node it
    has passed ends there.
    """
    seen: set[Node] = set()
    waiting: list[tuple[Node, list[Connection], tuple[Node, ...]]] = [(source, [], (source,))]
    while waiting:
        node, chain, passed = waiting.pop()
        further: list[tuple[Node, list[Connection], tuple[Node, ...]]] = []
        for target, connection in ways[node]:
            whole = [*chain, connection]
            known = target in seen
            seen.add(target)
            if isinstance(target, str) or target not in ways:
                yield target, whole, known
            elif target in passed:
                yield target, whole, True
            elif not known:
                further.append((target, whole, (*passed, target)))
            elif (end := _end_beyond(ways, target)) is not None:
                yield end, whole, True
        waiting.extend(reversed(further))


def _end_beyond(ways: Mapping[Node, list[tuple[Node, Connection]]], start: Node) -> str | None:
    """The first end that the ways from a node lead to."""
    seen = {start}
    waiting = [start]
    while waiting:
        for target, _ in ways[waiting.pop()]:
            if isinstance(target, str):
                return target
            if target in ways and target not in seen:
                seen.add(target)
                waiting.append(target)
    return None


def _by_step(ends: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Ends `step.port` as ports by step."""
    found: dict[str, list[str]] = {}
    for end in ends:
        step, port = split_end(end)
        found.setdefault(step, []).append(port)
    return {step: tuple(ports) for step, ports in found.items()}


def _link(source: str, target: str, chain: list[Connection]) -> FlatLink:
    policy = join_policies(chain, source, target) if len(chain) > 1 else chain[0]
    if policy.source != source or policy.target != target:
        policy = structs.replace(policy, source=source, target=target, bends=(), label_at=None)
    step, port = split_end(source)
    target_step, target_port = split_end(target)
    return FlatLink(step, port, target_step, target_port, policy)
