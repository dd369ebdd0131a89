"""What a run has done, as numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from engine.ledger.base import Counter, Passage


class Totals:
    """Sums by step and by link since the run began, over every restart."""

    def __init__(self) -> None:
        self.steps: dict[str, Counter] = {}
        self.links: dict[str, Passage] = {}
        self.first_ms = 0
        self.last_ms = 0
        self._loaded: dict[str, int] = {}
        self._expired_before: dict[str, int] = {}

    def load(self, steps: Mapping[str, Counter], links: Mapping[str, Passage], base: Mapping[str, Any]) -> None:
        """Begin with what was committed before, less what stood at `base` (the sums when the run began)."""
        base_steps = msgspec.convert(base.get("steps", {}), dict[str, Counter])
        base_links = msgspec.convert(base.get("links", {}), dict[str, Passage])
        self.steps = {id: _less(counter, base_steps.get(id, Counter())) for id, counter in steps.items()}
        self._expired_before = {key: passage.expired for key, passage in base_links.items()}
        for key, passage in links.items():
            before = base_links.get(key, Passage())
            self.links[key] = Passage(
                passage.messages - before.messages, passage.size - before.size, passage.expired - before.expired
            )
        self._loaded = {id: sum(counter.out.values()) for id, counter in self.steps.items()}

    def expired(self, links: Mapping[str, int]) -> None:
        """All-time counts of messages that expired, which only the ledger sees go."""
        for key, count in links.items():
            self.links.setdefault(key, Passage()).expired = count - self._expired_before.get(key, 0)

    def started(self, now_ms: int) -> None:
        """The first task begins."""
        self.first_ms = self.first_ms or now_ms

    @property
    def seconds(self) -> float:
        """From the first task's start to the last commit."""
        return max(0.001, (self.last_ms - self.first_ms) / 1000) if self.last_ms else 0.0

    def made_since_load(self, id: str) -> int:
        """Messages a step sent out since the sums were loaded."""
        return sum(self.steps.get(id, Counter()).out.values()) - self._loaded.get(id, 0)

    def add(self, steps: Mapping[str, Counter], links: Mapping[str, Passage], now_ms: int) -> None:
        """A task was committed."""
        self.first_ms = self.first_ms or now_ms
        self.last_ms = now_ms
        for step, counter in steps.items():
            total = self.steps.setdefault(step, Counter())
            total.received += counter.received
            total.failed += counter.failed
            total.tasks += counter.tasks
            total.time_ns += counter.time_ns
            for port, count in counter.out.items():
                total.out[port] = total.out.get(port, 0) + count
        for link, passage in links.items():
            sum_ = self.links.setdefault(link, Passage())
            sum_.messages += passage.messages
            sum_.size += passage.size
            sum_.expired += passage.expired


def as_json(
    flow: str,
    target: str,
    totals: Totals,
    *,
    source_messages: int,
    steps: Mapping[str, tuple[str, ...]],
    queued: Mapping[str, int],
    dead_letters: Mapping[str, int],
    unpaired: Mapping[str, Mapping[str, int]],
) -> dict[str, Any]:
    """The object of `pyfi run --json`. `steps` gives the outputs of every step.

    `queued` are the messages waiting by link, `unpaired` those in joins, by step and input.
    """
    seconds = totals.seconds
    processors = {id: _processor(totals.steps.get(id, Counter()), outputs) for id, outputs in steps.items()}
    return {
        "flow": flow,
        "target": target,
        "seconds": round(seconds, 3),
        "messages_per_second": round(source_messages / seconds, 1) if seconds > 0 else 0.0,
        "processors": processors,
        "connections": {
            key: {
                "passed": totals.links.get(key, Passage()).messages,
                "queued": count,
                "expired": totals.links.get(key, Passage()).expired,
            }
            for key, count in queued.items()
        },
        "dead_letters": sum(dead_letters.values()),
        "unpaired": {step: dict(ports) for step, ports in unpaired.items()},
    }


def _less(counter: Counter, base: Counter) -> Counter:
    return Counter(
        counter.received - base.received,
        counter.failed - base.failed,
        counter.tasks - base.tasks,
        counter.time_ns - base.time_ns,
        {port: count - base.out.get(port, 0) for port, count in counter.out.items()},
    )


def _processor(counter: Counter, outputs: tuple[str, ...]) -> dict[str, Any]:
    return {
        "in": counter.received,
        "out": {**dict.fromkeys(outputs, 0), **counter.out},
        "failed": counter.failed,
        "tasks": counter.tasks,
        "task_seconds": round(counter.time_ns / 1e9, 6),
    }
