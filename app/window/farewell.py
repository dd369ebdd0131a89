"""Farewell, how pages and the window close: everything is saved first, and what cannot be is asked about."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QCheckBox, QMessageBox

from app.help.shown import close_help
from app.page.flow_page import FlowPage
from app.window.command.file_commands import flow_files
from app.window.unsaved_dialog import UnsavedDialog, Wanted, chosen_file
from app.words import counted

if TYPE_CHECKING:
    from app.window.main_window import MainWindow


class Farewell(QObject):
    """Closes a window's pages, and the window with them."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._going: set[FlowPage] = set()
        """Pages that are being closed."""
        self._warned: set[FlowPage] = set()
        """Pages whose unsaved edits the user knows of, or has in a file."""
        self._is_going = False
        self._asking: QMessageBox | None = None
        self.is_over = False
        """Whether everything is saved and the window may go."""

    def set_warned(self, page: FlowPage, *, warned: bool) -> None:
        """Whether a page may be closed though its last edits are not saved."""
        if warned:
            self._warned.add(page)
        else:
            self._warned.discard(page)

    async def close_page(self, page: FlowPage) -> None:
        """Close a flow; it is saved, or the user has been told that it cannot be."""
        if page in self._going:
            return
        self._going.add(page)
        try:
            if await self._may_go([page]):
                self._window.conductor.let_go(page)
                await page.close_page()
                self._window.take_away(page)
        finally:
            self._going.discard(page)

    async def _may_go(self, pages: list[FlowPage]) -> bool:
        """Whether pages may be closed; the user is asked about each with edits that cannot be saved."""
        for page in pages:
            await page.keeper.settle()
            if not page.keeper.is_safe and page not in self._warned and not await self._is_given_up(page):
                return False
        return True

    async def _is_given_up(self, page: FlowPage) -> bool:
        """Whether a page may go because the user says so, or has it in a file now."""
        self._window.bring_to_front(page)
        wanted = await UnsavedDialog(page, self._window).answer()
        if wanted is Wanted.FILE:
            suggested = str(page.book.path or page.book.folder / f"{page.title}.flow.yaml")
            path = await chosen_file(self._window, self.tr("Save the flow to a file"), suggested, flow_files())
            if not path:
                return False
            await self._window.write_file(page, Path(path))
        return wanted is not Wanted.STAY

    def begin(self) -> None:
        """The window is to close; asks whether flows go on, if any run and somebody is there."""
        window = self._window
        if self._asking is not None or self._is_going:
            return
        running = [page.title for page in window.pages() if window.conductor.local_state_of(page) == "running"]
        at_close = window.preferences.store.settings.at_close
        if running and window.isVisible() and at_close == "ask":
            self._ask_what_goes_on(running)
        else:
            window.commands.go(self.shut(stop=bool(running) and at_close == "stop"))

    def _ask_what_goes_on(self, names: list[str]) -> None:
        """Ask whether flows go on without the window."""
        box = self._asking = QMessageBox(self._window)
        box.setIcon(QMessageBox.Icon.Question)
        box.setText(counted(len(names), self.tr("“{}” runs.").format(names[0]), self.tr("{} flows run.")))
        box.setInformativeText(self.tr("Flows can go on without the window. Stopped, they go on from here another time."))
        go_on = box.addButton(self.tr("Let them run"), QMessageBox.ButtonRole.AcceptRole)
        stop = box.addButton(self.tr("Stop them"), QMessageBox.ButtonRole.DestructiveRole)
        box.addButton(QMessageBox.StandardButton.Cancel)
        box.setDefaultButton(go_on)
        always = QCheckBox(self.tr("Do the same from now on, without asking"))
        box.setCheckBox(always)

        def on_answered() -> None:
            self._asking = None
            if box.clickedButton() in (go_on, stop):
                if always.isChecked():
                    self._window.preferences.store.change(at_close="stop" if box.clickedButton() is stop else "run")
                self._window.commands.go(self.shut(stop=box.clickedButton() is stop))

        box.finished.connect(on_answered)
        box.open()

    async def shut(self, *, stop: bool, ask: bool = True) -> None:
        """Save everything and close the window; flows are stopped, or go on. `ask` about edits that cannot be saved.

        Raises:
            PyfiError: a flow cannot be stopped; the window stays, and can be closed again.
        """
        window = self._window
        self._is_going, may_go = True, False
        try:
            if ask and not await self._may_go(window.pages()):
                return
            for page in window.pages() if stop else ():
                await window.conductor.stop_here(page)
            may_go = True
        finally:  # also where a file could not be written, or a flow not be stopped
            self._is_going = may_go
        await self._leave()

    async def _leave(self) -> None:
        """Close everything. A fault in one thing is reported, and keeps neither the others nor the window."""
        window = self._window
        window.first_paint.stop()
        window.setEnabled(False)  # an edit of a page that is closed already would be lost
        pages = [page.close_page for page in window.pages()]
        for close in (*pages, window.sides.give_back, window.conductor.close, window.shelf.close):
            try:
                await close()
            except Exception as error:  # noqa: BLE001 - reported like every other
                context = {"message": "the window was closed in spite of a fault", "exception": error}
                asyncio.get_running_loop().call_exception_handler(context)
        window.sides.close()
        close_help()
        self.is_over = True
        window.close()
        window.closed.emit()
