"""Run once, on a cluster: a step that is stopped does one task, in a worker whose slot is taken once and never again.

What is wanted and what it came to are facts of the ledger. A worker that is killed in the midst of it leaves no answer, and
what it was at goes back to its queue: at most once, whoever dies.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from msgspec import Struct, to_builtins

from engine.cluster.part import Part
from engine.errors import PyfiError
from engine.runtime.once import Ran
from engine.runtime.plan import Plan, Stage, alone
from engine.stores.cluster import ONCE

RAN = "ran:"
"""Fact by step: the number of the last time that it ran once, and what came of it. What is wanted is the fact `ONCE` + step."""


class Wish(Struct, frozen=True):
    """What is wanted: one task of at most so many messages, ended after a time."""

    number: int
    messages: int | None
    timeout_s: float


def step_of(stage: str) -> str | None:
    """The step that runs once in a slot of this stage; None: it is the slot of an ordinary stage."""
    return stage.removeprefix(ONCE) if stage.startswith(ONCE) else None


def stage_of(plan: Plan, name: str) -> Stage | None:
    """The stage of a slot; None where the plan has no such stage, or step."""
    step = step_of(name)
    if step is None:
        return plan.stages.get(name)
    return alone(plan, step) if step in plan.steps else None


async def answer(part: Part, step: str, prepare: Callable[[], Awaitable[object]]) -> None:
    """Have the step do what is wanted of it, and note what came of it. `prepare` is done before its time begins to run."""
    number = part.registration.deployment
    facts: dict[str, Any] = dict(await part.line.insist(lambda ledger: ledger.facts(number)))
    wish = Wish(**facts[ONCE + step])
    try:
        await prepare()
        ran = await part.once(step, wish.messages, wish.timeout_s)
    except PyfiError as error:
        ran = Ran(step, 0, str(error))
    done = {RAN + step: {"number": wish.number, "ran": to_builtins(ran)}}
    await part.line.insist(lambda ledger: ledger.set_facts(number, done))
