"""The agent: one process a node. It holds slots under leases, and runs a worker for each of them.

There is no process that decides for all: every agent reads the same rows and comes to the same answers. An agent that cannot
reach the database ends its workers before their slots' leases run out, so that no slot is ever held twice.
"""

from __future__ import annotations

import asyncio
import contextlib
import traceback
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import TypeVar

from engine.cluster.books import Books
from engine.cluster.clock import steady_s
from engine.cluster.crew import Crew, Member
from engine.cluster.job import End, Job, Line, NewOrder
from engine.cluster.keepers import Keepers
from engine.cluster.leftovers import expire_results
from engine.cluster.once import step_of
from engine.cluster.placement import Room, assign, nowhere, surplus
from engine.cluster.surroundings import Surroundings
from engine.cluster.versions import is_other_version
from engine.cluster.worker import own_name
from engine.database.connect import Database
from engine.errors import PyfiError, Replaced, StorageError, UsageError
from engine.stores.cluster import KEEPER, ONCE, ClusterStore, Identity, LogLine, Situation, Slot, Wanted
from engine.stores.notices import Notices
from engine.stores.slots import LEASE_S, Key, Me, Report, SlotStore, Taken
from engine.targets import Target

_BEAT_S = 1.0
_FENCE_S = 0.7 * LEASE_S
"""Without a word from the database for so long, workers are ended: their slots may soon be somebody else's."""
_PATIENCE_S = 20.0
_STOP_S = 5.0
_BALANCE_S = 3.0
_CRASH_WAIT_S = (0.0, 1.0, 2.0, 5.0, 10.0)
_CRASHES_PASS_S = 60.0
_NAME_LOOK_S = 0.5
_PRUNE_S = 3600.0
_LOG_DAYS = 30
T = TypeVar("T")


