"""What the menus do to a running flow, chosen in the real window with the mouse: nothing is drawn, nothing is lost."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import QPointF, Qt, QTimer
from PySide6.QtWidgets import QApplication, QInputDialog, QMenu, QMessageBox, QWidget

from app.results.lineage_dialog import LineageDialog
from app.results.state_dialog import StateDialog
from engine.model.codec import load_flow
from engine.model.layout import placed
from tests.app.desk import Desk, result, story, until
from tests.app.hand import RIGHT

W = TypeVar("W", bound=QWidget)

FLOW = placed(
    load_flow("""
pyfi: 1
name: looked-at
processors:
  - {id: six, type: generate, config: {count: 6}}
  - id: sum
    type: python
    outputs: [success, failure]
    code: |
      def f(n, ctx):
          ctx.state["sum"] = ctx.state.get("sum", 0) + n
          ctx.log(f"at {n}", level="warning")
          return n
  - {id: hold, type: log}
  - {id: inner, flow: inner}
connections:
  - {from: six.success, to: sum.in, fuse: false}
  - {from: sum.success, to: hold.in, breakpoint: true}
subflows:
  - name: inner
    processors:
      - {id: four, type: generate, config: {count: 4}}
      - {id: keep, type: log}
    connections: [{from: four.success, to: keep.in, breakpoint: true}]
