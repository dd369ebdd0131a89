"""RowsEditor, for lists and mappings: a row for each item."""

from __future__ import annotations

from collections import Counter
from typing import Any

from msgspec import UNSET, structs
from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from app.form.context import FormContext
from app.form.editor import Editor, edits, make_editor
from app.form.line import Line
from app.form.shown import shown_default
from app.theme.icon import icon
from app.theme.style_sheet import set_look
from engine.client.setting import Kind, Setting, check_setting


@edits(Kind.LIST, Kind.MAPPING)
class RowsEditor(Editor):
    """Rows that are added, removed and put in another order: items of a list, or names and values of a mapping.

    In a row, Return goes to the next and adds one after the last, Alt with an arrow moves it, Ctrl+Delete removes it.
    """

    def __init__(self, setting: Setting, context: FormContext, parent: QWidget | None = None) -> None:
        super().__init__(setting, context, parent)
        self._value: Any = UNSET
        self.rows: list[Row] = []
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(3)
        self._rows_layout = QVBoxLayout()
        self._rows_layout.setSpacing(3)
        layout.addLayout(self._rows_layout)
        foot = QHBoxLayout()
        foot.setSpacing(6)
        self.add_button = QToolButton(self)
        self.add_button.setText(self.tr("Add"))
        self.add_button.setIcon(icon("plus"))
        self.add_button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.add_button.setAccessibleName(self.tr("Add to {0}").format(setting.title))
        self.add_button.clicked.connect(self.add_row)
        foot.addWidget(self.add_button)
        self._note = QLabel(self)
        set_look(self._note, "small")
        foot.addWidget(self._note, 1)
        layout.addLayout(foot)
        self.setFocusProxy(self.add_button)
        self.set_value(UNSET)

    @property
    def is_mapping(self) -> bool:
        """Whether rows have names."""
        return self.setting.kind is Kind.MAPPING

    def value(self) -> Any:
        """A list, a mapping, or UNSET."""
        return self._value

    def set_value(self, value: Any) -> None:
        """Show the rows of a value."""
        self._value = value
        self._show(value)
        self._show_note()

    def fits(self, value: Any) -> bool:
        """Only lists, or mappings, of what its rows can show."""
        if value is UNSET or value is None:
            return True
        if self.is_mapping:
            return isinstance(value, dict) and all(isinstance(name, str) for name in value)
        return isinstance(value, list)

    def problem(self) -> str | None:
        """A name without a value's row makes no mapping, nor does one that is there twice."""
        if not self.is_mapping:
            return next((reason for row in self.rows if (reason := row.editor.problem())), None)
        names = [row.name() for row in self.rows if not row.is_empty()]
        if "" in names:
            return self.tr("has a row without a name")
        twice = next((name for name, count in Counter(names).items() if count > 1), None)
        if twice is not None:
            return self.tr("has '{0}' twice").format(twice)
        return next((reason for row in self.rows if (reason := row.editor.problem())), None)

    def empty_value(self) -> Any:
        """No rows at all, where the default has some."""
        if not self.setting.default:
            return UNSET
        return {} if self.is_mapping else []

    def inputs(self) -> list[QWidget]:
        """Whatever is in the rows, and the button that adds one."""
        return [*(widget for row in self.rows for widget in row.inputs()), self.add_button]

    def tab_stops(self) -> list[QWidget]:
        """Through the rows to the button that adds one."""
        return [*(widget for row in self.rows for widget in row.tab_stops()), self.add_button]

    def set_invalid(self, invalid: bool) -> None:
        """Mark the rows that are wrong; all of them, if it is not one alone."""
        wrong = [row for row in self.rows if row.is_wrong()] or self.rows
        for row in self.rows:
            row.editor.set_invalid(invalid and row in wrong)

    def add_row(self) -> None:
        """Add an empty row and go there; if there are none because the default holds, begin with the default's."""
        if self._value is UNSET and not self.rows and self.setting.default and not self.is_mapping:
            self._show(self.setting.default)
        row = self._insert(len(self.rows), "", UNSET)
        row.focus()
        self._rows_changed()

    def remove_row(self, row: Row) -> None:
        """Remove a row; the keyboard goes to its neighbour."""
        at = self.rows.index(row)
        self.rows.remove(row)
        self._rows_layout.removeWidget(row)
        row.hide()
        row.deleteLater()
        (self.rows[min(at, len(self.rows) - 1)].focus() if self.rows else self.add_button.setFocus())
        self._rows_changed()

    def move_row(self, row: Row, by: int) -> None:
        """Put a row further up or down."""
        at = self.rows.index(row)
        to = min(max(at + by, 0), len(self.rows) - 1)
        if at != to:
            self.rows.insert(to, self.rows.pop(at))
            self._rows_layout.removeWidget(row)
            self._rows_layout.insertWidget(to, row)
            row.focus()
            self.inputs_changed.emit()
            self._rows_changed()

    def _show(self, value: Any) -> None:
        """Have a row for each item, re-using those there are."""
        pairs = [] if value in (UNSET, None) else list(value.items()) if self.is_mapping else [("", item) for item in value]
        for row in self.rows[len(pairs) :]:
            self._rows_layout.removeWidget(row)
            row.hide()
            row.deleteLater()
        del self.rows[len(pairs) :]
        for at, (name, item) in enumerate(pairs):
            if at < len(self.rows):
                self.rows[at].show_item(name, item)
            else:
                self._insert(at, name, item)

    def _insert(self, at: int, name: str, value: Any) -> Row:
        row = Row(self, at + 1)
        row.show_item(name, value)
        row.edited.connect(self._rows_changed)
        self.rows.insert(at, row)
        self._rows_layout.insertWidget(at, row)
        row.show()  # at once, so that the keyboard can go there
        self.inputs_changed.emit()
        return row

    def _rows_changed(self) -> None:
        rows = [row for row in self.rows if not row.is_empty()]
        made: Any = {row.name(): row.item() for row in rows} if self.is_mapping else [row.item() for row in rows]
        untouched = not made and (not self.setting.default or self._value is UNSET)
        self._value = UNSET if untouched else made
        self._show_note()
        self.edited.emit()

    def _show_note(self) -> None:
        text = ""
        if self._value is UNSET and not self.rows:
            default = shown_default(self.setting)
            text = self.tr("Default: {0}").format(default) if default else ""
        elif self._value in ([], {}) and not self.rows:
            text = self.tr("None")
        self._note.setText(text)


