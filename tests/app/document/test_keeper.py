"""Saving and bringing in, over a real database that others write to as well, and that may refuse."""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec import structs
from PySide6.QtTest import QTest

from app.document.document import Document
from app.document.keeper import Keeper, Kept
from app.document.shelf import Book, Shelf
from app.page.conflict_bar import ConflictBar
from engine.client.library import Library
from engine.errors import NotFound
from engine.model import edits
from engine.model.change import Change
from engine.model.codec import load_flow
from engine.model.flow import Flow, Header, Processor
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
        self.keeper = Keeper(self.document, self.shelf, book)
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

    def reopen(self, meanwhile: Callable[[], None] = lambda: None) -> Book:
        """Close the flow and open it again."""
        result(self.keeper.close())
        meanwhile()
        return self._open()

    def die(self) -> Book:
        """End as a process does that is killed, and open the flow again."""
        for task in self.keeper._tasks:
            task.cancel()
        self.keeper.safe.release()
        return self._open()

    def _open(self) -> Book:
        book = result(self.shelf.open(self.id))
        self.document = Document(book.flow, self.file.parent)
        self.keeper = Keeper(self.document, self.shelf, book)
        return book

    def refuse(self) -> None:
        """Have the database take no edit."""
        self.sql("CREATE TRIGGER refuse BEFORE UPDATE ON flows BEGIN SELECT RAISE(ABORT, 'no more room'); END")

    def allow(self) -> None:
        self.sql("DROP TRIGGER refuse")

    def sql(self, statement: str) -> None:
        rival = sqlite3.connect(self.file, isolation_level=None)
        rival.execute(statement)
        rival.close()

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
        desk.rename("a", "other")
        desk.rename("a", "same")
        until(lambda: desk.keeper.state is Kept.CONFLICT)
        result(desk.keeper.keep_mine())
        desk.safe()
        desk.rename_elsewhere("b", "theirs")
        until(lambda: desk.document.flow.steps["b"].name == "theirs", 10)

    kept(story)


def test_the_same_edit_on_both_sides_is_none_to_choose_about(kept):
    def story(desk: Desk) -> None:
        desk.rename_elsewhere("a", "same")
        desk.rename("a", "same")
        desk.rename("b", "mine")
        desk.safe()
        assert Kept.CONFLICT not in desk.heard
        assert desk.stored == desk.document.flow
        assert (desk.stored.steps["a"].name, desk.stored.steps["b"].name) == ("same", "mine")

    kept(story)


def test_while_the_database_refuses_nothing_is_lost(kept):
    def story(desk: Desk) -> None:
        desk.refuse()
        desk.rename("a", "one")
        until(lambda: desk.keeper.state is Kept.UNSAVED)
        assert desk.keeper.why
        desk.rename("b", "two")
        assert desk.keeper.state is Kept.UNSAVED
        assert not desk.keeper.is_safe
        desk.allow()
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


def test_a_name_that_is_taken_is_said_and_waits_for_another(kept):
    def story(desk: Desk) -> None:
        desk.other.create(structs.replace(FLOW, header=Header(name="taken")))
        asked = count_saves(desk)
        for name in ("taken", "free"):
            header = desk.document.flow.header
            desk.document.edit("Rename", [Change("flow:", header, structs.replace(header, name=name))])
            if name == "taken":
                until(lambda: desk.keeper.state is Kept.UNSAVED, 10)
                assert "there already is a flow 'taken'" in desk.keeper.why
                result(desk.keeper.settle())
                QTest.qWait(500)
                assert len(asked) == 1  # it rests before it tries again
        desk.safe()
        assert desk.stored.name == "free"

    kept(story)


def count_saves(desk: Desk) -> list[int]:
    """Grows with every attempt to save."""
    saves: list[int] = []
    ask = desk.shelf.ask

    def counting(question: Callable[[Library], object]) -> object:
        if "save" in question.__code__.co_names:
            saves.append(1)
        return ask(question)

    desk.shelf.ask = counting  # type: ignore[method-assign,assignment]
    return saves


