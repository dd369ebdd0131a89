"""MainWindow: tool bars, the open flows with their tabs at the bottom, docks, the status strip."""

from __future__ import annotations

from collections.abc import Coroutine
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
from PySide6.QtCore import QCoreApplication, QTimer, Signal
from PySide6.QtGui import QAction, QCloseEvent, QGuiApplication, QKeySequence, QUndoGroup
from PySide6.QtWidgets import (
    QMainWindow,
    QMenu,
    QSizePolicy,
    QStackedWidget,
    QTabBar,
    QToolBar,
    QVBoxLayout,
    QWidget,
)

from app.collector import plan_full_collection
from app.document.keeper import Kept
from app.document.shelf import Book, Shelf, example_names
from app.page.flow_page import FlowPage
from app.run.conductor import Conductor
from app.settings.store import Store
from app.theme.current import current_theme
from app.theme.fonts import wear_icon_size
from app.theme.icon import icon, program_icon
from app.window.accelerators import give_letters
from app.window.action_table import ACTIONS, MENUS, SUBMENUS
from app.window.commands import Commands
from app.window.component_bar import ComponentBar
from app.window.docks import Docks
from app.window.farewell import Farewell
from app.window.file_drop import FileDrop
from app.window.finder import Finder
from app.window.first_paint import FirstPaint
from app.window.flow_tabs import FlowTabs
from app.window.notice import Notice
from app.window.part_menu import PartMenu
from app.window.places import Places
from app.window.preferences import Preferences
from app.window.recent_menu import RecentMenu
from app.window.sides import Sides
from app.window.status import Status
from app.window.status_strip import StatusStrip
from app.window.target_bar import TargetBar
from app.window.trouble import Trouble
from app.window.welcome import Welcome
from app.window.whats_this import explain_actions, explain_panel
from app.words import counted
from engine.client.engine import Engine
from engine.model.flow import Subflow

if TYPE_CHECKING:
    from app.library.library_panel import LibraryPanel

_BAR = ("run", "stop", "", "fit", "actual_size", "arrange", "", "find")
_MESSAGE_MS = 12_000


