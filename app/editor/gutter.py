"""The strip beside the text: line numbers and marks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QEnterEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF, QTextBlock, QTextCursor
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from app.editor.code_editor import CodeEditor

_LEAST_DIGITS = 2
_MARK = 20
"""Pixels for the mark to the left of the number."""
_GAP = 18
"""Pixels to the right of the number, for the arrow that folds."""


class Gutter(QWidget):
    """Paints the number of every line that is seen, and a mark where something is wrong.

    A click selects the line, or sets a breakpoint where code can be debugged; one on the arrow folds.
    """

    def __init__(self, editor: CodeEditor) -> None:
        super().__init__(editor)
        self._editor = editor
        self.setAccessibleName(self.tr("Line numbers"))
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self._is_under_pointer = False

    def wanted_width(self) -> int:
        """Wide enough for the greatest number."""
        digits = max(_LEAST_DIGITS, len(str(self._editor.blockCount())))
        return _MARK + self._editor.fontMetrics().horizontalAdvance("9") * digits + _GAP

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """As wide as it needs to be."""
        return QSize(self.wanted_width(), 0)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint numbers and marks."""
        editor, colors, folding = self._editor, self._editor.colors, self._editor.folding
        painter = QPainter(self)
        painter.fillRect(event.rect(), QColor(colors.gutter))
        painter.setFont(editor.font())
        current = editor.textCursor().blockNumber()
        marks = editor.marks()
        breakpoints = set(editor.breakpoints.lines)
        for block, top, height in editor.visible_lines():
            number = block.blockNumber()
            if number == current:
                painter.fillRect(QRectF(0, top, self.width(), height), QColor(colors.current_line))
            painter.setPen(QColor(colors.gutter_current if number == current else colors.gutter_text))
            if number + 1 in breakpoints:
                self._paint_tag(painter, top, height)
            line = QRectF(_MARK, top, self.width() - _MARK - _GAP, editor.fontMetrics().height())
            painter.drawText(line, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), editor.line_name(number))
            if folding.is_any or self._is_under_pointer:
                self._paint_arrow(painter, line, block)
            if number in marks:
                self._paint_mark(painter, marks[number], line)
        painter.end()

    def _paint_tag(self, painter: QPainter, top: float, height: float) -> None:
        """What lies behind the number of a line with a breakpoint: a tag that points at the line."""
        left, right, middle = _MARK - 3.0, self.width() - _GAP + 2.0, top + height / 2
        corners = [(left, top + 1), (right, top + 1), (right + 5, middle), (right, top + height - 1), (left, top + height - 1)]
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._editor.colors.error))
        painter.drawPolygon(QPolygonF([QPointF(*corner) for corner in corners]))
        painter.restore()
        painter.setPen(QColor(self._editor.colors.background))

    def _paint_arrow(self, painter: QPainter, line: QRectF, block: QTextBlock) -> None:
        """An arrow to the right where lines are hidden, down where they could be; the latter only for the pointer."""
        is_folded = self._editor.folding.is_folded(block)
        if not is_folded and not (self._is_under_pointer and self._editor.folding.can_fold(block)):
            return
        middle = QPointF(self.width() - _GAP / 2 + 2, line.center().y())
        corners = [QPointF(-4, -2), QPointF(0, 2), QPointF(4, -2)]
        if is_folded:
            corners = [QPointF(-2, -4), QPointF(2, 0), QPointF(-2, 4)]
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(self._editor.colors.gutter_current), 1.5))
        painter.drawPolyline(QPolygonF([middle + corner for corner in corners]))

    def enterEvent(self, event: QEnterEvent) -> None:  # noqa: N802 - Qt's name
        """Show what can be folded."""
        self._is_under_pointer = True
        self.update()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Show only what is folded."""
        self._is_under_pointer = False
        self.update()
        super().leaveEvent(event)

    def _paint_mark(self, painter: QPainter, kind: str, line: QRectF) -> None:
        colors = self._editor.colors
        size = min(9.0, line.height() * 0.55)
        middle = QPointF(_MARK / 2 - 0.5, line.center().y())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colors.warning if kind in ("warning", "standing") else colors.error))
        half = size / 2
        if kind == "warning":
            corners = [QPointF(0, -half), QPointF(half + 0.5, half - 0.5), QPointF(-half - 0.5, half - 0.5)]
            painter.drawPolygon(QPolygonF([middle + corner for corner in corners]))
        elif kind in ("failed", "standing"):
            corners = [QPointF(-half, -half), QPointF(half, 0), QPointF(-half, half)]
            painter.drawPolygon(QPolygonF([middle + corner for corner in corners]))
        else:
            painter.drawEllipse(middle, half, half)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Nothing more: the press did it."""
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Fold or unfold on an arrow; set or take a breakpoint where code can be debugged, else select the line."""
        cursor = self._editor.cursorForPosition(event.position().toPoint())
        if event.position().x() >= self.width() - _GAP and self._editor.folding.can_fold(cursor.block()):
            self._editor.folding.toggle(cursor.block())
            return
        if self._editor.breakpoints.is_offered:
            self._editor.breakpoints.toggle(cursor.blockNumber() + 1)
            return
        cursor.movePosition(QTextCursor.MoveOperation.StartOfBlock)
        cursor.movePosition(QTextCursor.MoveOperation.NextBlock, QTextCursor.MoveMode.KeepAnchor)
        self._editor.setTextCursor(cursor)
        self._editor.setFocus(Qt.FocusReason.MouseFocusReason)
