"""What flows did is in the ledger: after a run to its end, after a kill, and no longer than it is to be kept."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.errors import StorageError, UsageError
from engine.ledger.base import HistoryEntry, Ledger
from engine.ledger.url import open_ledger
from engine.runtime.engine import Engine
from engine.runtime.pieces import Span, table_of
from engine.runtime.queues import find_registration
from engine.runtime.series import Table, parts_of
from engine.runtime.span import DAY_MS, Question
from tests.engine.runtime.running import NUMBERS, Bench, flow
from tests.engine.runtime.test_replan import deployed, until

STEPS = NUMBERS + '- {id: odd, type: python, code: "def odd(n): return n if n % 2 else None"}\n- {id: keep, type: log}\n'
LINKS = "numbers.success -> odd.in {fuse: false}\nodd.success -> keep.in"


@contextlib.contextmanager
def ledger_of(bench: Bench) -> Iterator[Ledger]:
    ledger = open_ledger(f"sqlite:///{bench.workspace / 'ledger.db'}")
    yield ledger
    ledger.close()


def kept(ledger: Ledger, processor: str = "", connection: str = "") -> dict[str, float]:
    """The sums of everything that the ledger knows of a part."""
    _, known = find_registration(ledger, "")
    now_ms = int(time.time() * 1000)
    span = Span(now_ms // DAY_MS * DAY_MS - DAY_MS, (now_ms // 60_000 + 2) * 60_000)
    return sums(table_of(ledger, known.deployment, parts_of(known, processor=processor, connection=connection), span))


def sums(table: Table) -> dict[str, float]:
    return {name: sum(row[column] for row in table.rows) for column, name in enumerate(table.columns)}


def test_a_run_to_its_end_is_kept_to_the_last_message(tmp_path):
    bench = Bench(tmp_path, flow(STEPS, LINKS, "parameters: {count: 1001}\n"))
    for runs in (1, 2):
        summary = bench.run(fresh=True).summary
        with ledger_of(bench) as ledger:
            for step, figures in summary["processors"].items():
                found = kept(ledger, step)
                assert found["in"] == runs * figures["in"]
                assert found["out"] == runs * sum(figures["out"].values())
                assert found["tasks"] >= runs
            for key, figures in summary["connections"].items():
                found = kept(ledger, connection=key)
                assert found["passed"] == runs * figures["passed"]
                assert found["queued"] == 0
            assert kept(ledger)["in"] == runs * sum(figures["in"] for figures in summary["processors"].values())


KILLED = """
import asyncio, os, signal, sys, time
from pathlib import Path
from engine.runtime.engine import Engine
from tests.engine.runtime.test_chronicle import quiet

async def run(folder):
    async with Engine(folder / "workspace") as engine:
        await quiet(engine, folder)
        # A minute ends, and what it holds is written; it goes on, and is killed.
        engine.chronicle._look(time.time() + 61)
        await engine.ledger.call(lambda ledger: None)
        os.kill(os.getpid(), signal.SIGKILL)

