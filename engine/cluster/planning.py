"""From an order to what runs: the plan, how many replicas its stages want, and which labels their nodes must have."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import msgspec
from msgspec import Struct, structs

from engine.model.flatten import FlatFlow, flatten
from engine.model.flow import Replicas
from engine.model.parameters import override
from engine.processors.registry import catalog
from engine.runtime.plan import Plan, Stage, plan
from engine.runtime.run import revision_of
from engine.stores.cluster import Order


class Planned(Struct, frozen=True):
    """An order as it can be run. `revision` tells plans apart: agents and workers with the same one run the same."""

    plan: Plan
    revision: str


def planned(order: Order) -> Planned:
    """Plan an order, which was found to be valid when it was given."""
    flow = override(order.flow, order.parameters)
    flat, stopped = flatten(flow), frozenset(order.stopped)
    made = plan(flat, catalog(), stopped=stopped)
    scale = {stage: number for stage, number in order.scale.items() if stage in made.stages}
    if scale:
        made = plan(_scaled(flat, made, scale), catalog(), stopped=stopped)
    more = msgspec.json.encode([sorted(order.stopped), sorted(scale.items())]).decode()
    return Planned(made, hashlib.sha256(f"{revision_of(flow)} {more}".encode()).hexdigest())


def _scaled(flat: FlatFlow, made: Plan, scale: Mapping[str, int]) -> FlatFlow:
    """The flow, with so many replicas of stages as somebody has said instead of what its processors say."""
    numbers = {step: number for stage, number in scale.items() for step in made.stages[stage].steps}
    steps = dict(flat.steps)
    for step, number in numbers.items():
        processor = structs.replace(steps[step].processor, replicas=Replicas(number, number))
        steps[step] = structs.replace(steps[step], processor=processor)
    return structs.replace(flat, steps=steps)


def replicas(plan: Plan, stage: str) -> Replicas:
    """How many workers may run a stage at a time. What keeps something in one place, and sources, have exactly one.

    So has what is behind a breakpoint: whoever releases messages there counts them.
    """
    steps = [plan.steps[step] for step in plan.stages[stage].steps]
    if any(step.exclusive or step.is_source for step in steps) or plan.held.intersection(plan.stages[stage].entries):
        return Replicas(1, 1)
    return steps[0].processor.replicas


def least(plan: Plan) -> dict[str, int]:
    """By stage: how many replicas there are when nothing waits."""
    return {stage: replicas(plan, stage).min for stage in plan.stages}


def labels(plan: Plan, stage: Stage) -> frozenset[str]:
    """What a node must have to run a stage."""
    return frozenset(label for step in stage.steps for label in plan.steps[step].processor.requires)
