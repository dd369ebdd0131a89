"""Panel, what all panels have in common: the page that they show, and what they say when there is nothing to show."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QEvent, QObject, QSize, Qt, SignalInstance
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLabel, QStackedWidget, QVBoxLayout, QWidget

from app.page.flow_page import FlowPage
from app.theme.icon import icon
from app.theme.style_sheet import set_look


class Panel(QWidget):
    """A panel beside the canvas. `show_page` has it follow another page, or none; subclasses say what in `_on_page_shown`.

    Escape gives the keyboard back to the canvas.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.page: FlowPage | None = None
        self._heard: list[Any] = []

    def show_page(self, page: FlowPage | None) -> None:
        """Follow a page from now on."""
        for connection in self._heard:
            QObject.disconnect(connection)
        self._heard.clear()
        self.page = page
        self._on_page_shown(page)

    def _on_page_shown(self, page: FlowPage | None) -> None:
        """Another page is to be followed."""

    def _hear(self, signal: SignalInstance, slot: Callable[..., object]) -> None:
        """Listen to something of the page, until another is shown."""
        self._heard.append(signal.connect(slot))

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Back to the canvas."""
        if event.key() == Qt.Key.Key_Escape and self.page is not None:
            self.page.setFocus()
            event.accept()
        else:
            super().keyPressEvent(event)


class OwnKeys:
    """Mixed into a list: copying and selecting all are its own, not the window's actions, while it has the keyboard.

    `copy` is what Ctrl+C does.
    """

    def event(self, event: QEvent) -> bool:
        """Claim the keys before they become the window's."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride and self._is_own(event):
            event.accept()
            return True
        return super().event(event)  # type: ignore[misc] - the list's

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Copy; the list itself selects all."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        else:
            super().keyPressEvent(event)  # type: ignore[misc] - the list's

    def copy(self) -> None:
        """What is selected, to the clipboard."""
        raise NotImplementedError

    @staticmethod
    def _is_own(event: QKeyEvent) -> bool:
        return event.matches(QKeySequence.StandardKey.Copy) or event.matches(QKeySequence.StandardKey.SelectAll)


class Blank(QWidget):
    """Says why there is nothing to see: an icon, and a sentence below."""

    def __init__(self, glyph: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._glyph = QLabel()
        self._glyph.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._words = QLabel()
        self._words.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._words.setWordWrap(True)
        set_look(self._words, "muted")
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(10)
        column.addStretch(2)
        column.addWidget(self._glyph)
        column.addWidget(self._words)
        column.addStretch(3)
        self.show_words("", glyph)

    @property
    def words(self) -> str:
        """What it says."""
        return self._words.text()

    def show_words(self, words: str, glyph: str = "", role: str = "muted") -> None:
        """Say something, with an icon in a colour of the theme."""
        if glyph:
            self._glyph.setPixmap(icon(glyph, role=role).pixmap(QSize(28, 28), self.devicePixelRatioF()))
        self._words.setText(words)


class Stack(QStackedWidget):
    """What there is, or the Blank that says that there is nothing."""

    def __init__(self, content: QWidget, blank: Blank) -> None:
        super().__init__()
        self._content = content
        self.blank = blank
        self.addWidget(content)
        self.addWidget(blank)

    def say(self, words: str, glyph: str = "", role: str = "muted") -> None:
        """Say that there is nothing; without words, show what there is."""
        if words:
            self.blank.show_words(words, glyph, role)
        self.setCurrentWidget(self.blank if words else self._content)


def inset(*widgets: QWidget) -> QVBoxLayout:
    """Widgets above or below a list that goes to the edge, with room around them."""
    column = QVBoxLayout()
    column.setContentsMargins(8, 8, 8, 8)
    column.setSpacing(4)
    for widget in widgets:
        column.addWidget(widget)
    return column
