"""Finder, the field that searches: all parts of a flow, or all actions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from typing import NamedTuple

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from app.page.flow_page import FlowPage
from app.panel.filter_help import filter_help
from app.panel.query import parse
from app.panel.subject import Found, Index, IsFull, never_full, title_of_label
from app.theme.fonts import wear_icon_size
from app.theme.icon import icon
from app.theme.style_sheet import set_look
from app.words import type_title
from engine.model.flow import Connection, Label, Processor, Subflow

_WIDTH, _HEIGHT = 560, 420
_MOST = 200


class Entry(NamedTuple):
    """Something that can be found: its words, what stands behind them, and what choosing it does."""

    title: str
    detail: str
    icon: str
    choose: Callable[[], None]


Find = Callable[[str], Iterable[Entry]]
"""Entries for what was typed."""


class Finder(QFrame):
    """A popup at the top of the window."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window, Qt.WindowType.Popup)
        self._window = window
        set_look(self, "card")
        self._find: Find = lambda text: ()
        self._field = QLineEdit()
        self._field.addAction(icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        self._list = QListWidget()
        self._list.setUniformItemSizes(True)
        wear_icon_size(self._list, 16)
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
            Entry(action.text().replace("&", ""), action.shortcut().toString(), "command", action.trigger)
            for action in actions
            if action.isEnabled()
        ]

        def find(text: str) -> Iterable[Entry]:
            words = text.casefold().split()
            return (entry for entry in entries if all(word in f"{entry.title} {entry.detail}".casefold() for word in words))

        self._ask(self.tr("Search actions …"), find)

    def ask_parts(self, page: FlowPage, is_full: IsFull = never_full) -> None:
        """Offer all parts of a flow, those of its subflows too, by what `app.panel.query` reads."""
        index = Index()
        self._ask(
            self.tr("Search the flow: a name, running, cron, group:… "),
            lambda text: (_entry(page, found) for found in index.find(parse(text), page.board, is_full)),
            filter_help(),
        )

    def _ask(self, prompt: str, find: Find, tip: str = "") -> None:
        self._find = find
        self._field.setToolTip(tip)
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
        self._list.clear()
        for entry in islice(self._find(text), _MOST):
            item = QListWidgetItem(icon(entry.icon), f"{entry.title}    {entry.detail}".rstrip())
            item.setData(Qt.ItemDataRole.UserRole, entry)
            self._list.addItem(item)
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


def _entry(page: FlowPage, found: Found) -> Entry:
    """A part as an entry; choosing it goes there."""
    place, key, part, _ = found
    where = " / ".join(place.steps)

    def go() -> None:
        page.board.show_part(place, key)

    match part:
        case Processor():
            return Entry(part.name or key, f"{type_title(part.type)}  {where}", "processor", go)
        case Subflow():
            return Entry(part.name or key, f"{part.flow}  {where}", "subflow", go)
        case Connection():
            return Entry(part.name or key.replace("->", " → "), where, "connection", go)
        case Label():
            return Entry(title_of_label(part) or key, where, "label", go)
