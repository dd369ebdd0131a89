"""Saving and bringing in, over a real database that others write to as well, and that may refuse."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtTest import QTest

from app.document.document import Document
from app.document.keeper import Keeper, Kept
from app.document.shelf import Book, Shelf
from app.page.conflict_bar import ConflictBar
from engine.client.library import Library
from engine.model import edits
from engine.model.codec import load_flow
from engine.model.flow import Flow, Processor
from tests.app.desk import result, run, until

FLOW = load_flow(
    "{pyfi: 1, name: kept, processors: [{id: a, type: log}, {id: b, type: log}], layout: {a: [0, 0], b: [0, 300]}}"
)


class Desk:
    """A document that is kept, and somebody else with the same database."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "flows.db"
        self.other = Library(f"sqlite:///{self.file}")
        self.id = self.other.create(FLOW).id
        self.shelf = Shelf(folder / "data", f"sqlite:///{self.file}")
        book: Book = result(self.shelf.open(self.id))
        self.document = Document(book.flow, folder)
        self.keeper = Keeper(self.document, self.shelf, book.id, book.revision)
        self.heard: list[Kept] = []
        self.keeper.state_changed.connect(lambda state, why: self.heard.append(state))

    def rename(self, step: str, name: str) -> None:
        self.document.edit("Rename", edits.rename(self.document.flow, step, name))

    def rename_elsewhere(self, step: str, name: str) -> None:
        loaded = self.other.load(self.id)
        self.other.save(self.id, loaded.revision, edits.rename(loaded.flow, step, name))

    @property
    def stored(self) -> Flow:
        return self.other.load(self.id).flow

    def safe(self) -> None:
        until(lambda: self.keeper.is_safe and self.keeper.state is Kept.SAVED)

    def close(self) -> None:
        result(self.keeper.close())
        result(self.shelf.close())
        self.other.close()


@pytest.fixture
def kept(qtbot, tmp_path: Path) -> Callable[[Callable[[Desk], None]], None]:
    def tell(story: Callable[[Desk], None]) -> None:
        def act() -> None:
            desk = Desk(tmp_path)
            try:
                story(desk)
            finally:
                desk.close()

        run(act)

    return tell


def test_every_edit_is_saved_and_so_are_undo_and_redo(kept):
    def story(desk: Desk) -> None:
        for number in range(20):
            desk.rename("a", f"name {number}")
        desk.safe()
        assert desk.stored == desk.document.flow
        desk.document.undo_stack.undo()
        desk.safe()
        assert desk.stored.steps["a"].name == "name 18"
        assert desk.heard[0] is Kept.SAVING
        assert desk.heard[-1] is Kept.SAVED

    kept(story)


def test_what_is_done_elsewhere_appears_and_is_no_step_of_the_history(kept):
    def story(desk: Desk) -> None:
        desk.rename_elsewhere("b", "theirs")
        until(lambda: desk.document.flow.steps["b"].name == "theirs", 10)
        assert desk.document.undo_stack.count() == 0
        assert desk.heard == []

    kept(story)


def test_edits_of_different_parts_meet(kept):
    def story(desk: Desk) -> None:
        desk.rename_elsewhere("b", "theirs")
        desk.rename("a", "mine")
        desk.safe()
        for flow in (desk.document.flow, desk.stored):
            assert (flow.steps["a"].name, flow.steps["b"].name) == ("mine", "theirs")
        assert Kept.CONFLICT not in desk.heard

    kept(story)


