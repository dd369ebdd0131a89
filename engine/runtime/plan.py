"""From a flow to stages: which processors run back to back in one host, with no queue between them.

`plan(flat, ...)` decides and does nothing. Fusing never changes what a flow does, only what it costs; the rules are those of
the manual's page on stages.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import cached_property
from typing import Any

import msgspec
from msgspec import Struct, structs

from engine.errors import NotFound
from engine.ledger.base import DEAD, Order, QueueSpec
from engine.model.calls import TYPE
from engine.model.code import inspect_python
from engine.model.flatten import FlatFlow, FlatLink, FlatStep
from engine.model.flow import CODE_TYPES, Connection, Processor, Schedule
from engine.model.ports import FAILURE, built_in_ports, code_ports
from engine.model.problem import listed, shown
from engine.processors.base import Effect, ProcessorType
from engine.runtime.rings import Rings, rings

ALWAYS = Schedule()
_MEMORY_BYTES = Processor(id="", type="").memory_bytes
_MOST_STEPS = 500
"""In one stage: every entry lists all links beyond it, which grows by the square."""


class Environment(Struct, frozen=True):
    """What a host's interpreter must offer. Two steps share a host only where both can live in the same one."""

    runtime: str = "python"
    repository: str = ""
    commit: str = ""
    requirements_file: str = ""
    requirements: tuple[str, ...] = ()
    python: str = ""
    """The version that is wanted; empty: PYFI's own."""

    @property
    def is_own(self) -> bool:
        """Whether nothing has to be made for it."""
        return not (self.requirements or self.requirements_file or self.python)


OWN = Environment()
"""PYFI's own Python."""


class Needs(Struct, frozen=True):
    """What the steps of a host ask of it together; None: nothing yet. Built-in steps share a host with anybody."""

    environment: Environment | None = None
    memory_bytes: int | None = None
    secrets: frozenset[str] | None = None

    def also(self, step: PlannedStep) -> Needs | None:
        """These needs and a step's; None where one host cannot meet both."""
        environment, memory_bytes, secrets = self.environment, self.memory_bytes, self.secrets
        if step.environment is not None:
            if environment not in (None, step.environment):
                return None
            environment = step.environment
        if step.declared is None:
            own = frozenset(step.processor.secrets)
            if memory_bytes not in (None, step.processor.memory_bytes) or secrets not in (None, own):
                return None
            memory_bytes, secrets = step.processor.memory_bytes, own
        return Needs(environment, memory_bytes, secrets)


class PlannedStep(Struct, frozen=True, dict=True):
    """A processor as it will run: ports known, config resolved."""

    processor: Processor
    declared: ProcessorType | None
    config: dict[str, Any]
    parameters: dict[str, Any]
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    dead: tuple[str, ...]
    """Outputs whose messages are kept as dead letters."""

    @property
    def id(self) -> str:
        """The processor's id."""
        return self.processor.id

    @property
    def is_source(self) -> bool:
        """Whether nothing can be sent to it."""
        return not self.inputs

    @property
    def is_sink(self) -> bool:
        """Whether it acts on something outside the flow."""
        return self.declared is not None and self.declared.effect is not Effect.NONE

    @property
    def is_router(self) -> bool:
        """Whether it hands calls to the steps behind it."""
        return self.declared is not None and self.declared.name == TYPE

    @property
    def listens(self) -> bool:
        """Whether it takes messages from outside, which must be on disk before they are confirmed."""
        return self.declared is not None and self.declared.listens

    @cached_property
    def exclusive(self) -> bool:
        """Whether only one host at a time may run it."""
        if self.declared is not None:
            return self.declared.exclusive or self.is_source
        return self.is_source or self.is_join

    @cached_property
    def is_join(self) -> bool:
        """Whether it is a user's function with a parameter for each of several inputs."""
        processor = self.processor
        if processor.type == "bash" or len(self.inputs) < 2 or processor.batch:
            return False
        if processor.type == "node":
            return True
        return processor.code is not None and inspect_python(processor.code, processor.function, self.inputs).is_join

    @property
    def concurrency(self) -> int:
        """How many hosts may run it at a time."""
        return 1 if self.exclusive else self.processor.concurrency

    @property
    def is_shared(self) -> bool:
        """Whether several hosts, here or on several nodes, may share its work, so that it should come in portions."""
        return self.concurrency > 1 or (not self.exclusive and self.processor.replicas.max > 1)

    @cached_property
    def environment(self) -> Environment | None:
        """None: any Python will do."""
        processor = self.processor
        if self.declared is not None:
            return OWN if self.declared.packages else None
        if processor.type == "bash":
            return OWN
        git = processor.git
        return Environment(
            runtime=processor.type,
            repository=git.repo if git else "",
            commit=git.commit if git else "",
            requirements_file=(git.requirements or "") if git else "",
            requirements=processor.requirements,
            python=processor.python or "",
        )


