"""Run once: one task of a processor that is stopped. What is claimed, run and committed is as in every other task.

Of a processor with inputs that is one claim's messages (as many as one task takes, or fewer if told so); of a source it is one
batch, after which it stops: the next time it goes on behind it. Queues, limits, breakpoints and retries count as ever; only its
schedule is not waited for.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import TYPE_CHECKING

from msgspec import Struct

from engine.errors import ConflictError, NotFound
from engine.model.problem import did_you_mean, shown
from engine.runtime.plan import alone
from engine.runtime.runner import Runner

if TYPE_CHECKING:
    from engine.runtime.deployment import Deployment
    from engine.runtime.source_driver import SourceDriver

ENDED = "it was ended by something else: the flow was changed, started or stopped"


class Ran(Struct, frozen=True):
    """What running a processor once has done: messages that it took (of a source: made), and why none, if none."""

    step: str
    messages: int
    reason: str = ""


def single_runner(deployment: Deployment, step: str) -> Runner:
    """A runner for one step of a deployment that is in no running stage.

    Raises:
        NotFound: there is no such step.
        ConflictError: it is running.
    """
    plan, place = deployment.plan, deployment.place
    if step not in plan.steps:
        raise NotFound(f"the flow has no processor {shown(step)}{did_you_mean(step, plan.steps)}")
    if step in deployment.singles:
        raise ConflictError(f"processor {shown(step)} runs once just now; wait until it has, or stop the flow")
    running = deployment.runner_of(step)
    if running is not None and not running.stopping:
        raise ConflictError(f"processor {shown(step)} is running; stop it to run it once")
    stage = alone(plan, step)
    return Runner(deployment, stage, place.spec(plan, stage))


async def run_once(runner: Runner, most: int | None, timeout_s: float) -> Ran:
    """Have it do one task, and end it. After `timeout_s` it is ended before: what it was at is then as if never begun."""
    source = runner.source
    try:
        async with asyncio.timeout(timeout_s):
            await (source.make_one() if source is not None else runner.work_once(most))
        reason = _why_nothing(runner)
    except TimeoutError:
        reason = f"it was not done within {timeout_s:g} seconds; what it was at is as before"
    finally:
        await runner.stop(0.0)
    messages = source.made if source is not None else runner.worked
    return Ran(runner.stage.id, messages, "" if messages else reason)


def _why_nothing(runner: Runner) -> str:
    deployment, stage = runner.deployment, runner.stage
    if runner.broken is not None:
        return runner.broken
    if runner.stopping:
        return ENDED
    if runner.source is not None:
        return _why_nothing_made(runner.source, _full(deployment, stage.blocked_by[""]))
    waiting = [key for key in stage.entries if deployment.depths.messages(key) > 0]
    if not waiting:
        return "nothing waits before it"
    reasons = [_why_not_taken(deployment, key, _full(deployment, stage.blocked_by[key])) for key in waiting]
    return reasons[0] if all(reasons) else "it could not do it; its log says more, and its messages wait as before"


def _full(deployment: Deployment, keys: Iterable[str]) -> str:
    """Why nothing may be put into these connections; empty if it may."""
    full = next((key for key in keys if deployment.depths.is_blocked((key,))), None)
    return "" if full is None else f"the connection {shown(full)} behind it is full"


def _why_nothing_made(source: SourceDriver, full: str) -> str:
    through = "it is through; start the flow afresh to have it begin anew"
    return full or source.error or (through if source.finished else "it made nothing")


def _why_not_taken(deployment: Deployment, key: str, full: str) -> str:
    """Why none of the messages that wait in a connection can be taken; empty if some can."""
    if full:
        return full
    if deployment.holds.free(key) == 0:
        return "what waits before it is held at a breakpoint; release it first"
    return "" if deployment.depths.ready(key) > 0 else "what waits before it waits for its time"