class Agent:
    """An agent of a target. `say` hears, in a sentence, whatever the person who started it should know."""

    def __init__(
        self, target: Target, identity: Identity, me: Me, database: Database, *, folder: str, secrets: dict[str, str]
    ) -> None:
        self.target = target
        self.me = me
        self.say: Callable[[str], None] = lambda text: None
        self._identity = identity
        self._folder = folder
        self._secrets = secrets
        self._database = database
        self._store = SlotStore(database)
        self._wants = ClusterStore(database)
        self._crew = Crew(self._on_changed)
        self._books = Books(me.version, self._store, self._refuse)
        self._situation: Situation | None = None
        self._news = asyncio.Event()
        self._lines: list[LogLine] = []
        self._leaving = False
        self._heard_s = steady_s()
        self._since = datetime.fromtimestamp(0, UTC)
        """When this one joined, which tells it from another of its name."""
        self._trouble: str | None = None
        self._bus_trouble: str | None = None
        self._crashes: dict[Key, tuple[int, float]] = {}
        self._balanced_s = steady_s()
        self._said: set[str] = set()
        self._around: Surroundings
        self._keepers: Keepers

    # -- life

    async def run(self) -> None:
        """Be an agent until `leave`."""
        await self._be_only_one()
        async with Surroundings(self.target, self._identity) as self._around:
            self._keepers = Keepers(self._around, self._wants, self._store, self._news.set)
            await self._crew.warm_up()
            await self._join()
            listening = asyncio.create_task(self._listen())
            fencing = asyncio.create_task(self._fence())
            pruning = asyncio.create_task(self._prune())
            try:
                await self._live()
            finally:
                for task in (listening, fencing, pruning):
                    task.cancel()
                await self._end()

    def leave(self) -> None:
        """End in good order: workers finish what they have in hand, slots are given back."""
        self._leaving = True
        self._news.set()

    async def _be_only_one(self) -> None:
        """Raise UsageError if an agent of this name lives. One that was killed just now seems to, for some seconds."""
        name = self.me.name
        first = await self._ask(lambda: self._store.last_word(self.me))
        if first is not None:
            self.say(f"an agent '{name}' was here a moment ago; waiting to see whether it lives")
        while (last := await self._ask(lambda: self._store.last_word(self.me))) is not None:
            if last != first:
                raise UsageError(
                    f"an agent called '{name}' lives already on target '{self.target.name}'; give this one another --node"
                )
            await asyncio.sleep(_NAME_LOOK_S)

    async def _join(self) -> None:
        asked_s = steady_s()
        self._since = await self._ask(lambda: self._store.join(self.me))
        self._heard_s = asked_s

    async def _live(self) -> None:
        while not self._leaving:
            self._news.clear()
            try:
                await self._beat()
                self._well()
            except StorageError as error:
                self._unwell(str(error))
            except Replaced:
                self._call_all_off()
                raise
            except PyfiError as error:
                self.say(str(error))
            except Exception as error:  # noqa: BLE001 - a fault in one look must not end the node
                traceback.print_exception(error)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_BEAT_S):
                    await self._news.wait()

    async def _end(self) -> None:
        for member in self._crew.members.values():
            member.is_ending = True
            member.tell(End(_PATIENCE_S))
        patience_s, began_s = _PATIENCE_S + _STOP_S, steady_s()
        while any(not member.is_gone for member in self._crew.members.values()) and steady_s() < began_s + patience_s:
            with contextlib.suppress(StorageError, Replaced):
                await self._renew()
            await asyncio.sleep(0.05)
        for member in self._crew.members.values():
            member.kill()
        with contextlib.suppress(StorageError):  # else the leases run out
            await self._bury()
            await self._keepers.close(self._situation)
            await self._ask(lambda: self._store.leave(self.me, self._since))

    async def _listen(self) -> None:
        """Look at once when somebody has changed what is wanted."""
        notices = Notices(self._database)
        loop = asyncio.get_running_loop()
        try:
            await asyncio.to_thread(notices.listen, lambda: _set(loop, self._news))
        finally:
            notices.close()

    async def _fence(self) -> None:
        """End the workers when the database has not been heard of for long: their slots may soon be taken by others."""
        while True:
            await asyncio.sleep(0.2)
            if steady_s() - self._heard_s > _FENCE_S:
                self._call_all_off()

    def _call_all_off(self) -> None:
        for member in self._crew.members.values():
            member.call_off()
        self._keepers.kill()

    async def _prune(self) -> None:
        while True:
            with contextlib.suppress(PyfiError):
                await self._ask(lambda: self._store.prune(_LOG_DAYS))
            await asyncio.sleep(_PRUNE_S)
            with contextlib.suppress(PyfiError):
                await expire_results(self.target)

    # -- one look

    async def _beat(self) -> None:
        situation = await self._renew()
        await self._bury()
        await self._books.learn(situation)
        self._obey(situation)
        await self._take(situation)
        self._balance(situation)
        self._look_at_bus()

    async def _renew(self) -> Situation:
        """Say how all goes, keep what is held, and see how all stands."""
        held = {key: member.name for key, member in self._crew.members.items()} | self._keepers.workers
        reports = [
            Report(
                key,
                member.name,
                "draining" if member.is_ending else member.state.state,
                member.state.trouble,
                member.state.busy,
            )
            for key, member in self._crew.members.items()
        ]
        reports += [Report(key, worker, "running") for key, worker in self._keepers.workers.items()]
        lines, self._lines = self._lines, []
        asked_s = steady_s()  # not when the answer came: the leases may have begun long before that
        try:
            situation, kept = await self._ask(lambda: self._store.beat(self.me, self._since, held, reports, lines))
        except StorageError:
            self._lines = [*lines, *self._lines][-10_000:]
            raise
        self._heard_s = asked_s
        self._situation = situation
        if not any(agent.name == self.me.name for agent in situation.agents):
            await self._join()
        there = {slot.key for slot in situation.slots}
        for key, member in self._crew.members.items():
            if key in kept or (member.is_ending and key not in there):
                member.hold(asked_s + _FENCE_S)
        for key in held:
            if key not in kept:
                await self._lose(key, situation)
        return situation

    async def _lose(self, key: Key, situation: Situation) -> None:
        """A slot is no longer wanted, or its lease has run out."""
        member = self._crew.members.get(key)
        if any(slot.key == key for slot in situation.slots):
            # It may be somebody else's by now.
            if member is not None:
                member.call_off()
        elif member is not None and not member.is_ending:
            self._drain(member)
        await self._keepers.drop(key, situation)

    async def _bury(self) -> None:
        """See to workers that are gone: free at once what they had leased, and give their slots back."""
        for member in [member for member in self._crew.members.values() if member.is_gone]:
            name = member.name
            is_once = step_of(member.key[1]) is not None
            if not ((member.is_ending or is_once) and member.process.exitcode == 0):
                await self._around.ledger.call(lambda ledger, name=name: ledger.abandon(name))
                self._note_end(member)
            if is_once:
                await self._close_once(member.key)
            await self._ask(lambda key=member.key, name=name: self._store.give_back(key, name))
            self._crew.drop(member)

    async def _close_once(self, key: Key) -> None:
        """What ran once does not run again, however it ended."""
        await self._ask(lambda: self._wants.close_once(key[0], key[1].removeprefix(ONCE)))

    def _note_end(self, member: Member) -> None:
        """A worker has ended that was not to."""
        flow, stage = member.job.order.wanted.name, step_of(member.job.stage) or member.job.stage
        if member.was_terminated:
            self._note(flow, stage, "info", "ended at once; what it was at waits in its queues again", member.name)
            return
        if member.was_called_off:
            self._note(flow, stage, "warning", "the worker was ended: its node was cut off from the database", member.name)
            return
        self._note(flow, stage, "error", f"the worker {member.reason}", member.name)
        times, at_s = self._crashes.get(member.key, (0, 0.0))
        now_s = steady_s()
        self._crashes[member.key] = (times + 1 if now_s - at_s < _CRASHES_PASS_S else 1, now_s)

    def _obey(self, situation: Situation) -> None:
        """Have workers do what is wanted now."""
        wanted = {each.id: each for each in situation.deployments}
        is_disabled = self._is_disabled(situation)
        for key, member in self._crew.members.items():
            current, known = wanted.get(key[0]), self._books.get(key[0])
            # The books may know of a later order than the situation: one who is told of that is not ended by it any more.
            orders = [each for each in (current, known.order.wanted if known is not None else None) if each is not None]
            if any(map(member.is_ended_by, orders)):
                member.was_terminated = True
                member.kill()
            elif member.is_ending:
                continue
            elif current is None or is_disabled or (current.desired == "stopped" and step_of(key[1]) is None):
                self._drain(member)
            elif known is not None and known.order.wanted.change != member.change and step_of(key[1]) is None:
                member.tell(NewOrder(known.order))
                member.steps = self._books.steps(*key[:2])
        self._keepers.obey(self._books)

    def _drain(self, member: Member) -> None:
        member.is_ending = True
        member.tell(End(_PATIENCE_S))

    # -- slots

    async def _take(self, situation: Situation) -> None:
        """Take the slots that fall to this agent."""
        await self._keepers.tidy(situation, leaving=self._is_disabled(situation))
        free = self._free(situation)
        mine = [key for key, agent in assign(free, self._rooms(situation)).items() if agent == self.me.name]
        self._say_nowhere(free, situation)
        wanted = {key: own_name(self.me.name) for key in mine if not self._must_wait(key) and key not in self._crew.members}
        if not wanted or self._leaving:
            return
        until_s = steady_s() + _FENCE_S
        taken = await self._ask(lambda: self._store.take(self.me, wanted))
        await asyncio.gather(*(self._begin(each, wanted[each.key], until_s) for each in taken))

    async def _begin(self, taken: Taken, worker: str, until_s: float) -> None:
        known = self._books[taken.key[0]]
        if taken.before:
            # Whoever held it did not give it back: what that one had in hand is free from now on.
            await self._around.ledger.call(lambda ledger: ledger.abandon(taken.before))
        if step_of(taken.key[1]) is not None and taken.epoch > 1:
            await self._close_once(taken.key)
            await self._ask(lambda: self._store.give_back(taken.key, worker))
            return
        if taken.key[1] == KEEPER:
            self._keepers.begin(taken.key, known, worker, lambda: self._slots_of(taken.key[0]))
            return
        job = Job(
            worker=worker,
            node=self.me.node,
            target=self.target,
            identity=self._identity,
            order=known.order,
            stage=taken.key[1],
            folder=self._folder,
            secrets=self._secrets,
        )
        member = await self._crew.start(taken.key, job, until_s)
        member.steps = self._books.steps(*taken.key[:2])
        await self._ask(lambda: self._store.started(worker, member.process.pid or 0))

    def _free(self, situation: Situation) -> dict[Key, frozenset[str]]:
        """Slots that nobody holds of what is to run, and the labels that they ask for."""
        desired = {wanted.id: wanted.desired for wanted in situation.deployments}
        found: dict[Key, frozenset[str]] = {}
        for slot in situation.slots:
            if not slot.is_held and (desired.get(slot.deployment_id) != "stopped" or step_of(slot.stage) is not None):
                asked = self._books.labels(slot)
                if asked is not None:
                    found[slot.key] = asked
        return found

    def _rooms(self, situation: Situation) -> list[Room]:
        """The nodes that may take slots."""
        held: dict[str, set[Key]] = {}
        for slot in situation.slots:
            if slot.is_held and slot.agent is not None:
                held.setdefault(slot.agent, set()).add(slot.key)
        return [
            Room(
                agent.name, agent.cpus, frozenset(agent.labels), frozenset(held.get(agent.name, ())),
                agent.most, agent.dedicated,
            )
            for agent in situation.agents
            if agent.is_alive and agent.enabled and not is_other_version(agent.version, self.me.version)
        ]  # fmt: skip

    def _say_nowhere(self, free: dict[Key, frozenset[str]], situation: Situation) -> None:
        """One agent, the first by name, says of slots that no node suits why that is."""
        rooms = self._rooms(situation)
        if not rooms or min(room.agent for room in rooms) != self.me.name:
            return
        names = {wanted.id: wanted.name for wanted in situation.deployments}
        for key, reason in nowhere(free, rooms).items():
            said = f"{key} {reason}"
            if said not in self._said:
                self._said.add(said)
                self._note(names[key[0]], step_of(key[1]) or key[1], "warning", reason, self.me.name)

    def _is_disabled(self, situation: Situation) -> bool:
        """Whether somebody wants this node to run nothing."""
        return any(agent.name == self.me.name and not agent.enabled for agent in situation.agents)

    def _must_wait(self, key: Key) -> bool:
        """Whether a worker of the slot has crashed here, again and again, so that the next one waits."""
        times, at_s = self._crashes.get(key, (0, 0.0))
        return steady_s() - at_s < _CRASH_WAIT_S[min(times, len(_CRASH_WAIT_S) - 1)]

    def _balance(self, situation: Situation) -> None:
        """Give a slot up when another node has clearly less to do, one at a time."""
        busy = any(not slot.is_held or slot.state != "running" for slot in situation.slots if self._runs(slot, situation))
        if busy or steady_s() - self._balanced_s < _BALANCE_S:
            return
        self._balanced_s = steady_s()
        # A keeper costs nothing: to give it up would move nobody's work. What runs once stays where it is.
        workers = [slot for slot in situation.slots if slot.stage != KEEPER and step_of(slot.stage) is None]
        asked = {slot.key: asked for slot in workers if (asked := self._books.labels(slot)) is not None}
        sources = {
            key for key in asked if key[1] in (plan := self._books[key[0]].made.plan).steps and plan.steps[key[1]].is_source
        }
        given = surplus(self.me.name, asked, self._rooms(situation), sources)
        if given is not None and given in self._crew.members:
            self._drain(self._crew.members[given])

    def _runs(self, slot: Slot, situation: Situation) -> bool:
        is_wanted = any(wanted.id == slot.deployment_id and wanted.desired != "stopped" for wanted in situation.deployments)
        return is_wanted and step_of(slot.stage) is None

    # -- small things

    def _slots_of(self, id: str) -> Sequence[Slot]:
        situation = self._situation
        return [slot for slot in situation.slots if slot.deployment_id == id] if situation is not None else []

    def _refuse(self, wanted: Wanted, reason: str) -> None:
        self.say(f"'{wanted.name}' is not run here: {reason}")
        self._note(wanted.name, "", "error", f"agent {self.me.name}: {reason}", self.me.name)

    def _on_changed(self, member: Member) -> None:
        for line in member.lines:
            self._keep_line(member.job.order.wanted.name, line, member.name)
        member.lines.clear()
        if member.is_gone:
            self._news.set()

    def _keep_line(self, flow: str, line: Line, worker: str) -> None:
        at = datetime.fromtimestamp(line.at_ms / 1000, UTC)
        self._lines.append(LogLine(at, flow, line.step, self.me.node, worker, line.level, line.text))
        del self._lines[:-10_000]

    def _note(self, flow: str, step: str, level: str, text: str, worker: str) -> None:
        """A line of a deployment's log that the agent has to add itself."""
        line = Line(self._around.clock.now_ms(), step, level, text)
        self._keep_line(flow, line, worker)
        self._around.say("log", flow, {"step": step, "level": level, "text": text})

    def _look_at_bus(self) -> None:
        """Say when nothing can be told any more, and when it can again. What the dispatcher misses it says itself."""
        trouble = self._around.bus.trouble
        if (trouble is None) != (self._bus_trouble is None):
            self.say(f"{trouble}; until then nobody hears how flows do" if trouble else "the bus is there again")
        self._bus_trouble = trouble

    def _well(self) -> None:
        if self._trouble is not None:
            self._trouble = None
            self.say("the database is there again")

    def _unwell(self, trouble: str) -> None:
        if self._trouble is None:
            self.say(f"{trouble}; it is tried again, and workers end after {_FENCE_S:.0f} s without it")
        self._trouble = trouble

    async def _ask(self, what: Callable[[], T]) -> T:
        return await asyncio.to_thread(what)


def _set(loop: asyncio.AbstractEventLoop, event: asyncio.Event) -> None:
    with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits any more
        loop.call_soon_threadsafe(event.set)
