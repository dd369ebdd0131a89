"""A flow by keys alone, as somebody without a mouse makes, runs, undoes and opens it again; and what each key is for.

Keys come to whatever window has the keyboard, as the window system sends them. Nothing is given the focus by the tests.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QWindow
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDockWidget, QMenu, QPushButton, QTabBar, QToolBar, QWidget

from app.canvas.key_connect import KeyConnect
from app.editor.code_editor import CodeEditor
from app.inspector.configure_dialog import ConfigureDialog
from app.window.accelerators import letter_of
from app.window.main_window import MainWindow
from app.window.welcome import Welcome
from engine.model.codec import load_flow
from engine.model.flow import Flow, Processor
from tests.app.desk import Desk, story, until
from tests.app.hand import ALT, CTRL, NONE, SHIFT

K = Qt.Key
ROW = load_flow("""
pyfi: 1
name: row
processors:
  - {id: a, type: generate, config: {count: 3}}
  - {id: b, type: python, code: "def f(x): return x"}
  - {id: c, type: log}
  - {id: low, type: log}
connections: [{from: a.success, to: b.in}, {from: a.success, to: low.in}]
layout: {a: [0, 0], b: [400, 0], c: [800, 0], low: [400, 400]}
""")
NESTED = load_flow("""
pyfi: 1
name: nested
processors: [{id: outer, flow: inner}]
subflows: [{name: inner, inputs: [in], processors: [{id: gem, type: log}], connections: [{from: in, to: gem.in}]}]
layout: {outer: [0, 0]}
""")


@pytest.fixture
def told(qtbot, tmp_path: Path) -> Callable[[Callable[[Desk], None]], None]:
    def begin(tell: Callable[[Desk], None]) -> Callable[[Desk], None]:
        def act(desk: Desk) -> None:
            until(lambda: desk.window.first_paint.is_through)
            desk.window.activateWindow()  # there is no window manager to do it
            until(desk.window.isActiveWindow)
            tell(desk)

        return act

    return lambda tell: story(tmp_path, begin(tell))


def keys(*presses: Qt.Key | tuple[Qt.Key, Qt.KeyboardModifier] | str) -> None:
    """Keys and words, one after the other, for whatever has the keyboard then."""
    for each in presses:
        if isinstance(each, str):
            for letter in each:
                QTest.keyClick(front(), letter)  # type: ignore - the stubs know no letters
        else:
            key, modifiers = each if isinstance(each, tuple) else (each, NONE)
            QTest.keyClick(front(), key, modifiers)
        QApplication.processEvents()


def front() -> QWindow:
    """The window that has the keyboard. After a dialog the window below gets it back, which no screen's windows need told."""
    popup = QApplication.activePopupWidget()
    window = popup.windowHandle() if popup is not None else QGuiApplication.focusWindow()
    if window is None or not window.isVisible():
        shown = [widget for widget in QApplication.topLevelWidgets() if widget.isVisible()]
        below = QApplication.activeModalWidget() or next(widget for widget in shown if isinstance(widget, MainWindow))
        below.activateWindow()
        QApplication.processEvents()
        window = below.windowHandle()
    return window


def focused() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


def tab_to(name: str) -> None:
    """Tab until a field with this name has the keyboard, as a screen reader would say it."""
    for _ in range(60):
        if focused().accessibleName() == name:
            return
        keys(K.Key_Tab)
    pytest.fail(f"the Tab key does not lead to '{name}'")


def add(desk: Desk, name: str) -> str:
    """Add a part by its name; its key."""
    keys(K.Key_Tab)
    keys(name, K.Key_Return)
    (key,) = desk.chosen
    return key


def test_a_flow_is_made_run_undone_and_opened_again_by_keys_alone(told, tmp_path):
    def tell(desk: Desk) -> None:
        keys((K.Key_N, CTRL))
        until(lambda: desk.window.page is not None)
        assert focused() is desk.viewer
        empty = desk.flow
        make, work, out = (add(desk, name) for name in ("generate", "python", "write_lines"))
        assert len({desk.place(key) for key in (make, work, out)}) == 3
        connected(desk, make, work, out)
        configured(desk, make, out, tmp_path / "squares.jsonl")
        written(desk, work)
        run_and_stopped(desk, tmp_path / "squares.jsonl")
        made = taken_back_and_made_again(desk, empty)
        closed_and_opened(desk)
        assert desk.flow == made

    told(tell)


