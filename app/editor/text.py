"""Text between Python and Qt: Qt counts UTF-16 units, Python characters."""

from __future__ import annotations

import itertools
from difflib import SequenceMatcher

from PySide6.QtGui import QTextBlock, QTextCursor, QTextDocument

_PARAGRAPH = "\u2029"
_MOST_LINES = 2000
"""Lines that are compared one by one; between more, all that differs is one piece."""


def units(text: str) -> int:
    """The length of a text in UTF-16 units."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def characters(text: str, unit: int) -> int:
    """How many characters lie before a UTF-16 unit of a text."""
    if text.isascii():
        return unit
    return len(text.encode("utf-16-le", "surrogatepass")[: 2 * unit].decode("utf-16-le", "replace"))


def text_of(document: QTextDocument) -> str:
    """The whole text. `toPlainText` would turn no-break spaces, which break Python, into spaces."""
    return document.toRawText().replace(_PARAGRAPH, "\n")


def normalized(text: str) -> str:
    """A text as a document keeps it, with one kind of line end."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace(_PARAGRAPH, "\n")


def block_at(document: QTextDocument, line: int) -> QTextBlock:
    """The block of a line (from 1), the nearest if there is none."""
    return document.findBlockByNumber(max(0, min(line, document.blockCount()) - 1))


def position_at(document: QTextDocument, line: int, column: int = 0) -> int:
    """The position of a line (from 1) and a column (in characters, from 0), kept inside the text."""
    block = block_at(document, line)
    return block.position() + units(block.text()[: max(0, column)])


def replace_text(document: QTextDocument, text: str) -> int | None:
    """Make the document hold a text by changing only what differs, so that cursors elsewhere stay.

    Returns the position behind the last change, None if there was none.
    """
    old, new = text_of(document), normalized(text)
    if old == new:
        return None
    cursor = QTextCursor(document)
    behind = 0
    cursor.beginEditBlock()
    for start, end, added in reversed(_differences(old, new)):
        cursor.setPosition(units(old[:start]))
        cursor.setPosition(cursor.position() + units(old[start:end]), QTextCursor.MoveMode.KeepAnchor)
        cursor.insertText(added)
        behind = behind + units(added) - units(old[start:end]) if behind else cursor.position()
    cursor.endEditBlock()
    return behind


def _differences(old: str, new: str) -> list[tuple[int, int, str]]:
    """What to replace in the old text, from where to where, by what."""
    start = _common(old, new)
    rest = min(len(old), len(new)) - start
    end = _common(old[len(old) - rest :][::-1], new[len(new) - rest :][::-1])
    before, after = old[start : len(old) - end], new[start : len(new) - end]
    lines, new_lines = before.splitlines(keepends=True), after.splitlines(keepends=True)
    if min(len(lines), len(new_lines)) < 2 or len(lines) + len(new_lines) > _MOST_LINES:
        return [(start, start + len(before), after)]
    found: list[tuple[int, int, str]] = []
    places = list(itertools.accumulate(map(len, lines), initial=start))
    for kind, first, last, new_first, new_last in SequenceMatcher(None, lines, new_lines, autojunk=False).get_opcodes():
        if kind != "equal":
            found.append((places[first], places[last], "".join(new_lines[new_first:new_last])))
    return found


def _common(one: str, other: str) -> int:
    """The length of what two texts begin with alike, found by halving."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low