class Row(QWidget):
    """One item: its name in a mapping, its value, and a button that removes it."""

    edited = Signal()

    def __init__(self, rows: RowsEditor, number: int) -> None:
        super().__init__(rows)
        self._rows = rows
        item = rows.setting.item or Setting(name="", kind=Kind.ANY)
        if item.kind in (Kind.TEXT, Kind.SEPARATOR, Kind.TEMPLATE):
            # An empty text is a value of its own here, and is nothing to be asked for.
            item = structs.replace(item, default=None)
        item = structs.replace(item, parameters=rows.setting.parameters)
        self._name: Line | None = None
        self._shows_empty = False
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        if rows.is_mapping:
            self._name = Line(rows.context, self)
            self._name.setPlaceholderText(self.tr("name"))
            self._name.setAccessibleName(self.tr("Name {0} of {1}").format(number, rows.setting.title))
            self._name.textEdited.connect(self.edited)
            self._name.textChanged.connect(self._name.setToolTip)  # it may be longer than its box
            layout.addWidget(self._name, 1, Qt.AlignmentFlag.AlignTop)
        self.editor = make_editor(item, rows.context, self)
        self.editor.set_accessible(self.tr("Value {0} of {1}").format(number, rows.setting.title), rows.setting.meaning)
        self.editor.edited.connect(self.edited)
        self.editor.inputs_changed.connect(rows.inputs_changed)
        layout.addWidget(self.editor, 1)
        self.remove_button = QToolButton(self)
        self.remove_button.setIcon(icon("close", role="muted"))
        self.remove_button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.remove_button.setToolTip(self.tr("Remove (Ctrl+Delete)"))
        self.remove_button.setAccessibleName(self.tr("Remove row {0} of {1}").format(number, rows.setting.title))
        self.remove_button.clicked.connect(lambda: rows.remove_row(self))
        layout.addWidget(self.remove_button, 0, Qt.AlignmentFlag.AlignTop)
        for widget in self.inputs():
            widget.installEventFilter(self)

    def name(self) -> str:
        """The name; "" in a list."""
        return "" if self._name is None else self._name.text().strip()

    def item(self) -> Any:
        """The value; what was left empty is an empty text, or the kind's default."""
        value = self.editor.value()
        if value is not UNSET:
            return value
        return self.editor.setting.default if self.editor.setting.default is not None else ""

    def is_empty(self) -> bool:
        """Whether nothing was filled in yet."""
        return not self.name() and self.editor.value() is UNSET and not self._shows_empty

    def is_wrong(self) -> bool:
        """Whether its value does not fit."""
        return check_setting(self.editor.setting, self.item(), self._rows.context.parameters()) is not None

    def show_item(self, name: str, value: Any) -> None:
        """Show an item."""
        self._shows_empty = value == ""
        if self._name is not None and self._name.text() != name:
            self._name.setText(name)
            self._name.setCursorPosition(0)
        if self.editor.value() != value:
            self.editor.set_value(value)

    def inputs(self) -> list[QWidget]:
        """The name and the value."""
        return [*([self._name] if self._name is not None else []), *self.editor.inputs()]

    def tab_stops(self) -> list[QWidget]:
        """The same, with what else the editor has."""
        return [*([self._name] if self._name is not None else []), *self.editor.tab_stops()]

    def focus(self) -> None:
        """Take the keyboard."""
        self.inputs()[0].setFocus(Qt.FocusReason.TabFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """The keys of rows."""
        return event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and self._handles(event)

    def _handles(self, event: QKeyEvent) -> bool:
        key, modifiers = Qt.Key(event.key()), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        rows = self._rows
        if modifiers == Qt.KeyboardModifier.AltModifier and key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            rows.move_row(self, -1 if key == Qt.Key.Key_Up else 1)
        elif modifiers == Qt.KeyboardModifier.ControlModifier and key == Qt.Key.Key_Delete:
            rows.remove_row(self)
        elif not modifiers and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            at = rows.rows.index(self) + 1
            (rows.rows[at].focus() if at < len(rows.rows) else rows.add_row())
        else:
            return False
        return True
