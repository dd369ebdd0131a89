"""A deployment's numbers, as the ledger and the slots tell them: what the canvas shows of processors and connections.

The same values as those of `engine.runtime.meter`, which knows them from within one process.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct

from engine.ledger.base import DEAD, Counter, Depth, Ledger, Passage, Registration, Source
from engine.runtime.plan import Plan
from engine.runtime.schedule import is_repeated
from engine.runtime.summary import Totals
from engine.stores.cluster import Slot

_RATE_S = 1.0
Values = dict[str, dict[str, Any]]


class Reading(Struct, frozen=True):
    """What the ledger says of a deployment at one moment."""

    depths: Mapping[int, Depth]
    counters: Mapping[int, Counter]
    passages: Mapping[int, Passage]
    sources: Mapping[int, Source]


def read(ledger: Ledger, deployment: int) -> Reading:
    """Ask the ledger."""
    counters, passages = ledger.counters(deployment)
    return Reading(ledger.depths(deployment), counters, passages, ledger.sources(deployment))


class Figures:
    """Turns readings into values, and tells which of them are new."""

    def __init__(self, plan: Plan, base: Mapping[str, Any]) -> None:
        self._plan = plan
        self._base = base
        self._said: Values = {}
        self._past: dict[str, list[tuple[float, int]]] = {}

    def values(
        self, reading: Reading, known: Registration, slots: Mapping[str, Sequence[Slot]], state: str
    ) -> dict[str, Values]:
        """Everything as it is. `slots` are by stage; `state` is the deployment's own."""
        names = {number: key for key, number in known.steps.items()}
        keys = {number: key for key, number in known.queues.items()}
        totals = Totals()
        totals.load(
            {names[step]: counter for step, counter in reading.counters.items() if step in names},
            {keys[queue]: passage for queue, passage in reading.passages.items() if queue in keys},
            self._base,
        )
        depths = {keys[queue]: depth for queue, depth in reading.depths.items() if queue in keys}
        done = {names[step] for step, source in reading.sources.items() if source.done and step in names}
        now_s = time.monotonic()
        steps = {
            step: self._step(step, totals.steps.get(step) or Counter(), depths, slots, state, ended=step in done, now_s=now_s)
            for step in self._plan.steps
        }
        return {"processors": steps, "connections": {key: self._link(key, totals, depths) for key in self._plan.links}}

    def news(self, values: Mapping[str, Values]) -> dict[str, Values]:
        """What of it is different from what was said last."""
        found: dict[str, Values] = {}
        for part, each in values.items():
            for key, value in each.items():
                name = f"{part} {key}"
                if self._said.get(name) != value:
                    self._said[name] = value
                    found.setdefault(part, {})[key] = value
        return found

    def _step(
        self,
        step: str,
        counter: Counter,
        depths: Mapping[str, Depth],
        slots: Mapping[str, Sequence[Slot]],
        state: str,
        *,
        ended: bool,
        now_s: float,
    ) -> dict[str, Any]:
        stage = self._plan.stage_of.get(step)
        mine = slots.get(stage, ()) if stage is not None else ()
        held = [slot for slot in mine if slot.is_held]
        trouble = next((slot.trouble for slot in mine if slot.trouble), None)
        values: dict[str, Any] = {
            "state": self._state(step, state, trouble, ended=ended),
            "in": counter.received,
            "out": dict(counter.out),
            "failed": counter.failed,
            "dead": depths.get(DEAD + step, Depth()).messages,
            "tasks": counter.tasks,
            "seconds": round(counter.time_ns / 1e9, 3),
            "running": sum(slot.busy for slot in held),
            "rate": self._rate(step, counter, now_s),
            "nodes": sorted(slot.agent for slot in held if slot.agent is not None),
        }
        if trouble is not None:
            values["trouble"] = trouble
        return values

    def _state(self, step: str, state: str, trouble: str | None, *, ended: bool) -> str:
        planned = self._plan.steps[step]
        if not planned.processor.enabled:
            return "disabled"
        if step not in self._plan.stage_of:
            return "stopped"
        if state == "ended" or (planned.is_source and ended and not is_repeated(planned.processor.schedule)):
            return "ended"
        return "broken" if trouble is not None and state == "running" else state

    def _link(self, key: str, totals: Totals, depths: Mapping[str, Depth]) -> dict[str, Any]:
        passage, depth = totals.links.get(key) or Passage(), depths.get(key) or Depth()
        limit = self._plan.links[key].policy.limit
        return {
            "messages": depth.messages,
            "bytes": depth.size,
            "passed": passage.messages,
            "passed_bytes": passage.size,
            "expired": passage.expired,
            "full": 0 < limit.messages <= depth.messages or 0 < limit.size_bytes <= depth.size,
        }

    def _rate(self, step: str, counter: Counter, now_s: float) -> float:
        """Messages a second that come in (of a source: go out), over the last second."""
        count = counter.received if self._plan.steps[step].inputs else sum(counter.out.values())
        past = self._past.setdefault(step, [])
        past.append((now_s, count))
        while len(past) > 2 and now_s - past[1][0] >= _RATE_S:
            del past[0]
        then_s, before = past[0]
        return round((count - before) / max(now_s - then_s, _RATE_S / 4), 1) if count != before else 0.0
