"""Typing, as a person does it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QTextCursor, QWheelEvent
from PySide6.QtWidgets import QApplication

from app.editor.code_problem import CodeProblem
from app.editor.colors import DARK
from app.editor.language import BASH, JAVASCRIPT, PYTHON, YAML

LONG_MS = 30_000

_NOT_INVERTED = False
CONTROL, SHIFT, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.AltModifier


def put(editor, text: str, language=PYTHON) -> None:
    """Load a text; `|` is the cursor, two of them a selection."""
    parts = text.split("|")
    editor.load("".join(parts), language)
    cursor = editor.textCursor()
    cursor.setPosition(len(parts[0]))
    if len(parts) == 3:
        cursor.setPosition(len(parts[0]) + len(parts[1]), QTextCursor.MoveMode.KeepAnchor)
    editor.setTextCursor(cursor)


def shown(editor) -> str:
    """The text with `|` where the cursor or the ends of the selection are."""
    cursor = editor.textCursor()
    text = editor.text()
    places = sorted({cursor.selectionStart(), cursor.selectionEnd()}, reverse=True)
    for place in places:
        text = f"{text[:place]}|{text[place:]}"
    return text


@pytest.mark.parametrize(
    ("language", "before", "after"),
    [
        (PYTHON, "def f(x):|", "def f(x):\n    |"),
        (PYTHON, "    x = 1|", "    x = 1\n    |"),
        (PYTHON, "    return x|", "    return x\n|"),
        (PYTHON, "x = {|}", "x = {\n    |\n}"),
        (PYTHON, "f(a,|  b)", "f(a,\n|b)"),
        (PYTHON, "# note:|", "# note:\n|"),
        (PYTHON, "x = 'a:|'", "x = 'a:\n|'"),
        (JAVASCRIPT, "if (x) {|", "if (x) {\n  |"),
        (BASH, "if true; then|", "if true; then\n    |"),
        (BASH, "undo|", "undo\n|"),
        (YAML, "a:|", "a:\n  |"),
    ],
)
def test_enter_keeps_and_deepens_the_indentation(editor, qtbot, language, before, after):
    put(editor, before, language)
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert shown(editor) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [("        |x", "    |x"), ("      |x", "    |x"), ("    |", "|"), ("ab  |", "ab |"), ("x\n|y", "x|y")],
)
def test_backspace_goes_to_the_stop_before(editor, qtbot, before, after):
    put(editor, before)
    qtbot.keyClick(editor, Qt.Key.Key_Backspace)
    assert shown(editor) == after


def test_tab_and_shift_tab_move_the_selected_lines(editor, qtbot):
    put(editor, "|a\n\n  b\n|c")
    qtbot.keyClick(editor, Qt.Key.Key_Tab)
    assert editor.text() == "    a\n\n      b\nc"
    qtbot.keyClick(editor, Qt.Key.Key_Backtab, SHIFT)
    qtbot.keyClick(editor, Qt.Key.Key_Backtab, SHIFT)
    assert editor.text() == "a\n\nb\nc"


def test_tab_without_lines_goes_to_the_next_stop(editor, qtbot):
    put(editor, "ab|c")
    qtbot.keyClick(editor, Qt.Key.Key_Tab)
    assert shown(editor) == "ab  |c"


def test_a_comment_goes_in_and_out(editor, qtbot):
    put(editor, "def f():\n|    a\n\n      b|\n")
    qtbot.keyClick(editor, Qt.Key.Key_Slash, CONTROL)
    assert editor.text() == "def f():\n    # a\n\n    #   b\n"
    qtbot.keyClick(editor, Qt.Key.Key_Slash, CONTROL)
    assert editor.text() == "def f():\n    a\n\n      b\n"
    editor.undo()
    assert editor.text() == "def f():\n    # a\n\n    #   b\n"


def test_a_line_is_duplicated(editor, qtbot):
    put(editor, "on|e\ntwo")
    qtbot.keyClick(editor, Qt.Key.Key_D, CONTROL | SHIFT)
    assert shown(editor) == "one\non|e\ntwo"


def test_lines_move_up_and_down_and_stop_at_the_ends(editor, qtbot):
    put(editor, "one\nt|wo\nthr|ee\nfour")
    qtbot.keyClick(editor, Qt.Key.Key_Down, ALT)
    assert shown(editor) == "one\nfour\nt|wo\nthr|ee"
    qtbot.keyClick(editor, Qt.Key.Key_Down, ALT)
    assert shown(editor) == "one\nfour\nt|wo\nthr|ee"
    for _ in range(3):
        qtbot.keyClick(editor, Qt.Key.Key_Up, ALT)
    assert shown(editor) == "t|wo\nthr|ee\none\nfour"
    editor.undo()
    assert editor.text() == "one\ntwo\nthree\nfour"


def test_go_to_line(editor, qtbot):
    put(editor, "|one\ntwo\nthree")
    qtbot.keyClick(editor, Qt.Key.Key_G, CONTROL)
    qtbot.keyClicks(editor._line_bar.field, "3:4")
    qtbot.keyClick(editor._line_bar.field, Qt.Key.Key_Return)
    assert shown(editor) == "one\ntwo\nthr|ee"
    assert editor._line_bar.isHidden()


def test_zoom_by_keys_and_wheel(editor, qtbot):
    size = editor.point_size()
    with qtbot.waitSignal(editor.zoomed, timeout=LONG_MS):
        qtbot.keyClick(editor, Qt.Key.Key_Plus, CONTROL)
    assert editor.point_size() == size + 1
    place = QPointF(50, 50)
    wheel = QWheelEvent(
        place, place, QPoint(), QPoint(0, -240), Qt.MouseButton.NoButton, CONTROL, Qt.ScrollPhase.NoScrollPhase, _NOT_INVERTED
    )
    QApplication.sendEvent(editor.viewport(), wheel)
    assert editor.point_size() == size - 1
    qtbot.keyClick(editor, Qt.Key.Key_0, CONTROL)
    assert editor.point_size() == size


def test_the_text_is_kept_exactly(editor):
    text = "a\u00a0b\n\tc 😀\n\n"
    editor.load(text, PYTHON)
    assert editor.text() == text


def test_other_text_touches_only_what_differs(editor):
    put(editor, "one\ntwo\nthr|ee\nfour\n")
    assert editor.set_text("one\n😀 2\nthree\nfour\nfive\n") == len("one\n😀😀 2\nthree\nfour\nfive\n") - 1
    assert editor.text() == "one\n😀 2\nthree\nfour\nfive\n"
    assert (editor.textCursor().block().text(), editor.place()) == ("three", (3, 3))
    assert editor.set_text(editor.text()) is None


def test_keys_of_the_history_go_elsewhere_when_it_is_kept_there(editor, qtbot):
    editor.setUndoRedoEnabled(False)
    with qtbot.waitSignal(editor.undo_requested, timeout=LONG_MS):
        qtbot.keyClick(editor, Qt.Key.Key_Z, CONTROL)
    with qtbot.waitSignal(editor.redo_requested, timeout=LONG_MS):
        qtbot.keyClick(editor, Qt.Key.Key_Z, CONTROL | SHIFT)


def test_nothing_changes_a_text_that_is_only_read(editor, qtbot):
    put(editor, "one|\ntwo")
    editor.setReadOnly(True)
    for key, modifiers in (
        (Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier),
        (Qt.Key.Key_Tab, Qt.KeyboardModifier.NoModifier),
        (Qt.Key.Key_Backspace, Qt.KeyboardModifier.NoModifier),
        (Qt.Key.Key_Slash, CONTROL),
        (Qt.Key.Key_D, CONTROL | SHIFT),
        (Qt.Key.Key_Down, ALT),
    ):
        qtbot.keyClick(editor, key, modifiers)
    assert editor.text() == "one\ntwo"


def selected_backgrounds(editor) -> list[tuple[str, str]]:
    return [
        (each.cursor.selectedText(), each.format.background().color().name())
        for each in editor.extraSelections()
        if each.cursor.hasSelection()
    ]


def test_brackets_are_matched_outside_strings(editor, qtbot):
    put(editor, "f|({')': [1]}, # )\n  2)")
    last = editor.document().lastBlock()
    qtbot.waitUntil(lambda: last.userData() is not None, timeout=30_000)  # the lines are coloured in slices of time
    editor._mark()
    assert selected_backgrounds(editor) == [("(", editor.colors.bracket), (")", editor.colors.bracket)]
    ends = sorted(each.cursor.selectionStart() for each in editor.extraSelections() if each.cursor.hasSelection())
    assert ends == [1, len("f({')': [1]}, # )\n  2")]
    put(editor, "f(1]|")
    editor._mark()
    assert selected_backgrounds(editor) == [("]", editor.colors.bracket_lost)]


def test_problems_are_underlined_marked_and_told(editor, qtbot):
    put(editor, "import re\nprint(x)\n|")
    problem = CodeProblem(2, 6, "Undefined name `x`", "error", 2, 7, "ruff", "F821")
    editor.set_problems([problem, CodeProblem(1, 7, "unused <import>", "warning", 1, 9, "ruff", "F401")])
    assert editor.marks() == {0: "warning", 1: "error"}
    waves = [each for each in editor.extraSelections() if each.format.underlineColor().name() == editor.colors.error]
    assert [each.cursor.selectedText() for each in waves] == ["x"]
    cursor = QTextCursor(editor.document())
    cursor.setPosition(len("import re\nprint(x"))
    assert editor.tip_at(editor.cursorRect(cursor).center()) == "Undefined name `x` (ruff F821)"
    cursor.setPosition(3)
    assert editor.tip_at(QPoint(-5, editor.cursorRect(cursor).center().y())) == "unused &lt;import&gt; (ruff F401)"
    # A problem stays with its word.
    cursor.setPosition(0)
    cursor.insertText("\n\n")
    assert editor.marks() == {2: "warning", 3: "error"}


def test_a_blank_that_breaks_code_is_told(editor):
    put(editor, "x\u00a0= 1|")
    cursor = QTextCursor(editor.document())
    cursor.setPosition(1)
    assert "no-break space, U+00A0" in editor.tip_at(editor.cursorRect(cursor).center())


def test_a_click_on_a_number_selects_the_line(editor, qtbot):
    put(editor, "one\ntwo\n|three")
    cursor = QTextCursor(editor.document())
    cursor.setPosition(5)
    y = editor.cursorRect(cursor).center().y()
    qtbot.mouseClick(editor._gutter, Qt.MouseButton.LeftButton, pos=QPoint(10, y))
    assert editor.textCursor().selectedText() == "two\u2029"


def test_other_colours(editor):
    put(editor, "def f():|")
    editor.set_colors(DARK)
    (first, *_) = editor.document().firstBlock().layout().formats()
    assert first.format.foreground().color().name() == DARK.keyword
    image = editor.grab().toImage()
    assert image.pixelColor(image.width() - 5, image.height() - 5).name() == DARK.background
