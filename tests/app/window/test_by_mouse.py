"""What one does with the mouse alone in the real window: buttons over cards, menus, the questions they ask, hints, tabs."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, QTimer
from PySide6.QtGui import QHelpEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QColorDialog, QDialogButtonBox, QMenu, QTabBar, QToolTip, QWidget

from app.canvas.card import State
from app.canvas.paint.button_painter import button_rects
from app.help.help_window import HelpWindow
from app.inspector.configure_dialog import ConfigureDialog
from app.results.queue_dialog import QueueDialog
from engine.client.parts import Place
from engine.model import edits
from engine.model.codec import load_flow
from engine.model.layout import placed
from tests.app.desk import Desk, until
from tests.app.hand import CTRL, LEFT, RIGHT, press, type_in, window_of

FLOW = placed(
    load_flow("""
pyfi: 1
name: work
processors:
  - {id: a, type: generate, config: {count: 0, rate: 50}}
  - {id: b, type: python, code: 'def f(x): return x'}
  - {id: c, type: log}
  - {id: d, type: python, code: 'def f(x): return x'}
  - {id: inner, flow: cleaning}
subflows:
  - name: cleaning
    inputs: [in]
    outputs: [success]
    processors: [{id: clean, type: python, code: 'def f(x): return x'}]
    connections: [{from: in, to: clean.in}, {from: clean.success, to: success}]
connections:
  - {from: a.success, to: b.in}
  - {from: b.success, to: c.in}
