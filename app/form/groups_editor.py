"""GroupsEditor, for lists of which each item has settings of its own."""

from __future__ import annotations

from typing import Any

from msgspec import UNSET, structs
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from app.form.context import FormContext
from app.form.editor import Editor, edits, make_editor
from app.theme.icon import icon
from app.theme.style_sheet import set_look
from engine.client.setting import Kind, Setting


@edits(Kind.GROUPS)
class GroupsEditor(Editor):
    """A frame for each item with its settings below each other, and a button that adds one. An empty one is nothing yet."""

    def __init__(self, setting: Setting, context: FormContext, parent: QWidget | None = None) -> None:
        super().__init__(setting, context, parent)
        self._value: Any = UNSET
        self.items: list[Item] = []
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        self._items_layout = QVBoxLayout()
        self._items_layout.setSpacing(8)
        layout.addLayout(self._items_layout)
        self.add_button = QToolButton(self)
        self.add_button.setText(self.tr("Add"))
        self.add_button.setIcon(icon("plus"))
        self.add_button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.add_button.setAccessibleName(self.tr("Add to {0}").format(setting.title))
        self.add_button.clicked.connect(self.add_item)
        layout.addWidget(self.add_button, 0, Qt.AlignmentFlag.AlignLeft)
        self.setFocusProxy(self.add_button)

    def value(self) -> Any:
        """A list of mappings, or UNSET."""
        return self._value

    def set_value(self, value: Any) -> None:
        """Show the items of a value, in the frames there are as far as they go."""
        self._value = value
        wanted: list[Any] = [] if value in (UNSET, None) else list(value)
        for item in self.items[len(wanted) :]:
            self._drop(item)
        for at, given in enumerate(wanted):
            if at == len(self.items):
                self._insert()
            self.items[at].group.set_value(given)

    def fits(self, value: Any) -> bool:
        """Only lists of what its frames can show."""
        if value in (UNSET, None):
            return True
        probe = Item(self, 1)
        found = isinstance(value, list) and all(isinstance(given, dict) and probe.group.fits(given) for given in value)
        probe.deleteLater()
        return found

    def problem(self) -> str | None:
        """What keeps an item from being a value."""
        return next((reason for item in self.items if (reason := item.group.problem())), None)

    def inputs(self) -> list[QWidget]:
        """Those of the items, and the button that adds one."""
        return [*(widget for item in self.items for widget in item.group.inputs()), self.add_button]

    def tab_stops(self) -> list[QWidget]:
        """Through the items to the button that adds one; each has a button that removes it."""
        found: list[QWidget] = []
        for item in self.items:
            found += [*item.group.tab_stops(), item.remove_button]
        return [*found, self.add_button]

    def set_invalid(self, invalid: bool) -> None:
        """Mark what is wrong in each."""
        for item in self.items:
            item.group.set_invalid(invalid and item.group.value() is not UNSET)

    def add_item(self) -> None:
        """Add an empty item and go there."""
        self._insert().group.setFocus()
        self.inputs_changed.emit()

    def remove_item(self, item: Item) -> None:
        """Remove an item."""
        self._drop(item)
        self.add_button.setFocus()
        self.inputs_changed.emit()
        self._on_edited()

    def _insert(self) -> Item:
        item = Item(self, len(self.items) + 1)
        item.group.edited.connect(self._on_edited)
        item.group.inputs_changed.connect(self.inputs_changed)
        item.removed.connect(lambda: self.remove_item(item))
        self.items.append(item)
        self._items_layout.addWidget(item)
        item.show()  # at once, so that the keyboard can go there
        return item

    def _drop(self, item: Item) -> None:
        self.items.remove(item)
        self._items_layout.removeWidget(item)
        item.hide()
        item.deleteLater()
        for number, other in enumerate(self.items, start=1):
            other.set_number(number)

    def _on_edited(self) -> None:
        made = [value for item in self.items if (value := item.group.value()) is not UNSET]
        self._value = made or UNSET
        self.edited.emit()


class Item(QFrame):
    """One of a list: its number, its settings, and a button that removes it."""

    removed = Signal()

    def __init__(self, groups: GroupsEditor, number: int) -> None:
        super().__init__(groups)
        set_look(self, "card")
        setting = groups.setting
        self._title = setting.title
        self._number = QLabel(self)
        set_look(self._number, "small")
        self.remove_button = QToolButton(self)
        self.remove_button.setIcon(icon("close", role="muted"))
        self.remove_button.setToolTip(self.tr("Remove"))
        self.remove_button.clicked.connect(self.removed)
        head = QHBoxLayout()
        head.addWidget(self._number, 1)
        head.addWidget(self.remove_button)
        self.group = make_editor(structs.replace(setting, kind=Kind.GROUP, nullable=False), groups.context, self)
        column = QVBoxLayout(self)
        column.setContentsMargins(2, 2, 8, 10)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.group)
        self.set_number(number)

    def set_number(self, number: int) -> None:
        """Say which it is."""
        self._number.setText(f"  {number}")
        self.remove_button.setAccessibleName(self.tr("Remove {0} of {1}").format(number, self._title))
