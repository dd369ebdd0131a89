"""Whether the ledger keeps its speed: millions of batches through one queue of PostgreSQL, a swell of them always waiting.

    python tests/bench/endurance.py [--batches 10000000] [--waiting 1000]

Prints, slice by slice, batches a second and what the queue's tables take on disk: without vacuuming that keeps up, dead rows
would make every claim read past them, and the tables would grow for ever.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

import psycopg

sys.path[:0] = [str(Path(__file__).resolve().parents[2]), str(Path(__file__).resolve().parents[2] / "packaging")]

from engine.ledger.base import Claimed, Commit, Outcome  # noqa: E402 - after the path above
from engine.ledger.url import open_ledger  # noqa: E402
from tests.bench.ledger import Stand, batch  # noqa: E402
from tests.servers import PostgreSQL  # noqa: E402

SLICES = 20
TOGETHER = 100
"""Batches that one transaction takes and replaces: what workers under load put into one."""
BODY = b"x" * 500
_TABLES = ("ledger_batch", "ledger_body")


def main() -> None:
    """Measure a private server."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--batches", type=int, default=10_000_000)
    parser.add_argument("--waiting", type=int, default=1000, help="batches that always wait in the queue")
    options = parser.parse_args()
    server = PostgreSQL()
    server.start()
    try:
        measure(server.create(), options.batches, options.waiting)
    finally:
        server.stop()


def measure(url: str, batches: int, waiting: int) -> None:
    """Send `batches` through a queue in which `waiting` always wait, and print every slice."""
    ledger = open_ledger(url)
    stand = Stand(ledger, "endurance")
    stand.fill(waiting, BODY, 1)
    print(f"{batches:,} batches of one message of {len(BODY)} bytes, {waiting:,} always waiting, {TOGETHER} in a transaction")
    print(f"{'batches':>12}{'a second':>12}{'MB on disk':>12}{'dead rows':>12}")
    rates: list[float] = []
    held: list[Claimed] = []
    with psycopg.connect(url, autocommit=True) as connection:
        for number in range(1, SLICES + 1):
            began_s, done = time.perf_counter(), 0
            while done < batches // SLICES:
                held = turn(stand, held)
                done += len(held)
            rates.append(done / (time.perf_counter() - began_s))
            size, dead = on_disk(connection)
            print(f"{number * batches // SLICES:>12,}{rates[-1]:>12,.0f}{size / 1e6:>12,.1f}{dead:>12,}", flush=True)
    early, late = sum(rates[1:4]) / 3, sum(rates[-3:]) / 3
    print(f"the last three slices ran at {late / early:.2f} of the speed of the second to the fourth")
    ledger.close()


def turn(stand: Stand, held: list[Claimed]) -> list[Claimed]:
    """Commit what is held, each batch replaced by a new one at the queue's end, and claim the next; one transaction."""
    queue = stand.queues[0]
    commits: list[Commit] = []
    if held:
        receipts = [(claimed.row, claimed.lease) for claimed in held]
        commits.append(stand.commit(inputs=receipts, outputs=[batch(queue, BODY, 1) for _ in held]))
    done = stand.ledger.exchange(commits, [stand.request(queue, TOGETHER)])
    if any(outcome is not Outcome.DONE for outcome in done.outcomes) or not done.claimed[0]:
        raise RuntimeError("the ledger lost a batch")
    return done.claimed[0]


def on_disk(connection: psycopg.Connection[tuple[object, ...]]) -> tuple[int, int]:
    """Bytes that the queue's tables take with their indexes, and rows in them that nothing refers to any more."""
    row = connection.execute(
        "SELECT sum(pg_total_relation_size(relid))::bigint, sum(n_dead_tup)::bigint FROM pg_stat_user_tables"
        " WHERE relname = ANY(%s)",
        (list(_TABLES),),
    ).fetchone()
    assert row is not None
    return int(str(row[0])), int(str(row[1]))


if __name__ == "__main__":
    main()
