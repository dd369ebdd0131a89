"""What the ledger costs: one exchange, ten in a group, and claiming from deep queues.

    python tests/bench/ledger.py [URL ...]

Without a URL: SQLite in a temporary folder. Prints medians in milliseconds for each commit, and what a bare write of the same
bytes costs on the same disk.
"""

from __future__ import annotations

import argparse
import os
import secrets
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from engine.ledger.base import (
    Claimed,
    ClaimRequest,
    Commit,
    Counter,
    Ledger,
    NewBatch,
    Passage,
    QueueSpec,
    Registration,
)
from engine.ledger.url import open_ledger

BODY_BYTES = 200_000
ROUNDS = 300
LEASE_MS = 60_000


class Stand:
    """A ledger with two queues between which batches go round."""

    def __init__(self, ledger: Ledger, name: str) -> None:
        self.ledger = ledger
        self.known: Registration = ledger.register(name, [QueueSpec("a"), QueueSpec("b")], ["s"], "1")
        self.queues = (self.known.queues["a"], self.known.queues["b"])

    def fill(self, count: int, body: bytes, n: int = 1000) -> None:
        """Put batches into the first queue."""
        for start in range(0, count, 1000):
            made = [batch(self.queues[0], body, n) for _ in range(min(1000, count - start))]
            self.ledger.exchange([self.commit(outputs=made)], [])

    def commit(self, **values: object) -> Commit:
        """A commit of this deployment."""
        return Commit(self.known.deployment, self.known.plan, now_ms=now(), **values)  # type: ignore[arg-type]

    def request(self, queue: int, messages: int = 1000) -> ClaimRequest:
        """A claim from one queue."""
        return ClaimRequest(self.known.deployment, self.known.plan, [queue], messages, 1 << 30, LEASE_MS, now())

    def claim(self, queue: int) -> Claimed:
        """One batch."""
        return self.ledger.exchange([], [self.request(queue)]).claimed[0][0]

    def hop(self, held: Claimed, target: int, body: bytes) -> Commit:
        """What a worker commits after one task: an input gone, an output, counters, lineage."""
        counter = Counter(1000, 0, 1, 12345, {"success": 1000})
        return self.commit(
            inputs=[(held.row, held.lease)],
            outputs=[batch(target, body)],
            counters={self.known.steps["s"]: counter},
            passages={target: Passage(1000, len(body))},
            lineage=held.id + held.id,
        )


def now() -> int:
    """Milliseconds since the epoch."""
    return time.time_ns() // 1_000_000


def batch(queue: int, body: bytes, n: int = 1000) -> NewBatch:
    """A new batch."""
    return NewBatch(queue, secrets.token_bytes(16), n, len(body), now(), body)


def exchanges(stand: Stand, group: int, body: bytes) -> float:
    """Median milliseconds of one commit with one claim, `group` of them in a transaction."""
    a, b = stand.queues
    stand.fill(2 * group, body)
    held = [stand.claim(a) for _ in range(group)]
    times: list[float] = []
    for _ in range(ROUNDS // group + 20):
        commits = [stand.hop(claimed, b, body) for claimed in held]
        requests = [stand.request(a)] * group
        start = time.perf_counter()
        done = stand.ledger.exchange(commits, requests)
        times.append((time.perf_counter() - start) / group)
        held = [claimed for (claimed,) in done.claimed]
        a, b = b, a
        if not stand.ledger.depths(stand.known.deployment)[a].batches:
            raise RuntimeError("the stand ran dry")
    stand.ledger.exchange([stand.commit(inputs=[(claimed.row, claimed.lease) for claimed in held])], [])
    for queue in stand.queues:
        stand.ledger.purge(queue)
    return statistics.median(times) * 1000


def deep(stand: Stand, count: int, n: int) -> float:
    """Median milliseconds of a claim of one batch, given back, from a queue of `count` batches."""
    stand.fill(count, b"x" * 100, n)
    times: list[float] = []
    for _ in range(200):
        start = time.perf_counter()
        (claimed,) = stand.ledger.exchange([], [stand.request(stand.queues[0], n)]).claimed
        times.append(time.perf_counter() - start)
        stand.ledger.release([(held.row, held.lease) for held in claimed])
    stand.ledger.purge(stand.queues[0])
    return statistics.median(times) * 1000


def bare_write(folder: Path, body: bytes) -> float:
    """Median milliseconds of appending the bytes to a file."""
    times: list[float] = []
    with (folder / "bare").open("wb", buffering=0) as file:
        for _ in range(ROUNDS):
            start = time.perf_counter()
            file.write(body)
            times.append(time.perf_counter() - start)
    return statistics.median(times) * 1000


def report(url: str) -> None:
    """Print the figures of one ledger."""
    ledger = open_ledger(url)
    stand = Stand(ledger, f"bench-{secrets.token_hex(4)}")
    print(url.rpartition("@")[2])
    figures: list[tuple[str, Callable[[], float]]] = [
        ("one commit and claim, 200 KB", lambda: exchanges(stand, 1, os.urandom(BODY_BYTES))),
        ("ten at once, each, 200 KB", lambda: exchanges(stand, 10, os.urandom(BODY_BYTES))),
        ("one commit and claim, 100 bytes", lambda: exchanges(stand, 1, b"x" * 100)),
        ("ten at once, each, 100 bytes", lambda: exchanges(stand, 10, b"x" * 100)),
        ("claim from 1,000 batches of 1,000", lambda: deep(stand, 1000, 1000)),
        ("claim from 100,000 batches of 10", lambda: deep(stand, 100_000, 10)),
    ]
    for name, measure in figures:
        print(f"  {name:40} {measure():8.3f} ms", flush=True)
    ledger.close()


def main() -> None:
    """Measure every given ledger."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("url", nargs="*")
    urls = parser.parse_args().url
    with tempfile.TemporaryDirectory() as folder:
        for url in urls or [f"sqlite:///{folder}/ledger.db"]:
            report(url)
        print(f"a bare write of 200 KB: {bare_write(Path(folder), os.urandom(BODY_BYTES)):.3f} ms")


if __name__ == "__main__":
    main()
