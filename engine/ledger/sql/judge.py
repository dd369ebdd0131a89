"""Which commits of an exchange stand, and what they change in sum: decided in memory, from what was read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from secrets import randbits

from msgspec import Struct, field

from engine.errors import IntegrityError
from engine.ledger.base import Commit, Counter, NewBatch, Outcome, Passage, StateWrite


class Held(Struct, frozen=True):
    """A batch as it is taken away: the row that is deleted and what it counted for. `files`: it refers to some."""

    row: int
    queue: int
    n: int
    size: int
    files: int
    lease: int = 0


class Kept(Struct, frozen=True):
    """A state key as the ledger has it."""

    version: int
    files: int


class Position(Struct, frozen=True):
    """A source as the ledger has it."""

    epoch: int
    seq: int
    yielded: int
    done: bool


class Standing(Struct):
    """What the ledger holds of the things that commits name; `judge` takes away and adds as commits pass."""

    plans: dict[int, int] = {}
    held: dict[int, Held] = {}
    states: dict[tuple[int, str], Kept] = {}
    sources: dict[int, Position] = {}
    timers: dict[int, int] = {}


class Waiting(Struct):
    """How much more waits in a queue: messages, bytes, batches."""

    messages: int = 0
    size: int = 0
    batches: int = 0


class Sums(Struct):
    """Everything that is only added to."""

    counters: dict[int, Counter] = {}
    passages: dict[int, Passage] = {}
    waiting: dict[int, Waiting] = field(default_factory=lambda: defaultdict(Waiting))

    def removed(self, batches: Sequence[Held]) -> None:
        """Count batches that leave their queues."""
        for held in batches:
            waiting = self.waiting[held.queue]
            waiting.messages -= held.n
            waiting.size -= held.size
            waiting.batches -= 1

    def inserted(self, queue: int, n: int, size: int) -> None:
        """Count a batch that enters a queue."""
        waiting = self.waiting[queue]
        waiting.messages += n
        waiting.size += size
        waiting.batches += 1

    def passed(self, queue: int, more: Passage) -> None:
        """Add what crossed a connection."""
        passage = self.passages.setdefault(queue, Passage())
        passage.messages += more.messages
        passage.size += more.size
        passage.expired += more.expired

    def done(self, step: int, more: Counter) -> None:
        """Add what a step did."""
        counter = self.counters.setdefault(step, Counter())
        counter.received += more.received
        counter.failed += more.failed
        counter.tasks += more.tasks
        counter.time_ns += more.time_ns
        for port, messages in more.out.items():
            counter.out[port] = counter.out.get(port, 0) + messages


class Effects(Struct):
    """What the standing commits of an exchange write. A state or timer that is None is deleted."""

    removed: list[Held] = []
    shortened: list[tuple[Held, int, int]] = []
    """A batch, how many of its messages are done, and the size of the rest."""
    inserted: list[tuple[int, NewBatch]] = []
    states: dict[tuple[int, str], tuple[StateWrite, int] | None] = {}
    sources: dict[int, Position] = {}
    timers: dict[int, tuple[int, int] | None] = {}
    lineage: list[tuple[int, int, bytes]] = []
    dropped: set[str] = set()
    """Files of state values that a later commit of the same exchange replaced: they were never written."""


def judge(commits: Sequence[Commit], standing: Standing, sums: Sums) -> tuple[list[Outcome], Effects]:
    """The outcome of each commit in order, and the effects of those that are done."""
    effects = Effects()
    outcomes: list[Outcome] = []
    for commit in commits:
        outcome = _outcome(commit, standing)
        if outcome is Outcome.DONE:
            _perform(commit, standing, sums, effects)
        outcomes.append(outcome)
    return outcomes, effects


def new_version(write: StateWrite) -> int:
    """The version of a key written now: random, so that a key deleted and made again is not taken for the old one."""
    return write.version or randbits(62) + 1


def _outcome(commit: Commit, standing: Standing) -> Outcome:
    if standing.plans.get(commit.deployment) != commit.plan:
        return Outcome.STALE_PLAN
    receipts = [*commit.inputs, *([commit.rest[:2]] if commit.rest is not None else [])]
    for row, lease in receipts:
        held = standing.held.get(row)
        if held is None or held.lease != lease or not lease:
            return Outcome.LEASE_LOST
    for write in commit.state:
        kept = standing.states.get((write.step, write.key))
        if write.seen != (kept.version if kept else 0):
            return Outcome.CONFLICT
    if commit.source is not None:
        position = standing.sources.get(commit.source.step)
        if position is None or (position.epoch, position.seq) != (commit.source.epoch, commit.source.seq):
            return Outcome.CONFLICT
    if commit.timer is not None and standing.timers.get(commit.timer[0]) != commit.timer[1]:
        return Outcome.CONFLICT
    return Outcome.DONE


def _perform(commit: Commit, standing: Standing, sums: Sums, effects: Effects) -> None:
    taken = [standing.held.pop(row) for row in dict(commit.inputs)]
    effects.removed += taken
    sums.removed(taken)
    if commit.rest is not None:
        _shorten(standing.held.pop(commit.rest[0]), commit.rest[2], sums, effects)
    for made in commit.outputs:
        effects.inserted.append((commit.deployment, made))
        sums.inserted(made.queue, made.n, made.size)
    for write in commit.state:
        _write_state(write, standing, effects)
    if commit.source is not None:
        source = commit.source
        position = standing.sources[source.step]
        after = Position(source.epoch, source.seq + 1, position.yielded + source.yielded, source.done)
        standing.sources[source.step] = effects.sources[source.step] = after
    _set_timers(commit, standing, effects)
    _add(commit.counters, commit.passages, sums)
    if commit.lineage:
        effects.lineage.append((commit.deployment, commit.now_ms, commit.lineage))


def _shorten(held: Held, done: int, sums: Sums, effects: Effects) -> None:
    if not 0 < done < held.n:
        raise IntegrityError(f"a batch of {held.n} messages cannot go back with {done} of them done; nothing was written")
    size = held.size * (held.n - done) // held.n
    waiting = sums.waiting[held.queue]
    waiting.messages -= done
    waiting.size -= held.size - size
    effects.shortened.append((held, done, size))


def _write_state(write: StateWrite, standing: Standing, effects: Effects) -> None:
    key = (write.step, write.key)
    if (replaced := effects.states.get(key)) is not None:
        effects.dropped.update(replaced[0].claims)
    if write.value is None:
        standing.states.pop(key, None)
        effects.states[key] = None
        return
    version = new_version(write)
    standing.states[key] = Kept(version, len(write.claims))
    effects.states[key] = (write, version)


def _set_timers(commit: Commit, standing: Standing, effects: Effects) -> None:
    if commit.timer is not None:
        standing.timers.pop(commit.timer[0])
        effects.timers[commit.timer[0]] = None
    for timer in commit.timers:
        if timer.due_ms is None:
            standing.timers.pop(timer.step, None)
            effects.timers[timer.step] = None
        else:
            standing.timers[timer.step] = timer.due_ms
            effects.timers[timer.step] = (commit.deployment, timer.due_ms)


def _add(counters: Mapping[int, Counter], passages: Mapping[int, Passage], sums: Sums) -> None:
    for step, counter in counters.items():
        sums.done(step, counter)
    for queue, passage in passages.items():
        sums.passed(queue, passage)
