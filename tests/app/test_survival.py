"""Edits that cannot be saved survive `kill -9` of the real program: nothing but an unfinished drag is ever lost."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from engine.client.library import Library
from engine.model.codec import load_flow

FLOW = load_flow(
    "{pyfi: 1, name: survivor, processors: [{id: a, type: log}, {id: b, type: log}], layout: {a: [0, 0], b: [400, 0]}}"
)
PROGRAM = Path(__file__).with_name("edit_and_wait.py")


class User:
    """Somebody with a home of their own, at the real program."""

    def __init__(self, folder: Path) -> None:
        places = {name: str(folder / name.lower()) for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME")}
        self.database = folder / "flows.db"
        self.environment = {
            **os.environ,
            **places,
            "QT_QPA_PLATFORM": "offscreen",
            "PYFI_DATABASE_URL": f"sqlite:///{self.database}",
            "PYFI_WORKSPACE": str(folder / "workspace"),
        }
        with Library(f"sqlite:///{self.database}") as library:
            self.id = library.create(FLOW).id
        self.running: list[subprocess.Popen[str]] = []

    def begin(self, what: str, trouble: str) -> subprocess.Popen[str]:
        command = [sys.executable, str(PROGRAM), what, trouble, self.id]
        pipe = subprocess.PIPE
        process = subprocess.Popen(command, env=self.environment, stdin=pipe, stdout=pipe, stderr=pipe, text=True)
        self.running.append(process)
        return process

    @staticmethod
    def hear(process: subprocess.Popen[str], word: str) -> dict[str, Any]:
        """What the program says next."""
        assert process.stdout is not None
        assert process.stderr is not None
        line = process.stdout.readline()
        assert line, process.stderr.read()[-3000:]
        said = json.loads(line)
        assert said["word"] == word
        return said

    def edit_and_be_killed(self, trouble: str, make_trouble: Callable[[Path], object] | None = None) -> dict[str, Any]:
        process = self.begin("edit", trouble)
        self.hear(process, "ready")
        if make_trouble is not None:
            make_trouble(self.database)
            assert process.stdin is not None
            print(file=process.stdin, flush=True)
        edited = self.hear(process, "edited")
        os.kill(process.pid, signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL
        assert edited["place"] != [0, 0]
        return edited

    def look_again(self, trouble: str = "none") -> dict[str, Any]:
        process = self.begin("look", trouble)
        shown = self.hear(process, "shown")
        assert process.wait(60) == 0
        return shown

    def stored(self) -> dict[str, Any]:
        with Library(f"sqlite:///{self.database}") as library:
            steps = library.load(self.id).flow.steps
            assert steps["a"].position is not None
            return {"name": steps["b"].name, "place": list(steps["a"].position)}

    def end(self) -> None:
        for process in self.running:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout, process.stderr):
                assert pipe is not None
                pipe.close()


@pytest.fixture
def user(tmp_path: Path) -> Iterator[User]:
    made = User(tmp_path)
    try:
        yield made
    finally:
        made.end()


def of(said: dict[str, Any]) -> dict[str, Any]:
    return {key: said[key] for key in ("name", "place")}


def test_a_locked_database(user: User) -> None:
    with sqlite3.connect(user.database, isolation_level=None) as rival:
        edited = user.edit_and_be_killed("locked", lambda _: rival.execute("BEGIN IMMEDIATE"))
        rival.execute("ROLLBACK")
    rival.close()
    assert user.stored() == {"name": "", "place": [0, 0]}
    shown = user.look_again()
    assert of(shown) == of(edited)
    assert "had not been saved" in shown["told"]
    assert user.stored() == of(edited)
    assert user.look_again()["told"] == ""


def test_a_full_disk(user: User) -> None:
    edited = user.edit_and_be_killed("full")
    assert "full" in edited["why"] or "disk" in edited["why"]
    assert user.stored()["name"] != edited["name"]
    shown = user.look_again()
    assert of(shown) == of(edited)
    assert shown["saved"]
    assert user.stored() == of(edited)


def test_a_database_that_refuses_to_be_written(user: User) -> None:
    def protect(path: Path) -> None:
        with sqlite3.connect(path) as rival:
            rival.execute("CREATE TRIGGER refuse BEFORE UPDATE ON flows BEGIN SELECT RAISE(ABORT, 'read only'); END")
        rival.close()

    edited = user.edit_and_be_killed("read only", protect)
    assert user.stored() == {"name": "", "place": [0, 0]}
    with sqlite3.connect(user.database) as rival:
        rival.execute("DROP TRIGGER refuse")
    rival.close()
    assert of(user.look_again()) == of(edited)
    assert user.stored() == of(edited)


def test_a_database_that_is_broken_for_good(user: User) -> None:
    def ruin(path: Path) -> None:
        for each in path.parent.glob("flows.db*"):
            each.write_bytes(b"no database " * 1000)

    edited = user.edit_and_be_killed("corrupt", ruin)
    shown = user.look_again("corrupt")
    assert of(shown) == of(edited)
    assert not shown["saved"]
    assert str(user.database) in shown["why"]
