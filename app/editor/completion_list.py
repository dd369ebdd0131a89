"""The list of what may stand at the cursor."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRect, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from app.editor.colors import EditorColors
from app.editor.completion_client import Completion

_ROWS = 10
_LEAST_WIDTH, _MOST_WIDTH = 180, 480
_COLORS = {
    "function": "function",
    "class": "type",
    "module": "decorator",
    "keyword": "keyword",
    "instance": "variable",
    "param": "variable",
    "property": "key",
    "statement": "variable",
}


class CompletionList(QListWidget):
    """A list beside the cursor that never takes the focus; the editor hands it the keys."""

    chosen = Signal(str)

    def __init__(self, editor: QWidget) -> None:
        super().__init__(editor)
        self.setWindowFlags(Qt.WindowType.ToolTip | Qt.WindowType.FramelessWindowHint)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(self.tr("Completions"))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setUniformItemSizes(True)
        self._editor = editor
        self._all: list[Completion] = []
        self.itemClicked.connect(lambda item: self.chosen.emit(item.data(Qt.ItemDataRole.UserRole)))

    def names(self) -> list[str]:
        """What is shown."""
        return [self.item(row).data(Qt.ItemDataRole.UserRole) for row in range(self.count())]

    def open(self, items: Sequence[Completion], prefix: str, caret: QRect, colors: EditorColors) -> None:
        """Show items at a caret (in global pixels), those that begin with a prefix."""
        self._all = list(items)
        self._caret = caret
        self._colors = colors
        self.setFont(self._editor.font())
        self.setStyleSheet(
            f"QListWidget {{ background: {colors.background}; color: {colors.text}; border: 1px solid {colors.gutter_text}; }}"
            f"QListWidget::item {{ padding: 1px 6px; }}"
            f"QListWidget::item:selected {{ background: {colors.selection}; color: {colors.text}; }}"
        )
        self.narrow(prefix)

    def narrow(self, prefix: str) -> None:
        """Show those that begin with a prefix; hide if there are none, or nothing but the prefix itself."""
        start = prefix.casefold()
        fitting = [item for item in self._all if item.name.casefold().startswith(start)]
        if not prefix:
            fitting = [item for item in fitting if not item.name.startswith("__")]
        fitting.sort(key=lambda item: (not item.name.startswith(prefix), item.name.startswith("_")))
        if not fitting or [item.name for item in fitting] == [prefix]:
            self.hide()
            return
        self.clear()
        for each in fitting:
            item = QListWidgetItem(each.name)
            item.setData(Qt.ItemDataRole.UserRole, each.name)
            item.setForeground(QColor(getattr(self._colors, _COLORS.get(each.kind, "text"))))
            item.setToolTip(each.kind)
            self.addItem(item)
        self.setCurrentRow(0)
        self._place()
        self.show()

    def take(self, event: QKeyEvent) -> bool:
        """Act on a key if it is one for the list; returns whether it was."""
        if self.isHidden() or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            return False
        last = self.count() - 1
        row = self.currentRow()
        moves = {
            Qt.Key.Key_Down: 0 if row == last else row + 1,
            Qt.Key.Key_Up: last if row == 0 else row - 1,
            Qt.Key.Key_PageDown: min(last, row + _ROWS),
            Qt.Key.Key_PageUp: max(0, row - _ROWS),
        }
        key = Qt.Key(event.key())
        if key in moves:
            self.setCurrentRow(moves[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab):
            self.chosen.emit(self.currentItem().data(Qt.ItemDataRole.UserRole))
        elif key == Qt.Key.Key_Escape:
            self.hide()
        else:
            return False
        return True

    def _place(self) -> None:
        """Below the caret, above it where there is no room."""
        width = max(_LEAST_WIDTH, min(_MOST_WIDTH, self.sizeHintForColumn(0) + 32))
        height = self.sizeHintForRow(0) * min(_ROWS, self.count()) + 2 * self.frameWidth()
        place = self._caret.bottomLeft() + QPoint(0, 2)
        area = self.screen().availableGeometry()
        if place.y() + height > area.bottom():
            place.setY(self._caret.top() - height - 2)
        place.setX(max(area.left(), min(place.x(), area.right() - width)))
        self.setGeometry(QRect(place.x(), place.y(), width, height))
