"""Looks, which has the window look as the settings say, and go along when the system turns dark or light."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

from app.canvas.measure import MEASURE
from app.settings.settings import Settings
from app.settings.store import Store
from app.theme.apply import apply
from app.theme.current import current_theme
from app.theme.fonts import Fonts
from app.theme.system import SystemTheme, system_theme
from app.theme.theme import THEMES, Theme
from engine.errors import PyfiError
from engine.settings import read_settings

if TYPE_CHECKING:
    from app.window.main_window import MainWindow

_OF_LOOKS = ("scale", "font", "code_font", "code_size")


def dress(application: QApplication, store: Store) -> None:
    """Give the application its looks; before there is a window, too."""
    settings = store.settings
    MEASURE.unit = settings.scale / 100
    MEASURE.grid = float(settings.grid) if settings.snap else 0.0
    fonts = Fonts(settings.font, settings.scale / 100, settings.code_font, float(settings.code_size))
    apply(application, theme_of(store), fonts=fonts)


def theme_of(store: Store) -> Theme:
    """The theme to use: that of this start, else the user's choice, that of `settings.toml`, the system's."""
    name = store.theme_for_now or (store.settings.theme if store.is_chosen("theme") else _theme_of_machine())
    return THEMES.get(name) or system_theme()


def _theme_of_machine() -> str:
    try:
        return read_settings().theme
    except PyfiError:  # told when the database is asked for, which needs that file, too
        return "system"


class Looks(QObject):
    """Follows the settings and the system for a window."""

    def __init__(self, window: MainWindow, store: Store) -> None:
        super().__init__(window)
        self._window = window
        self._store = store
        store.changed.connect(self._on_changed)
        self._system = SystemTheme(self)
        self._system.changed.connect(lambda _: self._on_system_changed())

    def _on_changed(self, now: Settings, before: Settings) -> None:
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        theme = theme_of(self._store)
        if theme is not current_theme() or any(getattr(now, name) != getattr(before, name) for name in _OF_LOOKS):
            dress(application, self._store)
            self._window.show_looks()
        MEASURE.grid = float(now.grid) if now.snap else 0.0

    def _on_system_changed(self) -> None:
        self._on_changed(self._store.settings, self._store.settings)
