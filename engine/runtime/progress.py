"""How a run stands, in few words: what people see while they wait."""

from __future__ import annotations

from msgspec import Struct

from engine.ledger.base import Counter
from engine.runtime.deployment import Deployment


class StepProgress(Struct, frozen=True):
    """A processor that has begun or has something to do: messages in, out, failed, and waiting before it."""

    id: str
    received: int
    sent: int
    failed: int
    queued: int
    busy: bool


class Progress(Struct, frozen=True):
    """How a run stands: messages its sources made, messages that wait, and the processors that have begun."""

    messages: int = 0
    queued: int = 0
    steps: tuple[StepProgress, ...] = ()


def progress_of(deployment: Deployment) -> Progress:
    """How a deployment stands now."""
    steps: list[StepProgress] = []
    waiting = 0
    for runner in deployment.runners.values():
        for name in runner.stage.steps:
            queued = sum(deployment.depths.messages(link.key) for link in deployment.plan.inbound.get(name, ()))
            waiting += queued
            counter = deployment.totals.steps.get(name)
            if counter is not None or queued:
                counter = counter or Counter()
                sent = sum(counter.out.values())
                steps.append(StepProgress(name, counter.received, sent, counter.failed, queued, runner.busy))
    return Progress(deployment.source_messages(), waiting, tuple(steps))
