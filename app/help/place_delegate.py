"""Draws a place that a search through the manual has found: where it is, and below two lines of what stands there."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QTextLayout, QTextOption
from PySide6.QtWidgets import QApplication, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from app.theme.current import current_theme

EXCERPT = int(Qt.ItemDataRole.UserRole) + 1
_LINES = 2
_MARGIN = 8


class PlaceDelegate(QStyledItemDelegate):
    """The item's text in bold, its `EXCERPT` below."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:  # noqa: N802
        """Three lines."""
        return QSize(100, (1 + _LINES) * option.fontMetrics.lineSpacing() + 2 * _MARGIN)  # type: ignore[attr-defined]

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        """The ground as of any row, then the words."""
        own = QStyleOptionViewItem(option)
        self.initStyleOption(own, index)
        title, own.text = own.text, ""  # type: ignore[attr-defined] - the stubs lack the fields of style options
        widget = own.widget  # type: ignore[attr-defined]
        style = widget.style() if widget is not None else QApplication.style()
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, own, painter, widget)
        area: QRect = own.rect.adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN)  # type: ignore[attr-defined]
        chosen = bool(own.state & QStyle.StateFlag.State_Selected)  # type: ignore[attr-defined]
        theme = current_theme()
        painter.save()
        font = own.font  # type: ignore[attr-defined]
        font.setBold(True)
        painter.setFont(font)
        painter.setPen(QColor(theme.on_selection if chosen else theme.text))
        elide = Qt.TextElideMode.ElideRight
        painter.drawText(area, Qt.AlignmentFlag.AlignTop, painter.fontMetrics().elidedText(title, elide, area.width()))
        font.setBold(False)
        painter.setFont(font)
        painter.setPen(QColor(theme.on_selection if chosen else theme.muted))
        self._paint_excerpt(painter, area, str(index.data(EXCERPT) or ""))
        painter.restore()

    @staticmethod
    def _paint_excerpt(painter: QPainter, area: QRect, text: str) -> None:
        """Two lines below the title; the last ends in … where there is more."""
        metrics = painter.fontMetrics()
        layout = QTextLayout(text, painter.font())
        layout.setTextOption(QTextOption(Qt.AlignmentFlag.AlignLeft))
        layout.beginLayout()
        for number in range(1, 1 + _LINES):
            line = layout.createLine()
            if not line.isValid():
                break
            line.setLineWidth(area.width())
            shown = text[line.textStart() :] if number == _LINES else text[line.textStart() :][: line.textLength()]
            baseline = area.top() + number * metrics.lineSpacing() + metrics.ascent()
            painter.drawText(area.left(), baseline, metrics.elidedText(shown, Qt.TextElideMode.ElideRight, area.width()))
        layout.endLayout()
