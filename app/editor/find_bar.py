"""Find and replace, above the text."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QLineEdit, QToolButton, QWidget

from app.editor.search import MOST, Query
from app.theme.icon import icon
from app.theme.style_sheet import set_property

if TYPE_CHECKING:
    from app.editor.finder import Finder

_LEAST_FIELD = 90
_COUNT_SAMPLE = "9999 of 9999"


class FindBar(QWidget):
    """Takes what is looked for and what shall stand there instead, and says how often it is found.

    Enter goes to the next match, Shift+Enter to the one before, Escape closes; in the lower field Enter replaces.
    """

    def __init__(self, finder: Finder, parent: QWidget) -> None:
        super().__init__(parent)
        self._finder = finder
        self.setAutoFillBackground(True)
        self.setAccessibleName(self.tr("Find and replace"))
        self.find_field = self._field(self.tr("Find"))
        self.replace_field = self._field(self.tr("Replace by"))
        self.case_button = self._toggle("Aa", self.tr("Upper and lower case count (Alt+C)"), "Alt+C")
        self.word_button = self._toggle("ab|", self.tr("Whole words only (Alt+W)"), "Alt+W")
        self.pattern_button = self._toggle(".*", self.tr("Regular expression (Alt+R)"), "Alt+R")
        self.count_label = QLabel()
        self.count_label.setMinimumWidth(self.fontMetrics().horizontalAdvance(_COUNT_SAMPLE))
        previous = self._icon_button("chevron_up", self.tr("Match before (Shift+Enter)"), finder.go_back)
        following = self._icon_button("chevron_down", self.tr("Next match (Enter)"), finder.go_on)
        close = self._icon_button("close", self.tr("Close (Esc)"), finder.close)
        self.replace_button = self._button(self.tr("Replace"), self.tr("Replace this match (Enter)"), finder.replace)
        self.all_button = self._button(self.tr("All"), self.tr("Replace all matches (Ctrl+Alt+Enter)"), finder.replace_all)
        upper = (self.case_button, self.word_button, self.pattern_button, self.count_label, previous, following)
        self._arrange(upper, close)
        self.find_field.textChanged.connect(finder.refresh)

    def query(self) -> Query:
        """What is looked for."""
        return Query(
            self.find_field.text(),
            is_pattern=self.pattern_button.isChecked(),
            has_case=self.case_button.isChecked(),
            is_word=self.word_button.isChecked(),
        )

    def show_count(self, current: int, count: int, reason: str = "") -> None:
        """Say which of how many matches is selected (0: none), or why nothing can be looked for."""
        text = ""
        if reason:
            text = self.tr("No pattern")
        elif self.find_field.text() and not count:
            text = self.tr("Nothing found")
        elif self.find_field.text():
            shown = f"{count}+" if count == MOST else str(count)
            text = self.tr("{0} of {1}").format(current, shown) if current else self.tr("{0} found").format(shown)
        self.count_label.setText(text)
        self.count_label.setToolTip(self.tr("Not a regular expression: {0}").format(reason) if reason else "")
        set_property(self.find_field, "invalid", bool(reason))

    def open(self, text: str, *, replaces: bool, can_edit: bool) -> None:
        """Show it, with a text to look for if there is one."""
        for widget in (self.replace_field, self.replace_button, self.all_button):
            widget.setVisible(replaces and can_edit)
        if text:
            self.find_field.setText(text)
        self.show()
        self.find_field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.find_field.selectAll()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Keys in the fields."""
        if not isinstance(event, QKeyEvent) or event.type() not in (QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride):
            return super().eventFilter(watched, event)
        act = self._action(watched, event)
        if act is None:
            return super().eventFilter(watched, event)
        if event.type() == QEvent.Type.KeyPress:
            act()
        event.accept()
        return True

    def _action(self, watched: QObject, event: QKeyEvent) -> Callable[[], None] | None:
        key, modifiers = event.key(), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if key == Qt.Key.Key_Escape:
            return self._finder.close
        if key == Qt.Key.Key_F3:
            return self._finder.go_back if modifiers == Qt.KeyboardModifier.ShiftModifier else self._finder.go_on
        if key not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            return None
        if modifiers == Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier:
            return self._finder.replace_all
        if modifiers == Qt.KeyboardModifier.ShiftModifier:
            return self._finder.go_back
        return self._finder.replace if watched is self.replace_field else self._finder.go_on

    def _field(self, name: str) -> QLineEdit:
        field = QLineEdit(self)
        field.setPlaceholderText(name)
        field.setAccessibleName(name)
        field.setMinimumWidth(_LEAST_FIELD)
        field.installEventFilter(self)
        return field

    def _toggle(self, text: str, tip: str, shortcut: str) -> QToolButton:
        button = self._button(text, tip, self._finder.refresh)
        button.setCheckable(True)
        button.setShortcut(shortcut)
        return button

    def _button(self, text: str, tip: str, act: Callable[[], None]) -> QToolButton:
        button = QToolButton(self)
        button.setText(text)
        button.setToolTip(tip)
        button.setAccessibleName(tip.partition(" (")[0])
        button.setAutoRaise(True)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(lambda _checked=False: act())
        return button

    def _icon_button(self, name: str, tip: str, act: Callable[[], None]) -> QToolButton:
        button = self._button("", tip, act)
        button.setIcon(icon(name))
        return button

    def _arrange(self, upper: tuple[QWidget, ...], close: QWidget) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(8, 5, 6, 5)
        grid.setSpacing(4)
        grid.setColumnStretch(0, 1)
        grid.addWidget(self.find_field, 0, 0)
        first = QHBoxLayout()
        first.setSpacing(2)
        for widget in upper:
            first.addWidget(widget)
        first.addWidget(close)
        grid.addLayout(first, 0, 1)
        grid.addWidget(self.replace_field, 1, 0)
        second = QHBoxLayout()
        second.setSpacing(2)
        second.addWidget(self.replace_button)
        second.addWidget(self.all_button)
        second.addStretch(1)
        grid.addLayout(second, 1, 1)