def connected(desk: Desk, make: str, work: str, out: str) -> None:
    """The nearest that fits is offered first; which output is meant is asked."""
    keys(K.Key_Left, K.Key_Left)
    assert desk.chosen == [make]
    keys(K.Key_C)
    assert isinstance(desk.viewer.gesture, KeyConnect)
    assert desk.viewer.gesture.target == work
    keys(K.Key_Return, K.Key_Return)
    assert f"{make}.success->{work}.in" in desk.flow.connections
    keys(K.Key_Right)
    assert desk.chosen == [work]
    keys((K.Key_K, CTRL), K.Key_Right)
    assert desk.viewer.gesture.target == out
    keys(K.Key_Return, K.Key_Return)
    assert f"{work}.success->{out}.in" in desk.flow.connections


def configured(desk: Desk, make: str, out: str, path: Path) -> None:
    """One in the dialog, another in the inspector."""
    keys(K.Key_Left, K.Key_Return)
    assert isinstance(QApplication.activeModalWidget(), ConfigureDialog)
    tab_to("Count")
    keys((K.Key_A, CTRL), "20", K.Key_Return)
    until(lambda: QApplication.activeModalWidget() is None)
    assert config(desk, make) == {"count": 20}
    keys(K.Key_Right, K.Key_Right)
    assert desk.chosen == [out]
    go_to(desk, "dock_inspector")
    tab_to("Path")
    keys(str(path))
    back_to_canvas(desk)
    assert config(desk, out) == {"path": str(path)}


def written(desk: Desk, work: str) -> None:
    """Code, in the editor."""
    keys(K.Key_Left, K.Key_Return)
    assert isinstance(focused(), CodeEditor)
    keys((K.Key_A, CTRL), "def square(n):", K.Key_Return, "return {'n': n, 'square': n * n}")
    back_to_canvas(desk)
    step = desk.flow.steps[work]
    assert isinstance(step, Processor)
    assert step.code is not None
    assert "def square(n):\n    return {'n': n, 'square': n * n}" in step.code


def run_and_stopped(desk: Desk, path: Path) -> None:
    """Run, see it done, stop."""
    until(lambda: not desk.page.checker.problems)
    keys(K.Key_F5)
    until(lambda: path.is_file() and len(path.read_text().splitlines()) == 20)
    keys((K.Key_F5, SHIFT))
    until(lambda: desk.window.conductor.state_of(desk.page) not in ("running", "starting"))


def taken_back_and_made_again(desk: Desk, empty: Flow) -> Flow:
    """Undo all of it, redo all of it; the flow as it was made."""
    made, steps = desk.flow, desk.page.document.undo_stack.count()
    assert steps >= 8
    for _ in range(steps):
        keys((K.Key_Z, CTRL))
    assert desk.flow == empty
    for _ in range(steps):
        keys((K.Key_Z, CTRL | SHIFT))
    assert desk.flow == made
    return made


def closed_and_opened(desk: Desk) -> None:
    """Close it, and open it again from the welcome page."""
    name = desk.page.title
    keys((K.Key_W, CTRL))
    until(lambda: desk.window.page is None)
    until(lambda: any(name in button.text() for button in recent(desk)))
    for _ in range(30):
        if focused() in recent(desk):
            break
        keys(K.Key_Tab)
    keys(K.Key_Space)
    until(lambda: desk.window.page is not None)


def back_to_canvas(desk: Desk) -> None:
    """Esc, until everything that it closes first is closed."""
    for _ in range(4):
        if focused() is not desk.viewer:
            keys(K.Key_Escape)
    assert focused() is desk.viewer


def config(desk: Desk, key: str) -> dict:
    step = desk.flow.steps[key]
    assert isinstance(step, Processor)
    return step.config


def recent(desk: Desk) -> list[QPushButton]:
    """The buttons of the flows that were opened lately."""
    welcome = desk.window.front
    return [] if not isinstance(welcome, Welcome) else [b for b in welcome.findChildren(QPushButton) if "    " in b.text()]


