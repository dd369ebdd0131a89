"""Closing: what becomes of edits that cannot be saved, and of flows that run."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from pathlib import Path

from msgspec import structs
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QMessageBox

from app.document.keeper import Kept
from app.document.shelf import Shelf
from app.page.flow_page import FlowPage
from app.window.main_window import MainWindow
from app.window.unsaved_dialog import UnsavedDialog
from engine.client.engine import Engine
from engine.client.library import Library
from engine.errors import EngineGone
from engine.model.change import Change
from engine.model.codec import load_flow, read_flow
from tests.app.desk import Desk, result, until
from tests.app.desk import run as run_loop
from tests.app.hand import CTRL, LEFT, press
from tests.app.window.test_drawing import CHAIN

TICKING = load_flow("""
pyfi: 1
name: ticking
processors:
  - {id: tick, type: generate, schedule: {every: 50ms}}
  - {id: keep, type: log}
connections: [{from: tick.success, to: keep.in}]
layout: {tick: [0, 0], keep: [320, 0]}
""")


class Refusal:
    """A database that takes no edits until `end`."""

    def __init__(self, desk: Desk) -> None:
        self._rival = sqlite3.connect(str(desk.url).removeprefix("sqlite:///"), isolation_level=None)
        self._rival.execute("CREATE TRIGGER refuse BEFORE UPDATE ON flows BEGIN SELECT RAISE(ABORT, 'no more room'); END")

    def end(self) -> None:
        self._rival.execute("DROP TRIGGER refuse")
        self._rival.close()


def unsaved(desk: Desk) -> tuple[FlowPage, Refusal]:
    page = desk.open(CHAIN)
    refusal = Refusal(desk)
    page.editing.rename("a", "Another name")
    until(lambda: page.keeper.state is Kept.UNSAVED)
    return page, refusal


def question(desk: Desk, kind: type = UnsavedDialog) -> UnsavedDialog:
    """What is asked."""

    def asked() -> list[UnsavedDialog]:
        return [each for each in desk.window.findChildren(kind) if each.isVisible()]

    until(lambda: bool(asked()))
    return asked()[0]


def nothing_asked(desk: Desk) -> bool:
    return not any(each.isVisible() for each in desk.window.findChildren(UnsavedDialog))


def close_tab(desk: Desk) -> None:
    desk.window.activateWindow()
    desk.key(Qt.Key.Key_W, CTRL)


def test_a_tab_with_unsaved_edits_asks_and_stays_where_one_cancels(told):
    def tell(desk: Desk) -> None:
        page, refusal = unsaved(desk)
        close_tab(desk)
        box = question(desk)
        assert box.text().startswith("The last edits of “chain” are not saved: ")
        assert "no more room" in box.text()
        assert box.close_button.text() == "Close, and Have Them Next Time"
        press(box, Qt.Key.Key_Escape)
        until(lambda: nothing_asked(desk))
        assert desk.window.pages() == [page]
        refusal.end()
        assert desk.saved() == page.document.flow

    told(tell)


def test_a_tab_closed_all_the_same_has_its_edits_the_next_time(told):
    def tell(desk: Desk) -> None:
        page, refusal = unsaved(desk)
        id, flow = page.book.id, page.document.flow
        close_tab(desk)
        desk.click(question(desk).close_button)
        until(lambda: desk.window.pages() == [])
        assert desk.open_again(id).document.flow == flow
        refusal.end()
        assert desk.saved() == flow

    told(tell)


def test_edits_that_are_kept_nowhere_are_called_lost(told):
    def tell(desk: Desk) -> None:
        folder = desk.window.shelf._kept_folder
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.write_text("a file where a folder is to be")
        _, refusal = unsaved(desk)
        close_tab(desk)
        box = question(desk)
        assert box.close_button.text() == "Close and Lose Them"
        assert "they are lost" in box.informativeText()
        desk.click(box.close_button)
        until(lambda: desk.window.pages() == [])
        refusal.end()

    told(tell)


def test_a_tab_saved_to_a_file_may_go(told, tmp_path):
    def tell(desk: Desk) -> None:
        page, refusal = unsaved(desk)
        flow = page.document.flow
        close_tab(desk)
        desk.click(question(desk).file_button)
        dialog = question(desk, QFileDialog)
        dialog.findChildren(QLineEdit)[0].setText(str(tmp_path / "kept.flow.yaml"))
        press(dialog, Qt.Key.Key_Return)
        until(lambda: desk.window.pages() == [])
        assert read_flow(tmp_path / "kept.flow.yaml").steps == flow.steps
        refusal.end()

    told(tell)


def test_a_tab_whose_flow_has_the_name_of_another_asks_and_can_be_closed(told):
    def tell(desk: Desk) -> None:
        page = desk.open(CHAIN)
        with Library(desk.url) as library:
            library.create(TICKING)
        header = page.document.flow.header
        page.document.edit("Rename", [Change("flow:", header, structs.replace(header, name="ticking"))])
        close_tab(desk)
        box = question(desk)
        assert "there already is a flow 'ticking'" in box.text()
        desk.click(box.close_button)
        until(lambda: desk.window.pages() == [])

    told(tell)


def test_a_page_that_is_being_closed_takes_no_edits(told):
    def tell(desk: Desk) -> None:
        page = desk.open(CHAIN)
        seen: list[bool] = []
        closing = asyncio.ensure_future(page.close_page())
        asyncio.get_event_loop().call_soon(lambda: seen.append(page.viewer.isEnabled()))
        until(closing.done)
        assert seen == [False]
        desk.window.take_away(page)

    told(tell)


def test_the_window_asks_too_and_stays(told):
    def tell(desk: Desk) -> None:
        page, refusal = unsaved(desk)
        desk.window.close()
        box = question(desk)
        desk.click(box.cancel_button)
        until(lambda: nothing_asked(desk))
        assert desk.window.isVisible()
        assert desk.window.pages() == [page]
        refusal.end()
        assert desk.saved() == page.document.flow

    told(tell)


def run(desk: Desk) -> FlowPage:
    page = desk.open(TICKING)
    desk.key(Qt.Key.Key_F5)
    until(lambda: desk.window.conductor.state_of(page) == "running", 120)
    return page


def states_after(folder: Path, tell: Callable[[Desk], None]) -> dict[str, str]:
    """How flows are in the engine after a story that ends with the window's own end."""
    states: dict[str, str] = {}

    def act() -> None:
        window = MainWindow(Shelf(folder / "data", f"sqlite:///{folder / 'flows.db'}"), Engine(folder / "ws"))
        window.show()
        closed: list[bool] = []
        window.closed.connect(lambda: closed.append(True))
        tell(Desk(window, f"sqlite:///{folder / 'flows.db'}"))
        until(lambda: bool(closed))
        window.deleteLater()
        engine = Engine(folder / "ws")
        states.update({each.name: each.state for each in result(engine.deployments())})
        result(engine.shut_down(patience_s=5))
        result(engine.close())
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    run_loop(act)
    return states


