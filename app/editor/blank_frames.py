"""Shows the blanks that break code, over the text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QTextBlock, QTextCursor

from app.editor.blank import odd_blanks
from app.editor.text import characters, units

if TYPE_CHECKING:
    from app.editor.code_editor import CodeEditor

_LEAST_WIDTH = 4
"""Pixels for blanks that take no room."""


class BlankFrames:
    """A red frame around each blank that breaks code, an arrow for a tab."""

    def __init__(self, editor: CodeEditor) -> None:
        self._editor = editor

    def paint(self, blocks: Sequence[QTextBlock]) -> None:
        """Paint those of the lines on the screen; to be called while the view is painted."""
        texts = [block.text() for block in blocks]
        with_spaces = any(text.startswith(" ") for text in texts)
        painter = QPainter(self._editor.viewport())
        for block, text in zip(blocks, texts, strict=True):
            for column, _, is_bad in odd_blanks(text, self._editor.language, with_spaces=with_spaces):
                self._paint(painter, block, units(text[:column]), is_bad=is_bad)
        painter.end()

    def text_at(self, cursor: QTextCursor) -> str:
        """What there is to say of the blank at a cursor; empty: nothing."""
        text = cursor.block().text()
        column = characters(text, cursor.positionInBlock())
        for at, name, is_bad in odd_blanks(text, self._editor.language, with_spaces=True):
            if is_bad and at in (column, column - 1):
                return QCoreApplication.translate("BlankFrames", "This blank breaks code: {0}").format(name)
        return ""

    def _paint(self, painter: QPainter, block: QTextBlock, unit: int, *, is_bad: bool) -> None:
        cursor = QTextCursor(block)
        cursor.setPosition(block.position() + unit)
        start = self._editor.cursorRect(cursor)
        cursor.movePosition(QTextCursor.MoveOperation.NextCharacter)
        width = max(_LEAST_WIDTH, self._editor.cursorRect(cursor).left() - start.left())
        box = QRectF(start.left() + 1, start.top() + 2, width - 1, start.height() - 4)
        colors = self._editor.colors
        painter.setPen(QColor(colors.error if is_bad else colors.blank))
        if is_bad:
            painter.drawRect(box)
        else:
            painter.drawText(box, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), "→")
