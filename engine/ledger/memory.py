"""A ledger in memory: the meaning of the interface, written plainly. For tests and for flows that need not survive.

Rows are frozen, so a transaction that fails is undone by taking back the dictionaries as they were.
"""

# ruff: noqa: D102 - the interface says what each method means

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import copy
from secrets import randbits
from typing import Any, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from engine.errors import ConflictError, IntegrityError, NotFound
from engine.ledger.base import (
    DEAD,
    Claimed,
    ClaimRequest,
    Commit,
    Counter,
    Depth,
    Exchange,
    HistoryEntry,
    Ledger,
    NewBatch,
    Order,
    Outcome,
    Passage,
    QueueSpec,
    Registration,
    Rewrite,
    Source,
    StateWrite,
    taken,
    unknown,
)

Result = TypeVar("Result")


class _Deployment(Struct, frozen=True):
    id: int
    plan: int
    revision: str
    facts: dict[str, Any]


class _Part(Struct, frozen=True):
    """A queue (with a spec) or a step."""

    deployment: int
    key: str
    plan: int
    spec: QueueSpec | None = None


class _Batch(Struct, frozen=True):
    row: int
    deployment: int
    queue: int
    id: bytes
    lo: int
    hi: int
    size: int
    born_ms: int
    ready_ms: int
    rank: float
    turn: int
    """Its turn of arrival: its row, later when it was moved."""
    attempt: int
    crashes: int
    kind: int
    claims: tuple[str, ...]
    body: bytes
    lease: int = 0
    holder: str = ""
    shift: float = 0.0
    """Parts of one batch share the room between its turn and the next one."""

    @property
    def place(self) -> float:
        return self.turn + self.shift

    @property
    def n(self) -> int:
        return self.hi - self.lo


class _State(Struct, frozen=True):
    value: bytes
    version: int
    claims: tuple[str, ...]


class _Tables(Struct):
    last: int = 0
    deployments: dict[str, _Deployment] = {}
    queues: dict[int, _Part] = {}
    steps: dict[int, _Part] = {}
    batches: dict[int, _Batch] = {}
    states: dict[tuple[int, str], _State] = {}
    sources: dict[int, Source] = {}
    timers: dict[int, int] = {}
    counters: dict[int, Counter] = {}
    passages: dict[int, Passage] = {}
    lineage: dict[int, tuple[int, int, bytes]] = {}
    history: dict[int, HistoryEntry] = {}

    def snapshot(self) -> _Tables:
        """A copy that later changes do not reach."""
        copied = copy(self)
        for name in self.__struct_fields__[1:]:
            setattr(copied, name, dict(getattr(self, name)))
        return copied

    def next(self) -> int:
        """A number never used before."""
        self.last += 1
        return self.last

    def files(self) -> set[str]:
        """Every file referred to."""
        return {file for kept in (*self.batches.values(), *self.states.values()) for file in kept.claims}


