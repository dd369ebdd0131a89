"""Find and replace with the keyboard."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from app.editor.language import PYTHON

LONG_MS = 30_000

CONTROL, SHIFT, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.AltModifier
TEXT = "one Two\ntwo 😀 one\nTWO_x\n"


@pytest.fixture
def bar(editor, qtbot):
    editor.load(TEXT, PYTHON)
    qtbot.keyClick(editor, Qt.Key.Key_H, CONTROL)
    return editor.finder.bar


def test_matches_are_counted_marked_and_walked(editor, bar, qtbot):
    qtbot.keyClicks(bar.find_field, "two")
    assert bar.count_label.text() == "3 found"
    editor._mark()
    marked = [each for each in editor.extraSelections() if each.format.background().color().name() == editor.colors.match]
    assert [each.cursor.selectedText() for each in marked] == ["Two", "two", "TWO"]
    seen = []
    for _ in range(4):
        qtbot.keyClick(bar.find_field, Qt.Key.Key_Return)
        seen.append((editor.place()[0], bar.count_label.text()))
    assert seen == [(1, "1 of 3"), (2, "2 of 3"), (3, "3 of 3"), (1, "1 of 3")]
    qtbot.keyClick(bar.find_field, Qt.Key.Key_Return, SHIFT)
    assert bar.count_label.text() == "3 of 3"


def test_case_words_and_patterns(bar, qtbot):
    qtbot.keyClicks(bar.find_field, "two")
    qtbot.mouseClick(bar.case_button, Qt.MouseButton.LeftButton)
    assert bar.count_label.text() == "1 found"
    qtbot.mouseClick(bar.case_button, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(bar.word_button, Qt.MouseButton.LeftButton)
    assert bar.count_label.text() == "2 found"
    qtbot.mouseClick(bar.pattern_button, Qt.MouseButton.LeftButton)
    bar.find_field.selectAll()
    qtbot.keyClicks(bar.find_field, "^t.o")
    assert bar.count_label.text() == "1 found"
    qtbot.keyClicks(bar.find_field, "(")
    assert bar.count_label.text() == "No pattern"
    assert "unterminated" in bar.count_label.toolTip()


def test_one_match_is_replaced_then_all(editor, bar, qtbot):
    qtbot.keyClicks(bar.find_field, "one")
    qtbot.keyClicks(bar.replace_field, "1")
    qtbot.keyClick(bar.replace_field, Qt.Key.Key_Return)
    assert editor.text() == TEXT, "the first Enter selects what would be replaced"
    qtbot.keyClick(bar.replace_field, Qt.Key.Key_Return)
    assert editor.text() == TEXT.replace("one", "1", 1)
    qtbot.mouseClick(bar.all_button, Qt.MouseButton.LeftButton)
    assert editor.text() == TEXT.replace("one", "1")
    assert bar.count_label.text() == "1 replaced"
    editor.undo()
    assert editor.text() == TEXT.replace("one", "1", 1)


def test_groups_of_a_pattern_stand_in_the_replacement(editor, bar, qtbot):
    qtbot.mouseClick(bar.pattern_button, Qt.MouseButton.LeftButton)
    qtbot.keyClicks(bar.find_field, r"(\w+) (two)")
    qtbot.keyClicks(bar.replace_field, r"\2 \1")
    qtbot.keyClick(bar.replace_field, Qt.Key.Key_Return, CONTROL | ALT)
    assert editor.text() == "Two one\ntwo 😀 one\nTWO_x\n"
    bar.find_field.selectAll()
    qtbot.keyClicks(bar.find_field, "TWO_x")
    bar.replace_field.selectAll()
    qtbot.keyClicks(bar.replace_field, r"\7")
    qtbot.keyClick(bar.replace_field, Qt.Key.Key_Return, CONTROL | ALT)
    assert bar.count_label.text() == "Not replaced"
    assert "TWO_x" in editor.text()


def test_the_count_follows_the_text(editor, bar, qtbot):
    qtbot.keyClicks(bar.find_field, "one")
    qtbot.keyClicks(editor, "one ")
    qtbot.waitUntil(lambda: bar.count_label.text() == "3 found", timeout=LONG_MS)


def test_what_is_selected_is_looked_for_and_escape_goes_back(editor, bar, qtbot):
    qtbot.keyClick(bar.find_field, Qt.Key.Key_Escape)
    assert not editor.finder.is_open
    qtbot.keyClick(editor, Qt.Key.Key_Right, CONTROL | SHIFT)
    qtbot.keyClick(editor, Qt.Key.Key_F, CONTROL)
    assert bar.find_field.text() == "one "
    assert not bar.replace_field.isVisible()
    assert editor.finder.spans
