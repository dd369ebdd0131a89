"""Several cursors, by keys and clicks."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import (
    QAction,
    QDragEnterEvent,
    QDropEvent,
    QGuiApplication,
    QInputMethodEvent,
    QKeyEvent,
    QMouseEvent,
    QTextCursor,
)
from PySide6.QtWidgets import QApplication

from app.editor.language import PYTHON
from app.editor.menu import context_menu

CONTROL, SHIFT, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.AltModifier
NONE = Qt.KeyboardModifier.NoModifier


def put(editor, text: str) -> None:
    """Load a text; `|` is the cursor."""
    editor.load(text.replace("|", ""), PYTHON)
    cursor = editor.textCursor()
    cursor.setPosition(text.index("|"))
    editor.setTextCursor(cursor)


def shown(editor) -> str:
    """The text with `|` at every cursor, `[` where the selection begins that it ends."""
    marks: list[tuple[int, str]] = []
    for each in (editor.textCursor(), *editor.cursors.others):
        marks.append((each.position(), "|"))
        if each.hasSelection():
            marks.append((each.anchor(), "["))
    text = editor.text()
    for place, mark in sorted(marks, reverse=True):
        text = text[:place] + mark + text[place:]
    return text


def test_the_next_match_is_added_and_all_are_written_over(editor, qtbot):
    put(editor, "ro|w = 1\nrows = row + 2\nprint(row)")
    for after in (
        "[row| = 1\nrows = row + 2\nprint(row)",
        "[row| = 1\nrows = [row| + 2\nprint(row)",
        "[row| = 1\nrows = [row| + 2\nprint([row|)",
        "[row| = 1\nrows = [row| + 2\nprint([row|)",
    ):
        qtbot.keyClick(editor, Qt.Key.Key_D, CONTROL)
        assert shown(editor) == after
    qtbot.keyClicks(editor, "xy")
    assert shown(editor) == "xy| = 1\nrows = xy| + 2\nprint(xy|)"
    qtbot.keyClick(editor, Qt.Key.Key_Backspace)
    qtbot.keyClick(editor, Qt.Key.Key_Left)
    qtbot.keyClick(editor, Qt.Key.Key_Delete)
    assert shown(editor) == "| = 1\nrows = | + 2\nprint(|)"
    for _ in range(2):
        editor.undo()
    assert editor.text() == "xy = 1\nrows = xy + 2\nprint(xy)", "each key is one step at all cursors"


def test_what_was_selected_by_hand_is_found_also_inside_words(editor, qtbot):
    put(editor, "|row rows")
    for _ in range(3):
        qtbot.keyClick(editor, Qt.Key.Key_Right, SHIFT)
    qtbot.keyClick(editor, Qt.Key.Key_D, CONTROL)
    assert shown(editor) == "[row| [row|s"


def test_lines_below_and_above_make_a_column(editor, qtbot):
    put(editor, "a = |1\n\nc = 3\nd = 4")
    for _ in range(2):
        qtbot.keyClick(editor, Qt.Key.Key_Down, ALT | SHIFT)
    assert shown(editor) == "a = |1\n|\nc = |3\nd = 4"
    put(editor, "a = 1\nb = 2\nc = |3")
    qtbot.keyClick(editor, Qt.Key.Key_Up, ALT | SHIFT)
    qtbot.keyClick(editor, Qt.Key.Key_Up, ALT | SHIFT)
    qtbot.keyClick(editor, Qt.Key.Key_Up, ALT | SHIFT)
    qtbot.keyClick(editor, Qt.Key.Key_End, SHIFT)
    assert shown(editor) == "a = [1|\nb = [2|\nc = [3|"
    qtbot.keyClicks(editor, "{")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert editor.text() == "a = {\n    \nb = {\n    \nc = {\n    "


def test_a_drag_with_alt_selects_a_column(editor, qtbot):
    put(editor, "|abcd\nx\nefgh\nijkl")

    def point(place: int) -> QPoint:
        cursor = QTextCursor(editor.document())
        cursor.setPosition(place)
        return editor.cursorRect(cursor).center()

    def drag(start: int, end: int) -> None:
        view = editor.viewport()
        qtbot.mousePress(view, Qt.MouseButton.LeftButton, ALT, point(start))
        where = QPointF(point(end))
        held = Qt.MouseButton.LeftButton
        QApplication.sendEvent(view, QMouseEvent(QEvent.Type.MouseMove, where, view.mapToGlobal(where), held, held, ALT))
        qtbot.mouseRelease(view, held, ALT, point(end))

    drag(1, 10)
    assert shown(editor) == "a[bc|d\nx|\ne[fg|h\nijkl"
    qtbot.keyClicks(editor, "-")
    assert shown(editor) == "a-|d\nx-|\ne-|h\nijkl"
    drag(editor.text().index("k"), editor.text().index("h"))
    assert shown(editor) == "a-d\nx-\ne-|h\nij|kl"
    qtbot.mouseClick(editor.viewport(), Qt.MouseButton.LeftButton, NONE, point(0))
    assert shown(editor) == "|a-d\nx-\ne-h\nijkl"


def test_clicks_with_ctrl_add_and_take_away_and_without_leave_one(editor, qtbot):
    put(editor, "|one\ntwo\nthree")
    points: list[QPoint] = []
    for place in (5, 8):
        cursor = QTextCursor(editor.document())
        cursor.setPosition(place)
        points.append(editor.cursorRect(cursor).center())
    for point in points:
        qtbot.mouseClick(editor.viewport(), Qt.MouseButton.LeftButton, CONTROL, point)
    assert shown(editor) == "|one\nt|wo\n|three"
    qtbot.mouseClick(editor.viewport(), Qt.MouseButton.LeftButton, CONTROL, points[0])
    qtbot.keyClicks(editor, "- ")
    assert shown(editor) == "- |one\ntwo\n- |three"
    qtbot.mouseClick(editor.viewport(), Qt.MouseButton.LeftButton, NONE, points[0])
    assert shown(editor) == "- one\nt|wo\n- three"


def test_copies_are_pasted_line_by_line(editor, qtbot):
    put(editor, "a|b\ncd")
    qtbot.keyClick(editor, Qt.Key.Key_Down, ALT | SHIFT)
    qtbot.keyClick(editor, Qt.Key.Key_Home, SHIFT)
    qtbot.keyClick(editor, Qt.Key.Key_X, CONTROL)
    assert (QGuiApplication.clipboard().text(), editor.text()) == ("a\nc", "b\nd")
    qtbot.keyClick(editor, Qt.Key.Key_End)
    qtbot.keyClick(editor, Qt.Key.Key_V, CONTROL)
    assert shown(editor) == "ba|\ndc|"
    QGuiApplication.clipboard().setText("!")
    qtbot.keyClick(editor, Qt.Key.Key_V, CONTROL)
    assert shown(editor) == "ba!|\ndc!|"


def menu_action(editor, text: str) -> QAction:
    return next(action for action in context_menu(editor).actions() if action.text() == text)


def test_the_menu_cuts_and_pastes_at_all_and_selects_all_with_one(editor, qtbot):
    put(editor, "a|b\ncd")
    qtbot.keyClick(editor, Qt.Key.Key_Down, ALT | SHIFT)
    qtbot.keyClick(editor, Qt.Key.Key_Home, SHIFT)
    menu_action(editor, "Cut").trigger()
    assert (QGuiApplication.clipboard().text(), shown(editor)) == ("a\nc", "|b\n|d")
    QGuiApplication.clipboard().setText("xy")
    menu_action(editor, "Paste").trigger()
    assert shown(editor) == "xy|b\nxy|d"
    editor.undo()
    assert editor.text() == "b\nd", "one step"
    menu_action(editor, "Select all").trigger()
    assert shown(editor) == "[b\nd|"


def compose(editor, event: QInputMethodEvent) -> None:
    QApplication.sendEvent(editor, event)


def test_what_an_input_method_makes_comes_to_all(editor, qtbot):
    put(editor, "a|b\ncd")
    qtbot.keyClick(editor, Qt.Key.Key_Down, ALT | SHIFT)
    qtbot.keyClick(editor, Qt.Key.Key_Right, SHIFT)
    compose(editor, QInputMethodEvent("ni", []))
    assert (editor.text(), editor.textCursor().block().layout().preeditAreaText()) == ("a\nc", "ni")
    made = QInputMethodEvent()
    made.setCommitString("你")
    compose(editor, made)
    assert (shown(editor), editor.textCursor().block().layout().preeditAreaText()) == ("a你|\nc你|", "")
    instead = QInputMethodEvent()
    instead.setCommitString("好", -1, 1)
    compose(editor, instead)
    assert shown(editor) == "a好|\nc好|"


def test_what_is_dropped_has_one_place(editor, qtbot):
    put(editor, "a|b\ncd")
    qtbot.keyClick(editor, Qt.Key.Key_Down, ALT | SHIFT)
    dropped = QMimeData()
    dropped.setText("xy")
    end = QTextCursor(editor.document())
    end.movePosition(QTextCursor.MoveOperation.EndOfBlock)
    place, action = editor.cursorRect(end).center(), Qt.DropAction.CopyAction
    entered = QDragEnterEvent(place, action, dropped, Qt.MouseButton.LeftButton, NONE)
    QApplication.sendEvent(editor.viewport(), entered)
    QApplication.sendEvent(editor.viewport(), QDropEvent(place, action, dropped, Qt.MouseButton.LeftButton, NONE))
    assert (editor.text(), editor.cursors.others) == ("abxy\ncd", [])


@pytest.mark.parametrize("key", [Qt.Key.Key_AltGr, Qt.Key.Key_Dead_Acute, Qt.Key.Key_Super_L, Qt.Key.Key_CapsLock])
def test_keys_that_are_held_or_begin_a_character_leave_all(editor, qtbot, key):
    put(editor, "|a\nb")
    qtbot.keyClick(editor, Qt.Key.Key_Down, ALT | SHIFT)
    QApplication.sendEvent(editor, QKeyEvent(QEvent.Type.KeyPress, key, NONE))
    assert len(editor.cursors.others) == 1


@pytest.mark.parametrize(
    ("key", "modifiers"),
    [
        (Qt.Key.Key_Escape, NONE),
        (Qt.Key.Key_Slash, CONTROL),
        (Qt.Key.Key_D, CONTROL | SHIFT),
        (Qt.Key.Key_PageDown, NONE),
        (Qt.Key.Key_A, CONTROL),
    ],
)
def test_escape_and_keys_of_one_cursor_leave_one(editor, qtbot, key, modifiers):
    put(editor, "|a\nb")
    qtbot.keyClick(editor, Qt.Key.Key_Down, ALT | SHIFT)
    qtbot.keyClick(editor, Qt.Key.Key_Shift)
    assert len(editor.cursors.others) == 1
    with qtbot.assertNotEmitted(editor.left):
        qtbot.keyClick(editor, key, modifiers)
    assert editor.cursors.others == []


def test_cursors_that_meet_become_one(editor, qtbot):
    put(editor, "a|b\ncd")
    qtbot.keyClick(editor, Qt.Key.Key_Down, ALT | SHIFT)
    for _ in range(3):
        qtbot.keyClick(editor, Qt.Key.Key_Left, CONTROL)
    assert shown(editor) == "|ab\ncd"


def test_a_text_that_is_only_read_has_one_cursor(editor, qtbot):
    put(editor, "|a\na")
    editor.setReadOnly(True)
    qtbot.keyClick(editor, Qt.Key.Key_Down, ALT | SHIFT)
    qtbot.mouseClick(editor.viewport(), Qt.MouseButton.LeftButton, CONTROL, QPoint(5, 5))
    assert editor.cursors.others == []


def test_other_cursors_and_what_they_select_are_painted(editor, qtbot):
    put(editor, "|abcd\nabcd")
    qtbot.keyClick(editor, Qt.Key.Key_Down, ALT | SHIFT)
    place = editor.cursorRect(editor.cursors.others[0]).center()
    image = editor.viewport().grab().toImage()
    ratio = image.devicePixelRatio()
    assert image.pixelColor(int(place.x() * ratio), int(place.y() * ratio)).name() == editor.colors.text
    qtbot.keyClick(editor, Qt.Key.Key_End, SHIFT)
    editor._mark()
    assert [
        each.cursor.selectedText()
        for each in editor.extraSelections()
        if each.format.background().color().name() == editor.colors.selection
    ] == ["abcd"]