def test_a_fault_of_the_program_loses_nothing_and_is_reported_once(kept, monkeypatch):
    def story(desk: Desk) -> None:
        faults: list[dict[str, object]] = []
        asyncio.get_event_loop().set_exception_handler(lambda _, context: faults.append(context))
        with monkeypatch.context() as faulty:
            faulty.setattr(Library, "save", _fail)
            desk.rename("a", "mine")
            until(lambda: desk.keeper.state is Kept.UNSAVED, 10)
            assert "RuntimeError: out of the blue" in desk.keeper.why
            assert not desk.keeper.is_safe
            QTest.qWait(3500)  # it tries again
            assert len(faults) == 1
        desk.safe()
        assert desk.stored.steps["a"].name == "mine"
        with monkeypatch.context() as faulty:
            faulty.setattr(Library, "revision", _fail)
            until(lambda: desk.keeper.state is Kept.UNSAVED, 10)
        assert [str(fault["exception"]) for fault in faults] == ["out of the blue"] * 2
        desk.rename_elsewhere("b", "theirs")
        until(lambda: desk.document.flow.steps["b"].name == "theirs", 10)
        until(lambda: desk.keeper.state is Kept.SAVED, 10)

    kept(story)


def _fail(*_: object) -> int:
    raise RuntimeError("out of the blue")


def test_an_edit_that_comes_while_the_flow_is_closed_is_kept(kept):
    def story(desk: Desk) -> None:
        desk.refuse()
        desk.rename("a", "before")
        until(lambda: desk.keeper.state is Kept.UNSAVED)
        closing = asyncio.ensure_future(desk.keeper.close())
        asyncio.get_event_loop().call_soon(lambda: desk.rename("b", "meanwhile"))
        until(closing.done)
        desk.allow()
        book = desk._open()
        assert [book.flow.steps[key].name for key in "ab"] == ["before", "meanwhile"]
        desk.safe()
        assert desk.stored == book.flow

    kept(story)


# -- beside the database


def test_a_flow_is_shown_as_it_was_left_before_the_database_is_asked(kept):
    def story(desk: Desk) -> None:
        desk.rename("a", "mine")
        desk.safe()
        wanted = desk.document.flow
        asked: list[object] = []
        ask = desk.shelf.ask

        def listening(question: Callable[[Library], object]) -> object:
            asked.append(question)
            return ask(question)

        def listen() -> None:
            desk.shelf.ask = listening  # type: ignore[method-assign,assignment]

        book = desk.reopen(listen)
        assert (book.flow, book.remark, asked) == (wanted, "", [])
        assert book.kept is not None
        assert book.kept.stamp
        until(lambda: len(asked) >= 2, 10)  # it compares, and looks for news
        assert desk.document.flow == wanted
        assert desk.keeper.state is Kept.SAVED

    kept(story)


def test_what_was_changed_elsewhere_since_appears_soon(kept):
    def story(desk: Desk) -> None:
        book = desk.reopen(lambda: desk.rename_elsewhere("b", "theirs"))
        assert book.flow.steps["b"].name == ""
        until(lambda: desk.document.flow.steps["b"].name == "theirs", 10)
        assert desk.document.undo_stack.count() == 0
        desk.rename("a", "mine")
        desk.safe()
        assert desk.stored == desk.document.flow

    kept(story)


def test_edits_made_before_the_database_is_asked_meet_those_made_elsewhere(kept):
    def story(desk: Desk) -> None:
        desk.reopen(lambda: desk.rename_elsewhere("b", "theirs"))
        desk.rename("a", "mine")
        desk.safe()
        assert desk.stored == desk.document.flow
        assert [desk.stored.steps[key].name for key in "ab"] == ["mine", "theirs"]

    kept(story)


def test_a_database_that_was_put_back_to_an_earlier_state_is_the_truth(kept, tmp_path):
    def story(desk: Desk) -> None:
        desk.sql("VACUUM INTO '" + str(tmp_path / "backup.db") + "'")
        for number in range(3):
            desk.rename("a", f"lost {number}")
            desk.safe()

        def put_back() -> None:
            with sqlite3.connect(tmp_path / "backup.db") as old, sqlite3.connect(desk.file) as new:
                old.backup(new)
            for rival in (old, new):
                rival.close()

        book = desk.reopen(put_back)
        assert book.flow.steps["a"].name == "lost 2"
        until(lambda: desk.document.flow.steps["a"].name == "", 10)
        desk.rename("a", "new")
        desk.safe()
        assert desk.stored == desk.document.flow

    kept(story)