layout: {six: [0, 0], sum: [450, 0], hold: [900, 0], inner: [450, 350]}
""")
)
LINK = "sum.success->hold.in"
BEFORE = "six.success->sum.in"
INSIDE = "inner/four.success->inner/keep.in"


@pytest.fixture
def told(qtbot, tmp_path: Path) -> Callable[[Callable[[Desk], None]], None]:
    """Tells a story of a flow that runs, with six messages and four held at breakpoints; it is stopped at the end."""

    def tell_and_stop(tell: Callable[[Desk], None]) -> None:
        def whole(desk: Desk) -> None:
            desk.open(FLOW)
            desk.look(600, 250)
            desk.window.actions_by_id["run"].trigger()
            until(lambda: (waiting(desk, LINK), waiting(desk, INSIDE)) == (6, 4))
            tell(desk)
            result(desk.window.conductor.stop(desk.page))
            until(lambda: desk.window.conductor.state_of(desk.page) != "running")

        story(tmp_path, whole)

    return tell_and_stop


def waiting(desk: Desk, queue: str) -> int:
    return desk.window.conductor.waiting(desk.page, [queue])


def menu_at(desk: Desk, spot: QPointF) -> QMenu:
    """What a right click there offers."""
    desk.window.activateWindow()  # a dialog may have closed, and there is no window manager to bring the window to the front
    until(lambda: QApplication.activeWindow() is desk.window)
    desk.hand.click(spot, RIGHT)
    if QApplication.activePopupWidget() is None:
        # The menu before this one got the release of its click, so that this press was taken for a part of that.
        desk.hand.click(spot, RIGHT)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    return menu


def choose(desk: Desk, spot: QPointF, words: str) -> None:
    """A right click there, and a click on one of what the menu offers."""
    menu = menu_at(desk, spot)
    action = next(each for each in menu.actions() if each.text().replace("&", "") == words)
    assert action.isEnabled()
    desk.click_at(menu, menu.actionGeometry(action).center())


def shown(kind: type[W]) -> W:
    (found,) = [each for each in QApplication.topLevelWidgets() if isinstance(each, kind) and each.isVisible()]
    return found


def answer(desk: Desk, words: str) -> str:
    """Click a button of the question that is open; returns what it asked and said."""
    box = shown(QMessageBox)
    said = f"{box.text()} {box.informativeText()}"
    desk.click(next(each for each in box.buttons() if each.text().replace("&", "") == words))
    return said


def middle_of_link(desk: Desk) -> QPointF:
    links = desk.page.board.sheet.links
    return links.label_rect(links.rows[LINK]).center()


def test_a_processor_is_terminated_forgets_and_works_once_more(told):
    def tell(desk: Desk) -> None:
        sum_card = desk.middle("sum")
        choose(desk, sum_card, "Replay Last Message")
        until(lambda: waiting(desk, LINK) == 7)
        choose(desk, sum_card, "Terminate")
        engine = desk.window.conductor.engine
        until(lambda: list(result(engine.deployment("looked-at")).stopped) == ["sum"])
        choose(desk, sum_card, "Replay Last Message")
        until(lambda: waiting(desk, BEFORE) == 1)
        choose(desk, sum_card, "View State …")
        state = shown(StateDialog)
        until(lambda: state.table.rowCount() == 1)
        desk.click(state.clear_button)
        answer(desk, "Clear")
        until(lambda: state.status.text() == "1 row forgotten")
        state.close()
        assert desk.page.document.undo_stack.count() == 0

    told(tell)


def test_where_a_processors_messages_came_from_is_shown(told):
    def tell(desk: Desk) -> None:
        choose(desk, desk.middle("sum"), "View Data Provenance …")
        dialog = shown(LineageDialog)
        until(lambda: dialog.events.rowCount() == 12 and dialog.places.rowCount() >= 2)
        dialog.close()

    told(tell)


def test_bulletins_are_taken_off_the_cards(told):
    def tell(desk: Desk) -> None:
        overlay = desk.window.conductor.overlay_of(desk.page)
        assert overlay is not None
        until(lambda: overlay.bulletins == 6)
        choose(desk, desk.middle("hold"), "Clear Bulletins")
        assert overlay.bulletins == 6
        choose(desk, desk.middle("sum"), "Clear Bulletins")
        assert overlay.bulletins == 0

    told(tell)


def test_some_messages_are_released_and_the_rest_is_deleted_when_that_is_confirmed(told):
    def tell(desk: Desk) -> None:
        QTimer.singleShot(0, lambda: two(desk))
        choose(desk, middle_of_link(desk), "Release Some Messages …")
        until(lambda: waiting(desk, LINK) == 4)
        choose(desk, middle_of_link(desk), "Empty Queue …")
        assert "4 messages are deleted" in answer(desk, "Cancel")
        assert waiting(desk, LINK) == 4
        choose(desk, middle_of_link(desk), "Empty Queue …")
        assert answer(desk, "Delete").startswith(f"Empty the queue {LINK}?")
        until(lambda: waiting(desk, LINK) == 0)
        assert waiting(desk, INSIDE) == 4

    def two(desk: Desk) -> None:
        dialog = QApplication.activeModalWidget()
        if not isinstance(dialog, QInputDialog):
            QTimer.singleShot(20, lambda: two(desk))
            return
        dialog.setIntValue(2)
        dialog.accept()

    told(tell)


def test_all_queues_of_a_subflow_or_of_the_flow_are_emptied(told):
    def tell(desk: Desk) -> None:
        choose(desk, desk.middle("inner"), "Empty All Queues …")
        assert "inside inner? 4 messages are deleted" in answer(desk, "Delete")
        until(lambda: waiting(desk, INSIDE) == 0)
        assert waiting(desk, LINK) == 6
        desk.viewer.select([])
        choose(desk, QPointF(100, 500), "Empty All Queues …")
        assert "of “looked-at”? 6 messages are deleted" in answer(desk, "Delete")
        until(lambda: waiting(desk, LINK) == 0)
        choose(desk, QPointF(100, 500), "Empty All Queues …")
        assert not [each for each in QApplication.topLevelWidgets() if isinstance(each, QMessageBox) and each.isVisible()]

    told(tell)


def test_the_keyboard_alone_terminates_and_looks_into(told):
    def tell(desk: Desk) -> None:
        desk.viewer.setFocus()
        desk.viewer.select(["sum"])
        desk.key(Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
        dialog = shown(LineageDialog)
        until(lambda: dialog.events.rowCount() == 12)
        dialog.close()
        desk.key(Qt.Key.Key_F7, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
        until(lambda: list(result(desk.window.conductor.engine.deployment("looked-at")).stopped) == ["sum"])

    told(tell)
