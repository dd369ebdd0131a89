"""A worker that shares a ledger with others: `python rival.py URL SEED`. Prints what it did as JSON.

It moves batches from `a` over `b` to `dead:s`, counts them in one state key that all rivals write, takes the leases of others
by claiming at later and later times, and sometimes gives a batch up without a word.
"""

from __future__ import annotations

import json
import random
import sys
import uuid
from collections import Counter as Multiset
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from engine.ledger.base import Claimed, ClaimRequest, Commit, Counter, Ledger, NewBatch, Outcome, Passage, StateWrite
from engine.ledger.url import open_ledger

LEASE_MS = 1000
NEXT = {"a": "b", "b": "dead:s"}


class Rival:
    def __init__(self, ledger: Ledger, seed: int) -> None:
        self.ledger = ledger
        self.random = random.Random(seed)
        self.now = 1_000_000
        self.did: Multiset[str] = Multiset()
        self.look_up()

    def look_up(self) -> None:
        found = self.ledger.registration("flow")
        assert found is not None
        self.known = found[0]
        self.keys = {number: key for key, number in self.known.queues.items()}

    def work(self) -> None:
        """Until nothing is left to move."""
        while True:
            self.now += self.random.choice([1, 1, 1, LEASE_MS])
            claimed = self.claim()
            if claimed and self.random.random() < 0.9:
                self.finish(claimed)
            elif not claimed:
                depths = self.ledger.depths(self.known.deployment)
                if not any(depths[self.known.queues[key]].batches for key in NEXT):
                    return
                self.look_up()
                self.now += LEASE_MS

    def claim(self) -> list[Claimed]:
        known = self.known
        queues = [known.queues[key] for key in NEXT]
        self.random.shuffle(queues)
        messages = self.random.choice([1, 2, 5])
        request = ClaimRequest(known.deployment, known.plan, queues, messages, 1 << 20, LEASE_MS, self.now)
        return self.ledger.exchange([], [request]).claimed[0]

    def finish(self, claimed: list[Claimed]) -> None:
        """Commit, again while only the shared state stands against it."""
        outcome = Outcome.CONFLICT
        while outcome is Outcome.CONFLICT:
            outcome = self.commit(claimed)
            self.did[outcome.name] += 1
        if outcome is Outcome.DONE:
            self.did["moved"] += sum(batch.hi - batch.lo for batch in claimed)

    def commit(self, claimed: list[Claimed]) -> Outcome:
        step = self.known.steps["s"]
        value, seen = self.ledger.read_state(step, ["total"]).get("total", (b"0", 0))
        target = self.known.queues[NEXT[self.keys[claimed[0].queue]]]
        n = sum(batch.hi - batch.lo for batch in claimed)
        outputs = [
            NewBatch(target, uuid.uuid5(uuid.UUID(bytes=batch.id), "next").bytes, batch.hi, batch.size, 1, batch.body)
            for batch in claimed
        ]
        commit = Commit(
            self.known.deployment,
            self.known.plan,
            inputs=[(batch.row, batch.lease) for batch in claimed],
            outputs=outputs,
            state=[StateWrite(step, "total", str(int(value) + n).encode(), seen)],
            counters={step: Counter(received=n, tasks=1, out={"success": n})},
            passages={target: Passage(n, n)},
            lineage=b"x",
            now_ms=self.now,
        )
        return self.ledger.exchange([commit], []).outcomes[0]


if __name__ == "__main__":
    opened = open_ledger(sys.argv[1])
    rival = Rival(opened, int(sys.argv[2]))
    rival.work()
    opened.close()
    print(json.dumps(rival.did))
