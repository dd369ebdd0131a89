"""Commands, what the actions of the window do, each a method with the action's name."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QColorDialog, QFileDialog, QInputDialog, QMessageBox

from app.page.flow_page import FlowPage
from app.theme.current import current_theme
from app.theme.theme import DARK, LIGHT
from engine.errors import PyfiError
from engine.model.flow import Processor, Subflow
from engine.resource import resource_path

if TYPE_CHECKING:
    from app.window.main_window import MainWindow

_FILTER = "Flows (*.flow.yaml *.yaml *.yml *.json)"
_STEP = 1.25


class Commands(QObject):
    """Carries out actions in a window. Those that need a page are only called when there is one."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._tasks: set[asyncio.Task[Any]] = set()

    @property
    def _page(self) -> FlowPage:
        page = self._window.page
        assert page is not None
        return page

    def go(self, work: Coroutine[Any, Any, Any]) -> None:
        """Do something that takes a while; what goes wrong is told in one sentence."""
        task = asyncio.ensure_future(self._told(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _told(self, work: Coroutine[Any, Any, Any]) -> None:
        try:
            await work
        except (PyfiError, OSError) as error:
            self._window.tell(str(error))

    # -- file

    def new_flow(self) -> None:
        """A new flow."""
        self.go(self._window.open_book(self._window.shelf.new("flow")))

    def open_file(self) -> None:
        """A flow from a file."""
        path, _ = QFileDialog.getOpenFileName(self._window, self.tr("Open a flow file"), "", _FILTER)
        if path:
            self.open_reference(path)

    def open_reference(self, reference: str) -> None:
        """A flow by its file or its name."""
        self.go(self._window.open_book(self._window.shelf.open(reference)))

    def open_example(self, name: str) -> None:
        """One of the examples."""
        self.go(self._window.open_book(self._window.shelf.open_example(name)))

    def open_stored(self) -> None:
        """A flow of the database."""
        self.go(self._open_stored())

    async def _open_stored(self) -> None:
        flows = {each.name: each.id for each in await self._window.shelf.list()}
        if not flows:
            self._window.tell(self.tr("There is no stored flow yet: make a new one, or open a file."))
            return
        # Not from here: while a dialog runs Qt's loop inside a task, no other task can go on.
        QTimer.singleShot(0, self, lambda: self._choose_stored(flows))

    def _choose_stored(self, flows: dict[str, str]) -> None:
        title, prompt = self.tr("Open a stored flow"), self.tr("Flow:")
        name, chosen = QInputDialog.getItem(self._window, title, prompt, list(flows), editable=False)
        if chosen:
            self.open_reference(flows[name])

    def show_welcome(self) -> None:
        """The welcome page."""
        self._window.show_welcome()

    def save_file(self) -> None:
        """Write the flow's file; ask for one if it has none."""
        path = self._page.book.path
        if path is None:
            self.save_file_as()
        else:
            self.go(self._window.write_file(self._page, path))

    def save_file_as(self) -> None:
        """Write the flow to another file."""
        page = self._page
        suggested = str(page.book.path or page.book.folder / f"{page.title}.flow.yaml")
        path, _ = QFileDialog.getSaveFileName(self._window, self.tr("Save the flow to a file"), suggested, _FILTER)
        if path:
            self.go(self._window.write_file(page, Path(path)))

    def close_flow(self) -> None:
        """Close the flow that is shown."""
        self.go(self._window.close_page(self._page))

    def quit(self) -> None:
        """Close the window."""
        self._window.close()

    # -- edit

    def cut(self) -> None:
        """To the clipboard, and away."""
        self._to_clipboard(self._page.editing.cut())

    def copy(self) -> None:
        """To the clipboard."""
        self._to_clipboard(self._page.editing.copy())

    @staticmethod
    def _to_clipboard(text: str) -> None:
        if text:
            QGuiApplication.clipboard().setText(text)

    def paste(self) -> None:
        """From the clipboard, where the pointer is."""
        viewer = self._page.viewer
        spot = viewer.mapToScene(viewer.pointer) if viewer.underMouse() else viewer.centre
        if not self._page.editing.paste(QGuiApplication.clipboard().text(), (spot.x(), spot.y())):
            self._window.tell(self.tr("The clipboard holds no part of a flow."))

    def duplicate(self) -> None:
        """A second copy."""
        self._page.editing.duplicate()

    def delete(self) -> None:
        """Away with it."""
        self._page.editing.delete()

    def delete_and_heal(self) -> None:
        """Away with it, and its neighbours joined."""
        self._page.editing.delete(heal=True)

    def select_all(self) -> None:
        """Everything."""
        self._page.viewer.select(self._page.board.sheet.everything())

    def select_upstream(self) -> None:
        """Everything that leads here."""
        self._select_reached(upstream=True)

    def select_downstream(self) -> None:
        """Everything that this leads to."""
        self._select_reached(upstream=False)

    def _select_reached(self, *, upstream: bool) -> None:
        board = self._page.board
        keys = [key for key in self._page.viewer.selected_keys() if key in board.sheet.cards.rows]
        self._page.viewer.select(sorted(board.graph.reached(keys, upstream=upstream)))

    def add_part(self) -> None:
        """Offer what can be added."""
        self._page.ask_for_part()

    def rename(self) -> None:
        """Give a step another name."""
        keys = [key for key in self._page.viewer.selected_keys() if key in self._page.board.level.steps]
        if len(keys) == 1:
            step = self._page.board.level.steps[keys[0]]
            name, done = QInputDialog.getText(
                self._window, self.tr("Rename"), self.tr("Name of '{}':").format(step.id), text=step.name or step.id
            )
            if done:
                self._page.editing.rename(step.id, "" if name == step.id else name)

    def set_color(self) -> None:
        """Colour what is selected."""
        color = QColorDialog.getColor(parent=self._window, title=self.tr("Colour"))
        if color.isValid():
            self._page.editing.set_color(color.name())

    # -- view

    def zoom_in(self) -> None:
        """Larger."""
        self._page.viewer.zoom(_STEP)

    def zoom_out(self) -> None:
        """Smaller."""
        self._page.viewer.zoom(1 / _STEP)

    def fit(self) -> None:
        """Everything in view."""
        self._page.viewer.fit()

    def fit_selection(self) -> None:
        """What is selected in view."""
        self._page.viewer.fit(self._page.viewer.selected_keys())

    def actual_size(self) -> None:
        """1:1."""
        self._page.viewer.look_at(self._page.viewer.centre, 1.0)

    def go_back(self) -> None:
        """The level before."""
        self._page.go(-1)

    def go_forward(self) -> None:
        """The level after."""
        self._page.go(1)

    def leave_subflow(self) -> None:
        """One level up."""
        self._page.board.leave()

    def find(self) -> None:
        """Search all parts of the flow."""
        self._window.finder.ask_parts(self._page, self._window.conductor.fullness(self._page))

    def show_commands(self) -> None:
        """Search all actions."""
        self._window.finder.ask_actions(list(self._window.actions_by_id.values()))

    def switch_theme(self) -> None:
        """Dark or light."""
        self._window.set_theme(LIGHT if current_theme().is_dark else DARK)

    # -- flow

    def run(self) -> None:
        """Have the flow run."""
        self.go(self._window.conductor.run(self._page))

    def stop(self) -> None:
        """Have it stop."""
        self.go(self._window.conductor.stop(self._page))

    def start_selected(self) -> None:
        """Start the selected steps."""
        self.go(self._window.conductor.start_steps(self._page, self._page.viewer.selected_keys()))

    def stop_selected(self) -> None:
        """Stop the selected steps."""
        self.go(self._window.conductor.stop_steps(self._page, self._page.viewer.selected_keys()))

    def run_once(self) -> None:
        """One task of each selected step."""
        self.go(self._window.conductor.run_once(self._page, self._page.viewer.selected_keys()))

    def configure(self) -> None:
        """Settings of what is selected."""
        self._window.sides.configure(self._page, self._page.viewer.selected_keys())

    def edit_code(self) -> None:
        """The code of the selected processor."""
        self._window.sides.show_code()

    def release_one(self) -> None:
        """Let one message of the selected breakpoint go."""
        self.go(self._window.conductor.release(self._page, self._chosen_links(), 1))

    def release_all(self) -> None:
        """Let all messages that the selected breakpoint holds go."""
        self.go(self._window.conductor.release(self._page, self._chosen_links(), None))

    def list_queue(self) -> None:
        """What waits in the selected connection."""
        for key in self._chosen_links():
            prefix = self._page.board.place.prefix
            source, _, target = key.partition("->")
            self._show_queue(f"{prefix}{source}->{prefix}{target}")

    def list_dead_letters(self) -> None:
        """What failed for good in the selected step."""
        for key in self._page.viewer.selected_keys():
            if isinstance(self._page.board.level.steps.get(key), Processor):
                self._show_queue(f"dead:{self._page.board.place.prefix}{key}")

    def _show_queue(self, queue: str) -> None:
        from app.results.queue_dialog import QueueDialog

        QueueDialog(self._window.conductor.engine, self._page.title, queue, self._window).show()

    def _chosen_links(self) -> list[str]:
        return [key for key in self._page.viewer.selected_keys() if key in self._page.board.level.connections]

    def go_to_source(self) -> None:
        """Where the selected connection comes from."""
        self._go_to_end(of_source=True)

    def go_to_destination(self) -> None:
        """Where it leads."""
        self._go_to_end(of_source=False)

    def _go_to_end(self, *, of_source: bool) -> None:
        links = self._page.board.sheet.links
        for key in self._chosen_links()[:1]:
            link = links.link(links.rows[key])
            end = link.source if of_source else link.target
            self._page.viewer.select([end])
            self._page.viewer.reveal(end)

    def enable(self) -> None:
        """Let the selected steps take part."""
        self._page.editing.set_enabled(enabled=True)

    def disable(self) -> None:
        """Leave the selected steps out."""
        self._page.editing.set_enabled(enabled=False)

    def wrap(self) -> None:
        """Make a subflow of what is selected."""
        name, done = QInputDialog.getText(
            self._window, self.tr("Wrap into a subflow"), self.tr("Name of the subflow:"), text="subflow"
        )
        if done:
            self._page.editing.wrap(name)

    def unwrap(self) -> None:
        """Put what is in a subflow in its place."""
        for key in self._page.viewer.selected_keys():
            if isinstance(self._page.board.level.steps.get(key), Subflow):
                self._page.editing.unwrap(key)

    def arrange(self) -> None:
        """Lay out."""
        self._page.editing.arrange()
        self._page.viewer.fit()

    def align_left(self) -> None:
        """In line at the left."""
        self._page.editing.align("left")

    def align_centre(self) -> None:
        """In line upright."""
        self._page.editing.align("centre")

    def align_right(self) -> None:
        """In line at the right."""
        self._page.editing.align("right")

    def align_top(self) -> None:
        """In line at the top."""
        self._page.editing.align("top")

    def align_middle(self) -> None:
        """In line level."""
        self._page.editing.align("middle")

    def align_bottom(self) -> None:
        """In line at the bottom."""
        self._page.editing.align("bottom")

    def distribute_across(self) -> None:
        """Equal gaps from left to right."""
        self._page.editing.distribute("x")

    def distribute_down(self) -> None:
        """Equal gaps from top to bottom."""
        self._page.editing.distribute("y")

    # -- help

    def show_manual(self) -> None:
        """The manual."""
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(resource_path("manual", "index.md"))))

    def about(self) -> None:
        """What this is."""
        from engine.client.version import version

        QMessageBox.about(
            self._window,
            self.tr("About PYFI"),
            self.tr("<h3>PYFI {}</h3><p>Visual data flows of your own Python, Node.js and bash code.</p>").format(version()),
        )
