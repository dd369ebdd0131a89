"""A deployment's numbers as they change: what the canvas shows of processors and connections.

As long as nobody listens nothing is done: `Deployment.watch` is None. A listener costs a few set operations for every task, and
every quarter of a second as much as there are parts with something new.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

from engine.ledger.base import DEAD, Claimed, Commit, Counter, Passage
from engine.runtime.deployment import Deployment

_RATE_S = 1.0
"""Rates are over the last second."""
_STILL = 2
"""Looks at a part without news before it is left alone."""
Values = dict[str, dict[str, Any]]


class Meter:
    """Tells what changed in a deployment since it was last asked. One at a time watches a deployment."""

    def __init__(self, deployment: Deployment) -> None:
        self.deployment = deployment
        self._steps: dict[str, int] = {}
        """Parts with news, and how many more looks they get."""
        self._links: dict[str, int] = {}
        self._past: dict[str, list[tuple[float, int]]] = {}
        self._said: Values = {}
        deployment.watch = self._settled
        deployment.stirred = set()

    def close(self) -> None:
        """Stop watching."""
        self.deployment.watch = None
        self.deployment.stirred = None

    def snapshot(self) -> dict[str, Values]:
        """Everything as it is. What `changes` tells later holds on top of it."""
        found = standing(self.deployment)
        for step, values in found["processors"].items():
            values["rate"] = self._said.get(f"processors {step}", values)["rate"]
        return found

    def changes(self) -> dict[str, Values]:
        """What is different from what was said last, by processor and by connection."""
        self._notice()
        plan = self.deployment.plan
        now_s = time.monotonic()
        steps = {step: processor_values(self.deployment, step) for step in self._steps if step in plan.steps}
        links = {key: connection_values(self.deployment, key) for key in self._links if key in plan.links}
        for step, values in steps.items():
            values["rate"] = self._rate(step, values, now_s)
        # One that has a rate is looked at until that has fallen to zero.
        self._steps = {
            step: left if steps[step]["rate"] else left - 1
            for step, left in self._steps.items()
            if step in steps and (left > 1 or steps[step]["rate"])
        }
        self._links = {key: left - 1 for key, left in self._links.items() if left > 1}
        found = {"processors": self._news("processors", steps), "connections": self._news("connections", links)}
        return {part: news for part, news in found.items() if news}

    def _settled(self, commit: Commit, claimed: Sequence[Claimed]) -> None:
        deployment = self.deployment
        for step in commit.counters:
            self._steps[deployment.name_of(step)] = _STILL
        for queue in {*commit.passages, *(batch.queue for batch in commit.outputs), *(batch.queue for batch in claimed)}:
            self._notice_queue(deployment.key_of(queue))

    def _notice_queue(self, key: str) -> None:
        if key.startswith(DEAD):
            self._steps[key.removeprefix(DEAD)] = _STILL
        else:
            self._links[key] = _STILL

    def _notice(self) -> None:
        """Stages in which something began or ended or broke, and queues that were read again from the ledger."""
        deployment = self.deployment
        stirred, deployment.stirred = deployment.stirred or set(), set()
        for stage in stirred:
            runner = deployment.runners.get(stage)
            # A step that runs once, or has just done so, is in no stage.
            for step in runner.stage.steps if runner is not None else (stage,):
                self._steps[step] = _STILL
        for key in deployment.depths.take_reloaded():
            self._notice_queue(key)

    def _news(self, part: str, found: Values) -> Values:
        news: Values = {}
        for key, values in found.items():
            name = f"{part} {key}"
            if self._said.get(name) != values:
                self._said[name] = values
                news[key] = values
        return news

    def _rate(self, step: str, values: dict[str, Any], now_s: float) -> float:
        """Messages a second that come in (of a source: go out), over the last second."""
        count = values["in"] if self.deployment.plan.steps[step].inputs else sum(values["out"].values())
        past = self._past.setdefault(step, [])
        past.append((now_s, count))
        while len(past) > 2 and now_s - past[1][0] >= _RATE_S:
            del past[0]
        then_s, before = past[0]
        if count == before:
            del past[:-1]
            return 0.0
        return round((count - before) / max(now_s - then_s, _RATE_S / 4), 1)


def standing(deployment: Deployment) -> dict[str, Values]:
    """Every processor and every connection as it is."""
    return {
        "processors": {step: processor_values(deployment, step) for step in deployment.plan.steps},
        "connections": {key: connection_values(deployment, key) for key in deployment.plan.links},
    }


def processor_values(deployment: Deployment, step: str) -> dict[str, Any]:
    """What there is to say of a processor.

    `in`, `out` by port and `failed` count messages, `dead` those kept as dead letters; `tasks` took `seconds` of work,
    `running` are under way; `rate` is in messages a second. `trouble` is there if it cannot run.
    """
    counter = deployment.totals.steps.get(step) or Counter()
    runner = deployment.runner_of(step)
    values: dict[str, Any] = {
        "state": state_of(deployment, step),
        "in": counter.received,
        "out": dict(counter.out),
        "failed": counter.failed,
        "dead": max(0, deployment.depths.messages(DEAD + step)),
        "tasks": counter.tasks,
        "seconds": round(counter.time_ns / 1e9, 3),
        "running": sum(slot.in_hand for slot in runner.slots) if runner is not None else 0,
        "rate": 0.0,
    }
    trouble = trouble_of(deployment, step)
    if trouble is not None:
        values["trouble"] = trouble
    return values


def connection_values(deployment: Deployment, key: str) -> dict[str, Any]:
    """What there is to say of a connection: what waits in its queue, what has passed and expired, whether it is full."""
    passage = deployment.totals.links.get(key) or Passage()
    return {
        "messages": max(0, deployment.depths.messages(key)),
        "bytes": max(0, deployment.depths.size(key)),
        "passed": passage.messages,
        "passed_bytes": passage.size,
        "expired": passage.expired,
        "full": deployment.depths.is_blocked((key,)),
    }


def state_of(deployment: Deployment, step: str) -> str:
    """`running`, `paused`, `ended` (a source that is through, any in a flow that is done), `broken`, `stopped`, `disabled`."""
    planned = deployment.plan.steps[step]
    runner = deployment.runner_of(step)
    if runner is None or runner.stopping:
        if not planned.processor.enabled:
            return "disabled"
        return "ended" if deployment.has_ended and step in deployment.plan.stage_of else "stopped"
    if trouble_of(deployment, step) is not None:
        return "broken"
    if runner.source is not None and runner.source.finished and step == runner.stage.id:
        return "ended"
    return "paused" if runner.paused else "running"


def trouble_of(deployment: Deployment, step: str) -> str | None:
    """Why a processor does not run; None when nothing is wrong."""
    runner = deployment.runner_of(step)
    if runner is None:
        return None
    if runner.broken is not None:
        return runner.broken
    source = runner.source
    return source.error if source is not None and source.finished and step == runner.stage.id else None
