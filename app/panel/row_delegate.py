"""RowDelegate, a row with a name and, as far as there is room, a word about it in less weight."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QApplication, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from app.theme.current import current_theme

DETAIL = int(Qt.ItemDataRole.UserRole) + 40
"""The role of the word in less weight."""
_GAP = 8
_LEAST = 24
"""Less room than this shows nothing of the word."""
_State = QStyle.StateFlag


class RowDelegate(QStyledItemDelegate):
    """Paints the name in the row's own colour, and what DETAIL says after it."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:  # noqa: N802
        """A compact row."""
        return QSize(super().sizeHint(option, index).width(), option.fontMetrics.height() + 8)  # type: ignore[attr-defined]

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        """Draw the row."""
        shown = QStyleOptionViewItem(option)
        self.initStyleOption(shown, index)
        widget = option.widget  # type: ignore[attr-defined] - PySide's stubs leave out the fields of options
        style = widget.style() if widget is not None else QApplication.style()
        area: QRect = style.subElementRect(QStyle.SubElement.SE_ItemViewItemText, shown, widget)
        name: str = shown.text  # type: ignore[attr-defined]
        shown.text = ""  # type: ignore[attr-defined]
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, shown, painter, widget)
        color = index.data(Qt.ItemDataRole.ForegroundRole) or QColor(current_theme().text)
        self._texts(painter, shown, area, (name, str(index.data(DETAIL) or "")), color)

    def _texts(
        self, painter: QPainter, shown: QStyleOptionViewItem, area: QRect, texts: tuple[str, str], color: QColor
    ) -> None:
        name, detail = texts
        theme = current_theme()
        state: QStyle.StateFlag = shown.state  # type: ignore[attr-defined]
        chosen, enabled = bool(state & _State.State_Selected), bool(state & _State.State_Enabled)
        metrics = shown.fontMetrics  # type: ignore[attr-defined]
        row: QRect = shown.rect  # type: ignore[attr-defined]
        area = QRect(area.left() + 2, row.top(), area.width() - 6, row.height())
        painter.save()
        painter.setFont(shown.font)  # type: ignore[attr-defined]
        painter.setPen(QColor(theme.on_selection) if chosen else color if enabled else QColor(theme.disabled))
        across = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.drawText(area, across, metrics.elidedText(name, Qt.TextElideMode.ElideRight, area.width()))
        room = area.adjusted(min(metrics.horizontalAdvance(name), area.width()) + _GAP, 0, 0, 0)
        if detail and room.width() >= _LEAST:
            color = QColor(theme.on_selection if chosen else theme.muted if enabled else theme.disabled)
            color.setAlphaF(0.8 if chosen else 1.0)
            painter.setPen(color)
            words = metrics.elidedText(detail, Qt.TextElideMode.ElideRight, room.width())
            painter.drawText(room, across, words)
        painter.restore()
