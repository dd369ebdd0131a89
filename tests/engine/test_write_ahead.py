from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from engine.database.session import open_database
from engine.ledger.url import open_ledger
from engine.write_ahead import begin_wal


@pytest.mark.parametrize("opened", [open_database, open_ledger])
def test_a_new_file_is_waited_for_while_another_process_makes_it(opened: Callable[[str], Any], tmp_path: Path) -> None:
    """While somebody is about to write, SQLite refuses to begin a write-ahead log at once, whatever its patience."""
    path = tmp_path / "new.db"
    rival = sqlite3.connect(path, check_same_thread=False)
    rival.execute("BEGIN IMMEDIATE")
    second = sqlite3.connect(path, timeout=3600)
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        second.execute("PRAGMA journal_mode = WAL")
    second.close()
    release = threading.Timer(0.2, rival.rollback)
    release.start()
    opened(f"sqlite:///{path}").close()
    release.join()
    assert rival.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    rival.close()


def test_it_gives_up_when_the_connection_would(tmp_path: Path) -> None:
    path = tmp_path / "new.db"
    rival = sqlite3.connect(path)
    rival.execute("BEGIN EXCLUSIVE")
    second = sqlite3.connect(path, timeout=0.05)
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        begin_wal(second)
    second.close()
    rival.close()
