"""Colours follow the text, in pieces."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QTextCursor

from app.editor.language import JSON, PYTHON

LONG_MS = 30_000

LONG = "".join(f"def f{n}(x):\n    return x + {n}  # number\n" for n in range(2000))


def colors(editor, line: int) -> list[tuple[int, int, str]]:
    """Where a line (from 0) has which colour."""
    layout = editor.document().findBlockByNumber(line).layout()
    return [(each.start, each.length, each.format.foreground().color().name()) for each in layout.formats()]


def color_of(editor, line: int, word: str) -> str:
    unit = editor.document().findBlockByNumber(line).text().index(word)
    return next((color for start, length, color in colors(editor, line) if start <= unit < start + length), "")


def test_the_beginning_is_coloured_at_once_and_the_rest_soon(editor, qtbot):
    editor.load(LONG, PYTHON)
    assert color_of(editor, 0, "def") == editor.colors.keyword
    assert colors(editor, 3999) == []
    qtbot.waitUntil(lambda: color_of(editor, 3999, "number") == editor.colors.comment, timeout=LONG_MS)


def test_what_is_scrolled_to_comes_first(editor, qtbot):
    editor.load(LONG[:6000], PYTHON)
    editor.moveCursor(QTextCursor.MoveOperation.End)
    last = editor.blockCount() - 2
    qtbot.waitUntil(lambda: bool(colors(editor, last)), timeout=LONG_MS)
    assert color_of(editor, last, "return") == editor.colors.keyword


def test_an_opened_string_colours_all_below_and_closing_it_takes_that_back(editor, qtbot):
    editor.load(LONG, PYTHON)
    qtbot.waitUntil(lambda: color_of(editor, 3999, "number") == editor.colors.comment, timeout=LONG_MS)
    editor.moveCursor(QTextCursor.MoveOperation.Start)
    qtbot.keyClicks(editor, '"""')
    qtbot.waitUntil(lambda: color_of(editor, 3999, "number") == editor.colors.string, timeout=LONG_MS)
    for _ in range(3):
        qtbot.keyClick(editor, "\b")
    qtbot.waitUntil(lambda: color_of(editor, 3999, "number") == editor.colors.comment, timeout=LONG_MS)


@pytest.mark.parametrize("removed", [(1, 3), (0, 4000), (3990, 4001)])
def test_colours_are_those_of_the_text_after_any_edit(editor, qtbot, removed):
    editor.load(LONG, PYTHON)
    cursor = editor.textCursor()
    first, last = removed
    cursor.setPosition(editor.document().findBlockByNumber(first).position())
    cursor.setPosition(editor.document().findBlockByNumber(last - 1).position(), QTextCursor.MoveMode.KeepAnchor)
    cursor.insertText("'''open\nand\nclosed''' if True else 1\n\nx = '''\n")
    editor._highlighter.finish()
    edited = [colors(editor, line) for line in range(editor.blockCount())]
    editor.load(editor.text(), PYTHON)
    editor._highlighter.finish()
    assert edited == [colors(editor, line) for line in range(editor.blockCount())]


def test_characters_beyond_the_first_plane_shift_nothing(editor):
    editor.load("x = '😀😀' + 5\n", PYTHON)
    assert (13, 1, editor.colors.number) in colors(editor, 0)


def test_another_language_gives_other_colours(editor):
    editor.load('{"key": true}', JSON)
    assert color_of(editor, 0, "key") == editor.colors.key


def test_a_line_of_data_is_left_as_it_is(editor, qtbot):
    editor.load('[\n"' + "x" * 1_000_000 + '"\n, true]', JSON)
    qtbot.waitUntil(lambda: color_of(editor, 2, "true") == editor.colors.constant, timeout=LONG_MS)
    assert colors(editor, 1) == []