def test_connecting_goes_round_the_cards_that_fit_and_says_why_others_do_not(told):
    def tell(desk: Desk) -> None:
        desk.open(ROW)
        before = desk.flow
        keys(K.Key_Up)  # the most central card
        keys(K.Key_Left, K.Key_Left)
        assert desk.chosen == ["a"]
        keys(K.Key_C)
        gesture = desk.viewer.gesture
        assert isinstance(gesture, KeyConnect)
        # From `a` to `b` there is a connection already, so it is no target of Tab; an arrow goes there and is told why not.
        round_trip = []
        for _ in range(4):
            round_trip.append(gesture.target)
            keys(K.Key_Tab)
        assert "a" not in round_trip
        assert round_trip[0] in ("b", "low", "c")
        keys(K.Key_Backtab)
        assert gesture.target == round_trip[3]
        keys(K.Key_Escape)
        assert desk.viewer.gesture is None
        assert desk.chosen == ["a"]
        assert desk.flow == before
        # With Shift it is drawn backwards.
        keys(K.Key_Right, K.Key_Right)
        assert desk.chosen == ["c"]
        keys((K.Key_C, SHIFT))
        assert isinstance(desk.viewer.gesture, KeyConnect)
        assert desk.viewer.gesture.target == "b"
        keys(K.Key_Return, K.Key_Down, K.Key_Return)
        assert "b.failure->c.in" in desk.flow.connections

    told(tell)


def test_the_line_is_drawn_while_one_connects(told):
    def tell(desk: Desk) -> None:
        desk.open(ROW)
        keys(K.Key_Up, K.Key_Left, K.Key_Left)
        plain = desk.viewer.grab().toImage()
        keys(K.Key_C)
        assert isinstance(desk.viewer.gesture, KeyConnect)
        drawn = desk.viewer.grab().toImage()
        assert drawn != plain
        keys(K.Key_Escape)
        assert desk.viewer.gesture is None
        assert desk.viewer.grab().toImage() != drawn

    told(tell)


def test_a_click_ends_a_connection_that_keys_began(told):
    def tell(desk: Desk) -> None:
        desk.open(ROW)
        desk.hand.click(desk.middle("b"))
        keys(K.Key_C)
        desk.page.hand._choose = lambda question, names, then: then("success")
        desk.hand.click(desk.middle("c"))
        assert "b.success->c.in" in desk.flow.connections

    told(tell)


@pytest.mark.parametrize("modifier", [CTRL, SHIFT])
def test_several_cards_are_selected_and_moved(told, modifier):
    def tell(desk: Desk) -> None:
        desk.open(ROW)
        before = desk.flow
        keys(K.Key_Up, K.Key_Left, K.Key_Left, (K.Key_Space, modifier))
        assert desk.chosen == ["a"]
        keys(K.Key_Right)
        assert desk.chosen == ["a"]
        keys(K.Key_Right, (K.Key_Space, modifier))
        assert desk.chosen == ["a", "c"]
        places = [desk.place(key) for key in ("a", "b", "c")]
        keys((K.Key_Down, CTRL), (K.Key_Right, CTRL | SHIFT))
        assert desk.place("a") == (places[0][0] + 1, places[0][1] + 10)
        assert desk.place("b") == places[1]
        assert desk.place("c") == (places[2][0] + 1, places[2][1] + 10)
        keys((K.Key_Space, modifier))
        assert desk.chosen == ["a"]
        keys(K.Key_Escape)
        assert desk.chosen == ["a"]
        keys(K.Key_Right)
        assert desk.chosen == ["b"]
        while desk.page.document.undo_stack.canUndo():
            keys((K.Key_Z, CTRL))
        assert desk.flow == before

    told(tell)


def test_connections_are_reached_and_configured(told):
    def tell(desk: Desk) -> None:
        desk.open(ROW)
        keys(K.Key_Up, K.Key_Left, K.Key_Left)
        seen = []
        for _ in range(3):
            keys(K.Key_L)
            seen += desk.chosen
        assert seen[:2] == ["a.success->b.in", "a.success->low.in"]
        assert seen[2] == seen[0]
        keys(K.Key_Return)
        assert isinstance(QApplication.activeModalWidget(), ConfigureDialog)
        keys(K.Key_Escape)
        keys((K.Key_BracketRight, CTRL))
        assert desk.chosen == ["b"]
        keys(K.Key_L)
        assert desk.chosen == ["a.success->b.in"]  # nothing leaves it
        keys(K.Key_Delete)
        assert "a.success->b.in" not in desk.flow.connections

    told(tell)


def test_subflows_are_entered_and_left(told):
    def tell(desk: Desk) -> None:
        desk.open(NESTED)
        keys(K.Key_Right, K.Key_Return)
        assert desk.page.board.place.steps == ("outer",)
        keys(K.Key_Escape)
        assert desk.page.board.place.steps == ()
        assert desk.chosen == ["outer"]
        keys((K.Key_Left, ALT))
        assert desk.page.board.place.steps == ("outer",)
        keys((K.Key_Up, ALT))
        assert desk.page.board.place.steps == ()

    told(tell)


