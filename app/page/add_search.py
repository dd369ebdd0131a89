"""AddSearch, the popup that adds a part to the canvas: type a few letters, press Return."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLabel, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from app.page.component import Component, fitting
from app.theme.fonts import wear_icon_size
from app.theme.icon import icon
from app.theme.style_sheet import set_look

_WIDTH, _HEIGHT = 380, 420


class AddSearch(QFrame):
    """Offers components; `chosen` tells which one was taken."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAccessibleName(self.tr("Add a part"))
        set_look(self, "card")
        self._components: Sequence[Component] = ()
        self._field = QLineEdit()
        self._field.setPlaceholderText(self.tr("Add: type a name …"))
        self._field.setAccessibleName(self.tr("Name of the part to add"))
        self._field.addAction(icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        self._list = QListWidget()
        self._list.setAccessibleName(self.tr("Parts that can be added"))
        self._list.setUniformItemSizes(True)
        wear_icon_size(self._list, 18)
        self._summary = QLabel()
        self._summary.setWordWrap(True)
        self._summary.setMinimumHeight(36)
        self._summary.setAlignment(Qt.AlignmentFlag.AlignTop)
        set_look(self._summary, "muted")
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(6)
        for widget in (self._field, self._list, self._summary):
            column.addWidget(widget)
        self.resize(_WIDTH, _HEIGHT)
        self._field.textChanged.connect(self._on_text_changed)
        self._field.installEventFilter(self)
        self._list.currentItemChanged.connect(self._on_current_changed)
        self._list.itemClicked.connect(self._on_item_chosen)

    def ask(self, components: Sequence[Component], at: QPoint) -> None:
        """Offer components, at a point of the screen."""
        self._components = components
        self._field.clear()
        self._on_text_changed("")
        room = self.screen().availableGeometry()
        self.move(min(at.x(), room.right() - _WIDTH), min(at.y(), room.bottom() - _HEIGHT))
        self.show()
        self._field.setFocus(Qt.FocusReason.PopupFocusReason)

    def _on_text_changed(self, text: str) -> None:
        self._list.clear()
        for component in fitting(self._components, text):
            item = QListWidgetItem(icon(component.icon), component.title)
            item.setData(Qt.ItemDataRole.UserRole, component)
            item.setToolTip(component.summary)
            self._list.addItem(item)
        self._list.setCurrentRow(0)
        if not self._list.count():
            self._summary.setText(self.tr("Nothing is called “{}”.").format(text))

    def _on_current_changed(self, item: QListWidgetItem | None) -> None:
        component: Component | None = item.data(Qt.ItemDataRole.UserRole) if item is not None else None
        self._summary.setText(component.summary if component is not None else "")

    def _on_item_chosen(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self.hide()
            self.chosen.emit(item.data(Qt.ItemDataRole.UserRole))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """The field keeps the focus; its arrows, Page and Return keys work on the list."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._on_item_chosen(self._list.currentItem())
                return True
            if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
                self._list.event(event)
                return True
        return super().eventFilter(watched, event)
