"""SourceCommands, the actions on git and on the environments that code runs in."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from app.page.flow_page import FlowPage
from app.window.command.command_group import CommandGroup
from engine.errors import PyfiError, UsageError
from engine.model import edits
from engine.model.flow import CODE_TYPES, Flow, Git, Processor

if TYPE_CHECKING:
    from app.window.main_window import MainWindow


class SourceCommands(CommandGroup):
    """Code is chosen from a repository, the flow's file is compared and committed, environments are looked after."""

    def choose_code(self) -> None:
        """Take the code of the selected processor from a git repository."""
        if not self._has_git():
            return
        from app.sources.code_dialog import CodeDialog

        page = self._page
        steps = [page.board.level.steps.get(key) for key in page.viewer.selected_keys()]
        step = next((step for step in steps if isinstance(step, Processor) and step.type in CODE_TYPES), None)
        if step is None:
            self._window.tell(self.tr("Select a processor with code of your own."))
            return
        within, key = page.board.within, step.id

        def on_accepted(git: Git, function: str | None) -> None:
            text = self.tr("Take the code of '{0}' from git").format(key)
            try:
                changes = edits.configure(page.document.flow, key, within, git=git, function=function, code=None)
                page.document.edit(text, changes)
            except PyfiError as error:  # the step may be no more
                self._window.complain(str(error))

        dialog = CodeDialog(step, page.document.folder, self._window)
        dialog.accepted_code.connect(on_accepted)
        page.destroyed.connect(dialog.reject)
        dialog.show()

    def show_flow_git(self) -> None:
        """How the flow's file stands in git."""
        if not self._has_git():
            return
        from app.sources.diff_overlay import DiffOverlay
        from app.sources.flow_git_dialog import FlowGitDialog

        page, path = self._page, self._page.book.path
        if path is None:
            self._window.tell(self.tr("The flow has no file; save it to one in a git repository first."))
            return
        try:
            dialog = FlowGitDialog(path, _PageDrawing(self._window, page, path), self._window)
        except PyfiError as error:
            self._window.complain(str(error))
            return
        overlay = DiffOverlay(page.board)
        dialog.compared.connect(overlay.show_differences)
        dialog.finished.connect(overlay.deleteLater)
        page.destroyed.connect(dialog.reject)
        dialog.show()

    def show_environments(self) -> None:
        """The environments that code runs in."""
        if not self._has_git():
            return
        from app.sources.environments_dialog import EnvironmentsDialog

        page = self._window.page
        flow = None if page is None else page.document.flow
        EnvironmentsDialog(flow, Path() if page is None else page.document.folder, self._window).show()

    def _has_git(self) -> bool:
        """Whether there is git; if not, that is said."""
        try:
            importlib.import_module("git")
        except ImportError:  # so does GitPython say that there is none
            self._window.complain(self.tr("This needs git, which is not there: install git, then try again."))
            return False
        return True


class _PageDrawing:
    """A page's flow, as the dialog on its file in git needs it."""

    def __init__(self, window: MainWindow, page: FlowPage, path: Path) -> None:
        self._window, self._page, self._path = window, page, path

    @property
    def flow(self) -> Flow:
        return self._page.document.flow

    @property
    def _is_open(self) -> bool:
        return self._page in self._window.pages()

    def take(self, flow: Flow) -> None:
        if self._is_open:  # a flow that is closed is compared with its file when it is opened again
            text = QCoreApplication.translate("SourceCommands", "Take the file from git")
            self._page.document.replace(text, flow)

    async def write(self) -> None:
        if not self._is_open:
            told = QCoreApplication.translate(
                "SourceCommands", "{0} was closed before it was written; open it and do it again."
            )
            raise UsageError(told.format(self._path.name))
        await self._page.keeper.settle()  # the file belongs to what is saved
        await self._window.write_file(self._page, self._path)

    async def note(self) -> None:
        if self._is_open:
            await self._page.keeper.settle()
            await self._window.shelf.note_file(self._page.book.id, self._page.keeper.revision, self._path)

    def complain(self, text: str) -> None:
        self._window.complain(text)
