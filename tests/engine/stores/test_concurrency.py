"""Editors at the same time: exactly one edit of a revision wins, whatever the interleaving."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from engine.database.session import open_database
from engine.errors import ConflictError
from engine.model.change import Change
from engine.model.flow import Processor
from engine.stores.flows import FlowStore
from tests.engine.stores.samples import chain, processor

_ROOT = Path(__file__).resolve().parents[3]
_EDITORS = 4
_ROUNDS = 5

_EDITOR = """
import sys
from engine.database.session import open_database
from engine.errors import ConflictError
from engine.model.change import Change
from engine.model.flow import Processor
from engine.stores.flows import FlowStore

url, name = sys.argv[1:]
store = FlowStore(open_database(url))
print("ready", flush=True)
for line in sys.stdin:
    step = Processor(id=f"{name}-{line.strip()}", type="python")
    try:
        print("won", store.apply("chain", int(line), [Change(step.id, None, step)], name), flush=True)
    except ConflictError:
        print("lost", flush=True)
"""


def test_of_threads_that_edit_one_revision_exactly_one_wins(new_url: Callable[[], str]) -> None:
    database = open_database(new_url())
    store = FlowStore(database)
    store.create(chain(), "ann")
    for revision in range(1, _ROUNDS + 1):
        outcomes: list[str] = []
        start = threading.Barrier(_EDITORS)

        def edit(name: str, revision: int = revision, outcomes: list[str] = outcomes, start: threading.Barrier = start) -> None:
            step = processor(f"{name}-{revision}")
            start.wait()
            try:
                assert store.apply("chain", revision, [Change(step.id, None, step)], name) == revision + 1
                outcomes.append("won")
            except ConflictError:
                outcomes.append("lost")

        threads = [threading.Thread(target=edit, args=(f"editor{number}",)) for number in range(_EDITORS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(outcomes) == ["lost"] * (_EDITORS - 1) + ["won"]
    flow, revision = store.load("chain")
    database.close()
    assert revision == _ROUNDS + 1
    assert len(flow.steps) == 3 + _ROUNDS


def test_of_processes_that_edit_one_revision_exactly_one_wins(new_url: Callable[[], str]) -> None:
    url = new_url()
    database = open_database(url)
    store = FlowStore(database)
    store.create(chain(), "ann")
    editors = [_start(url, f"editor{number}") for number in range(2)]
    try:
        for editor in editors:
            assert _read(editor) == "ready"
        for revision in range(1, _ROUNDS + 1):
            for editor in editors:
                assert editor.stdin is not None
                editor.stdin.write(f"{revision}\n")
                editor.stdin.flush()
            assert sorted(_read(editor) for editor in editors) == ["lost", f"won {revision + 1}"]
    finally:
        for editor in editors:
            editor.communicate()
    flow, revision = store.load("chain")
    database.close()
    assert revision == _ROUNDS + 1
    assert {step.type for step in flow.steps.values() if isinstance(step, Processor)} == {"python"}
    assert len(flow.steps) == 3 + _ROUNDS


def test_a_reader_sees_one_moment_while_another_edits(new_url: Callable[[], str]) -> None:
    database = open_database(new_url())
    store = FlowStore(database)
    made = chain()
    store.create(made, "ann")
    with database.read() as transaction:
        assert transaction.exec_driver_sql("SELECT count(*) FROM steps").scalar() == 4
        step = processor("new")
        store.apply("chain", 1, [Change("new", None, step)], "bob")
        assert transaction.exec_driver_sql("SELECT count(*) FROM steps").scalar() == 4
    with database.read() as transaction:
        assert transaction.exec_driver_sql("SELECT count(*) FROM steps").scalar() == 5
    database.close()


def _start(url: str, name: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", _EDITOR, url, name]
    return subprocess.Popen(command, cwd=_ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def _read(editor: subprocess.Popen[str]) -> str:
    assert editor.stdout is not None
    return editor.stdout.readline().strip()
