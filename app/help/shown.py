"""Opens the manual: the application has one window for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QWidget

from app.help.topic import START, topic_of

if TYPE_CHECKING:
    from app.help.help_window import HelpWindow

_window: HelpWindow | None = None


def show_help(topic: str = START) -> HelpWindow:
    """Show a place of the manual."""
    global _window  # noqa: PLW0603 - one window, whoever asks
    if _window is None:
        from app.help.help_window import HelpWindow

        _window = HelpWindow()
    _window.show_topic(topic)
    return _window


def show_help_for(widget: QWidget | None, otherwise: str = START) -> None:
    """Show what the manual has about a widget."""
    show_help(topic_of(widget) or otherwise)


def close_help() -> None:
    """The desktop goes, and the manual with it."""
    global _window  # noqa: PLW0603 - see above
    if _window is not None:
        _window.close()
        _window.deleteLater()
        _window = None


def add_help_key(dialog: QWidget, otherwise: str = START) -> None:
    """Have F1 in a dialog show what the manual has about the widget with the keyboard."""
    shortcut = QShortcut(QKeySequence(QKeySequence.StandardKey.HelpContents), dialog)
    shortcut.activated.connect(lambda: show_help_for(QApplication.focusWidget(), otherwise))