def test_the_menu_key_opens_the_menu_of_what_is_selected(told):
    def tell(desk: Desk) -> None:
        desk.open(ROW)
        keys(K.Key_Up, K.Key_Left, K.Key_Left)
        for ask in (lambda: keys((K.Key_F10, SHIFT)), lambda: menu_key(desk)):
            ask()
            menu = QApplication.activePopupWidget()
            assert isinstance(menu, QMenu)
            assert desk.window.actions_by_id["configure"] in menu.actions()
            assert desk.window.actions_by_id["terminate"] in menu.actions()
            assert desk.window.actions_by_id["unwrap"] not in menu.actions(), "it is no subflow"
            keys(K.Key_Escape)
        keys(K.Key_Escape, (K.Key_F10, SHIFT))
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        assert desk.window.actions_by_id["add_part"] in menu.actions()
        keys(K.Key_Escape)

    told(tell)


def menu_key(desk: Desk) -> None:
    """What the window system makes of the menu key."""
    at = desk.viewer.rect().center()
    QApplication.sendEvent(focused(), QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, at, desk.viewer.mapToGlobal(at)))


def place_of(desk: Desk, widget: QWidget) -> str:
    """Which of the places F6 goes to a widget is in."""
    each: QWidget | None = widget
    while each is not None:
        if each is desk.window.front:
            return "canvas"
        if isinstance(each, QDockWidget | QToolBar):
            return each.objectName() or each.accessibleName()
        if isinstance(each, QTabBar) and each is desk.window.tabs:
            return "tabs"
        each = each.parentWidget()
    return "nowhere"


def go_to(desk: Desk, place: str) -> None:
    """F6 until the keyboard is in a place."""
    for _ in range(30):
        if place_of(desk, focused()) == place:
            return
        keys(K.Key_F6)
    pytest.fail(f"F6 does not lead to {place}")


def test_f6_goes_round_everything_and_back(told):
    def tell(desk: Desk) -> None:
        desk.open(ROW)
        start = focused()
        way = []
        for _ in range(30):
            way.append(place_of(desk, focused()))
            keys(K.Key_F6)
            if focused() is start:
                break
        assert focused() is start
        expected = {dock.objectName() for dock in desk.window.docks.seen()}
        expected |= {bar.objectName() for bar in desk.window.findChildren(QToolBar) if bar.isVisible()}
        assert set(way) == expected | {"canvas", "tabs"}
        assert len(way) == len(set(way))
        back = []
        for _ in way:
            keys((K.Key_F6, SHIFT))
            back.append(place_of(desk, focused()))
        assert back == [*reversed(way[1:]), "canvas"]

    told(tell)


def test_every_button_of_the_tool_bars_is_reached_and_pressed(told):
    def tell(desk: Desk) -> None:
        desk.open(ROW)
        for bar in [bar for bar in desk.window.findChildren(QToolBar) if bar.isVisible()]:
            go_to(desk, bar.objectName())
            wanted = [button for button in bar.findChildren(QWidget) if button.isVisible() and button.isEnabled()]
            wanted = [
                button for button in wanted if button.inherits("QToolButton") and button.objectName() != "qt_toolbar_ext_button"
            ]
            reached = {focused()}
            for _ in wanted:
                keys(K.Key_Tab)
                reached.add(focused())
            assert set(wanted) <= reached
            keys(K.Key_Escape) if place_of(desk, focused()) == bar.objectName() else None
        go_to(desk, "components")
        before = set(desk.flow.steps)
        keys(K.Key_Space)
        assert len(set(desk.flow.steps) - before) == 1
        assert focused() is desk.viewer

    told(tell)


def test_all_menus_have_letters_of_their_own(told):
    def tell(desk: Desk) -> None:
        desk.open(ROW)
        bar = desk.window.menuBar()
        letters = [letter_of(action.text()) for action in bar.actions()]
        assert len(set(letters)) == len(letters) > 4
        for action, letter in zip(bar.actions(), letters, strict=True):
            keys((Qt.Key(ord(letter.upper())), ALT))
            menu = QApplication.activePopupWidget()
            assert menu is action.menu()
            assert isinstance(menu, QMenu)
            texts = [each.text() for each in menu.actions() if not each.isSeparator()]
            inside = [letter_of(text) for text in texts if letter_of(text)]
            assert len(set(inside)) == len(inside)
            # What goes by no letter has none that is free.
            assert all(letter_of(text) or not set(filter(str.isalnum, text.casefold())) - set(inside) for text in texts)
            keys(K.Key_Escape, K.Key_Escape)

    told(tell)