class Stage(Struct, frozen=True, dict=True):
    """Steps fused to run in one host, the head first, sinks last. `id` is the head's."""

    steps: tuple[str, ...]
    environment: Environment
    concurrency: int
    memory_bytes: int
    entries: tuple[str, ...]
    """Keys of all links that lead into the stage or run inside it: a task enters at the step behind one of them."""
    blocked_by: Mapping[str, tuple[str, ...]]
    """By entry (and "" for a source): the links whose limit, when reached, keeps it from being claimed from."""
    debugged: bool = False
    """Whether a debugger is at its host; its only step is then worked on message by message, for as long as that takes."""
    asker: str = ""
    """The step that asks for the environment."""

    @property
    def id(self) -> str:
        """The first step's id."""
        return self.steps[0]


class Plan(Struct, frozen=True, dict=True):
    """A flow ready to run: steps and links by key, stages by id. Steps that are switched off are in no stage."""

    name: str
    steps: Mapping[str, PlannedStep]
    links: Mapping[str, FlatLink]
    stages: Mapping[str, Stage]

    @cached_property
    def stage_of(self) -> Mapping[str, str]:
        """The stage of every running step."""
        return {step: stage.id for stage in self.stages.values() for step in stage.steps}

    @cached_property
    def held(self) -> frozenset[str]:
        """The keys of links with a breakpoint."""
        return frozenset(key for key, link in self.links.items() if link.policy.breakpoint)

    @cached_property
    def sources(self) -> tuple[str, ...]:
        """The steps that make messages, but for those that are switched off."""
        return tuple(id for id, step in self.steps.items() if step.is_source and step.processor.enabled)

    @cached_property
    def inbound(self) -> Mapping[str, tuple[FlatLink, ...]]:
        """Links that lead to a step."""
        return _by_end(self.links.values(), lambda link: link.target)

    @cached_property
    def outbound(self) -> Mapping[str, tuple[FlatLink, ...]]:
        """Links that start at a step."""
        return _by_end(self.links.values(), lambda link: link.source)

    @cached_property
    def downstream(self) -> tuple[str, ...]:
        """Every step, none before those that lead to it (within a ring: as the flow has them)."""
        ring = rings(self.steps, {step: [link.target for link in links] for step, links in self.outbound.items()})
        return tuple(sorted(self.steps, key=lambda step: -ring[step]))

    def meant(self, steps: Collection[str], flow: str) -> list[str]:
        """The processors that are named, or are in a subflow that is; raises NotFound, which says what the flow is called."""
        found = [step for step in self.steps if any(step == each or step.startswith(f"{each}/") for each in steps)]
        unknown = [each for each in steps if not any(step == each or step.startswith(f"{each}/") for step in found)]
        if unknown:
            raise NotFound(f"{shown(flow)} has no processor {listed(unknown)}; check the name")
        return found

    def queues(self) -> list[QueueSpec]:
        """Every queue the ledger must keep: one a link, one a step for its dead letters."""
        return [
            *(queue_spec(link.policy) for link in self.links.values()),
            *(QueueSpec(DEAD + step) for step in self.steps),
        ]


