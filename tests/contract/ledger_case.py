"""A small deployment in any ledger, and short words for what tests do with it."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from typing import Any

from engine.ledger.base import (
    Claimed,
    ClaimRequest,
    Commit,
    Exchange,
    Ledger,
    NewBatch,
    Outcome,
    QueueSpec,
    Registration,
)

QUEUES = (QueueSpec("a"), QueueSpec("b"), QueueSpec("dead:s"))
STEPS = ("s", "t")
NOW = 1_000_000
LEASE_MS = 30_000

_ids = itertools.count(1)


def new_id() -> bytes:
    """A batch id that no other test has."""
    return next(_ids).to_bytes(16, "big")


def receipts(claimed: Iterable[Claimed]) -> list[tuple[int, int]]:
    """What proves the leases."""
    return [(batch.row, batch.lease) for batch in claimed]


def ids(batches: Iterable[Claimed]) -> list[tuple[bytes, int, int]]:
    """Which messages these are."""
    return [(batch.id, batch.lo, batch.hi) for batch in batches]


class Case:
    """A deployment with queues `a`, `b` and `dead:s`, unless others are given, and steps `s` and `t`."""

    def __init__(self, ledger: Ledger, name: str = "flow", queues: Sequence[QueueSpec] = QUEUES) -> None:
        self.ledger = ledger
        self.name = name
        self.known: Registration = ledger.register(name, queues, STEPS, "revision 1")
        self.deployment = self.known.deployment

    def queue(self, key: str = "a") -> int:
        return self.known.queues[key]

    def step(self, key: str = "s") -> int:
        return self.known.steps[key]

    def batch(self, queue: str = "a", n: int = 1, **values: Any) -> NewBatch:
        given = {"id": new_id(), "size": 10 * n, "born_ms": NOW, "body": b"body"} | values
        return NewBatch(queue=self.queue(queue), n=n, **given)

    def commit(self, **values: Any) -> Commit:
        return Commit(**{"deployment": self.deployment, "plan": self.known.plan, "now_ms": NOW, **values})

    def request(self, *queues: str, **values: Any) -> ClaimRequest:
        given = {"messages": 1, "size": 1 << 30, "lease_ms": LEASE_MS, "now_ms": NOW} | values
        numbers = [self.queue(queue) for queue in queues or ("a",)]
        return ClaimRequest(**{"deployment": self.deployment, "plan": self.known.plan, "queues": numbers, **given})

    def put(self, *batches: NewBatch) -> list[bytes]:
        """Insert batches; their ids."""
        assert self.do(self.commit(outputs=batches)).outcomes == [Outcome.DONE]
        return [batch.id for batch in batches]

    def fill(self, count: int, queue: str = "a", n: int = 1, **values: Any) -> list[bytes]:
        """Insert so many equal batches; their ids."""
        return self.put(*(self.batch(queue, n, **values) for _ in range(count)))

    def do(self, *commits: Commit) -> Exchange:
        return self.ledger.exchange(commits, [])

    def outcome(self, **values: Any) -> Outcome:
        """What becomes of one commit."""
        return self.do(self.commit(**values)).outcomes[0]

    def claim(self, *queues: str, **values: Any) -> list[Claimed]:
        return self.ledger.exchange([], [self.request(*queues, **values)]).claimed[0]

    def drain(self, *queues: str, **values: Any) -> list[Claimed]:
        """Claim until nothing is left; all of it, still leased."""
        found: list[Claimed] = []
        while got := self.claim(*queues, **values):
            found += got
        return found

    def waiting(self, queue: str = "a") -> tuple[int, int, int]:
        """Messages, bytes and batches in a queue."""
        depth = self.ledger.depths(self.deployment)[self.queue(queue)]
        return depth.messages, depth.size, depth.batches

    def peek(self, queue: str = "a") -> list[bytes]:
        return [batch.id for batch in self.ledger.peek(self.queue(queue), 1000)]