layout: {a: [0, 0], b: [450, 0], c: [900, 0], d: [450, 350], inner: [900, 350]}
""")
)


def opened(desk: Desk) -> None:
    desk.open(FLOW)
    desk.look(600, 250, 1.0)


def press_button(desk: Desk, key: str, name: str) -> None:
    """Rest on a card, and click one of the buttons that appear above it."""
    desk.hand.move(desk.middle(key))
    viewer, cards = desk.viewer, desk.page.board.sheet.cards
    rects = dict(button_rects(viewer._bar(cards.rows[key]), viewer._buttons))
    desk.hand.click(rects[name].center())


def choose(desk: Desk, *texts: str) -> None:
    """Click an item of the menu that is open, one of the menu that opens then, and so on."""
    for text in texts:
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        action = next(action for action in menu.actions() if action.text().replace("&", "") == text)
        assert action.isEnabled(), text
        QTest.mouseClick(window_of(menu), LEFT, Qt.KeyboardModifier.NoModifier, menu.actionGeometry(action).center())
        QApplication.processEvents()


def from_bar(desk: Desk, title: str, *texts: str) -> None:
    """Click a menu of the menu bar, and an item of it."""
    bar = desk.window.menuBar()
    action = next(action for action in bar.actions() if action.text().replace("&", "") == title)
    QTest.mouseClick(bar, LEFT, pos=bar.actionGeometry(action).center())
    choose(desk, *texts)


def of_menu(desk: Desk, spot: QPointF, *texts: str) -> None:
    """Click with the right button, and an item of the menu that opens."""
    in_front(desk)
    desk.hand.click(spot, RIGHT)
    choose(desk, *texts)


def in_front(desk: Desk) -> None:
    """No window manager brings the window back to the front when a menu or a dialog has closed."""
    desk.window.activateWindow()
    QTest.qWaitForWindowActive(desk.window, 1000)


def label_of(desk: Desk, key: str) -> QPointF:
    links = desk.page.board.sheet.links
    return links.label_rect(links.rows[key]).center()


def when_asked(act: Callable[[QWidget], None]) -> None:
    """Do something with the dialog that the next step opens and waits for."""

    def look() -> None:
        dialog = QApplication.activeModalWidget()
        if dialog is None:
            QTimer.singleShot(20, look)
        else:
            act(dialog)

    QTimer.singleShot(20, look)


def hint_at(desk: Desk, spot: QPointF) -> str:
    """What is said where the pointer rests."""
    desk.hand.move(spot)
    viewport = desk.viewer.viewport()
    pixel = desk.hand.pixel(spot)
    QApplication.sendEvent(viewport, QHelpEvent(QEvent.Type.ToolTip, pixel, viewport.mapToGlobal(pixel)))
    return QToolTip.text()


def test_the_buttons_over_a_card_start_stop_configure_and_show_code(told):
    def tell(desk: Desk) -> None:
        opened(desk)
        press_button(desk, "b", "settings")
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, ConfigureDialog)
        assert dialog.windowTitle() == "Configure 'b'"
        desk.click(dialog.buttons.button(QDialogButtonBox.StandardButton.Cancel))
        assert QApplication.activeModalWidget() is None
        press_button(desk, "d", "code")
        assert desk.window.sides.code.editor.isVisible()
        assert desk.window.sides.code.editor.toPlainText() == "def f(x): return x"
        assert desk.chosen == ["d"]
        desk.viewer.setFocus()
        conductor, document = desk.window.conductor, desk.page.document
        document.edit("only what is whole", edits.delete(document.flow, ["d", "inner"]))
        press_button(desk, "a", "run")
        until(lambda: conductor.state_of(desk.page) == "running", 120)
        until(lambda: conductor.waiting(desk.page, ["a.success->b.in"]) > 10)
        press_button(desk, "b", "run")
        press_button(desk, "c", "run")
        until(lambda: conductor.waiting(desk.page, ["a.success->b.in"]) < 10)
        cards = desk.page.board.sheet.cards
        until(lambda: cards.state[cards.rows["b"]] == State.RUNNING)
        press_button(desk, "b", "stop")
        until(lambda: conductor.waiting(desk.page, ["a.success->b.in"]) > 10)

    told(tell)


def test_the_buttons_over_a_subflow_lead_into_it_and_open_it_in_place(told):
    def tell(desk: Desk) -> None:
        opened(desk)
        press_button(desk, "inner", "enter")
        assert desk.page.board.place == Place(("inner",))
        desk.page.board.leave()
        desk.look(600, 250, 1.0)
        press_button(desk, "inner", "expand")
        assert "inner/clean" in desk.page.board.sheet.cards.rows
        press_button(desk, "inner", "collapse")
        assert "inner/clean" not in desk.page.board.sheet.cards.rows

    told(tell)


def test_from_card_to_card_the_output_is_chosen_in_a_menu(told):
    def tell(desk: Desk) -> None:
        opened(desk)
        desk.hand.drag(desk.port("c", "in", is_input=True), desk.middle("d"))
        choose(desk, "failure")
        assert "d.failure->c.in" in desk.flow.connections
        count = len(desk.flow.connections)
        desk.hand.drag(desk.port("c", "in", is_input=True), desk.middle("inner"))
        assert len(desk.flow.connections) == count + 1, "there is nothing to choose from"
        desk.hand.drag(desk.port("b", "in", is_input=True), desk.middle("d"))
        press(desk.window, Qt.Key.Key_Escape)
        assert len(desk.flow.connections) == count + 1

    told(tell)


def test_a_connections_menu_leads_to_its_ends_and_a_double_click_on_its_label_configures_it(told):
    def tell(desk: Desk) -> None:
        opened(desk)
        of_menu(desk, label_of(desk, "a.success->b.in"), "Go to Destination")
        assert desk.chosen == ["b"]
        desk.look(600, 250, 1.0)
        of_menu(desk, label_of(desk, "a.success->b.in"), "Go to Source")
        assert desk.chosen == ["a"]
        desk.look(600, 250, 1.0)
        desk.hand.double_click(label_of(desk, "a.success->b.in"))
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, ConfigureDialog)
        desk.click(dialog.buttons.button(QDialogButtonBox.StandardButton.Cancel))

    told(tell)


def test_menus_align_colour_and_undo_and_say_what_they_undo(told):
    def tell(desk: Desk) -> None:
        opened(desk)
        before = desk.flow
        desk.hand.click(desk.middle("b"))
        desk.hand.click(desk.middle("d"), modifiers=CTRL)
        desk.hand.drag(desk.middle("d"), desk.middle("d") + QPointF(40, 0))
        from_bar(desk, "Edit", "Undo move of 2 processors")
        assert desk.flow == before
        from_bar(desk, "Edit", "Redo move of 2 processors")
        assert desk.place("d") == (490, 350)
        from_bar(desk, "Flow", "Arrange", "Align Top")
        assert desk.place("d")[1] == desk.place("b")[1]
        from_bar(desk, "Edit", f"Undo {desk.page.document.undo_stack.undoText()}")
        when_asked(lambda dialog: choose_color(desk, dialog, "#ff8800"))
        of_menu(desk, desk.middle("b"), "Colour …")
        assert {desk.flow.steps[key].color for key in ("b", "d")} == {"#ff8800"}
        when_asked(lambda dialog: press(desk.window, Qt.Key.Key_Escape))
        of_menu(desk, desk.middle("b"), "Colour …")
        assert {desk.flow.steps[key].color for key in ("b", "d")} == {"#ff8800"}

    told(tell)


def choose_color(desk: Desk, dialog: QWidget, color: str) -> None:
    assert isinstance(dialog, QColorDialog)
    dialog.setCurrentColor(color)
    buttons = dialog.findChild(QDialogButtonBox)
    assert buttons is not None
    desk.click(buttons.button(QDialogButtonBox.StandardButton.Ok))


def test_the_menu_of_the_ground_adds_pastes_and_selects(told):
    def tell(desk: Desk) -> None:
        opened(desk)
        ground = QPointF(100, 350)
        of_menu(desk, desk.middle("b"), "Copy")
        of_menu(desk, ground, "Paste")
        assert desk.chosen == ["b-2"]
        of_menu(desk, desk.middle("b-2"), "Delete")
        of_menu(desk, ground, "Select All")
        assert sorted(key for key in desk.chosen if "->" not in key) == ["a", "b", "c", "d", "inner"]
        of_menu(desk, ground, "Add a Part …")
        desk.type("delay")
        press(desk.window, Qt.Key.Key_Return)
        assert "delay" in desk.flow.steps

    told(tell)


def test_where_the_pointer_rests_it_says_why_a_part_is_invalid_until_it_is_mended(told):
    def tell(desk: Desk) -> None:
        opened(desk)
        document = desk.page.document
        assert hint_at(desk, desk.middle("a")) == ""
        document.edit("count", edits.configure(document.flow, "a", config={"count": "many"}))
        until(lambda: "a" in desk.page.board.condition.problems)
        assert hint_at(desk, desk.middle("a")) == "`config.count`: expected a whole number, got text"
        # The pointer still rests there when it is mended; a hint takes a moment to go.
        document.undo_stack.undo()
        until(lambda: "a" not in desk.page.board.condition.problems)
        until(lambda: hint_at(desk, desk.middle("a")) == "")
        # Of a card's buttons it says what each does.
        bar = button_rects(desk.viewer._bar(desk.page.board.sheet.cards.rows["a"]), desk.viewer._buttons)
        assert [hint_at(desk, area.center()) for _, area in bar] == ["Start", "Configure", "Edit the code", "Chart"]

    told(tell)


def test_tabs_are_chosen_moved_and_closed(told):
    def tell(desk: Desk) -> None:
        first = desk.open(FLOW)
        second = desk.new()
        bar = desk.window._tabs
        QTest.mouseClick(bar, LEFT, pos=bar.tabRect(0).center())
        assert desk.page is first
        start, end = bar.tabRect(0).center(), bar.tabRect(1).center()
        QTest.mousePress(bar, LEFT, pos=start)
        for part in range(1, 11):
            QTest.mouseMove(bar, start + (end - start) * part / 10)
        QTest.mouseRelease(bar, LEFT, pos=end)
        until(lambda: desk.window.pages() == [second, first])
        assert desk.page is first
        for side in (QTabBar.ButtonPosition.RightSide, QTabBar.ButtonPosition.LeftSide):
            if (button := bar.tabButton(0, side)) is not None:
                desk.click(button)
        until(lambda: desk.window.pages() == [first])

    told(tell)


@pytest.mark.parametrize(
    ("item", "x", "y"),
    [
        ("Align Left", [0, 0, 0], [0, 0, 350]),
        ("Align Centres", [450, 450, 450], [0, 0, 350]),
        ("Align Right", [900, 900, 900], [0, 0, 350]),
        ("Align Top", [0, 900, 450], [0, 0, 0]),
        ("Distribute Horizontally", [0, 900, 450], [0, 0, 350]),
    ],
)
def test_each_way_to_align_is_in_a_menu(told, item, x, y):
    def tell(desk: Desk) -> None:
        opened(desk)
        before = desk.flow
        desk.hand.click(desk.middle("a"))
        for key in ("c", "d"):
            desk.hand.click(desk.middle(key), modifiers=CTRL)
        from_bar(desk, "Flow", "Arrange", item)
        assert [desk.place(key) for key in ("a", "c", "d")] == list(zip(x, y, strict=True))
        if desk.flow != before:
            press(desk.window, Qt.Key.Key_Z, CTRL)
        assert desk.flow == before

    told(tell)


def test_rows_and_columns_of_cards_are_aligned_by_their_lower_edges_and_middles(told):
    def tell(desk: Desk) -> None:
        opened(desk)
        cards = desk.page.board.sheet.cards

        def edges(of: Callable[[QRectF], float]) -> set[float]:
            return {of(cards.rect(cards.rows[key])) for key in ("a", "b", "d")}

        desk.hand.click(desk.middle("a"))
        for key in ("b", "d"):
            desk.hand.click(desk.middle(key), modifiers=CTRL)
        from_bar(desk, "Flow", "Arrange", "Align Bottom")
        assert len(edges(QRectF.bottom)) == 1
        press(desk.window, Qt.Key.Key_Z, CTRL)
        from_bar(desk, "Flow", "Arrange", "Align Middles")
        assert len(edges(lambda rect: rect.center().y())) == 1
        press(desk.window, Qt.Key.Key_Z, CTRL)
        desk.hand.drag(desk.middle("a"), desk.middle("a") - QPointF(0, 100))
        from_bar(desk, "Flow", "Arrange", "Distribute Vertically")
        tops = sorted(cards.rect(cards.rows[key]).top() for key in ("a", "b", "d"))
        assert abs((tops[1] - tops[0]) - (tops[2] - tops[1])) <= 1

    told(tell)


def test_steps_are_switched_off_and_on_and_looked_at_by_menu(told):
    def tell(desk: Desk) -> None:
        opened(desk)
        of_menu(desk, desk.middle("b"), "Disable")
        assert not desk.flow.steps["b"].enabled
        of_menu(desk, desk.middle("b"), "Enable")
        assert desk.flow.steps["b"].enabled
        of_menu(desk, desk.middle("b"), "Edit Code")
        assert desk.window.sides.code.editor.hasFocus()
        desk.viewer.setFocus()
        from_bar(desk, "View", "Fit Selection")
        in_front(desk)
        cards = desk.page.board.sheet.cards
        off = desk.viewer.seen.center() - cards.rect(cards.rows["b"]).center()
        assert abs(off.x()) + abs(off.y()) < 10
        desk.look(600, 250, 1.0)
        press(desk.window, Qt.Key.Key_E, CTRL)
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, ConfigureDialog)
        press(desk.window, Qt.Key.Key_Escape)
        of_menu(desk, desk.middle("b"), "List Dead Letters …")
        letters = next(each for each in desk.window.findChildren(QueueDialog) if each.isVisible())
        letters.close()
        of_menu(desk, label_of(desk, "a.success->b.in"), "List Queue …")
        assert any(each.isVisible() for each in desk.window.findChildren(QueueDialog) if each is not letters)
        from_bar(desk, "Help", "Manual")
        until(lambda: any(each.isVisible() for each in QApplication.topLevelWidgets() if isinstance(each, HelpWindow)))
        for each in QApplication.topLevelWidgets():
            if isinstance(each, HelpWindow):
                each.close()

    told(tell)


def test_a_flow_is_saved_to_a_file_and_opened_from_one_in_the_dialogs_for_files(told, tmp_path):
    def tell(desk: Desk) -> None:
        opened(desk)
        path = tmp_path / "kept.flow.yaml"
        when_asked(lambda dialog: name_file(desk, str(path)))
        from_bar(desk, "File", "Save to File As …")
        until(path.exists)
        press(desk.window, Qt.Key.Key_W, CTRL)
        until(lambda: not desk.window.pages())
        when_asked(lambda dialog: name_file(desk, str(path)))
        from_bar(desk, "File", "Open File …")
        until(lambda: bool(desk.window.pages()))
        assert set(desk.flow.steps) == set(FLOW.steps)

    told(tell)


def name_file(desk: Desk, path: str) -> None:
    press(desk.window, Qt.Key.Key_A, CTRL)
    type_in(desk.window, path)
    press(desk.window, Qt.Key.Key_Return)


def test_each_menu_has_its_own_and_none_is_too_long_for_a_screen(told):
    def tell(desk: Desk) -> None:
        opened(desk)
        recent = desk.window._recent_menu.menuAction()
        assert [name for name, menu in desk.window._menus.items() if recent in menu.actions()] == ["file"]
        for menu in desk.window._menus.values():
            assert menu.sizeHint().height() < 900, menu.title()

    told(tell)
