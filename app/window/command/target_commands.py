"""TargetCommands, the actions for targets and what is deployed there."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QInputDialog, QMessageBox

from app.window.command.command_group import CommandGroup
from engine.errors import PyfiError
from engine.model.apply import split_key
from engine.model.flow import Processor
from engine.model.problem import Problem


class TargetCommands(CommandGroup):
    """Targets are named and chosen; a flow is deployed, paused, scaled, taken away."""

    def show_targets(self) -> None:
        """Name the clusters that flows can be deployed to."""
        from app.cluster.targets_dialog import TargetsDialog

        conductor, page = self._window.conductor, self._window.page
        chosen = conductor.targets.name_of(page) if page is not None else ""
        dialog = TargetsDialog(conductor.targets.remotes.targets, self._window, chosen=chosen)
        dialog.targets_changed.connect(self._on_targets_changed)
        dialog.open()

    def _on_targets_changed(self) -> None:
        try:
            self._window.conductor.targets.remotes.renew()
        except PyfiError as error:
            self._window.complain(str(error))

    def deploy(self) -> None:
        """See what deploying the flow to its target would change, and do it."""
        from app.cluster.deploy_dialog import DeployDialog

        page = self._page
        remote = self._window.conductor.targets.remote_of(page)
        if remote is None:
            return
        dialog = DeployDialog(remote.link, page.document.flow, page.document.folder, self._window)
        words = self.tr("“{0}” is deployed to “{1}”.").format(page.title, remote.name)
        dialog.deployed.connect(lambda: self._window.tell(words))
        dialog.problem_chosen.connect(self._show_problem)
        dialog.open()

    def _show_problem(self, problem: Problem) -> None:
        page = self._window.page
        if page is not None and problem.key:
            path, key = split_key(problem.key)
            page.board.show_part_within("/".join(path), key)

    def start_deployed(self) -> None:
        """Have what is deployed run as it is there, without what was drawn since."""
        remote = self._window.conductor.targets.remote_of(self._page)
        if remote is not None:
            self.go(remote.link.start(self._page.title))

    def pause(self) -> None:
        """Have the flow begin nothing more for a while."""
        self.go(self._window.conductor.pause(self._page))

    def resume(self) -> None:
        """Have it go on."""
        self.go(self._window.conductor.resume(self._page))

    def undeploy(self) -> None:
        """Ask, then take the deployment away with all that it holds."""
        page = self._page
        remote = self._window.conductor.targets.remote_of(page)
        if remote is None:
            return
        waiting = self._window.conductor.waiting(page, self._window.conductor.queues_within(page, []))
        box = QMessageBox(self._window)
        box.setIcon(QMessageBox.Icon.Warning)
        box.setText(self.tr("Take “{0}” away from “{1}”?").format(page.title, remote.name))
        box.setInformativeText(
            self.tr(
                "Messages that wait there ({}), dead letters, state and positions are gone for good. The flow stays here."
            ).format(f"{waiting:,}")
        )
        gone = box.addButton(self.tr("Undeploy"), QMessageBox.ButtonRole.DestructiveRole)
        box.addButton(QMessageBox.StandardButton.Cancel)
        box.setDefaultButton(QMessageBox.StandardButton.Cancel)
        title = page.title

        def on_finished() -> None:
            if box.clickedButton() is gone:
                self.go(remote.link.undeploy(title))

        box.finished.connect(on_finished)
        box.open()

    def scale(self) -> None:
        """Ask how many workers are to run the selected processor."""
        page, conductor = self._page, self._window.conductor
        remote, figures = conductor.targets.remote_of(page), conductor.figures_of(page)
        chosen = [key for key in page.viewer.selected_keys() if isinstance(page.board.level.steps.get(key), Processor)]
        if remote is None or figures is None or not chosen:
            return
        step = conductor.ids_of(page, chosen[:1])[0]
        found = figures.processors.get(step)
        dialog = QInputDialog(self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setWindowTitle(self.tr("Scale {}").format(step))
        dialog.setLabelText(self.tr("Workers that run “{}”, with what is fused to it:").format(step))
        dialog.setInputMode(QInputDialog.InputMode.IntInput)
        dialog.setIntRange(0, 10_000)
        dialog.setIntValue(max(1, len(found.nodes)) if found is not None else 1)
        title = page.title
        dialog.intValueSelected.connect(lambda number: self.go(remote.link.scale(title, step, number)))
        dialog.open()
