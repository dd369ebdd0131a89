"""PatternList, patterns one below the other: picture, name, what it is for; those that are broken with the reason."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QEvent, QMimeData, QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPixmap
from PySide6.QtWidgets import QAbstractItemView, QListWidget, QListWidgetItem, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from app.library.pattern_picture import SIZE, picture_of
from app.page.component import MIME, Component
from app.theme.current import current_theme
from app.theme.icon import icon
from app.theme.style_sheet import set_look
from engine.client.pattern import Pattern

PATTERN = Qt.ItemDataRole.UserRole
_PAD = 8
_OWN_KEYS = (Qt.Key.Key_F2, Qt.Key.Key_Delete, Qt.Key.Key_Return, Qt.Key.Key_Enter)


def component_of(pattern: Pattern) -> Component:
    """A pattern as what is dragged onto a canvas, or offered in the search for parts."""
    summary = pattern.description.partition("\n\n")[0].replace("\n", " ")
    return Component(
        "pattern", str(pattern.path), pattern.name, summary, "patterns", "library", pattern.inputs, pattern.outputs
    )


class PatternList(QListWidget):
    """Patterns to be dragged; a pattern that cannot be used cannot be."""

    def __init__(self) -> None:
        super().__init__()
        set_look(self, "flush")
        self.setUniformItemSizes(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.setDefaultDropAction(Qt.DropAction.CopyAction)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self._delegate = _Delegate(self)
        self.setItemDelegate(self._delegate)
        self.setMouseTracking(True)

    def show_patterns(self, patterns: Iterable[Pattern]) -> None:
        """Show these; the one that was current stays it, if it is still there."""
        before = self.pattern
        self.clear()
        for pattern in patterns:
            item = QListWidgetItem(pattern.name)
            item.setData(PATTERN, pattern)
            words = pattern.problem or pattern.description or self.tr("No description.")
            item.setToolTip(f"{words}\n{pattern.path}")
            item.setData(Qt.ItemDataRole.AccessibleDescriptionRole, words)
            flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
            item.setFlags(flags | Qt.ItemFlag.ItemIsDragEnabled if pattern.flow is not None else flags)
            self.addItem(item)
            if before is not None and pattern.path == before.path:
                self.setCurrentItem(item)
        if self.currentItem() is None and self.count():
            self.setCurrentRow(0)

    def event(self, event: QEvent) -> bool:
        """Claim the keys that mean a pattern here before they become the window's, where they mean what is selected."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride and event.key() in _OWN_KEYS:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Leave these keys to the panel."""
        if event.key() in _OWN_KEYS:
            event.ignore()
        else:
            super().keyPressEvent(event)

    @property
    def pattern(self) -> Pattern | None:
        """The current pattern."""
        item = self.currentItem()
        return item.data(PATTERN) if item is not None else None

    def forget_pictures(self) -> None:
        """Files have changed: draw their pictures anew."""
        self._delegate.forget()

    def choose(self, name: str) -> None:
        """Make the pattern of a name the current one."""
        for row in range(self.count()):
            item = self.item(row)
            if item is not None and item.text() == name:
                self.setCurrentItem(item)

    def mimeTypes(self) -> list[str]:  # noqa: N802 - Qt's name
        """What is dragged."""
        return [MIME]

    def mimeData(self, items: Sequence[QListWidgetItem], /) -> QMimeData:  # noqa: N802 - Qt's name
        """The pattern of an item."""
        pattern: Pattern | None = items[0].data(PATTERN) if items else None
        return component_of(pattern).mime() if pattern is not None else QMimeData()

    def supportedDropActions(self) -> Qt.DropAction:  # noqa: N802 - Qt's name
        """A pattern is copied to the canvas; the library keeps its own."""
        return Qt.DropAction.CopyAction


