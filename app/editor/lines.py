"""Edits of whole lines: comment, duplicate, move."""

from __future__ import annotations

from PySide6.QtGui import QTextCursor

from app.editor.indentation import blanks, selected_blocks
from app.editor.language import Language

_KEEP = QTextCursor.MoveMode.KeepAnchor


def toggle_comment(cursor: QTextCursor, language: Language) -> None:
    """Turn the selected lines into comments, or back when all of them are."""
    mark = language.comment
    blocks = [block for block in selected_blocks(cursor) if block.text().strip()]
    if not mark or not blocks:
        return
    edit = QTextCursor(cursor)
    edit.beginEditBlock()
    if all(block.text().lstrip().startswith(mark) for block in blocks):
        for block in blocks:
            start = block.position() + len(blanks(block.text()))
            has_blank = block.text().lstrip()[len(mark) :].startswith(" ")
            edit.setPosition(start)
            edit.setPosition(start + len(mark) + has_blank, _KEEP)
            edit.removeSelectedText()
    else:
        column = min(len(blanks(block.text())) for block in blocks)
        for block in blocks:
            edit.setPosition(block.position() + column)
            edit.insertText(f"{mark} ")
    edit.endEditBlock()


def duplicate(cursor: QTextCursor) -> QTextCursor:
    """Put a copy of the selected lines below them; returns the cursor as it stands in the copy."""
    start, end = _span(cursor)
    edit = QTextCursor(cursor)
    edit.setPosition(start)
    edit.setPosition(end, _KEEP)
    lines = edit.selectedText()
    edit.setPosition(end)
    edit.insertText(f"\n{lines}")
    return _placed(cursor, cursor.anchor() + end - start + 1, cursor.position() + end - start + 1)


def move(cursor: QTextCursor, *, down: bool) -> QTextCursor:
    """Exchange the selected lines with the one below or above; returns the cursor as it stands in them."""
    start, end = _span(cursor)
    document = cursor.document()
    other = document.findBlock(end).next() if down else document.findBlock(start).previous()
    if not other.isValid():
        return cursor
    distance = other.length()
    anchor, position = cursor.anchor(), cursor.position()
    edit = QTextCursor(cursor)
    edit.beginEditBlock()
    # Only the neighbour's text is moved around the lines, so that problems and colours in the lines stay with them.
    neighbour = other.text()
    if down:
        edit.setPosition(end)
        edit.setPosition(end + distance, _KEEP)
        edit.removeSelectedText()
        edit.setPosition(start)
        edit.insertText(f"{neighbour}\n")
    else:
        edit.setPosition(end)
        edit.insertText(f"\n{neighbour}")
        edit.setPosition(start - distance)
        edit.setPosition(start, _KEEP)
        edit.removeSelectedText()
    edit.endEditBlock()
    shift = distance if down else -distance
    return _placed(cursor, anchor + shift, position + shift)


def _span(cursor: QTextCursor) -> tuple[int, int]:
    blocks = list(selected_blocks(cursor))
    return blocks[0].position(), blocks[-1].position() + blocks[-1].length() - 1


def _placed(cursor: QTextCursor, anchor: int, position: int) -> QTextCursor:
    placed = QTextCursor(cursor)
    placed.setPosition(anchor)
    placed.setPosition(position, _KEEP)
    return placed
