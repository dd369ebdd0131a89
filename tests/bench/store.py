"""What the flow store costs for a flow of 10,000 processors: create, load, move one, move all, import over, delete.

    python tests/bench/store.py [URL ...]

Without a URL: SQLite in a temporary folder. A PostgreSQL database must be empty. Prints medians of 5 in milliseconds.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from msgspec.structs import replace

from engine.database.session import open_database
from engine.model import edits
from engine.model.flow import Connection, Flow, Header, Processor, Retry
from engine.stores.flows import FlowStore

PROCESSORS = 10_000
ROUNDS = 5
REACH_MS = {"create": 2000.0, "load": 500.0, "move one": 50.0}
"""What each must stay below on two cores; the rest is for information."""


def large(name: str) -> Flow:
    """A flow whose processors each follow the one before, and every fifth also an earlier one."""
    steps = [
        Processor(
            id=f"p{number}",
            type="python",
            name=f"Step {number}",
            code=f"def process(x):\n    return {{**x, 'n': {number}}}\n",
            position=(number % 100 * 320.0, number // 100 * 160.0),
            retry=Retry(3, 10.0),
        )
        for number in range(PROCESSORS)
    ]
    pairs = [(number - 1, number) for number in range(1, PROCESSORS)] + [
        (number // 2, number) for number in range(5, PROCESSORS, 5)
    ]
    connections = [Connection(source=f"p{one}.success", target=f"p{other}.in") for one, other in pairs]
    return Flow(
        header=Header(name=name),
        steps={step.id: step for step in steps},
        connections={connection.id: connection for connection in connections},
    )


def measure(store: FlowStore, number: int, took: dict[str, list[float]]) -> None:
    """One round of everything on a flow of its own."""

    def timed(name: str, act: Callable[[], object]) -> None:
        begin = time.perf_counter()
        act()
        took.setdefault(name, []).append((time.perf_counter() - begin) * 1000)

    made = large(f"large-{number}")
    timed("create", lambda: store.create(made, "bench"))
    timed("load", lambda: store.load(made.name))
    one = edits.move(made, {"p77": (1.0, 2.0)})
    timed("move one", lambda: store.apply(made.name, 1, one, "bench"))
    everything = edits.move(made, {key: (5.0, 5.0) for key in made.steps if key != "p77"})
    timed("move all", lambda: store.apply(made.name, 2, everything, "bench"))
    loaded = store.export(made.name)
    timed("import over", lambda: store.import_flow(replace(loaded, parameters={"n": 1}), "bench"))
    timed("delete", lambda: store.delete(made.name, "bench"))


def main() -> int:
    """Measure every database, print, and say by the exit status whether all stay within reach."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("urls", nargs="*")
    missed = False
    with databases(parser.parse_args().urls) as urls:
        for url in urls:
            database = open_database(url, create=True)
            took: dict[str, list[float]] = {}
            for number in range(ROUNDS):
                measure(FlowStore(database), number, took)
            print(f"{database.where}: {PROCESSORS:,} processors")
            for name, times in took.items():
                median = statistics.median(times)
                reach = REACH_MS.get(name)
                missed |= reach is not None and median > reach
                print(f"  {name:12} {median:9.1f} ms" + (f"   (reach {reach:.0f})" if reach else ""))
            database.close()
    return int(missed)


@contextmanager
def databases(urls: list[str]) -> Iterator[list[str]]:
    """The URLs asked for, or a new SQLite file."""
    with tempfile.TemporaryDirectory(prefix="pyfi-bench-") as folder:
        yield urls or [f"sqlite:///{folder}/bench.db"]


if __name__ == "__main__":
    raise SystemExit(main())