class _Delegate(QStyledItemDelegate):
    """Draws a pattern; its picture is made when it is first seen."""

    def __init__(self, parent: PatternList) -> None:
        super().__init__(parent)
        self._pictures: dict[tuple[object, str, float], QPixmap] = {}

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:  # noqa: N802 - Qt's name
        """As high as a name and a picture, with room around them."""
        return QSize(200, self._name_height() + SIZE.height() + 2 * _PAD)

    def _name_height(self) -> int:
        return self.parent().fontMetrics().lineSpacing() + 4  # type: ignore[union-attr] - the list's

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        """Ground, picture, name, words."""
        pattern: Pattern = index.data(PATTERN)
        theme = current_theme()
        rect: QRect = option.rect  # type: ignore[attr-defined] - not in PySide's stubs
        state: QStyle.StateFlag = option.state  # type: ignore[attr-defined]
        is_chosen = bool(state & QStyle.StateFlag.State_Selected)
        painter.save()
        if is_chosen:
            painter.fillRect(rect, QColor(theme.selection))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, QColor(theme.hover))
        below = self._name_height()
        spot = QRectF(QPointF(rect.topLeft()) + QPointF(_PAD, _PAD + below), SIZE.toSizeF())
        ratio = painter.deviceTransform().m11()
        if pattern.flow is not None:
            painter.drawPixmap(spot.topLeft(), self._picture(pattern, ratio))
        else:
            painter.drawPixmap(spot.center() - QPointF(12, 12), icon("problem", role="error").pixmap(QSize(24, 24), ratio))
        room = QRectF(rect).adjusted(_PAD, _PAD, -_PAD, -_PAD)
        self._name(painter, pattern, room, is_chosen=is_chosen)
        self._words(painter, pattern, room.adjusted(SIZE.width() + _PAD, below - 2, 0, 0), is_chosen=is_chosen)
        painter.restore()

    def _name(self, painter: QPainter, pattern: Pattern, room: QRectF, *, is_chosen: bool) -> None:
        theme = current_theme()
        font = self.parent().font()  # type: ignore[union-attr] - the list's
        font.setBold(True)
        painter.setFont(font)
        painter.setPen(QColor(theme.on_selection if is_chosen else theme.text))
        name = painter.fontMetrics().elidedText(pattern.name, Qt.TextElideMode.ElideRight, int(room.width()))
        painter.drawText(room, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft, name)

    def _words(self, painter: QPainter, pattern: Pattern, below: QRectF, *, is_chosen: bool) -> None:
        theme = current_theme()
        font = self.parent().font()  # type: ignore[union-attr] - the list's
        font.setPointSizeF(font.pointSizeF() * 0.9)
        painter.setFont(font)
        words = pattern.problem or pattern.description.replace("\n", " ") or self.tr("No description.")
        color = theme.error if pattern.problem else theme.muted
        painter.setPen(QColor(theme.on_selection if is_chosen else color))
        lines = max(1, int(below.height() // painter.fontMetrics().lineSpacing()))
        for number, line in enumerate(_wrapped(painter, words, below.width(), lines)):
            top = below.top() + number * painter.fontMetrics().lineSpacing() + painter.fontMetrics().ascent()
            painter.drawText(QPointF(below.left(), top), line)

    def _picture(self, pattern: Pattern, ratio: float) -> QPixmap:
        theme = current_theme()
        key = (pattern.path, theme.name, ratio)
        known = self._pictures.get(key)
        if known is None:
            assert pattern.flow is not None
            known = self._pictures[key] = picture_of(pattern.flow, theme, ratio)
        return known

    def forget(self) -> None:
        """Files have changed: draw anew."""
        self._pictures.clear()


def _wrapped(painter: QPainter, words: str, width: float, most: int) -> list[str]:
    """Lines of words as wide as there is room, the last one with what is left of them, cut."""
    metrics = painter.fontMetrics()
    lines: list[str] = []
    rest = words.split()
    while rest and len(lines) < most - 1:
        count = 1
        while count < len(rest) and metrics.horizontalAdvance(" ".join(rest[: count + 1])) <= width:
            count += 1
        lines.append(metrics.elidedText(" ".join(rest[:count]), Qt.TextElideMode.ElideRight, int(width)))
        rest = rest[count:]
    if rest:
        lines.append(metrics.elidedText(" ".join(rest), Qt.TextElideMode.ElideRight, int(width)))
    return lines