asyncio.run(run(Path(sys.argv[1])))
"""


def test_a_minute_that_has_ended_outlives_a_kill(tmp_path):
    bench = Bench(tmp_path, flow(STEPS, LINKS))
    killed = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path)], cwd=Path.cwd(), check=False)
    assert killed.returncode == -signal.SIGKILL
    with ledger_of(bench) as ledger:
        assert (kept(ledger, "numbers")["out"], kept(ledger, "odd")["in"], kept(ledger, "keep")["in"]) == (10, 10, 5)


def in_engine(folder: Path, work, **options) -> None:
    async def run() -> None:
        async with Engine(folder / "workspace", **options) as engine:
            await work(engine)

    asyncio.run(run())


async def quiet(engine: Engine, folder: Path) -> None:
    """Run the flow until nothing is left to do, and all of it was taken note of."""
    deployment = await deployed(engine, folder, flow(STEPS, LINKS))
    await until(deployment.ending.is_quiet)
    while sums(await asked(engine, Question()))["in"] != 15:  # noqa: ASYNC110 - nobody tells the test
        await asyncio.sleep(0.05)


async def asked(engine: Engine, question: Question) -> Table:
    name, known = await engine.ledger.call(lambda ledger: find_registration(ledger, ""))
    return await engine.chronicle.table(name, known, question)


def test_minutes_are_known_before_they_are_written_and_by_the_next_engine(tmp_path):
    question = Question("odd", since_ms=0)

    async def first(engine: Engine) -> None:
        await quiet(engine, tmp_path)
        assert sums(await asked(engine, question))["in"] == 10  # of the minute that lasts
        engine.chronicle._look(time.time() + 61)
        assert sums(await asked(engine, question))["in"] == 10  # of one that was handed to the ledger

    async def second(engine: Engine) -> None:
        table = await asked(engine, question)  # nothing has been opened here
        assert (sums(table)["in"], table.every_s) == (10, 60)
        assert (await asked(engine, Question("odd"))).rows == []
        await deployed(engine, tmp_path, flow(STEPS, LINKS))  # its source is through
        assert sums(await asked(engine, question))["in"] == 10

    in_engine(tmp_path, first)
    in_engine(tmp_path, second)


def test_seconds_are_asked_for_by_their_length_or_by_a_short_span(tmp_path):
    async def work(engine: Engine) -> None:
        await quiet(engine, tmp_path)
        now_ms = int(time.time() * 1000)
        for question in (
            Question("odd"),
            Question("odd", since_ms=now_ms - 200_000),
            Question("odd", since_ms=0, every_s=5),
            Question("odd", every_s=30),
        ):
            table = await asked(engine, question)
            assert table.every_s == max(1, question.every_s)
            assert sums(table)["in"] == 10
        table = await asked(engine, Question("odd", since_ms=0, until_ms=now_ms - 200_000, every_s=1))
        assert table.rows == []

    in_engine(tmp_path, work)


def test_a_span_that_makes_no_sense_is_refused(tmp_path):
    async def work(engine: Engine) -> None:
        await quiet(engine, tmp_path)
        now_ms = int(time.time() * 1000)
        with pytest.raises(UsageError, match="`until` must be later than `since`"):
            await asked(engine, Question(since_ms=now_ms - 600_000, until_ms=now_ms - 1_200_000))
        with pytest.raises(UsageError, match="more than 20,000 rows; ask for a shorter span or longer rows"):
            await asked(engine, Question(since_ms=0, every_s=60))

    in_engine(tmp_path, work, history_days=30)


def test_what_is_older_than_it_is_to_be_kept_is_dropped(tmp_path):
    now_ms = int(time.time() * 1000)

    async def work(engine: Engine) -> None:
        await quiet(engine, tmp_path)
        number = engine.deployments["flow"].registration.deployment

        def old(ledger: Ledger) -> list[tuple[int, bytes]]:
            return ledger.history(number, 99, 0, now_ms)

        def fill(ledger: Ledger) -> None:
            ledger.add_history([HistoryEntry(number, 99, now_ms - days * DAY_MS, b"") for days in (1, 2, 4, 5)])

        await engine.ledger.call(fill)
        engine.chronicle._look(time.time() + 3700)
        assert [time_ms for time_ms, _ in await engine.ledger.call(old)] == [now_ms - 2 * DAY_MS, now_ms - DAY_MS]

    in_engine(tmp_path, work, history_days=3)


def test_nothing_is_written_where_nothing_is_to_be_kept(tmp_path):
    bench = Bench(tmp_path)

    async def work(engine: Engine) -> None:
        await quiet(engine, tmp_path)
        engine.chronicle._look(time.time() + 61)
        assert sums(await asked(engine, Question("odd")))["in"] == 10

    in_engine(tmp_path, work, history_days=0)
    with ledger_of(bench) as ledger:
        assert kept(ledger, "odd")["in"] == 0


def refuse(engine: Engine, times: int) -> list[StorageError]:
    """Have the ledger write no minutes so many times; what is still to be refused."""
    ledger = engine.ledger._ledger
    add, left = ledger.add_history, [StorageError("the disk is full")] * times

    def failing(entries) -> None:
        if left:
            raise left.pop()
        add(entries)

    ledger.add_history = failing  # type: ignore[method-assign]
    return left


def test_minutes_wait_while_storage_fails(tmp_path):
    """They are all there when it works again."""
    bench = Bench(tmp_path)

    async def work(engine: Engine) -> None:
        await quiet(engine, tmp_path)
        refuse(engine, 2)
        now_s = time.time()
        for minute in (1, 2, 3):
            engine.chronicle._look(now_s + minute * 60)
            assert sums(await asked(engine, Question("odd", since_ms=0)))["in"] == 10
        await until(lambda: not engine.chronicle._is_writing)

    in_engine(tmp_path, work)
    with ledger_of(bench) as ledger:
        assert kept(ledger, "odd")["in"] == 10


def test_a_fault_while_minutes_are_written_loses_none(tmp_path):
    bench = Bench(tmp_path)

    async def work(engine: Engine) -> None:
        await quiet(engine, tmp_path)
        told: list[dict[str, object]] = []
        asyncio.get_running_loop().set_exception_handler(lambda _, context: told.append(context))
        ledger = engine.ledger._ledger
        add, faults = ledger.add_history, [ValueError("a fault of this test")]

        def faulty(entries) -> None:
            if faults:
                raise faults.pop()
            add(entries)

        ledger.add_history = faulty  # type: ignore[method-assign]
        engine.chronicle._look(time.time() + 61)
        await until(lambda: bool(told))
        assert not engine.chronicle._is_writing

    in_engine(tmp_path, work)
    with ledger_of(bench) as ledger:
        assert kept(ledger, "odd")["in"] == 10


def test_minutes_that_wait_for_the_storage_when_the_engine_ends_are_counted_once(tmp_path):
    bench = Bench(tmp_path)

    async def work(engine: Engine) -> None:
        await quiet(engine, tmp_path)
        refusals = refuse(engine, 1)
        engine.chronicle._look(time.time() + 61)
        await until(lambda: not refusals)
        assert engine.chronicle._is_writing

    in_engine(tmp_path, work)
    with ledger_of(bench) as ledger:
        assert kept(ledger, "odd")["in"] == 10
