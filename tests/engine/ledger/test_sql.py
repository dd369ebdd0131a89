"""What only a ledger in SQL has: versions, and plans of queries."""

from __future__ import annotations

import contextlib
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, create_engine, inspect, text

from engine.database import ledger_migrations
from engine.errors import NewerDatabase, UsageError
from engine.ledger.base import Counter, HistoryEntry, Outcome, Passage, QueueSpec, StateWrite, TimerWrite
from engine.ledger.sql import SqlLedger
from engine.ledger.sql.tables import HEAD, metadata
from engine.ledger.url import open_ledger
from tests.contract.ledger_case import NOW, Case, receipts


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ledger.db"


@pytest.fixture
def case(path: Path) -> Iterator[Case]:
    ledger = SqlLedger(f"sqlite:///{path}", patience_s=0.05)
    yield Case(ledger)
    ledger.close()


# Versions


def test_the_migrations_lead_to_the_head() -> None:
    assert ledger_migrations.head() == HEAD


def _same_tables(connection: Connection) -> None:
    """The migrated tables are those of the metadata, down to what SQLite was told."""
    made = {name: inspect(connection).get_columns(name) for name in metadata.tables}
    context = MigrationContext.configure(connection, opts={"compare_type": True, "version_table": "ledger_version"})
    assert compare_metadata(context, metadata) == []
    assert made["ledger_version"][0]["name"] == "version_num"


def test_a_migrated_sqlite_ledger_is_the_same_as_a_new_one(tmp_path: Path) -> None:
    open_ledger(f"sqlite:///{tmp_path / 'new.db'}").close()
    engine = create_engine(f"sqlite:///{tmp_path / 'migrated.db'}")
    with engine.begin() as connection:
        ledger_migrations.upgrade(connection)
        _same_tables(connection)
    engine.dispose()
    statements = [_statements(tmp_path / name) for name in ("new.db", "migrated.db")]
    assert statements[0] == statements[1]
    ledger = open_ledger(f"sqlite:///{tmp_path / 'migrated.db'}")
    assert len(Case(ledger).fill(2)) == 2
    ledger.close()


def test_a_ledger_of_the_first_version_is_upgraded_with_what_it_holds(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'old.db'}"
    engine = create_engine(url)
    with engine.begin() as connection:
        ledger_migrations.upgrade(connection, "0001")
        assert not inspect(connection).has_table("ledger_history")
        connection.execute(text("INSERT INTO ledger_deployment VALUES (7, 'old', 3, 'revision')"))
        connection.execute(text("INSERT INTO ledger_step VALUES (9, 7, 's', 3)"))
    engine.dispose()
    ledger = open_ledger(url)
    found = ledger.registration("old")
    assert found is not None
    assert (found[0].deployment, found[0].steps, found[1]) == (7, {"s": 9}, "revision")
    ledger.add_history([HistoryEntry(7, 0, NOW, b"new")])
    assert ledger.history(7, 0, 0, NOW + 1) == [(NOW, b"new")]
    ledger.close()


def _statements(path: Path) -> dict[str, set[str]]:
    """What made each table, without white space, order and Alembic's way of naming the version's key."""
    with contextlib.closing(sqlite3.connect(path)) as connection:
        found = connection.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
    return {name: {part.strip(" \t,)") for part in statement.split("\n")} for name, statement in found}


def test_a_migrated_postgresql_ledger_is_the_same_as_a_new_one(new_postgresql_url: Callable[..., str]) -> None:
    url = new_postgresql_url()
    engine = create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
    with engine.begin() as connection:
        ledger_migrations.upgrade(connection)
        _same_tables(connection)
        assert connection.execute(text("SELECT reloptions FROM pg_class WHERE relname = 'ledger_batch'")).scalar_one()
    engine.dispose()
    ledger = open_ledger(url)
    assert len(Case(ledger).fill(2)) == 2
    ledger.close()


def test_a_newer_ledger_is_refused(case: Case, path: Path) -> None:
    case.ledger.close()
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE ledger_version SET version_num = '9000'")
        connection.commit()
    with pytest.raises(NewerDatabase, match=r"9000.*upgrade"):
        open_ledger(f"sqlite:///{path}")


