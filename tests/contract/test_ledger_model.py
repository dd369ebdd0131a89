"""Random histories: memory and SQLite do the same, no message is lost and none is doubled."""

from __future__ import annotations

import tempfile
from collections import Counter as Multiset
from pathlib import Path
from typing import Any

from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from engine.ledger.base import (
    Claimed,
    Counter,
    Ledger,
    Order,
    Outcome,
    Passage,
    QueueSpec,
    SourceWrite,
    StateWrite,
    TimerWrite,
)
from engine.ledger.url import open_ledger
from tests.contract.ledger_case import LEASE_MS, NOW, STEPS, Case, new_id, receipts

QUEUES = ("fifo", "lifo", "oldest", "rank", "brief", "dead:s")
BRIEF_MS = 5_000
FILES = ("f", "g", "h")
KEYS = ("k", "l")

queue_keys = st.sampled_from(QUEUES)
times = st.integers(0, 2 * LEASE_MS)
choices = st.randoms(use_true_random=False)


def specs(orders: tuple[Order, ...]) -> list[QueueSpec]:
    """The queues; the first four in the given orders, the fifth loses what is old."""
    brief = QueueSpec("brief", expire_ms=BRIEF_MS)
    return [*(QueueSpec(key, order) for key, order in zip(QUEUES, orders, strict=False)), brief, QueueSpec("dead:s")]


def plain(batches: list[Claimed]) -> list[tuple[object, ...]]:
    """What ledgers must agree on: everything but their own numbers."""
    return [
        (batch.id, batch.lo, batch.hi, batch.size, batch.born_ms, batch.attempt, batch.crashes, batch.kind, batch.body)
        for batch in batches
    ]


