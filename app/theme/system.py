"""What the system says about dark and light."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication

from app.theme.theme import DARK, LIGHT, Theme


def system_theme() -> Theme:
    """The theme that goes with the system's setting; the dark one where the system says nothing."""
    return theme_of(QGuiApplication.styleHints().colorScheme())


def theme_of(scheme: Qt.ColorScheme) -> Theme:
    """The theme of a colour scheme."""
    return LIGHT if scheme == Qt.ColorScheme.Light else DARK


class SystemTheme(QObject):
    """Tells when the system goes from dark to light or back."""

    changed = Signal(Theme)
    """The system wants another theme, which is given."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._on_color_scheme_changed)

    def _on_color_scheme_changed(self, scheme: Qt.ColorScheme) -> None:
        self.changed.emit(theme_of(scheme))
