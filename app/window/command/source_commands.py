"""SourceCommands, the actions on git and on the environments that code runs in."""

from __future__ import annotations

from pathlib import Path

from app.window.command.command_group import CommandGroup
from engine.errors import PyfiError
from engine.model import edits
from engine.model.flow import CODE_TYPES, Git, Processor


class SourceCommands(CommandGroup):
    """Code is chosen from a repository, the flow's file is compared and committed, environments are looked after."""

    def choose_code(self) -> None:
        """Take the code of the selected processor from a git repository."""
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
            changes = edits.configure(page.document.flow, key, within, git=git, function=function, code=None)
            page.document.edit(text, changes)

        dialog = CodeDialog(step, page.document.folder, self._window)
        dialog.accepted_code.connect(on_accepted)
        dialog.show()

    def show_flow_git(self) -> None:
        """How the flow's file stands in git."""
        from app.sources.diff_overlay import DiffOverlay
        from app.sources.flow_git_dialog import FlowGitDialog

        page, path = self._page, self._page.book.path
        if path is None:
            self._window.tell(self.tr("The flow has no file; save it to one in a git repository first."))
            return
        try:
            dialog = FlowGitDialog(path, lambda: page.document.flow, self._window)
        except PyfiError as error:
            self._window.complain(str(error))
            return
        overlay = DiffOverlay(page.viewer)
        dialog.compared.connect(overlay.show_differences)
        dialog.finished.connect(overlay.deleteLater)
        dialog.merged.connect(lambda flow: page.document.replace(self.tr("Take the file from git"), flow))
        dialog.show()

    def show_environments(self) -> None:
        """The environments that code runs in."""
        from app.sources.environments_dialog import EnvironmentsDialog

        page = self._window.page
        flow = None if page is None else page.document.flow
        EnvironmentsDialog(flow, Path() if page is None else page.document.folder, self._window).show()