class Twins(RuleBasedStateMachine):
    """The same history in both ledgers, and beside them the messages that ought to be there."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        ledgers: list[Ledger] = [open_ledger("memory:"), open_ledger(f"sqlite:///{Path(self.folder.name) / 'ledger.db'}")]
        self.cases = [Case(ledger, queues=specs(tuple(Order))) for ledger in ledgers]
        self.now = NOW
        self.there: Multiset[tuple[bytes, int]] = Multiset()
        self.held: list[tuple[Claimed, Claimed]] = []
        self.crossed = 0

    def teardown(self) -> None:
        for case in self.cases:
            case.ledger.close()
        self.folder.cleanup()

    def both(self, work: object) -> object:
        """Do `work(case)` in each; they must give the same."""
        first, second = (work(case) for case in self.cases)  # type: ignore[operator]
        assert first == second
        return first

    def made(self, data: st.DataObject, queue: str) -> dict[str, Any]:
        return {
            "queue": queue,
            "n": data.draw(st.integers(1, 6)),
            "id": new_id(),
            "size": data.draw(st.integers(0, 100)),
            "born_ms": self.now - data.draw(times),
            "due_ms": data.draw(st.sampled_from([0, 0, 0, self.now + 1000])),
            "rank": data.draw(st.sampled_from([0.0, -1.5, 7.0])),
            "attempt": data.draw(st.sampled_from([0, 0, 1])),
            "kind": data.draw(st.sampled_from([0, 0, 1])),
            "claims": data.draw(st.lists(st.sampled_from(FILES), max_size=2)),
        }

    def entered(self, made: list[dict[str, Any]]) -> None:
        for batch in made:
            self.there.update((batch["id"], index) for index in range(batch["n"]))  # type: ignore[misc, call-overload]

    def left(self, batches: list[Claimed]) -> None:
        for batch in batches:
            self.there.subtract((batch.id, index) for index in range(batch.lo, batch.hi))
        self.there += Multiset()

    @initialize(data=st.data())
    def start(self, data: st.DataObject) -> None:
        self.put(data)

    @rule(data=st.data())
    def put(self, data: st.DataObject) -> None:
        made = [self.made(data, data.draw(queue_keys)) for _ in range(data.draw(st.integers(1, 4)))]
        self.both(lambda case: case.outcome(outputs=[case.batch(**values) for values in made]))
        self.entered(made)

    @rule(data=st.data(), messages=st.integers(1, 12), size=st.sampled_from([50, 1000]))
    def claim(self, data: st.DataObject, messages: int, size: int) -> None:
        queues = data.draw(st.lists(queue_keys, min_size=1, unique=True))
        before = [plain(case.ledger.peek(case.queue("brief"), 1000)) for case in self.cases]
        done = [
            case.ledger.exchange([], [case.request(*queues, messages=messages, size=size, now_ms=self.now)])
            for case in self.cases
        ]
        assert done[0].orphans == done[1].orphans
        first, second = (plain(each.claimed[0]) for each in done)
        assert first == second
        self.held += zip(done[0].claimed[0], done[1].claimed[0], strict=True)
        # What has vanished from the brief queue must have been too old.
        after = plain(self.cases[0].ledger.peek(self.cases[0].queue("brief"), 1000))
        for batch in before[0]:
            if (batch[0], batch[1]) not in {(other[0], other[1]) for other in after}:
                assert self.now > batch[4] + BRIEF_MS  # type: ignore[operator]
                self.there.subtract((batch[0], index) for index in range(batch[1], batch[2]))  # type: ignore[misc, call-overload]
        self.there += Multiset()

    def some_held(self, random: object) -> list[tuple[Claimed, Claimed]]:
        return random.sample(self.held, random.randint(1, min(3, len(self.held))))  # type: ignore[attr-defined]

    @precondition(lambda self: self.held)
    @rule(data=st.data(), random=choices)
    def commit(self, data: st.DataObject, random: object) -> None:
        """A task ends; its leases may have been lost meanwhile, which the ledgers must see alike."""
        pairs = self.some_held(random)
        made = [self.made(data, data.draw(queue_keys)) for _ in range(data.draw(st.integers(0, 2)))]
        done = []
        for index, case in enumerate(self.cases):
            done.append(
                case.do(
                    case.commit(
                        inputs=receipts(pair[index] for pair in pairs),
                        outputs=[case.batch(**values) for values in made],
                        counters={case.step(): Counter(received=1, tasks=1, out={"success": len(made)})},
                        passages={case.queue("fifo"): Passage(1, 2)},
                        lineage=b"task",
                    )
                )
            )
        assert (done[0].outcomes, done[0].orphans) == (done[1].outcomes, done[1].orphans)
        self.held = [pair for pair in self.held if pair not in pairs]
        if done[0].outcomes == [Outcome.DONE]:
            self.left([first for first, _ in pairs])
            self.entered(made)
            self.crossed += 1

    @precondition(lambda self: self.held)
    @rule(random=choices, crashed=st.booleans(), wait_ms=st.sampled_from([0, 700]))
    def release(self, random: object, crashed: bool, wait_ms: int) -> None:
        pairs = self.some_held(random)
        due_ms = self.now + wait_ms if wait_ms else 0
        for index, case in enumerate(self.cases):
            case.ledger.release(receipts(pair[index] for pair in pairs), crashed=crashed, due_ms=due_ms)

    @precondition(lambda self: self.held)
    @rule(random=choices)
    def renew(self, random: object) -> None:
        pairs = self.some_held(random)
        counts = [
            case.ledger.renew(receipts(pair[index] for pair in pairs), self.now + LEASE_MS)
            for index, case in enumerate(self.cases)
        ]
        assert counts[0] == counts[1]

    @precondition(lambda self: any(first.hi - first.lo > 1 for first, _ in self.held))
    @rule(random=choices)
    def split(self, random: object) -> None:
        pairs = [pair for pair in self.held if pair[0].hi - pair[0].lo > 1]
        pair = random.choice(pairs)  # type: ignore[attr-defined]
        for index, case in enumerate(self.cases):
            case.ledger.split(pair[index].row, pair[index].lease)
        self.held.remove(pair)

    @rule()
    def void(self) -> None:
        self.both(lambda case: case.ledger.void(case.deployment))

    @rule(pass_ms=times)
    def wait(self, pass_ms: int) -> None:
        self.now += pass_ms

    @rule(queue=queue_keys)
    def purge(self, queue: str) -> None:
        before = [plain(case.ledger.peek(case.queue(queue), 1000)) for case in self.cases]
        self.both(lambda case: case.ledger.purge(case.queue(queue)))
        after = {(batch[0], batch[1]) for batch in plain(self.cases[0].ledger.peek(self.cases[0].queue(queue), 1000))}
        for identity, lo, hi, *_ in before[0]:
            if (identity, lo) not in after:
                self.there.subtract((identity, index) for index in range(lo, hi))  # type: ignore[misc, call-overload]
        self.there += Multiset()

    @rule(start=queue_keys, end=queue_keys, limit=st.sampled_from([None, 1, 2]))
    def move(self, start: str, end: str, limit: int | None) -> None:
        self.both(lambda case: case.ledger.move(case.queue(start), case.queue(end), limit=limit))

    @rule(orders=st.permutations(tuple(Order)))
    def register(self, orders: list[Order]) -> None:
        for case in self.cases:
            case.known = case.ledger.register(case.name, specs(tuple(orders)), STEPS, "again")

    @rule(key=st.sampled_from(KEYS), seen=st.sampled_from([0, 11, 12]), version=st.sampled_from([11, 12]), data=st.data())
    def write_state(self, key: str, seen: int, version: int, data: st.DataObject) -> None:
        value = data.draw(st.sampled_from([None, b"", b"value"]))
        files = data.draw(st.lists(st.sampled_from(FILES), max_size=2))
        timer = TimerWrite(0, data.draw(st.sampled_from([None, self.now + 10, self.now + 20])))
        done = []
        for case in self.cases:
            timer.step = case.step()
            write = StateWrite(case.step(), key, value, seen, version, files if value is not None else ())
            done.append(case.do(case.commit(state=[write], timers=[timer])))
        assert (done[0].outcomes, done[0].orphans) == (done[1].outcomes, done[1].orphans)

    @rule(epoch=st.integers(0, 3), seq=st.integers(0, 2), opens=st.booleans())
    def run_source(self, epoch: int, seq: int, opens: bool) -> None:
        if opens:
            self.both(lambda case: case.ledger.open_source(case.step()))
        self.both(lambda case: case.outcome(source=SourceWrite(case.step(), epoch, seq, 5)))

    @rule()
    def clear_state(self) -> None:
        self.both(lambda case: case.ledger.clear_state(case.step()))

    @invariant()
    def every_message_is_there_once(self) -> None:
        for case in self.cases:
            batches = [batch for key in QUEUES for batch in case.ledger.peek(case.queue(key), 10_000)]
            found = Multiset((batch.id, index) for batch in batches for index in range(batch.lo, batch.hi))
            assert found == self.there

    @invariant()
    def they_agree(self) -> None:
        for key in QUEUES:
            self.both(lambda case, key=key: plain(case.ledger.peek(case.queue(key), 10_000)))
        self.both(lambda case: [case.ledger.depths(case.deployment)[case.queue(key)] for key in QUEUES])
        self.both(lambda case: case.ledger.next_due(case.deployment, self.now))
        self.both(lambda case: [due for _, due in case.ledger.due_timers(case.deployment, self.now + 15)])
        self.both(lambda case: case.ledger.claims())
        self.both(lambda case: case.ledger.read_state(case.step()))
        self.both(lambda case: list(case.ledger.sources(case.deployment).values()))
        self.both(lambda case: [(case.queue(key) in case.ledger.due_queues(case.deployment, self.now)) for key in QUEUES])

    @invariant()
    def sums_are_right(self) -> None:
        for case in self.cases:
            counters, passages = case.ledger.counters(case.deployment)
            assert sum(counter.tasks for counter in counters.values()) == self.crossed
            assert sum(passage.messages for passage in passages.values()) == self.crossed
        self.both(lambda case: sorted(passage.expired for passage in case.ledger.counters(case.deployment)[1].values()))


TestTwins = Twins.TestCase
TestTwins.settings = settings(max_examples=25, stateful_step_count=30, phases=[Phase.explicit, Phase.reuse, Phase.generate])
