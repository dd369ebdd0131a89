"""Finder, the field that searches: all parts of a flow, or all actions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from app.page.flow_page import FlowPage
from app.theme.icon import icon
from app.theme.style_sheet import set_look
from engine.client.parts import Place, title_of
from engine.model.flow import Processor, Subflow
from engine.model.scope import Scope

_WIDTH, _HEIGHT = 560, 420
_MOST = 200


class Entry(NamedTuple):
    """Something that can be found: its words, what stands behind them, and what choosing it does."""

    title: str
    detail: str
    text: str
    icon: str
    choose: Callable[[], None]


class Finder(QFrame):
    """A popup at the top of the window."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window, Qt.WindowType.Popup)
        self._window = window
        set_look(self, "card")
        self._entries: Sequence[Entry] = ()
        self._field = QLineEdit()
        self._field.addAction(icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        self._list = QListWidget()
        self._list.setUniformItemSizes(True)
        self._list.setIconSize(QSize(16, 16))
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.addWidget(self._field)
        column.addWidget(self._list)
        self.resize(_WIDTH, _HEIGHT)
        self._field.textChanged.connect(self._on_text_changed)
        self._field.installEventFilter(self)
        self._list.itemClicked.connect(self._on_chosen)

    def ask_actions(self, actions: Sequence[QAction]) -> None:
        """Offer actions that can be carried out now."""
        entries = [
            Entry(action.text().replace("&", ""), action.shortcut().toString(), action.text(), "command", action.trigger)
            for action in actions
            if action.isEnabled()
        ]
        self._ask(self.tr("Search actions …"), entries)

    def ask_parts(self, page: FlowPage) -> None:
        """Offer all parts of a flow, those of its subflows too."""
        self._ask(self.tr("Search the flow …"), list(_parts(page, Scope(page.document.flow), Place())))

    def _ask(self, prompt: str, entries: Sequence[Entry]) -> None:
        self._entries = entries
        self._field.setPlaceholderText(prompt)
        self._field.setAccessibleName(prompt)
        self._field.clear()
        self._on_text_changed("")
        window = self._window
        corner = window.mapToGlobal(window.rect().topLeft())
        self.move(corner.x() + (window.width() - _WIDTH) // 2, corner.y() + 70)
        self.show()
        self._field.setFocus(Qt.FocusReason.PopupFocusReason)

    def _on_text_changed(self, text: str) -> None:
        words = text.casefold().split()
        self._list.clear()
        for entry in self._entries:
            searched = f"{entry.title} {entry.detail} {entry.text}".casefold()
            if all(word in searched for word in words):
                item = QListWidgetItem(icon(entry.icon), f"{entry.title}    {entry.detail}".rstrip())
                item.setData(Qt.ItemDataRole.UserRole, entry)
                self._list.addItem(item)
            if self._list.count() >= _MOST:
                break
        self._list.setCurrentRow(0)

    def _on_chosen(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self.hide()
            item.data(Qt.ItemDataRole.UserRole).choose()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """The field keeps the focus; Return and the arrows work on the list."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._on_chosen(self._list.currentItem())
                return True
            if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
                self._list.event(event)
                return True
        return super().eventFilter(watched, event)


def _parts(page: FlowPage, scope: Scope, place: Place) -> Iterator[Entry]:
    """Entries for all parts at a place and below it."""

    def goes_to(key: str) -> Callable[[], None]:
        def go() -> None:
            page.board.show_place(place)
            page.viewer.select([key])
            page.viewer.reveal(key)

        return go

    where = " / ".join(place.steps)
    for step in scope.flow.steps.values():
        if isinstance(step, Processor):
            text = f"{step.id} {step.type} {step.notes} {step.code or ''} {step.config}"
            yield Entry(step.name or step.id, f"{title_of(step.type)}  {where}", text, "processor", goes_to(step.id))
        else:
            yield Entry(step.name or step.id, f"{step.flow}  {where}", f"{step.id} {step.notes}", "subflow", goes_to(step.id))
    for key, connection in scope.flow.connections.items():
        yield Entry(connection.name or key, where, key, "connection", goes_to(key))
    for key, label in scope.flow.labels.items():
        yield Entry(label.text.splitlines()[0] if label.text else key, where, label.text, "label", goes_to(f"label:{key}"))
    for step in scope.flow.steps.values():
        if isinstance(step, Subflow) and (below := scope.find(step.flow)) is not None and len(place.steps) < 20:
            yield from _parts(page, below, place.below(step.id))
