"""The keeper of a deployment: what has to be done once for all of it, by whoever holds the slot of that name.

It tells the numbers to the bus, sends tickets where work waits for long (theirs may be lost), has stages scaled, and finds out
when all is done. It keeps nothing: another one goes on from the rows.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from engine.cluster import autoscale
from engine.cluster.autoscale import Load, Memory
from engine.cluster.chronicler import Chronicler, at_base
from engine.cluster.figures import Figures, Reading, Values, read
from engine.cluster.part import FLUSH, FLUSHED, may_hold
from engine.cluster.planning import Planned, replicas
from engine.cluster.surroundings import Surroundings
from engine.dispatch.base import Ticket
from engine.errors import PyfiError
from engine.ledger.base import Ledger, Registration
from engine.processors.base import Effect
from engine.runtime.schedule import is_repeated
from engine.runtime.wakes import Wakes
from engine.stores.cluster import Order, Slot

_TICK_S = 0.25
_HEAL_TICKS = 4
_ODD_S = 5.0
"""How long a deployment may take between the ledger and the rows."""
_SNAPSHOT_TICKS = 40
_NOTE_TICKS = 20
_FRESH_MS = 60_000
_CLOSE_S = 2.0
"""What it did in the last minute is not worth waiting longer for a ledger that does not answer."""
Scale = Callable[[str, str, int], None]
"""Has a stage of a deployment (by its id) be so many slots."""


class Keeper:
    """Of one deployment. `show` gives it what the rows say; `end` notes that all is done."""

    def __init__(
        self,
        order: Order,
        made: Planned,
        around: Surroundings,
        *,
        slots: Callable[[], Sequence[Slot]],
        scale: Scale,
        end: Callable[[str, int], None],
    ) -> None:
        self._around = around
        self._slots = slots
        self._scale = scale
        self._end = end
        self._line = around.ledger.line()
        self._chronicler = Chronicler()
        self._memories: dict[str, Memory] = {}
        self._received: dict[str, tuple[float, int]] = {}
        self._flushed: dict[str, int] = {}
        self._known: Registration | None = None
        self._state = ""
        self._odd_since_s: float | None = None
        self.take(order, made)

    def take(self, order: Order, made: Planned) -> None:
        """Go by this order from now on."""
        self._order = order
        self._made = made
        self._figures = Figures(made.plan, order.base)
        self._wakes = Wakes(made.plan)
        self._turn = 0

    async def run(self) -> None:
        """Keep the deployment until cancelled."""
        while True:
            began_s = time.monotonic()
            try:
                await self._tick()
            except PyfiError as error:
                self._say_log("warning", f"the deployment cannot be looked after just now: {error}")
                await asyncio.sleep(1.0)
            except Exception as error:  # noqa: BLE001 - a fault in one look must not end them all
                traceback.print_exception(error)
            # Looking must stay cheap, also where it takes long.
            await asyncio.sleep(max(_TICK_S, 5 * (time.monotonic() - began_s)))

    def tell_end(self, state: str) -> None:
        """It is stopped, or another keeps it: say what is known last."""
        self._around.say("state", self.name, self._facts(state))

    async def close(self) -> None:
        """It is kept no longer, or by another: write down what it did."""
        name = self.name
        with contextlib.suppress(PyfiError, TimeoutError):
            async with asyncio.timeout(_CLOSE_S):
                found = await self._around.ledger.call(lambda ledger: _look(ledger, name))
                if found is not None and found[1] == self._made.revision:
                    await self._note(found[0], found[2])
                await self._chronicler.close(self._line)

    @property
    def change(self) -> int:
        """Which order it goes by."""
        return self._order.wanted.change

    @property
    def name(self) -> str:
        """The deployment's name."""
        return self._order.wanted.name

    @property
    def stages(self) -> list[str]:
        """The stages that it has, as far as this knows."""
        return list(self._made.plan.stages)

    async def _tick(self) -> None:
        self._turn += 1
        name, made = self.name, self._made
        found = await self._around.ledger.call(lambda ledger: _look(ledger, name))
        if found is None or found[1] != made.revision:
            await self._mend()
            return
        self._odd_since_s = None
        known, _, reading, ready = found
        slots = self._by_stage()
        state = self._order.wanted.desired
        values = self._figures.values(reading, known, slots, state)
        self._publish(values, state)
        if self._turn % _HEAL_TICKS == 0:
            self._heal(ready, known)
            self._autoscale(reading, known, slots)
            if state == "running":
                await self._see_end(reading, known)
        if self._turn % _NOTE_TICKS == 1:
            await self._note(known, reading)

    async def _note(self, known: Registration, reading: Reading) -> None:
        """Keep what was done since it was last noted; of a run that has just begun all of it."""
        plan, since_ms, base = self._made.plan, self._order.wanted.since_ms, self._order.base
        if not self._chronicler.has_begun and since_ms > self._around.clock.now_ms() - _FRESH_MS:
            noted = await self._line.insist(lambda ledger: ledger.history_before(known.deployment, 0, since_ms + _FRESH_MS))
            if noted is None or noted[0] + _FRESH_MS <= since_ms:
                self._chronicler.look(plan, known, at_base(known, base))
        self._chronicler.look(plan, known, reading)
        await self._chronicler.write(self._line)

    async def _mend(self) -> None:
        """The ledger has another plan than the rows: it is just being deployed, or whoever did that was ended in the midst."""
        now_s, plan = time.monotonic(), self._made.plan
        self._odd_since_s = self._odd_since_s or now_s
        if now_s - self._odd_since_s >= _ODD_S:
            self._odd_since_s = None
            name, revision = self.name, self._made.revision
            await self._around.ledger.call(lambda ledger: ledger.register(name, plan.queues(), list(plan.steps), revision))
            self._say_log("warning", "whoever deployed this last has not come to an end: it goes on as it was")

    def _publish(self, values: Mapping[str, Values], state: str) -> None:
        news = self._figures.news(values)
        if state != self._state:
            self._state = state
            self._around.say("state", self.name, self._facts(state))
        if self._turn % _SNAPSHOT_TICKS == 1:
            self._around.say("snapshot", self.name, {**self._facts(state), **values})
        elif news:
            self._around.say("stats", self.name, dict(news))

    def _facts(self, state: str) -> dict[str, Any]:
        """What is told of the deployment as a whole. `revision` is another one whenever something else runs."""
        return {"state": state, "trouble": None, "key": "", "revision": self._made.revision}

    def _by_stage(self) -> dict[str, list[Slot]]:
        found: dict[str, list[Slot]] = {}
        for slot in self._slots():
            found.setdefault(slot.stage, []).append(slot)
        return found

    def _heal(self, ready: set[int], known: Registration) -> None:
        """A ticket for every stage before which something waits that may be claimed: theirs may be lost."""
        for key, number in known.queues.items():
            stage = self._wakes.filled(key) if number in ready else None
            if stage is not None:
                self._around.dispatcher.send(Ticket(self.name, stage))

    # -- scaling

    def _autoscale(self, reading: Reading, known: Registration, slots: Mapping[str, Sequence[Slot]]) -> None:
        plan, order = self._made.plan, self._order
        now_s = time.monotonic()
        for stage in plan.stages.values():
            bounds = replicas(plan, stage.id)
            if bounds.min == bounds.max or order.wanted.desired != "running":
                continue
            load = self._load(stage.id, reading, known, now_s)
            now = len(slots.get(stage.id, ()))
            memory = self._memories.get(stage.id, Memory())
            wanted, self._memories[stage.id] = autoscale.decide(now, bounds.min, bounds.max, load, memory, now_s)
            if wanted != now:
                self._say_log("info", f"{now} -> {wanted} workers: {load.waiting:,} messages wait", stage.id)
                self._scale(order.wanted.id, stage.id, wanted)

    def _load(self, stage: str, reading: Reading, known: Registration, now_s: float) -> Load:
        entries = self._made.plan.stages[stage].entries
        depths = [reading.depths[known.queues[key]] for key in entries if known.queues.get(key) in reading.depths]
        waiting = [depth for depth in depths if depth.messages > 0]
        oldest_ms = min((depth.oldest_ms for depth in waiting), default=0)
        counter = reading.counters.get(known.steps.get(stage, -1))
        received = counter.received if counter is not None else 0
        then_s, before = self._received.get(stage, (now_s, received))
        self._received[stage] = (now_s, received)
        rate = (received - before) / (now_s - then_s) if now_s > then_s else 0.0
        age_s = max(0.0, (self._around.clock.now_ms() - oldest_ms) / 1000) if oldest_ms else 0.0
        return Load(sum(depth.messages for depth in waiting), age_s, rate)

    # -- the end

    async def _see_end(self, reading: Reading, known: Registration) -> None:
        """Have what is held let go of when all else is done, and note the end when nothing is."""
        if not self._is_through(reading, known):
            return
        number = known.deployment
        facts = await self._around.ledger.call(lambda ledger: ledger.facts(number))
        for step in self._made.plan.downstream:
            if step not in self._made.plan.stage_of or not may_hold(self._made.plan, step):
                continue
            if await self._still_holds(step, reading, known, facts):
                return
        self._end(self._order.wanted.id, self._order.wanted.change)

    def _is_through(self, reading: Reading, known: Registration) -> bool:
        """Whether there are sources, all have come to their end, and nothing waits or is under way."""
        plan = self._made.plan
        if not plan.sources or any(source not in plan.stage_of for source in plan.sources):
            return False
        for id in plan.sources:
            source = reading.sources.get(known.steps[id])
            if source is None or not source.done or is_repeated(plan.steps[id].processor.schedule):
                return False
        return not any(reading.depths[known.queues[key]].messages for key in plan.links if known.queues[key] in reading.depths)

    async def _still_holds(self, step: str, reading: Reading, known: Registration, facts: Mapping[str, Any]) -> bool:
        """Ask a step to let go of what it holds, unless it holds nothing since it last did."""
        number, planned = known.steps[step], self._made.plan.steps[step]
        counter = reading.counters.get(number)
        taken = counter.received if counter is not None else 0
        asked, done = facts.get(FLUSH + step, 0), facts.get(FLUSHED + step, {})
        is_answered = done.get("number", 0) >= asked
        if not is_answered:
            self._around.dispatcher.send(Ticket(self.name, self._made.plan.stage_of[step]))
            return True
        if planned.declared is not None and planned.declared.effect is Effect.POSITION:
            holds = asked == 0 or facts.get(f"{FLUSH}taken:{step}") != taken
        else:
            state = await self._around.ledger.call(lambda ledger: ledger.read_state(number))
            # What a join cannot pair stays with it: asked once more, it would say the same.
            holds = bool(state) and (asked == 0 or facts.get(f"{FLUSH}taken:{step}") != taken)
        if holds:
            noted = {FLUSH + step: asked + 1, f"{FLUSH}taken:{step}": taken}
            await self._line.insist(lambda ledger: ledger.set_facts(known.deployment, noted))
            self._around.dispatcher.send(Ticket(self.name, self._made.plan.stage_of[step]))
        return holds

    def _say_log(self, level: str, text: str, step: str = "") -> None:
        self._around.say("log", self.name, {"step": step, "level": level, "text": text})


def _look(ledger: Ledger, name: str) -> tuple[Registration, str, Reading, set[int]] | None:
    found = ledger.registration(name)
    if found is None:
        return None
    known, revision = found
    return known, revision, read(ledger, known.deployment), ledger.due_queues(known.deployment, ledger.now_ms())