def plan(
    flat: FlatFlow,
    catalog: Mapping[str, ProcessorType],
    *,
    stopped: AbstractSet[str] = frozenset(),
    debugged: AbstractSet[str] = frozenset(),
    fuse: bool = True,
) -> Plan:
    """Group the running steps of a valid flow into stages. `fuse` False gives every step its own, as those `debugged` have."""
    planner = _Planner(flat, catalog, stopped, debugged, fuse=fuse)
    return Plan(flat.name, planner.steps, flat.links, planner.stages())


def alone(plan: Plan, id: str) -> Stage:
    """A stage of nothing but one step, with one host, whether it is in a stage of the plan or in none."""
    step = plan.steps[id]
    beyond, inbound = plan.outbound.get(id, ()), plan.inbound.get(id, ())
    rings = Rings(plan.links.values())
    blocked_by = {link.key: rings.holding_back(link, beyond) for link in inbound}
    if step.is_source:
        blocked_by[""] = tuple(link.key for link in beyond)
    return structs.replace(_stage([step], tuple(link.key for link in inbound), blocked_by), concurrency=1)


def queue_spec(policy: Connection) -> QueueSpec:
    """A connection's queue."""
    order = {"fifo": Order.FIFO, "lifo": Order.LIFO, "oldest": Order.OLDEST}.get(policy.priority, Order.RANK)
    return QueueSpec(policy.id, order, int(policy.expire_s * 1000), policy.limit.messages, policy.limit.size_bytes)


class _Planner:
    def __init__(
        self,
        flat: FlatFlow,
        catalog: Mapping[str, ProcessorType],
        stopped: AbstractSet[str],
        debugged: AbstractSet[str],
        *,
        fuse: bool,
    ) -> None:
        self._flat = flat
        self._fuse = fuse
        self._debugged = debugged
        handled: dict[str, set[str]] = {id: set(ports) for id, ports in flat.terminated.items()}
        for link in flat.links.values():
            handled.setdefault(link.source, set()).add(link.source_port)
        self.steps = {
            step.id: _planned(flat, _unhurried(step) if step.id in debugged else step, catalog, handled.get(step.id, set()))
            for step in flat.steps.values()
        }
        self._running = {id for id, step in self.steps.items() if step.processor.enabled and id not in stopped}
        self._inbound = _by_end(flat.links.values(), lambda link: link.target)
        self._outbound = _by_end(flat.links.values(), lambda link: link.source)
        self._rings = Rings(flat.links.values())

    def stages(self) -> dict[str, Stage]:
        """The stages, by the id of their heads."""
        joined = {link.target: link for link in self._flat.links.values() if self._fuse and self._may_fuse(link)}
        heads = [id for id in self.steps if id in self._running and id not in joined]
        stages: dict[str, Stage] = {}
        placed: set[str] = set()
        # Behind the heads come steps that found no room in the stage before them, and rings that have no head at all.
        for head in [*heads, *joined]:
            if head not in placed:
                members = self._grow(head, joined, placed)
                placed.update(members)
                stages[head] = self._stage(members)
        return stages

    def _grow(self, head: str, joined: Mapping[str, FlatLink], placed: AbstractSet[str]) -> list[str]:
        """The tree of steps behind a head that one host can run."""
        members = {head: None}
        needs = Needs().also(self.steps[head]) or Needs()
        pending = [head]
        while pending:
            for link in reversed(self._outbound.get(pending.pop(), ())):
                if len(members) == _MOST_STEPS:
                    return list(members)
                if joined.get(link.target) is not link or link.target in members or link.target in placed:
                    continue
                both = needs.also(self.steps[link.target])
                if both is not None:
                    needs = both
                    members[link.target] = None
                    pending.append(link.target)
        return list(members)

    def _stage(self, members: Sequence[str]) -> Stage:
        ordered = sorted(members, key=lambda id: self.steps[id].is_sink)
        inside = set(ordered)
        steps = [self.steps[id] for id in ordered]
        entries = tuple(link.key for id in ordered for link in self._inbound.get(id, ()))
        links = self._flat.links
        blocked_by = {key: self._rings.holding_back(links[key], self._beyond(links[key].target, inside)) for key in entries}
        if steps[0].is_source:
            blocked_by[""] = tuple(link.key for link in self._beyond(ordered[0], inside))
        made = _stage(steps, entries, blocked_by)
        return structs.replace(made, debugged=True) if made.id in self._debugged else made

    def _beyond(self, start: str, inside: AbstractSet[str]) -> Iterable[FlatLink]:
        """Links that messages entering at a step may cross before their task is done."""
        found: dict[str, FlatLink] = {}
        pending, seen = [start], {start}
        while pending:
            for link in self._outbound.get(pending.pop(), ()):
                found[link.key] = link
                if link.target in inside and link.target not in seen:
                    seen.add(link.target)
                    pending.append(link.target)
        return found.values()

    def _may_fuse(self, link: FlatLink) -> bool:
        if link.source not in self._running or link.target not in self._running or link.source == link.target:
            return False
        if link.source in self._debugged or link.target in self._debugged:
            return False
        source, target = self.steps[link.source], self.steps[link.target]
        policy = link.policy
        return (
            len(self._inbound[link.target]) == 1
            and policy.fuse
            and not policy.breakpoint
            and not policy.expire_s
            and policy.priority == "fifo"
            and _is_python(source)
            and _is_python(target)
            and not source.is_sink
            and not source.listens
            and not (target.declared is not None and target.declared.effect is Effect.OUTSIDE)
            and (target.processor.schedule == ALWAYS or target.processor.schedule.every_s == 0)
            and source.concurrency == target.concurrency
            and _same_place(source.processor, target.processor)
        )