def test_opening_a_current_ledger_loads_no_migrations(case: Case, path: Path) -> None:
    case.fill(1)
    code = (
        "import sys; from engine.ledger.url import open_ledger;"
        f"print(open_ledger('sqlite:///{path}').deployments(), 'alembic' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=Path.cwd())
    assert done.stdout.strip() == f"{{'flow': {case.deployment}}} False"


@pytest.mark.parametrize("url", ["mysql://host/x", "no url", "sqlalchemy://"])
def test_other_databases_are_refused(url: str) -> None:
    with pytest.raises(UsageError, match="sqlite:///PATH or postgresql"):
        open_ledger(url)


# Plans of queries


class Watch:
    """Every statement of a ledger on SQLite, and how it looks for rows."""

    def __init__(self, ledger: SqlLedger) -> None:
        self._session: Any = ledger._database._session
        self.texts: list[str] = []
        self._session._connection.set_trace_callback(self.texts.append)

    def scans(self) -> list[str]:
        """The statements seen so far that read a whole table or sort, with their plan's step."""
        connection = self._session._connection
        connection.set_trace_callback(None)
        found: list[str] = []
        for statement in dict.fromkeys(self.texts):
            if not statement.startswith(("SELECT", "INSERT", "UPDATE", "DELETE")):
                continue
            steps = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {statement}")]
            bad = [step for step in steps if "TEMP B-TREE" in step or ("SCAN" in step and "VIRTUAL" not in step)]
            found += [f"{step}: {statement}" for step in bad if "sqlite_sequence" not in step]
        return found


def work(case: Case) -> None:
    """Everything that happens all the time in a running flow."""
    step = case.step()
    case.put(case.batch(due_ms=NOW + 1, claims=["f"]))
    held = case.claim("a", "b", "dead:s", messages=20, now_ms=NOW + 2)
    case.ledger.renew(receipts(held[:1]), NOW + 5)
    case.ledger.release(receipts(held[1:2]), crashed=True, due_ms=NOW + 7)
    seen = case.ledger.read_state(step, ["k"]).get("k", (b"", 0))[1]
    done = case.do(
        case.commit(
            inputs=receipts(held[:1]),
            outputs=[case.batch("b"), case.batch("b", claims=["g"])],
            state=[StateWrite(step, "k", b"v", seen, claims=["h"])],
            timers=[TimerWrite(step, NOW)],
            counters={step: Counter(1, 0, 1, 1, {"success": 2})},
            passages={case.queue("b"): Passage(2, 20)},
            lineage=b"l",
        ),
        case.commit(timer=(step, NOW)),
    )
    assert done.outcomes == [Outcome.DONE, Outcome.DONE]
    case.ledger.depths(case.deployment)
    case.ledger.next_due(case.deployment, NOW)
    case.ledger.due_queues(case.deployment, NOW)
    case.ledger.due_timers(case.deployment, NOW)


def test_hot_queries_use_an_index(case: Case) -> None:
    case.fill(100)
    case.ledger.void()
    watch = Watch(case.ledger)  # type: ignore[arg-type]
    work(case)
    case.known = case.ledger.register(case.name, [QueueSpec("a", expire_ms=5), QueueSpec("b"), QueueSpec("dead:s")], ["s"], "2")
    assert case.claim(now_ms=NOW + 10) == []
    case.ledger.void()
    case.ledger.lineage(case.deployment)
    case.ledger.prune_lineage(NOW)
    case.ledger.add_history([HistoryEntry(case.deployment, 0, NOW, b"h")])
    assert case.ledger.history(case.deployment, 0, 0, NOW + 1) == [(NOW, b"h")]
    assert case.ledger.history_before(case.deployment, 0, NOW + 1) == (NOW, b"h")
    assert case.ledger.prune_history(NOW + 1) == 1
    assert len(watch.texts) > 40
    # Read whole, or sorted: deployments, queues, and what is due, of which there are few; nothing that grows with the messages.
    allowed = (
        "SCAN CONSTANT ROW",
        "SCAN ledger_deployment",
        "USE TEMP B-TREE FOR GROUP BY: SELECT ledger_queue.id",
        "USE TEMP B-TREE FOR DISTINCT: SELECT DISTINCT ledger_batch.queue",
    )
    assert [scan for scan in watch.scans() if not scan.startswith(allowed)] == []


def test_a_claim_from_a_deep_queue_reads_a_few_rows(case: Case) -> None:
    """Counted in the database's own instructions, not in time."""
    steps = {}
    for count in (100, 10_000):
        for _ in range(count // 1000 or 1):
            case.fill(min(count, 1000), n=10)
        connection = case.ledger._database._session._connection  # type: ignore[attr-defined]
        done = 0

        def tick() -> int:
            nonlocal done
            done += 1
            return 0

        connection.set_progress_handler(tick, 10)
        case.ledger.release(receipts(case.claim(messages=10)))
        case.ledger.due_queues(case.deployment, NOW)
        case.ledger.next_due(case.deployment, NOW)
        case.ledger.depths(case.deployment)
        connection.set_progress_handler(None, 0)
        steps[count] = done
    assert steps[10_000] < 1.5 * steps[100]


def _looks(session: Any) -> dict[str, int]:
    """How often PostgreSQL has read whole tables, and how many rows it has fetched, so far."""
    session.control("SELECT pg_stat_force_next_flush()")
    query = text(
        "SELECT sum(seq_scan)::int, sum(seq_tup_read + coalesce(idx_tup_fetch, 0))::int FROM pg_stat_user_tables "
        "WHERE relname LIKE 'ledger_%' AND relname <> 'ledger_version'"
    )
    ((scans, rows),) = session.rows(query)
    return {"scans": scans, "rows": rows}


def test_postgresql_keeps_to_its_indexes_while_a_queue_grows(postgresql_url: str) -> None:
    ledger = SqlLedger(postgresql_url)
    case = Case(ledger)
    for _ in range(8):
        work(case)  # plans are made and kept while the tables are all but empty
    case.fill(3000)
    session: Any = ledger._database._session
    before = _looks(session)
    for _ in range(3):
        work(case)
    after = _looks(session)
    ledger.close()
    assert after["scans"] == before["scans"]
    assert after["rows"] - before["rows"] < 2000