def test_flows_go_on_or_stop_unasked_if_one_said_so(qtbot, tmp_path):
    def tell(desk: Desk) -> None:
        run(desk)
        desk.window.preferences.store.change(at_close="stop")
        desk.window.close()

    assert states_after(tmp_path, tell) == {"ticking": "stopped"}


def test_an_answer_can_hold_from_now_on(qtbot, tmp_path):
    def tell(desk: Desk) -> None:
        run(desk)
        desk.window.close()
        box = question(desk, QMessageBox)
        always = box.checkBox()
        assert always is not None
        QTest.mouseClick(always, LEFT, pos=QPoint(10, always.height() // 2))
        assert always.isChecked()
        desk.click(next(each for each in box.buttons() if each.text() == "Let them run"))
        assert desk.window.preferences.store.settings.at_close == "run"

    assert states_after(tmp_path, tell) == {"ticking": "running"}


def test_a_flow_that_cannot_be_stopped_keeps_the_window_which_can_be_closed_later(told, tmp_path):
    def tell(desk: Desk) -> None:
        desk.open(TICKING)
        desk.key(Qt.Key.Key_F5)
        until(lambda: desk.window.conductor.state_of(desk.page) == "running", 120)
        supervisor = desk.window.conductor.supervisor
        need = supervisor.need

        async def need_nothing() -> Engine:
            raise EngineGone("the engine cannot be started; free memory, and try again")

        supervisor.need = need_nothing
        desk.window.commands.go(desk.window.farewell.shut(stop=True))
        until(lambda: "cannot be started" in desk.window.strip.message)
        assert desk.window.isVisible()
        supervisor.need = need
        result(desk.window.farewell.shut(stop=True))
        assert not desk.window.isVisible()

    told(tell)