def _unhurried(step: FlatStep) -> FlatStep:
    """A step with one host at a time, in which a call may stand at a breakpoint for as long as somebody looks at it."""
    return structs.replace(step, processor=structs.replace(step.processor, timeout_s=0.0, concurrency=1))


def _stage(steps: Sequence[PlannedStep], entries: tuple[str, ...], blocked_by: Mapping[str, tuple[str, ...]]) -> Stage:
    asker = next((step for step in steps if step.environment is not None), steps[0])
    return Stage(
        steps=tuple(step.id for step in steps),
        environment=asker.environment or OWN,
        asker=asker.id,
        concurrency=steps[0].concurrency,
        memory_bytes=max((step.processor.memory_bytes for step in steps if step.declared is None), default=_MEMORY_BYTES),
        entries=entries,
        blocked_by=blocked_by,
    )


def _same_place(source: Processor, target: Processor) -> bool:
    """Whether two neighbours may run on the same nodes, in the same numbers."""
    return source.replicas == target.replicas and set(source.requires) == set(target.requires)


def _is_python(step: PlannedStep) -> bool:
    return step.declared is not None or step.processor.type == "python"


def _planned(flat: FlatFlow, step: FlatStep, catalog: Mapping[str, ProcessorType], handled: AbstractSet[str]) -> PlannedStep:
    """`handled` are the outputs that lead somewhere or are dropped on purpose."""
    processor = step.processor
    declared = None if processor.type in CODE_TYPES else catalog[processor.type]
    config = processor.config
    if declared is None:
        ports = code_ports(processor)
    else:
        decoded = msgspec.convert(config, declared.config)
        ports = built_in_ports(declared.inputs(decoded), declared.outputs(decoded))
        config = msgspec.to_builtins(decoded)
    dead = dict.fromkeys(flat.dead_letters.get(step.id, ()))
    if FAILURE not in handled:
        dead[FAILURE] = None
    return PlannedStep(
        processor=processor,
        declared=declared,
        config=config,
        parameters=step.parameters,
        inputs=ports.inputs,
        outputs=ports.outputs,
        dead=tuple(dead),
    )


def _by_end(links: Iterable[FlatLink], end: Callable[[FlatLink], str]) -> dict[str, tuple[FlatLink, ...]]:
    found: dict[str, list[FlatLink]] = {}
    for link in links:
        found.setdefault(end(link), []).append(link)
    return {step: tuple(members) for step, members in found.items()}
