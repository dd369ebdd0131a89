"""Preferences, what the user chose for a window: its looks, its keys, and the dialog to choose in."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

from PySide6.QtCore import QCoreApplication, QObject
from PySide6.QtGui import QAction
from shiboken6 import isValid

from app.canvas.keys import CANVAS_KEYS, CONTEXT, KEY_MAP, usual_keys
from app.help.manual import LIVE_PAGES
from app.settings.key_page import key_page
from app.settings.shortcuts import Shortcut, Shortcuts
from app.settings.store import Store
from app.window.action_table import MENUS, rows_below
from app.window.looks import Looks
from app.window.updates import Updates
from app.window.whats_this import explain_actions
from engine.errors import PyfiError
from engine.settings import data_folder, read_settings, settings_path

if TYPE_CHECKING:
    from app.settings.pages import Fact
    from app.settings.settings_dialog import SettingsDialog
    from app.window.main_window import MainWindow


class Preferences(QObject):
    """Applies the settings of a store to a window, as they are and whenever they change."""

    def __init__(self, window: MainWindow, store: Store) -> None:
        super().__init__(window)
        self._window = window
        self.store = store
        self.shortcuts = Shortcuts(store, self)
        self.looks = Looks(window, store)
        self.updates = Updates(window, store)
        self._dialog: SettingsDialog | None = None
        store.trouble_met.connect(window.tell)
        self.shortcuts.changed.connect(lambda _: explain_actions(window.actions_by_id))
        LIVE_PAGES["manual/keys.md"] = _live_keys(weakref.ref(self.shortcuts))

    # -- keys

    def adopt_actions(self) -> None:
        """Have the keys of all actions of the window, and of the canvas, count as the user chose them."""
        actions, titles = self._window.actions_by_id, _menu_titles()
        for menu, title in titles.items():
            first = ("undo", "redo") if menu == "edit" else ()
            for id in (*first, *(row.id for row in rows_below(menu))):
                self.shortcuts.add_action(id, title, actions[id])
        for each in CANVAS_KEYS:
            text = QCoreApplication.translate(CONTEXT, each.text)
            give = KEY_MAP.giver(each.id)
            self.shortcuts.add(Shortcut(each.id, text, self.tr("Canvas"), usual_keys(each.id), give, is_fixed=each.is_fixed))
        self.adopt_panels(action for id, action in actions.items() if id not in self.shortcuts)

    def adopt_panels(self, actions: Iterable[QAction]) -> None:
        """The same for actions that show panels."""
        ids = {id(action): name for name, action in self._window.actions_by_id.items()}
        for action in actions:
            self.shortcuts.add_action(ids[id(action)], self.tr("Panels"), action)

    # -- the dialog

    def show(self) -> SettingsDialog:
        """Show the settings, or bring them to the front."""
        from app.settings.settings_dialog import SettingsDialog

        if self._dialog is None:
            dialog = SettingsDialog(self.store, self.shortcuts, self._saving(), self._running(), self._window)
            dialog.finished.connect(self._on_finished)
            self._dialog = dialog
        self._dialog.show()
        self._dialog.raise_()
        self._dialog.activateWindow()
        return self._dialog

    def _on_finished(self) -> None:
        if self._dialog is not None:
            self._dialog.deleteLater()
            self._dialog = None

    def _saving(self) -> list[Fact]:
        from app.settings.pages import Fact

        data = self._window.shelf.folder
        return [
            Fact(
                self.tr("Flow database"),
                self.tr("Every edit is saved here at once. Another one is named by database_url in the file below."),
                shown_url(self._window.shelf.url),
                data,
            ),
            Fact(
                self.tr("Folder of flows"),
                self.tr("Copies of examples, and the files of flows that came from no file."),
                str(data),
                data,
            ),
            Fact(
                self.tr("Settings of this machine"),
                self.tr("Read by the command line, too: database_url, workspace, theme."),
                str(settings_path()),
                settings_path().parent,
            ),
            Fact(
                self.tr("These settings"),
                self.tr("What is chosen in this dialog."),
                str(self.store.path or self.tr("kept nowhere")),
                self.store.path.parent if self.store.path is not None else None,
            ),
        ]

    def _running(self) -> list[Fact]:
        from app.settings.pages import Fact
        from engine.client.logs import KEPT_BYTES

        workspace = self._window.conductor.engine.folder
        return [
            Fact(
                self.tr("Workspace"),
                self.tr("Messages that wait, and what flows remember. Another one is named by workspace in settings.toml."),
                str(workspace),
                workspace,
            ),
            Fact(
                self.tr("Logs"),
                self.tr("The newest lines of each flow are kept; older ones make room."),
                self.tr("{} MB for each flow").format(KEPT_BYTES // 1_000_000),
                workspace / "logs",
            ),
        ]


def _live_keys(shortcuts: weakref.ref[Shortcuts]) -> Callable[[], str | None]:
    """The manual's page of keys with those in use, as long as the window is there."""

    def page() -> str | None:
        found = shortcuts()
        return key_page(found) if found is not None and isValid(found) else None

    return page


def _menu_titles() -> dict[str, str]:
    return {name: QCoreApplication.translate("actions", title).replace("&", "") for name, title in MENUS}


def shown_url(url: str | None) -> str:
    """A database's URL as people may see it: no password. None: as the settings say."""
    try:
        url = url or read_settings().database_url or f"sqlite:///{data_folder() / 'pyfi.db'}"
    except PyfiError as error:
        return str(error)
    parts = urlsplit(url)
    if parts.password is None:
        return url
    return urlunsplit(parts._replace(netloc=parts.netloc.replace(f":{parts.password}@", ":***@")))