class MainWindow(QMainWindow):
    """The desktop's window, showing flows of a shelf. `closed` is told when it is gone and everything is saved."""

    closed = Signal()
    page_shown = Signal(object)
    """Another `FlowPage` is in front, or None: the welcome page."""

    def __init__(self, shelf: Shelf, engine: Engine | None = None, store: Store | None = None) -> None:
        super().__init__()
        self.shelf = shelf
        self.conductor = Conductor(engine, self)
        self.setWindowTitle("PYFI")
        self.setObjectName("main")
        self.resize(1440, 900)
        FileDrop(self, self._on_files_dropped)
        self.undo_group = QUndoGroup(self)
        self.commands = Commands(self)
        self.farewell = Farewell(self)
        self.part_menu = PartMenu(self)
        self.actions_by_id: dict[str, QAction] = {}
        self._welcome = Welcome(example_names())
        self._stack = QStackedWidget()
        self._tabs = FlowTabs()
        self._strip = StatusStrip()
        self.notice = Notice()
        self._status = Status(self._strip, self.conductor)
        self._docks_begin: QAction | None = None
        self._make_middle()
        self._make_actions()
        self._make_bars()
        self._recent_menu = RecentMenu(self)
        self._make_menus()
        self.preferences = Preferences(self, store or Store())
        self.trouble = Trouble(self)
        self.finder = Finder(self)
        self.docks = Docks(self)
        self.sides = Sides(self)
        self.first_paint = FirstPaint(self)
        self.first_paint.then(self.conductor.start)
        self.first_paint.then(lambda: QGuiApplication.setWindowIcon(program_icon()))
        for id, title, make, slot, glyph in (
            ("inspector", self.tr("Inspector"), lambda: self.sides.inspector, "right", "settings"),
            ("code", self.tr("Code"), lambda: self.sides.code, "right", "code"),
            ("results", self.tr("Results"), lambda: self.sides.results, "bottom", "results"),
            ("library", self.tr("Library"), lambda: self.library, "left", "library"),
            ("charts", self.tr("Charts"), lambda: self.sides.charts, "bottom", "chart"),
            ("nodes", self.tr("Nodes"), lambda: self.target_bar.nodes, "bottom", "cluster"),
        ):
            self.docks.add_later(id, title, make, slot, glyph)
            self.first_paint.then(lambda id=id: self.docks.make(id))
        for id, widget in (("welcome", self._welcome), ("tabs", self._tabs), ("strip", self._strip), ("canvas", self._stack)):
            explain_panel(widget, id)
        self.places = Places(self)
        explain_panel(self.components, "components")
        explain_actions(self.actions_by_id)
        self.preferences.adopt_actions()
        self.page_shown.connect(self.sides.show_page)
        self.page_shown.connect(self._status.show_page)
        self._welcome.new_wanted.connect(self.commands.new_flow)
        self._welcome.file_wanted.connect(self.commands.open_file)
        self._welcome.example_chosen.connect(self.commands.open_example)
        self._welcome.flow_chosen.connect(self.commands.open_reference)
        self.conductor.told.connect(self.tell)
        self.conductor.state_changed.connect(lambda page: self._update_actions())
        self.conductor.engine_changed.connect(lambda state, text: self._strip.show_engine(text))
        self._show(None)
        self.first_paint.then(self._greet)

    @cached_property
    def library(self) -> LibraryPanel:
        """The panel of patterns, made when it is first wanted."""
        from app.library.library_panel import LibraryPanel

        panel = LibraryPanel()
        panel.told.connect(self.tell)
        return panel

    # -- what it is made of

    def _make_middle(self) -> None:
        self._stack.addWidget(self._welcome)
        self._tabs.currentChanged.connect(self._on_tab_changed)
        self._tabs.tabBarClicked.connect(self._on_tab_changed)  # the tab in front leads back from the welcome page
        self._tabs.tabCloseRequested.connect(self._on_tab_close_requested)
        middle = QWidget()
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for widget in (self.notice, self._stack, self._tabs, self._strip):
            column.addWidget(widget)
        self.setCentralWidget(middle)

    def _make_actions(self) -> None:
        for row in ACTIONS:
            action = QAction(QCoreApplication.translate("actions", row.text), self)
            if row.icon:
                action.setIcon(icon(row.icon))
            if row.key:
                action.setShortcut(QKeySequence(row.key))
            method = getattr(self.commands, row.id, None)
            if method is not None:
                action.triggered.connect(lambda _=False, method=method: method())
            self.actions_by_id[row.id] = action
            self.addAction(action)
        undo = self.undo_group.createUndoAction(self, self.tr("&Undo"))
        redo = self.undo_group.createRedoAction(self, self.tr("&Redo"))
        undo.setShortcut(QKeySequence.StandardKey.Undo)
        redo.setShortcuts(
            [QKeySequence("Ctrl+Shift+Z"), QKeySequence("Ctrl+Y")]
        )  # a key that is there twice, as on Windows, does nothing
        undo.setIcon(icon("undo"))
        redo.setIcon(icon("redo"))
        self.actions_by_id |= {"undo": undo, "redo": redo}

    def _make_bars(self) -> None:
        self.components = ComponentBar(self)
        self.components.clicked.connect(self._on_component_clicked)
        self.addToolBar(self.components)
        bar = QToolBar(self.tr("Actions"), self)
        bar.setObjectName("actions")
        bar.setAccessibleName(self.tr("Actions"))
        bar.setMovable(False)
        wear_icon_size(bar, 20)
        gap = QWidget()
        gap.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        bar.addWidget(gap)
        self.target_bar = TargetBar(self)
        for id in ("undo", "redo", "", *_BAR):
            if id:
                bar.addAction(self.actions_by_id[id])
            else:
                bar.addSeparator()
            if id == "stop":
                bar.addWidget(self.target_bar.selector)
        self.addToolBar(bar)

    def _make_menus(self) -> None:
        self._menus: dict[str, QMenu] = {}
        for name, title in MENUS:
            menu = self.menuBar().addMenu(QCoreApplication.translate("actions", title))
            self._menus[name] = menu
            if name == "edit":
                menu.addActions([self.actions_by_id["undo"], self.actions_by_id["redo"]])
                menu.addSeparator()
        for name, above, title in SUBMENUS:
            self._menus[name] = QMenu(QCoreApplication.translate("actions", title), self._menus[above])
        for row in ACTIONS:
            if row.menu:
                self._menus[row.menu].addAction(self.actions_by_id[row.id])
            if row.id == "open_stored":
                self._menus[row.menu].addMenu(self._recent_menu)
                self._menus[row.menu].aboutToShow.connect(self._recent_menu.renew)
        for above in dict.fromkeys(above for _, above, _ in SUBMENUS):
            self._menus[above].addSeparator()
        for name, above, _ in SUBMENUS:
            self._menus[above].addMenu(self._menus[name])
        for menu in self._menus.values():
            menu.aboutToShow.connect(lambda menu=menu: give_letters(menu))
        give_letters(self.menuBar())

    def add_dock_menu(self, actions: list[QAction]) -> None:
        """Let docks be shown and hidden from the View menu, at its end."""
        menu = self._menus["view"]
        if self._docks_begin is None:
            self._docks_begin = menu.addSeparator()
        menu.addActions(actions)
        if "undo" in self.preferences.shortcuts:  # a panel that came later than all others
            self.preferences.adopt_panels(actions)

    def show_looks(self) -> None:
        """The application looks different: so do the canvases."""
        for page in self.pages():
            page.set_theme(current_theme())

    # -- pages

    @property
    def page(self) -> FlowPage | None:
        """The flow in front, None on the welcome page."""
        widget = self._stack.currentWidget()
        return widget if isinstance(widget, FlowPage) else None

    @property
    def front(self) -> QWidget:
        """What is in the middle: the flow in front, or the welcome page."""
        widget = self._stack.currentWidget()
        assert widget is not None
        return widget

    @property
    def tabs(self) -> QTabBar:
        """The tabs of the open flows."""
        return self._tabs

    def pages(self) -> list[FlowPage]:
        """Every open flow, in the order of the tabs."""
        return [self._tabs.tabData(number) for number in range(self._tabs.count())]

    async def open_book(self, opening: Coroutine[Any, Any, Book]) -> FlowPage:
        """Show a flow once it is read; one that is open already comes to the front."""
        book = await opening
        page = next((page for page in self.pages() if page.book.id == book.id), None)
        if page is None:
            page = FlowPage(book, self.shelf, current_theme(), self._stack)
            self._stack.addWidget(page)
            self.undo_group.addStack(page.document.undo_stack)
            self._follow(page)
            number = self._tabs.addTab(page.title)
            self._tabs.setTabData(number, page)
            self._tabs.setTabToolTip(number, str(book.path or book.folder))
            if page.keeper.safe.aside is not None:
                words = self.tr("Edits of this flow were found that this PYFI cannot use. They are kept in {}.")
                self.complain(words.format(page.keeper.safe.aside))
        self._tabs.setVisible(True)
        self.bring_to_front(page)
        self._show(page)
        if book.remark:
            self.tell(book.remark)
        return page

    def _follow(self, page: FlowPage) -> None:
        page.title_changed.connect(lambda title: self._on_title_changed(page, title))
        page.viewer.selected.connect(self._update_actions)
        page.keeper.state_changed.connect(lambda state, why: self._on_kept(page, state, why))
        page.document.edit_refused.connect(self.complain)
        page.document.changed.connect(lambda _: self._on_edited(page))
        page.files_dropped.connect(self._on_files_dropped)
        page.part_opened.connect(lambda key: self.sides.open_part(page, key))
        self.part_menu.follow(page)
        self.conductor.follow(page)
        self.target_bar.recall(page)

    def _greet(self) -> None:
        """Tell what was opened lately, unless a flow is here already, and of a newer version, if that may be asked for."""
        self.preferences.updates.start()
        if self.page is None:
            self.commands.go(self._list_recent())

    def show_welcome(self) -> None:
        """Show the welcome page, with what was opened lately."""
        self._show(None)
        self.commands.go(self._list_recent())

    async def _list_recent(self) -> None:
        flows = {each.id: each for each in await self.shelf.list()}
        recent = [flows[id] for id in self.shelf.origins.recent if id in flows]
        shown = [*recent, *(each for each in flows.values() if each not in recent)][:10]
        self._welcome.show_recent(
            [(each.id, each.name, f"{self._processors(each.processors)}, {each.updated_at:%d %b %H:%M}") for each in shown]
        )

    def _processors(self, count: int) -> str:
        return counted(count, self.tr("1 processor"), self.tr("{} processors"))

    def _show(self, page: FlowPage | None) -> None:
        self._stack.setCurrentWidget(page if page is not None else self._welcome)
        self._tabs.setVisible(bool(self._tabs.count()))
        self.undo_group.setActiveStack(page.document.undo_stack if page is not None else None)  # type: ignore[arg-type]
        self._strip.setVisible(page is not None)
        self.components.setVisible(page is not None)
        self.setWindowTitle(f"{page.title} - PYFI" if page is not None else "PYFI")
        if page is not None:
            page.setFocus()
            self._on_kept(page, page.keeper.state, page.keeper.why)
        else:
            self._welcome.setFocus()  # a page that closes takes the keyboard with it
        self._update_actions()
        self.page_shown.emit(page)

    def take_away(self, page: FlowPage) -> None:
        """A page is closed: its neighbour comes to the front."""
        number = self.pages().index(page)
        self._tabs.removeTab(number)
        self._stack.removeWidget(page)
        self.undo_group.removeStack(page.document.undo_stack)
        page.deleteLater()
        plan_full_collection()
        left = self.pages()
        if left:
            self._show(left[min(number, len(left) - 1)])
        else:
            self.show_welcome()  # which lists it

    def bring_to_front(self, page: FlowPage) -> None:
        """Show an open flow."""
        self._tabs.setCurrentIndex(self.pages().index(page))

    async def write_file(self, page: FlowPage, path: Path) -> None:
        """Write a flow's file."""
        await self.shelf.write_file(page.book.id, page.document.flow, page.keeper.revision, path)
        page.book = msgspec.structs.replace(page.book, path=path, folder=path.parent)
        page.document.folder = path.parent
        self.farewell.set_warned(page, warned=True)
        self.tell(self.tr("Saved to {}").format(path))

    def _on_tab_changed(self, number: int) -> None:
        if number >= 0 and isinstance(self._tabs.tabData(number), FlowPage):
            self._show(self._tabs.tabData(number))

    def _on_tab_close_requested(self, number: int) -> None:
        self.commands.go(self.farewell.close_page(self._tabs.tabData(number)))

    def _on_title_changed(self, page: FlowPage, title: str) -> None:
        self._tabs.setTabText(self.pages().index(page), title)
        if page is self.page:
            self.setWindowTitle(f"{title} - PYFI")

    def _on_component_clicked(self, component: object) -> None:
        from app.page.component import Component

        if self.page is not None and isinstance(component, Component):
            self.page.add_in_middle(component)

    def _on_files_dropped(self, paths: list[str]) -> None:
        for path in paths:
            self.commands.open_reference(path)

    def open_door(self, folder: Path) -> None:
        """Show flows that a second start is given, too, from the next moment on."""
        from app.window.doorman import Doorman

        QTimer.singleShot(0, self, lambda: self.closed.connect(Doorman(self, folder).close))

    # -- what it says

    def tell(self, text: str) -> None:
        """Say a sentence to the user; one that is too long for the strip stands above the canvas until it is closed."""
        self._strip.setVisible(True)
        self._strip.show_message(text)
        if self._strip.is_message_cut:
            self.notice.say(text, wrong=False)

    def complain(self, text: str) -> None:
        """Say what went wrong: it stays until it is closed."""
        self.tell(text)
        self.notice.say(text, wrong=True)

    def _on_kept(self, page: FlowPage, state: Kept, why: str) -> None:
        if state is Kept.SAVED:
            self.farewell.set_warned(page, warned=False)
        if page is not self.page:
            return
        words = {
            Kept.SAVED: self.tr("Saved"),
            Kept.SAVING: self.tr("Saving …"),
            Kept.UNSAVED: self.tr("Not saved: {}").format(why),
            Kept.CONFLICT: self.tr("Not saved: {}").format(why),
        }[state]
        self._strip.show_saved(words, safe=state in (Kept.SAVED, Kept.SAVING))

    def _on_edited(self, page: FlowPage) -> None:
        self.farewell.set_warned(page, warned=False)
        self._status.note(page)

    @property
    def strip(self) -> StatusStrip:
        """The status strip."""
        return self._strip

    def _update_actions(self) -> None:
        page = self.page
        chosen = page.viewer.selected_keys() if page is not None else []
        for row in ACTIONS:
            self.actions_by_id[row.id].setEnabled(_is_met(row.needs, page, chosen))
        state = self.conductor.state_of(page) if page is not None else ""
        self.actions_by_id["stop"].setEnabled(state in ("running", "paused", "broken"))
        self.target_bar.update_actions(page, state)

    # -- the end

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        """Save everything first; the window goes when that is done."""
        event.setAccepted(self.farewell.is_over)
        if not self.farewell.is_over:
            self.farewell.begin()


def _is_met(needs: str, page: FlowPage | None, chosen: list[str]) -> bool:
    """Whether what an action needs is there."""
    if page is None or not needs:
        return not needs
    if needs == "step":
        return any(key in page.board.level.steps for key in chosen)
    if needs == "link":
        return any(key in page.board.level.connections for key in chosen)
    if needs == "note":
        return any(key.startswith("label:") for key in chosen)
    if needs in ("subflow", "frame"):
        subflows = [step for key in chosen if isinstance(step := page.board.level.steps.get(key), Subflow)]
        if needs == "subflow":
            return bool(subflows)
        return any(step.expanded for step in subflows) or (not subflows and bool(page.board.sheet.hand))
    return needs == "page" or bool(chosen)