class MemoryLedger(Ledger):
    """A ledger that ends with its process."""

    def __init__(self) -> None:
        self._tables = _Tables()

    def exchange(self, commits: Sequence[Commit], requests: Sequence[ClaimRequest]) -> Exchange:
        files = self._tables.files()

        def work() -> tuple[list[Outcome], list[list[Claimed]]]:
            return [self._commit(commit) for commit in commits], [self._claim(request) for request in requests]

        outcomes, claimed = self._whole(work)
        done = [commit for commit, outcome in zip(commits, outcomes, strict=True) if outcome is Outcome.DONE]
        files.update(file for commit in done for write in commit.state for file in write.claims)
        return Exchange(outcomes, claimed, sorted(files - self._tables.files()))

    def _whole(self, work: Callable[[], Result]) -> Result:
        """Do `work`, or, if it fails, nothing."""
        before = self._tables.snapshot()
        try:
            return work()
        except BaseException:
            self._tables = before
            raise

    def _commit(self, commit: Commit) -> Outcome:
        outcome = self._outcome(commit)
        if outcome is not Outcome.DONE:
            return outcome
        tables = self._tables
        for row in dict(commit.inputs):
            del tables.batches[row]
        if commit.rest is not None:
            self._shorten(tables.batches[commit.rest[0]], commit.rest[2])
        for made in commit.outputs:
            self._insert(commit.deployment, made)
        for write in commit.state:
            self._write_state(write)
        if commit.source is not None:
            step, was = commit.source.step, tables.sources[commit.source.step]
            tables.sources[step] = Source(was.epoch, was.seq + 1, was.yielded + commit.source.yielded, commit.source.done)
        if commit.timer is not None:
            del tables.timers[commit.timer[0]]
        for timer in commit.timers:
            self._known(tables.steps, timer.step)
            tables.timers.pop(timer.step, None)
            if timer.due_ms is not None:
                tables.timers[timer.step] = timer.due_ms
        self._add(commit)
        return outcome

    def _outcome(self, commit: Commit) -> Outcome:
        tables = self._tables
        if self._plan(commit.deployment) != commit.plan:
            return Outcome.STALE_PLAN
        for row, lease in (*commit.inputs, *([commit.rest[:2]] if commit.rest is not None else [])):
            if not lease or row not in tables.batches or tables.batches[row].lease != lease:
                return Outcome.LEASE_LOST
        source, timer = commit.source, commit.timer
        versions = {key: kept.version for key, kept in tables.states.items()}
        if any(versions.get((write.step, write.key), 0) != write.seen for write in commit.state):
            return Outcome.CONFLICT
        if source is not None:
            now = tables.sources.get(source.step)
            if now is None or (now.epoch, now.seq) != (source.epoch, source.seq):
                return Outcome.CONFLICT
        if timer is not None and tables.timers.get(timer[0]) != timer[1]:
            return Outcome.CONFLICT
        return Outcome.DONE

    def _shorten(self, batch: _Batch, done: int) -> None:
        n = batch.hi - batch.lo
        if not 0 < done < n:
            raise IntegrityError(f"a batch of {n} messages cannot go back with {done} of them done; nothing was written")
        size = batch.size * (n - done) // n
        self._change(batch, lo=batch.lo + done, size=size, lease=0, ready_ms=0, crashes=0)

    def _plan(self, deployment: int) -> int:
        return next((known.plan for known in self._tables.deployments.values() if known.id == deployment), 0)

    def _insert(self, deployment: int, made: NewBatch) -> None:
        tables = self._tables
        queue = tables.queues.get(made.queue)
        if queue is None or queue.deployment != deployment:
            raise IntegrityError(
                f"a batch was made for queue {made.queue}, which its deployment does not have; nothing was written"
            )
        self._refuse_double(made.queue, made.id, 0)
        row = tables.next()
        tables.batches[row] = _Batch(
            row, deployment, made.queue, made.id, 0, made.n, made.size, made.born_ms, made.due_ms, made.rank, row,
            made.attempt, 0, made.kind, tuple(made.claims), bytes(made.body),
        )  # fmt: skip

    def _refuse_double(self, queue: int, identity: bytes, lo: int) -> None:
        if any((batch.queue, batch.id, batch.lo) == (queue, identity, lo) for batch in self._tables.batches.values()):
            raise IntegrityError(f"a batch was made twice: {identity.hex()} is in queue {queue} already; nothing was written")

    def _write_state(self, write: StateWrite) -> None:
        self._known(self._tables.steps, write.step)
        if write.value is None:
            self._tables.states.pop((write.step, write.key), None)
        else:
            version = write.version or randbits(62) + 1
            self._tables.states[write.step, write.key] = _State(bytes(write.value), version, tuple(write.claims))

    def _add(self, commit: Commit) -> None:
        tables = self._tables
        for step, more in commit.counters.items():
            self._known(tables.steps, step)
            was = tables.counters.get(step, Counter())
            out = {port: was.out.get(port, 0) + more.out.get(port, 0) for port in {**was.out, **more.out}}
            tables.counters[step] = Counter(
                was.received + more.received, was.failed + more.failed, was.tasks + more.tasks, was.time_ns + more.time_ns, out
            )
        for queue, passage in commit.passages.items():
            self._passed(queue, passage)
        if commit.lineage:
            tables.lineage[tables.next()] = (commit.deployment, commit.now_ms, commit.lineage)

    def _passed(self, queue: int, more: Passage) -> None:
        self._known(self._tables.queues, queue)
        was = self._tables.passages.get(queue, Passage())
        self._tables.passages[queue] = Passage(was.messages + more.messages, was.size + more.size, was.expired + more.expired)

    @staticmethod
    def _known(parts: Mapping[int, _Part], number: int) -> None:
        if number not in parts:
            raise IntegrityError(f"the ledger has no queue or step {number}; nothing was written")

    def _claim(self, request: ClaimRequest) -> list[Claimed]:
        if self._plan(request.deployment) != request.plan:
            return []
        self._wake(request.deployment, request.now_ms)
        queues = [number for number in request.queues if number in self._specs(request.deployment)]
        for number in queues:
            self._expire(number, request.now_ms)
        for number in queues:
            waiting = [batch for batch in self._in_order(number) if not batch.ready_ms]
            if waiting:
                return self._lease(waiting, request)
        return []

    def _specs(self, deployment: int) -> dict[int, QueueSpec]:
        queues = self._tables.queues.items()
        return {number: part.spec for number, part in queues if part.deployment == deployment and part.spec is not None}

    def _wake(self, deployment: int, now_ms: int) -> None:
        for batch in list(self._tables.batches.values()):
            if batch.deployment == deployment and 0 < batch.ready_ms <= now_ms:
                self._change(batch, ready_ms=0, lease=0)

    def _expire(self, number: int, now_ms: int) -> None:
        spec = self._tables.queues[number].spec
        if spec is None or spec.expire_ms <= 0 or spec.key.startswith(DEAD):
            return
        for batch in self._in_order(number):
            if not batch.lease and now_ms > batch.born_ms + spec.expire_ms:
                del self._tables.batches[batch.row]
                self._passed(number, Passage(expired=batch.n))

    def _in_order(self, number: int) -> list[_Batch]:
        """The batches of a queue in claiming order."""
        part = self._tables.queues.get(number)
        order = part.spec.order if part and part.spec else Order.FIFO
        batches = [batch for batch in self._tables.batches.values() if batch.queue == number]
        if order is Order.RANK:
            return sorted(batches, key=lambda batch: (batch.rank, batch.row))
        if order is Order.OLDEST:
            return sorted(batches, key=lambda batch: (batch.born_ms, batch.row))
        return sorted(batches, key=lambda batch: (batch.place, batch.row), reverse=order is Order.LIFO)

    def _lease(self, waiting: Sequence[_Batch], request: ClaimRequest) -> list[Claimed]:
        lease = randbits(63) or 1
        first, chosen, messages, size = waiting[0], list[_Batch](), 0, 0
        for batch in waiting:
            messages, size = messages + batch.n, size + batch.size
            alike = (batch.attempt, batch.kind) == (first.attempt, first.kind) and not (batch.crashes or first.crashes)
            alike = alike and abs(batch.born_ms - first.born_ms) <= request.born_window_ms
            if chosen and (messages > request.messages or size > request.size or not alike):
                break
            until_ms = request.now_ms + request.lease_ms
            chosen.append(self._change(batch, lease=lease, ready_ms=until_ms, holder=request.holder))
        return [_claimed(batch) for batch in chosen]

    def _change(self, batch: _Batch, **values: Any) -> _Batch:
        changed = self._tables.batches[batch.row] = replace(batch, **values)
        return changed

    def register(self, deployment: str, queues: Sequence[QueueSpec], steps: Sequence[str], revision: str) -> Registration:
        tables = self._tables
        was = tables.deployments.get(deployment) or _Deployment(tables.next(), 0, "", {})
        now = tables.deployments[deployment] = replace(was, plan=was.plan + 1, revision=revision)
        known = {(part.deployment, part.key): number for number, part in tables.queues.items()}
        for spec in queues:
            number = known.get((now.id, spec.key)) or tables.next()
            self._reorder(number, spec.order)
            tables.queues[number] = _Part(now.id, spec.key, now.plan, spec)
        known = {(part.deployment, part.key): number for number, part in tables.steps.items()}
        for key in steps:
            tables.steps[known.get((now.id, key)) or tables.next()] = _Part(now.id, key, now.plan)
        return self._registration(now)

    def _reorder(self, number: int, order: Order) -> None:
        """Places of another order are no places any more."""
        part = self._tables.queues.get(number)
        if part is not None and part.spec is not None and part.spec.order is not order:
            for batch in self._in_order(number):
                self._change(batch, shift=0.0)

    def _registration(self, now: _Deployment) -> Registration:
        def named(parts: Mapping[int, _Part]) -> dict[str, int]:
            return {part.key: number for number, part in parts.items() if (part.deployment, part.plan) == (now.id, now.plan)}

        return Registration(now.id, now.plan, named(self._tables.queues), named(self._tables.steps))

    def registration(self, deployment: str) -> tuple[Registration, str] | None:
        now = self._tables.deployments.get(deployment)
        return None if now is None else (self._registration(now), now.revision)

    def forget(self, deployment: str) -> list[str]:
        tables, files = self._tables, self._tables.files()
        gone = tables.deployments.pop(deployment, None)
        if gone is None:
            return []
        tables.queues = {number: part for number, part in tables.queues.items() if part.deployment != gone.id}
        tables.steps = {number: part for number, part in tables.steps.items() if part.deployment != gone.id}
        tables.batches = {row: batch for row, batch in tables.batches.items() if batch.queue in tables.queues}
        tables.states = {key: kept for key, kept in tables.states.items() if key[0] in tables.steps}
        for of_steps in (tables.sources, tables.timers, tables.counters):
            _keep(of_steps, tables.steps)
        _keep(tables.passages, tables.queues)
        tables.lineage = {row: entry for row, entry in tables.lineage.items() if entry[0] != gone.id}
        tables.history = {row: entry for row, entry in tables.history.items() if entry.deployment != gone.id}
        return sorted(files - tables.files())

    def rename(self, deployment: str, name: str) -> None:
        deployments = self._tables.deployments
        if deployment not in deployments:
            raise NotFound(unknown(deployment))
        if name in deployments:
            raise ConflictError(taken(name))
        deployments[name] = deployments.pop(deployment)

    def renew(self, receipts: Sequence[tuple[int, int]], until_ms: int) -> int:
        return len([self._change(batch, ready_ms=until_ms) for batch in self._held(receipts)])

    def _held(self, receipts: Iterable[tuple[int, int]]) -> list[_Batch]:
        found = ((self._tables.batches.get(row), lease) for row, lease in receipts)
        return [batch for batch, lease in found if batch and lease and batch.lease == lease]

    def release(self, receipts: Sequence[tuple[int, int]], *, crashed: bool = False, due_ms: int = 0) -> None:
        for batch in self._held(receipts):
            self._change(batch, lease=0, ready_ms=due_ms, crashes=batch.crashes + crashed)

    def split(self, row: int, lease: int) -> None:
        for whole in self._held([(row, lease)]):
            if whole.n < 2:
                raise IntegrityError(f"a batch of {whole.n} message cannot be halved")
            middle, size = whole.lo + whole.n // 2, whole.size * (whole.n // 2) // whole.n
            free = {"lease": 0, "ready_ms": 0, "crashes": whole.crashes + 1}
            shift = self._behind(whole) - whole.turn
            self._change(whole, hi=middle, size=size, **free)
            self._change(replace(whole, row=self._tables.next()), lo=middle, size=whole.size - size, shift=shift, **free)

    def _behind(self, part: _Batch) -> float:
        """A place between a part of a batch and whatever comes after it, where places are turns."""
        spec = self._tables.queues[part.queue].spec
        order = spec.order if spec is not None else Order.FIFO
        if order not in (Order.FIFO, Order.LIFO):
            return part.place
        others = [each.place for each in self._tables.batches.values() if (each.queue, each.id) == (part.queue, part.id)]
        if order is Order.LIFO:
            return (part.place + max((place for place in others if place < part.place), default=part.turn - 1)) / 2
        return (part.place + min((place for place in others if place > part.place), default=part.turn + 1)) / 2

    def void(self, deployment: int | None = None) -> int:
        leased = [batch for batch in self._tables.batches.values() if batch.lease]
        mine = [batch for batch in leased if deployment in (None, batch.deployment)]
        return len([self._change(batch, lease=0, ready_ms=0) for batch in mine])

    def abandon(self, holder: str) -> int:
        leased = [batch for batch in self._tables.batches.values() if batch.lease and batch.holder == holder]
        return len([self._change(batch, lease=0, ready_ms=0) for batch in leased])

    def now_ms(self) -> int:
        return int(time.time() * 1000)

    def depths(self, deployment: int) -> dict[int, Depth]:
        found: dict[int, Depth] = {}
        for number in self._specs(deployment):
            here = self._in_order(number)
            oldest = min((batch.born_ms for batch in here), default=0)
            found[number] = Depth(sum(batch.n for batch in here), sum(batch.size for batch in here), len(here), oldest)
        return found

    def next_due(self, deployment: int, now_ms: int) -> int | None:
        batches = (batch.ready_ms for batch in self._tables.batches.values() if batch.deployment == deployment)
        timers = (due for step, due in self._tables.timers.items() if self._tables.steps[step].deployment == deployment)
        return min((due for due in (*batches, *timers) if due > now_ms), default=None)

    def due_queues(self, deployment: int, now_ms: int) -> set[int]:
        batches = self._tables.batches.values()
        return {batch.queue for batch in batches if batch.deployment == deployment and batch.ready_ms <= now_ms}

    def due_timers(self, deployment: int, now_ms: int) -> list[tuple[int, int]]:
        mine = ((due, step) for step, due in self._tables.timers.items() if self._tables.steps[step].deployment == deployment)
        return [(step, due) for due, step in sorted(mine) if due <= now_ms]

    def open_source(self, step: int) -> Source:
        self._known(self._tables.steps, step)
        was = self._tables.sources.get(step) or Source(epoch=0, seq=0, yielded=0, done=False)
        now = self._tables.sources[step] = replace(was, epoch=was.epoch + 1)
        return now

    def sources(self, deployment: int) -> dict[int, Source]:
        mine = self._tables.steps
        return {step: source for step, source in self._tables.sources.items() if mine[step].deployment == deployment}

    def rewind(self, step: int) -> None:
        was = self._tables.sources.get(step)
        if was is not None:
            self._tables.sources[step] = Source(was.epoch + 1, was.seq, yielded=0, done=False)

    def read_state(self, step: int, keys: Sequence[str] | None = None, *, most: int = 0) -> dict[str, tuple[bytes, int]]:
        mine = {key: (kept.value, kept.version) for (owner, key), kept in self._tables.states.items() if owner == step}
        if keys is None:
            return dict(sorted(mine.items())[:most]) if most else mine
        return {key: mine[key] for key in keys if key in mine}

    def clear_state(self, step: int) -> list[str]:
        tables, files = self._tables, self._tables.files()
        tables.states = {key: kept for key, kept in tables.states.items() if key[0] != step}
        tables.timers.pop(step, None)
        if step in tables.sources:
            tables.sources[step] = Source(tables.sources[step].epoch + 1, seq=0, yielded=0, done=False)
        return sorted(files - tables.files())

    def counters(self, deployment: int) -> tuple[dict[int, Counter], dict[int, Passage]]:
        tables = self._tables
        steps = {step: counter for step, counter in tables.counters.items() if tables.steps[step].deployment == deployment}
        mine = self._specs(deployment)
        return steps, {queue: passage for queue, passage in tables.passages.items() if queue in mine and passage != Passage()}

    def peek(self, queue: int, limit: int, offset: int = 0) -> list[Claimed]:
        return [_claimed(replace(batch, lease=0)) for batch in self._in_order(queue)[offset : offset + limit]]

    def rewrite(self, change: Rewrite) -> tuple[Outcome, list[str]]:
        tables, files, seen = self._tables, self._tables.files(), change.seen
        batch = tables.batches.get(seen.row)
        if batch is None:
            return Outcome.CONFLICT, []
        if batch.lease:
            return Outcome.TAKEN, []
        if _claimed(batch) != replace(seen, lease=0):
            return Outcome.CONFLICT, []
        self._change(batch, body=bytes(change.body), size=change.size, claims=tuple(change.claims))
        if change.lineage:
            tables.lineage[tables.next()] = (batch.deployment, change.now_ms, change.lineage)
        return Outcome.DONE, sorted(files - tables.files())

    def parts(self, queue: int, id: bytes) -> list[tuple[int, int]]:
        return sorted((batch.lo, batch.hi) for batch in self._in_order(queue) if batch.id == id)

    def purge(self, queue: int) -> tuple[int, list[str]]:
        files = self._tables.files()
        gone = [batch for batch in self._in_order(queue) if not batch.lease]
        for batch in gone:
            del self._tables.batches[batch.row]
        return sum(batch.n for batch in gone), sorted(files - self._tables.files())

    def move(self, source: int, target: int, *, limit: int | None = None) -> int:
        for number in (source, target):
            if number not in self._tables.queues:
                raise NotFound(f"there is no queue {number}: list the queues to see which there are")
        moved = [batch for batch in self._in_order(source) if not batch.lease][:limit]
        self._whole(lambda: [self._move(batch, target) for batch in moved])
        return sum(batch.n for batch in moved)

    def _move(self, batch: _Batch, target: int) -> None:
        if batch.queue != target:
            self._refuse_double(target, batch.id, batch.lo)
        owner = self._tables.queues[target].deployment
        turn = self._tables.next()
        self._change(batch, queue=target, deployment=owner, turn=turn, shift=0.0, attempt=0, crashes=0, ready_ms=0)

    def lineage(
        self, deployment: int, *, since_ms: int = 0, limit: int = 10_000, newest: bool = False
    ) -> list[tuple[int, bytes]]:
        mine = ((time_ms, row, packed) for row, (owner, time_ms, packed) in self._tables.lineage.items() if owner == deployment)
        found = [(time_ms, packed) for time_ms, _, packed in sorted(mine) if time_ms >= since_ms]
        return found[max(0, len(found) - limit) :] if newest else found[:limit]

    def prune_lineage(self, before_ms: int) -> int:
        old = [row for row, (_, time_ms, _) in self._tables.lineage.items() if time_ms < before_ms]
        for row in old:
            del self._tables.lineage[row]
        return len(old)

    def add_history(self, entries: Sequence[HistoryEntry]) -> None:
        known = {each.id for each in self._tables.deployments.values()}
        self._tables.history |= {self._tables.next(): entry for entry in entries if entry.deployment in known}

    def history(self, deployment: int, piece: int, since_ms: int, until_ms: int) -> list[tuple[int, bytes]]:
        mine = (entry for entry in self._tables.history.values() if (entry.deployment, entry.piece) == (deployment, piece))
        found = [(entry.time_ms, entry.packed) for entry in mine if since_ms <= entry.time_ms < until_ms]
        return sorted(found, key=lambda entry: entry[0])

    def history_before(self, deployment: int, piece: int, before_ms: int) -> tuple[int, bytes] | None:
        found = self.history(deployment, piece, 0, before_ms)
        return found[-1] if found else None

    def prune_history(self, before_ms: int) -> int:
        old = [row for row, entry in self._tables.history.items() if entry.time_ms < before_ms]
        for row in old:
            del self._tables.history[row]
        return len(old)

    def claims(self) -> set[str]:
        return self._tables.files()

    def close(self) -> None:
        """Nothing is held open; what it keeps stays readable."""

    def set_facts(self, deployment: int, facts: Mapping[str, Any]) -> None:
        name, known = self._named(deployment)
        merged = {**known.facts, **facts}
        kept = {key: value for key, value in merged.items() if value is not None}
        self._tables.deployments[name] = replace(known, facts=kept)

    def facts(self, deployment: int) -> dict[str, Any]:
        return {
            name: value
            for known in self._tables.deployments.values()
            if known.id == deployment
            for name, value in known.facts.items()
        }

    def _named(self, deployment: int) -> tuple[str, _Deployment]:
        for name, known in self._tables.deployments.items():
            if known.id == deployment:
                return name, known
        raise NotFound(f"there is no deployment {deployment}: list the deployments to see which there are")

    def deployments(self) -> dict[str, int]:
        return {name: known.id for name, known in self._tables.deployments.items()}


def _keep(values: dict[int, Any], known: Mapping[int, Any]) -> None:
    for number in [number for number in values if number not in known]:
        del values[number]


def _claimed(batch: _Batch) -> Claimed:
    return Claimed(
        batch.row, batch.lease, batch.queue, batch.id, batch.lo, batch.hi, batch.size, batch.born_ms, batch.attempt,
        batch.crashes, batch.kind, batch.body,
    )  # fmt: skip
