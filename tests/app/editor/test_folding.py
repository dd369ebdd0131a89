"""Folding, by keys and clicks."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtTest import QTest

from app.editor.language import PYTHON

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
CODE = "def f(x):\n    if x:\n        y = 1\n\n    return y\n\n\ndef g():\n    return 2\n"
FOLD, UNFOLD = Qt.Key.Key_BracketLeft, Qt.Key.Key_BracketRight


@pytest.fixture
def code(editor):
    editor.load(CODE, PYTHON)
    return editor


def seen(editor) -> list[int]:
    """The numbers of the lines that are shown, from 1; they stand one below the other."""
    lines = list(editor.visible_lines())
    tops = [top for _, top, _ in lines]
    heights = [height for _, _, height in lines]
    assert [round(tops[0] + sum(heights[:index])) for index in range(len(lines))] == [round(top) for top in tops]
    return [block.blockNumber() + 1 for block, _, _ in lines]


def test_a_key_folds_what_the_cursor_is_in_and_another_unfolds(code, qtbot):
    code.go_to(3, 10)
    qtbot.keyClick(code, FOLD, CONTROL | SHIFT)
    assert seen(code) == [1, 2, 4, 5, 6, 7, 8, 9, 10]
    assert code.place() == (2, 9)
    qtbot.keyClick(code, Qt.Key.Key_BraceLeft, CONTROL | SHIFT)
    assert seen(code) == [1, 6, 7, 8, 9, 10], "again: the one around it"
    assert code.text() == CODE
    qtbot.keyClick(code, Qt.Key.Key_Down)
    assert code.place()[0] == 6, "hidden lines are passed"
    qtbot.keyClick(code, Qt.Key.Key_Up)
    qtbot.keyClick(code, UNFOLD, CONTROL | SHIFT)
    assert seen(code) == list(range(1, 11))


def test_nobody_hears_of_a_change_of_the_text(code, qtbot):
    with qtbot.assertNotEmitted(code.textChanged):
        code.go_to(1)
        qtbot.keyClick(code, FOLD, CONTROL | SHIFT)
        qtbot.keyClick(code, UNFOLD, CONTROL | SHIFT)
    assert not code.document().isUndoAvailable()


def test_the_arrow_beside_the_line_folds_and_unfolds(code, qtbot):
    block, top, height = list(code.visible_lines())[7]
    assert block.text() == "def g():"
    place = QPoint(code._gutter.width() - 6, int(top + height / 2))
    qtbot.mouseClick(code._gutter, Qt.MouseButton.LeftButton, pos=place)
    assert seen(code) == [1, 2, 3, 4, 5, 6, 7, 8, 10]
    assert not code.textCursor().hasSelection()
    qtbot.mouseClick(code._gutter, Qt.MouseButton.LeftButton, pos=place)
    assert seen(code) == list(range(1, 11))


def test_going_to_a_hidden_line_shows_it(code, qtbot):
    code.folding.fold_all()
    assert seen(code) == [1, 6, 7, 8, 10]
    code.go_to(3)
    assert seen(code) == [1, 2, 3, 4, 5, 6, 7, 8, 10]
    qtbot.keyClick(code, Qt.Key.Key_F, CONTROL)
    qtbot.keyClicks(code.finder.bar.find_field, "return 2")
    qtbot.keyClick(code.finder.bar.find_field, Qt.Key.Key_Return)
    assert seen(code) == list(range(1, 11))


def test_editing_the_line_that_hides_others_shows_them(code, qtbot):
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Delete, Qt.Key.Key_A):
        code.load(CODE, PYTHON)
        code.folding.fold_all()
        code.go_to(1, 1)
        QTest.keyClick(code, key)
        assert not [block for block in blocks(code) if not block.isVisible() and block.blockNumber() < 6], key
    code.load(CODE, PYTHON)
    code.folding.fold_all()
    code.set_text(CODE.replace("y = 1", "y = 7"))
    assert 3 in seen(code), "what others change is seen"
    code.folding.unfold_all()
    assert seen(code) == list(range(1, 11))
    assert not code.folding.is_any


def blocks(editor):
    block = editor.document().firstBlock()
    while block.isValid():
        yield block
        block = block.next()


def test_dots_stand_behind_a_line_that_hides_others(code, qtbot):
    end = QTextCursor(code.document().firstBlock())
    end.movePosition(QTextCursor.MoveOperation.EndOfBlock)
    place = code.cursorRect(end).topRight() + QPoint(9, 6)

    def ground() -> str:
        code._mark()
        image = code.viewport().grab().toImage()
        return image.pixelColor(place * image.devicePixelRatio()).name()

    code.go_to(10)
    before = ground()
    code.folding.toggle(code.document().firstBlock())
    assert (ground() == code.colors.bracket, ground() != before) == (True, True)