@pytest.mark.parametrize("mine", [True, False])
def test_edits_of_the_same_part_are_a_choice(kept, mine):
    def story(desk: Desk) -> None:
        bar = ConflictBar(desk.keeper)
        desk.rename_elsewhere("a", "theirs")
        desk.rename("a", "mine")
        until(lambda: desk.keeper.state is Kept.CONFLICT)
        assert bar.isVisible()
        assert "same parts" in bar._words.text()
        desk.rename("b", "later")
        assert desk.stored.steps["a"].name == "theirs"
        (bar.mine if mine else bar.theirs).click()
        desk.safe()
        assert not bar.isVisible()
        assert desk.stored == desk.document.flow
        assert desk.stored.steps["a"].name == ("mine" if mine else "theirs")
        assert desk.stored.steps["b"].name == ("later" if mine else "")
        if not mine:
            desk.document.undo_stack.undo()
            desk.safe()
            assert desk.stored.steps["a"].name == "mine"
        desk.rename("a", "after")
        desk.safe()
        assert desk.stored.steps["a"].name == "after"
        bar.deleteLater()

    kept(story)


def test_a_choice_that_changes_nothing_is_saved_at_once(kept):
    def story(desk: Desk) -> None:
        desk.rename_elsewhere("a", "same")
        desk.rename("a", "same")
        until(lambda: desk.keeper.state is Kept.CONFLICT)
        result(desk.keeper.keep_mine())
        desk.safe()
        desk.rename_elsewhere("b", "theirs")
        until(lambda: desk.document.flow.steps["b"].name == "theirs", 10)

    kept(story)


def test_while_the_database_refuses_nothing_is_lost(kept):
    def story(desk: Desk) -> None:
        rival = sqlite3.connect(desk.file, isolation_level=None)
        rival.execute("CREATE TRIGGER refuse BEFORE UPDATE ON flows BEGIN SELECT RAISE(ABORT, 'no more room'); END")
        desk.rename("a", "one")
        until(lambda: desk.keeper.state is Kept.UNSAVED)
        assert desk.keeper.why
        desk.rename("b", "two")
        assert desk.keeper.state is Kept.UNSAVED
        assert not desk.keeper.is_safe
        rival.execute("DROP TRIGGER refuse")
        rival.close()
        desk.safe()
        assert desk.stored == desk.document.flow
        assert desk.stored.steps["b"].name == "two"

    kept(story)


def test_a_flow_deleted_elsewhere_is_said_once(kept):
    def story(desk: Desk) -> None:
        desk.other.delete(desk.id)
        until(lambda: desk.keeper.state is Kept.UNSAVED, 10)
        assert "deleted elsewhere" in desk.keeper.why
        heard = len(desk.heard)
        QTest.qWait(2500)
        assert len(desk.heard) == heard

    kept(story)


_VICTIM = """
import asyncio, sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication, QTimer
import qasync
from app.document.document import Document
from app.document.keeper import Keeper
from app.document.shelf import Shelf
from engine.model import edits

async def work(folder, url, id):
    shelf = Shelf(folder, url)
    book = await shelf.open(id)
    document = Document(book.flow, folder)
    keeper = Keeper(document, shelf, book.id, book.revision)
    for number in range(100_000):
        document.edit("Rename", edits.rename(document.flow, "a", str(number)))
        while not keeper.is_safe:
            await asyncio.sleep(0)
        print(number, flush=True)

app = QCoreApplication([])
with qasync.QEventLoop(app) as loop:
    loop.run_until_complete(work(Path(sys.argv[1]), sys.argv[2], sys.argv[3]))
"""


def test_what_was_said_to_be_saved_survives_the_end_of_the_process(qapp, tmp_path):
    url = f"sqlite:///{tmp_path / 'flows.db'}"
    with Library(url) as library:
        id = library.create(FLOW).id
        command = [sys.executable, "-c", _VICTIM, str(tmp_path / "data"), url, id]
        victim = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[3])
        assert victim.stdout is not None
        last = -1
        for line in victim.stdout:
            last = int(line)
            if last >= 15:
                os.kill(victim.pid, signal.SIGKILL)
                break
        last = max([last, *map(int, victim.stdout.read().split())])
        victim.wait()
        stored = library.load(id).flow.steps["a"]
        assert isinstance(stored, Processor)
        assert int(stored.name) in (last, last + 1)
        victim.stdout.close()
