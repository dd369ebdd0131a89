"""Disks that are full, closed to writing, damaged or gone: a clear error, nothing lost, and work goes on when it is cured."""

from __future__ import annotations

import os
import resource
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
import pytest

from engine.errors import StorageError, StorageFull, StorageReadOnly
from engine.ledger.base import Outcome
from engine.ledger.sql import SqlLedger
from engine.ledger.url import open_ledger
from tests.contract.ledger_case import Case, receipts
from tests.servers import PostgreSQL

BODY = os.urandom(100_000)
MANY = 1000


def opened(path: Path) -> Case:
    return Case(SqlLedger(f"sqlite:///{path}", patience_s=0.05))


def fill_up(case: Case) -> list[bytes]:
    """Put batches until there is no space; those that the ledger took."""
    taken: list[bytes] = []

    def put_until_full() -> None:
        for _ in range(MANY):
            taken.extend(case.put(case.batch(body=BODY)))

    with pytest.raises(StorageFull, match="free some"):
        put_until_full()
    return taken


def everything_is_there(case: Case, taken: list[bytes]) -> None:
    """All that was committed, nothing of what was refused, and the sums agree; then more fits in and all comes out."""
    assert case.peek() == taken
    assert case.waiting()[2] == len(taken)
    taken += case.put(case.batch(body=BODY))
    held = case.drain(messages=5)
    assert [batch.id for batch in held] == taken
    assert {batch.body for batch in held} == {BODY}
    assert case.outcome(inputs=receipts(held)) is Outcome.DONE
    assert case.waiting() == (0, 0, 0)


@contextmanager
def file_size_limit(size_bytes: int) -> Iterator[None]:
    """No file of this process grows beyond the size: what a quota does, and it binds root too."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size_bytes, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def mount(*arguments: str) -> bool:
    """Mount something, if this user may."""
    return os.geteuid() == 0 and subprocess.run(["mount", *arguments], capture_output=True, check=False).returncode == 0


@pytest.fixture
def case(tmp_path: Path) -> Iterator[Case]:
    made = opened(tmp_path / "ledger.db")
    yield made
    made.ledger.close()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path | None]:
    """A disk of a few megabytes; None where this user may not mount one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = mount("-t", "tmpfs", "-o", "size=4m", "tmpfs", str(folder))
    yield folder if mounted else None
    if mounted:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)  # a failed test may still have files open


# Full


def test_a_full_disk(small_disk: Path | None, tmp_path: Path) -> None:
    """On a real small disk; where none can be mounted, under a limit of the kernel's."""
    case = opened((small_disk or tmp_path) / "ledger.db")
    if small_disk is None:
        with file_size_limit(2_000_000):
            taken = fill_up(case)
    else:
        ballast = small_disk / "ballast"
        ballast.write_bytes(bytes(2_000_000))
        taken = fill_up(case)
        case.ledger.void()  # small writes may still fit, or not: either way nothing breaks
        ballast.unlink()
    assert taken
    everything_is_there(case, taken)
    case.ledger.close()


def test_a_quota(case: Case) -> None:
    case.fill(3)
    held = case.claim(messages=2)
    with file_size_limit(1_000_000):
        taken = fill_up(case)
        assert case.waiting()[2] == 3 + len(taken)  # reading goes on
    assert case.outcome(inputs=receipts(held)) is Outcome.DONE  # the leases held meanwhile are good
    (third,) = case.claim()
    case.do(case.commit(inputs=receipts([third])))
    everything_is_there(case, taken)


def test_a_database_at_its_largest(case: Case) -> None:
    case.fill(1)
    session = case.ledger._database._session  # type: ignore[attr-defined]
    session.control("PRAGMA max_page_count = 200")
    taken = case.peek() + fill_up(case)
    assert case.peek() == taken
    case.ledger.purge(case.queue())
    everything_is_there(case, [])


def test_an_exchange_that_does_not_fit_leaves_no_part_of_itself(case: Case) -> None:
    case.fill(1)
    held = case.claim()
    with file_size_limit(1_500_000), pytest.raises(StorageFull):
        case.do(case.commit(inputs=receipts(held), outputs=[case.batch("b", body=BODY) for _ in range(100)], lineage=b"l"))
    assert (case.waiting("a")[2], case.waiting("b")[2], case.ledger.lineage(case.deployment)) == (1, 0, [])
    assert case.outcome(inputs=receipts(held), outputs=[case.batch("b", body=BODY) for _ in range(100)]) is Outcome.DONE
    assert case.waiting("b")[2] == 100


# Not to be written


@contextmanager
def closed_to_writing(folder: Path) -> Iterator[None]:
    """A folder that nobody may write, root neither."""
    if mount("--bind", str(folder), str(folder)):
        assert mount("-o", "remount,ro,bind", str(folder))
        undo = ["umount", "--lazy", str(folder)]
    elif os.geteuid() == 0:
        subprocess.run(["chattr", "+i", str(folder), *map(str, folder.iterdir())], check=True)
        undo = ["chattr", "-i", str(folder), *map(str, folder.iterdir())]
    else:
        subprocess.run(["chmod", "-R", "a-w", str(folder)], check=True)
        undo = ["chmod", "-R", "u+w", str(folder)]
    try:
        yield
    finally:
        subprocess.run(undo, check=True)