def test_edits_that_the_database_refused_survive_the_process_and_are_saved_later(kept):
    def story(desk: Desk) -> None:
        desk.rename("a", "saved")
        desk.safe()
        desk.refuse()
        desk.rename("a", "refused")
        desk.rename("b", "refused, too")
        until(lambda: desk.keeper.state is Kept.UNSAVED)
        wanted = desk.document.flow
        for _ in range(2):  # they also survive a second end
            book = desk.die()
            assert book.flow == wanted
            assert "had not been saved" in book.remark
            assert desk.keeper.state is Kept.SAVING
        assert desk.stored.steps["a"].name == "saved"
        desk.allow()
        desk.safe()
        assert desk.stored == wanted
        assert desk.die().remark == ""

    kept(story)


def test_edits_that_cannot_be_saved_wait_for_the_next_time_when_the_flow_is_closed(kept):
    def story(desk: Desk) -> None:
        desk.refuse()
        desk.rename("a", "refused")
        until(lambda: desk.keeper.state is Kept.UNSAVED)
        book = desk.reopen()
        assert (book.flow.steps["a"].name, "had not been saved" in book.remark) == ("refused", True)
        desk.allow()
        desk.safe()
        assert desk.stored.steps["a"].name == "refused"

    kept(story)


def test_where_edits_can_be_kept_nowhere_it_says_so(kept, monkeypatch):
    def story(desk: Desk) -> None:
        # A disk that stays full, whatever is tried: the real one of this machine has room.
        full = property(lambda safe: "No space left on device", lambda safe, trouble: None)
        monkeypatch.setattr(type(desk.keeper.safe), "trouble", full, raising=False)
        desk.refuse()
        desk.rename("a", "refused")
        until(lambda: desk.keeper.state is Kept.UNSAVED)
        assert "either (No space left on device): save the flow to a file" in desk.keeper.why
        desk.allow()
        desk.safe()

    kept(story)


def test_a_flow_that_the_database_lost_is_shown_once_more_and_then_forgotten(kept):
    def story(desk: Desk) -> None:
        book = desk.reopen(lambda: desk.other.delete(desk.id))
        assert book.flow == FLOW
        until(lambda: desk.keeper.state is Kept.UNSAVED, 10)
        assert "deleted elsewhere" in desk.keeper.why
        result(desk.keeper.close())
        with pytest.raises(NotFound):
            result(desk.shelf.open(desk.id))

    kept(story)


def test_edits_that_were_saved_before_the_process_knew_are_not_made_twice(kept):
    def story(desk: Desk) -> None:
        until(lambda: desk.keeper.safe._files != [], 10)
        changes = edits.rename(desk.document.flow, "a", "mine")
        desk.keeper.safe.note_edit(changes)
        desk.other.save(desk.id, desk.keeper.revision, changes)
        desk.rename_elsewhere("b", "theirs")
        book = desk.die()
        assert book.flow.steps["a"].name == "mine"
        desk.safe()
        assert desk.stored == desk.document.flow
        assert [desk.stored.steps[key].name for key in "ab"] == ["mine", "theirs"]
        assert Kept.CONFLICT not in desk.heard

    kept(story)


def test_refused_edits_of_a_part_that_was_changed_elsewhere_since_are_a_choice(kept):
    def story(desk: Desk) -> None:
        desk.refuse()
        desk.rename("a", "mine")
        until(lambda: desk.keeper.state is Kept.UNSAVED)
        result(desk.keeper.close())
        desk.allow()
        desk.rename_elsewhere("a", "theirs")
        desk._open()
        until(lambda: desk.keeper.state is Kept.CONFLICT)
        result(desk.keeper.keep_mine())
        desk.safe()
        assert desk.stored.steps["a"].name == "mine"

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
    keeper = Keeper(document, shelf, book)
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
