"""Docks, the panels around the canvas: where they stand at first, how they are shown and hidden, and how they were left."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import platformdirs
from PySide6.QtCore import QEvent, QObject, QSettings, QSignalBlocker, Qt
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QDockWidget, QWidget

from app.help.topic import set_topic
from app.page.flow_page import FlowPage
from app.panel.log_panel import LogPanel
from app.panel.minimap import Minimap
from app.panel.operate import Operate
from app.panel.outline import Outline
from app.panel.palette import Palette
from app.panel.problems import Problems
from app.panel.subject import never_full
from app.theme.icon import icon
from app.window.places import first_stop
from app.window.whats_this import explain_panel

if TYPE_CHECKING:
    from app.window.main_window import MainWindow

_AREAS = {
    "left": Qt.DockWidgetArea.LeftDockWidgetArea,
    "left_below": Qt.DockWidgetArea.LeftDockWidgetArea,
    "left_foot": Qt.DockWidgetArea.LeftDockWidgetArea,
    "right": Qt.DockWidgetArea.RightDockWidgetArea,
    "bottom": Qt.DockWidgetArea.BottomDockWidgetArea,
}
"""The slots. Docks of one slot are tabs; those on the same side stand below each other, in this order."""
_SIZES = {"left": 230, "right": 320, "bottom": 190}
_HEIGHTS = {"left": 420, "left_below": 190, "left_foot": 90}
_TOPICS = {
    "inspector": "inspector.md",
    "code": "editor.md",
    "results": "desktop.md#run",
    "charts": "desktop.md#charts",
    "nodes": "desktop.md#clusters",
}
"""What the manual has about panels that are not in its table of panels alone."""
_VERSION = 1
"""Of the arrangement. When docks move to other places in a new PYFI, a higher one has everybody begin with them."""


class Docks(QObject):
    """The docks of a window. A further one is one line: `self.add("results", self.tr("Results"), widget, "bottom")`.

    A widget that has `show_page` is told which page is in front. On the welcome page no dock is shown. What was arranged is
    only kept when `restore` was called, so that pictures for the manual and tests begin with the first arrangement.
    """

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._docks: dict[str, QDockWidget] = {}
        self._slots: dict[str, str] = {}
        self._actions: dict[str, QAction] = {}
        self._unmade: dict[str, Callable[[], QWidget]] = {}
        """How the widgets of docks are made that are there without them."""
        self._page: FlowPage | None = None
        self._shown: dict[str, bool] = {}
        """Which docks are shown beside a flow, while there is none."""
        self._in_front: list[str] = []
        self._is_sized = False
        self._settings: QSettings | None = None
        window.setDockNestingEnabled(True)
        window.setCorner(Qt.Corner.BottomLeftCorner, Qt.DockWidgetArea.LeftDockWidgetArea)
        window.setCorner(Qt.Corner.BottomRightCorner, Qt.DockWidgetArea.RightDockWidgetArea)
        self.palette, self.outline, self.minimap = Palette(), Outline(), Minimap()
        self.operate = Operate(window.actions_by_id)
        self.problems, self.log = Problems(), LogPanel()
        self.add("palette", self.tr("Palette"), self.palette, "left", "palette")
        self.add("outline", self.tr("Outline"), self.outline, "left", "tree")
        self.add("minimap", self.tr("Minimap"), self.minimap, "left_below", "minimap")
        self.flows = window.commands.flow_list()
        self.add("flows", self.tr("Flows"), self.flows, "left_below", "database")
        self.add("operate", self.tr("Operate"), self.operate, "left_foot", "run")
        self.add("problems", self.tr("Problems"), self.problems, "bottom", "problem")
        self.add("log", self.tr("Log"), self.log, "bottom", "log")
        self._in_front = ["palette", "minimap", "inspector", "results"]
        self._listen()
        self._on_page_shown(window.page)

    def _listen(self) -> None:
        window = self._window
        window.page_shown.connect(self._on_page_shown)
        window.installEventFilter(self)
        window.conductor.lines_logged.connect(self.log.add_lines)
        window.conductor.feed.lines_missed.connect(self.log.note_missed)
        self.problems.count_changed.connect(self._on_problems_counted)

    # -- docks

    def add(self, id: str, title: str, widget: QWidget, slot: str, glyph: str = "") -> QDockWidget:
        """Put a widget into a dock of a slot: left, left_below, left_foot, right or bottom; as a tab if one is there."""
        window = self._window
        dock = _Dock(title, window)
        dock.setObjectName(f"dock_{id}")
        dock.setAccessibleName(title)
        dock.setWidget(widget)
        explain_panel(dock, id)
        set_topic(widget, _topic(id))
        beside = next((self._docks[other] for other, where in self._slots.items() if where == slot), None)
        window.addDockWidget(_AREAS[slot], dock)
        if beside is not None:
            window.tabifyDockWidget(beside, dock)
        self._docks[id], self._slots[id] = dock, slot
        self._actions[id] = self._action(id, title, glyph)
        window.add_dock_menu([self._actions[id]])
        if self._page is None:
            self._shown[id] = True
            dock.hide()
        elif callable(follow := getattr(widget, "show_page", None)):
            follow(self._page)
        return dock

    def add_later(self, id: str, title: str, make: Callable[[], QWidget], slot: str, glyph: str = "") -> QDockWidget:
        """The same with a widget that is made when the dock is shown on its own, or by `make`."""
        dock = self.add(id, title, QWidget(), slot, glyph)
        self._unmade[id] = make
        return dock

    def make(self, id: str) -> None:
        """Give a dock its widget, if it has none yet."""
        make = self._unmade.pop(id, None)
        if make is None:
            return
        dock, widget = self._docks[id], make()
        empty = dock.widget()
        dock.setWidget(widget)
        empty.deleteLater()
        set_topic(widget, _topic(id))
        if self._page is not None and callable(follow := getattr(widget, "show_page", None)):
            follow(self._page)

    def _action(self, id: str, title: str, glyph: str) -> QAction:
        """Shows a dock and gives it the keyboard; hides it if it has it."""
        window, dock = self._window, self._docks[id]
        action = QAction(title, window)
        action.setCheckable(True)
        action.setEnabled(self._page is not None)
        if glyph:
            action.setIcon(icon(glyph))
        if len(self._actions) < len(_KEYS):
            action.setShortcut(QKeySequence(_KEYS[len(self._actions)]))
        action.triggered.connect(lambda _=False: self.toggle(id))
        dock.toggleViewAction().toggled.connect(lambda shown: self._check(action, checked=shown))
        window.addAction(action)
        window.actions_by_id[f"show_{id}"] = action
        return action

    @staticmethod
    def _check(action: QAction, *, checked: bool) -> None:
        with QSignalBlocker(action):
            action.setChecked(checked)

    def dock(self, id: str) -> QDockWidget:
        """A dock by its id."""
        return self._docks[id]

    def is_shown(self, id: str) -> bool:
        """Whether a dock is there, if only as a tab behind another."""
        return not self._docks[id].isHidden()

    def seen(self) -> list[QDockWidget]:
        """The docks that can be seen, not those behind another."""
        return [dock for dock in self._docks.values() if not dock.visibleRegion().isEmpty()]

    def show(self, id: str, *, focus: bool = True) -> None:
        """Bring a dock to the front, and give it the keyboard."""
        self.make(id)
        dock = self._docks[id]
        dock.show()
        dock.raise_()
        if focus and (stop := first_stop(dock) or dock.widget()) is not None:
            stop.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def toggle(self, id: str) -> None:
        """Bring a dock to the front with the keyboard; away with it if it is there already."""
        dock = self._docks[id]
        if self.is_shown(id) and not dock.visibleRegion().isEmpty():
            dock.hide()
        else:
            self.show(id)
        self._check(self._actions[id], checked=self.is_shown(id))

    def _resize(self) -> None:
        """The sizes that docks have at first."""
        window = self._window
        first = {
            slot: next(self._docks[id] for id, where in self._slots.items() if where == slot)
            for slot in set(self._slots.values())
        }
        for slots, direction, sizes in (
            (("left", "right"), Qt.Orientation.Horizontal, _SIZES),
            (("bottom",), Qt.Orientation.Vertical, _SIZES),
            (("left", "left_below", "left_foot"), Qt.Orientation.Vertical, _HEIGHTS),
        ):
            there = [slot for slot in slots if slot in first]
            window.resizeDocks([first[slot] for slot in there], [sizes[slot] for slot in there], direction)

    # -- what is in front

    def _on_page_shown(self, page: FlowPage | None) -> None:
        if (page is None) != (self._page is None):
            self._page = page
            if page is None:
                self._hide_all()
            else:
                self._show_again()
        self._page = page
        self.outline.is_full = self._window.conductor.fullness(page) if page is not None else never_full
        for dock in self._docks.values():
            if callable(follow := getattr(dock.widget(), "show_page", None)):
                follow(page)
        for action in self._actions.values():
            action.setEnabled(page is not None)

    def _hide_all(self) -> None:
        """The welcome page stands alone."""
        self._shown = {id: self.is_shown(id) for id in self._docks}
        self._in_front = [id for id, dock in self._docks.items() if not dock.visibleRegion().isEmpty()]
        for dock in self._docks.values():
            dock.hide()

    def _show_again(self) -> None:
        for id, dock in self._docks.items():
            dock.setVisible(self._shown.get(id, True))
        for id in self._in_front:
            if self._shown.get(id, True):
                self._docks[id].raise_()
        if not self._is_sized:
            self._is_sized = True
            self._resize()

    def _on_problems_counted(self, count: int) -> None:
        title = self.tr("Problems")
        self._docks["problems"].setWindowTitle(f"{title} ({count})" if count else title)

    # -- how it was left

    def restore(self, path: Path | None = None) -> None:
        """Arrange everything as it was left, and keep it from now on, in a file of the user's configuration folder."""
        self._settings = QSettings(str(path or arrangement_path()), QSettings.Format.IniFormat)
        geometry, state = self._settings.value("geometry"), self._settings.value("state")
        window = self._window
        if geometry is not None:
            window.restoreGeometry(geometry)
        if state is not None and window.restoreState(state, _VERSION):
            shown, front = self._settings.value("shown") or [], self._settings.value("front") or []
            self._shown = {id: id in _listed(shown) for id in self._docks}
            self._in_front = _listed(front)
            self._is_sized = True
            window.components.setVisible(self._page is not None)
            if self._page is None:
                for dock in self._docks.values():
                    dock.hide()
            else:
                self._show_again()

    def keep(self) -> None:
        """Write down how everything is arranged."""
        settings, window = self._settings, self._window
        if settings is None:
            return
        shown, front = self._shown, self._in_front
        if self._page is not None:
            shown = {id: self.is_shown(id) for id in self._docks}
            front = [id for id, dock in self._docks.items() if not dock.visibleRegion().isEmpty()]
        settings.setValue("geometry", window.saveGeometry())
        settings.setValue("state", window.saveState(_VERSION))
        settings.setValue("shown", [id for id, is_shown in shown.items() if is_shown])
        settings.setValue("front", front)
        settings.sync()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Before the window closes, while it is still there to be looked at."""
        if event.type() == QEvent.Type.Close and self._window.isVisible():
            self.keep()
        return False


def _topic(id: str) -> str:
    """Where the manual tells of a dock."""
    return _TOPICS.get(id, f"desktop.md#panels.{id}")


class _Dock(QDockWidget):
    """A dock of the window: Escape that nothing inside has a use for gives the keyboard back to the canvas."""

    def __init__(self, title: str, window: MainWindow) -> None:
        super().__init__(title, window)
        self._window = window

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Back to the canvas."""
        if event.key() == Qt.Key.Key_Escape and self._window.page is not None:
            self._window.page.setFocus()
            event.accept()
        else:
            super().keyPressEvent(event)


def arrangement_path() -> Path:
    """The file that holds how the window was left; `XDG_CONFIG_HOME` is honoured."""
    return Path(platformdirs.user_config_dir("pyfi", appauthor=False)) / "window.ini"


def _listed(value: object) -> list[str]:
    """A list out of an INI file, where a list of one is a text."""
    return [value] if isinstance(value, str) else [str(each) for each in value] if isinstance(value, list) else []


_KEYS = ("Alt+1", "Alt+2", "Alt+3", "Alt+4", "Alt+5", "Alt+6", "Alt+7", "Alt+8", "Alt+9")