def test_a_ledger_that_may_not_be_written(tmp_path: Path) -> None:
    folder = tmp_path / "place"
    folder.mkdir()
    case = opened(folder / "ledger.db")
    made = case.fill(2)
    case.ledger.close()
    with closed_to_writing(folder):
        with pytest.raises(StorageReadOnly, match="may not be written"):
            case.fill(1)
        with pytest.raises(StorageReadOnly, match="may not be written"):
            open_ledger(f"sqlite:///{folder / 'ledger.db'}").purge(1)
    assert case.peek() == made
    case.put(case.batch())
    assert case.waiting()[2] == 3
    case.ledger.close()


def test_a_new_ledger_where_nothing_may_be_written(tmp_path: Path) -> None:
    folder = tmp_path / "place"
    folder.mkdir()
    with closed_to_writing(folder), pytest.raises(StorageReadOnly, match="may not be written"):
        open_ledger(f"sqlite:///{folder / 'ledger.db'}")
    opened(folder / "ledger.db").ledger.close()


def test_a_running_ledger_that_is_closed_to_writing(case: Case) -> None:
    made = case.fill(1)
    case.ledger._database._session.control("PRAGMA query_only = ON")  # type: ignore[attr-defined]
    with pytest.raises(StorageReadOnly):
        case.fill(1)
    assert case.peek() == made
    case.fill(1)
    assert case.waiting()[2] == 2


# Locked, damaged, gone


def test_a_ledger_locked_by_another(case: Case, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "ledger.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StorageError, match="locked by another"):
            case.fill(1)
        assert case.waiting()[2] == 0
        other.execute("ROLLBACK")
    case.fill(1)
    assert case.waiting()[2] == 1


@pytest.mark.parametrize("damage", ["header", "pages", "shortened"])
def test_a_damaged_ledger(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "ledger.db"
    case = opened(path)
    for _ in range(30):
        case.put(case.batch(body=BODY))
    case.ledger.close()
    whole = path.read_bytes()
    copy = tmp_path / "copy.db"
    shutil.copy(path, copy)
    broken = {
        "header": b"not a database, " * 64 + whole[1024:],
        "pages": whole[:4096] + bytes(len(whole) - 4096),
        "shortened": whole[:8192],
    }
    path.write_bytes(broken[damage])
    with pytest.raises(StorageError, match="damaged or not a ledger"):
        opened(path)
    with pytest.raises(StorageError, match="damaged or not a ledger"):
        case.drain(messages=99)
    path.write_bytes(copy.read_bytes())
    assert len(case.drain(messages=99)) == 30
    case.ledger.close()


def test_a_ledger_in_a_folder_that_does_not_exist(tmp_path: Path) -> None:
    path = tmp_path / "missing" / "ledger.db"
    with pytest.raises(StorageError, match="its folder exists"):
        opened(path)
    path.parent.mkdir()
    opened(path).ledger.close()


def test_a_ledger_that_was_deleted_while_in_use(case: Case, tmp_path: Path) -> None:
    case.fill(1)
    case.ledger.close()
    (tmp_path / "ledger.db").unlink()
    with pytest.raises(StorageError, match="nobody moved or deleted it"):
        case.fill(1)


# PostgreSQL


def test_a_server_that_goes_away_and_comes_back(tmp_path: Path) -> None:
    server = PostgreSQL(fsync=True)
    try:
        server.start()
        case = Case(SqlLedger(server.create()))
        made = case.fill(3)
        held = case.claim()
        server.kill()
        with pytest.raises(StorageError, match="check that its server runs") as caught:
            case.fill(1)
        assert server.password not in str(caught.value)
        with pytest.raises(StorageError, match="check that its server runs"):
            case.waiting()
        server.start()
        assert case.peek() == made
        assert case.outcome(inputs=receipts(held)) is Outcome.DONE
        assert [batch.id for batch in case.drain(messages=9)] == made[1:]
        case.ledger.close()
    finally:
        server.stop()


def test_a_postgresql_database_closed_to_writing(new_postgresql_url: Callable[..., str], postgresql: PostgreSQL) -> None:
    url = new_postgresql_url()
    case = Case(SqlLedger(url))
    made = case.fill(1)
    name = url.rpartition("/")[2]
    for value, works in (("on", False), ("off", True)):
        with psycopg.connect(postgresql.url, autocommit=True) as administrator:
            administrator.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = {value}")  # type: ignore[arg-type]
        if works:
            assert len(case.fill(1)) == 1
        else:
            case.ledger.close()
            with pytest.raises(StorageReadOnly, match="may not be written"):
                case.fill(1)
    assert case.peek()[:1] == made
    case.ledger.close()


def test_a_postgresql_ledger_locked_by_another(new_postgresql_url: Callable[..., str]) -> None:
    url = new_postgresql_url()
    case, other = Case(SqlLedger(url, patience_s=0.05)), SqlLedger(url)
    other._database.look(lambda session: [session.control("BEGIN"), session.control("LOCK ledger_batch")])
    with pytest.raises(StorageError, match="locked by another"):
        case.fill(1)
    other._database.look(lambda session: session.control("ROLLBACK"))
    case.fill(1)
    assert case.waiting()[2] == 1
    other.close()
    case.ledger.close()


def test_a_database_that_does_not_exist_or_lets_nobody_in(postgresql: PostgreSQL) -> None:
    for url in (f"{postgresql.url}_missing", postgresql.url.replace(postgresql.password, "wrong")):
        with pytest.raises(StorageError, match="the database's name, the user and the password"):
            open_ledger(url)
