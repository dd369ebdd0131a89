"""InspectCommands, the actions that look into a running flow, and into it alone: the drawing stays as it is."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QMessageBox

from app.page.flow_page import FlowPage
from app.window.command.command_group import CommandGroup
from app.words import counted
from engine.model.flow import Processor, Subflow


class InspectCommands(CommandGroup):
    """Tasks are ended, inputs come again; what processors keep, where messages came from; queues are emptied."""

    def terminate(self) -> None:
        """End what the selected steps are at."""
        self.go(self._window.conductor.terminate(self._page, self._page.viewer.selected_keys()))

    def replay_last(self) -> None:
        """The last message of each selected processor once more."""
        self.go(self._window.conductor.replay_last(self._page, self._chosen(Processor)))

    def view_state(self) -> None:
        """What the selected processors keep."""
        from app.results.state_dialog import StateDialog

        for step in self._ids(Processor) if self._has_its_name() else ():
            self._show(StateDialog(self._window.conductor.door_of(self._page), self._page.title, step, self._window))

    def view_lineage(self) -> None:
        """What came to the selected processors and left them, and what became of it."""
        from app.results.lineage_dialog import LineageDialog

        for step in self._ids(Processor) if self._has_its_name() else ():
            door, title = self._window.conductor.door_of(self._page), self._page.title
            self._show(LineageDialog(door, title, step=step, parent=self._window))

    def clear_bulletins(self) -> None:
        """Off the selected cards, or all of them."""
        overlay = self._window.conductor.overlay_of(self._page)
        if overlay is not None:
            overlay.clear_bulletins(self._ids(Processor, Subflow))

    def empty_queue(self) -> None:
        """What waits in the selected connections is deleted."""
        conductor, page = self._window.conductor, self._page
        queues = [queue for key in self._chosen_links() for queue in conductor.queues_of(page, key)]
        one = self.tr("Empty the queue {}?").format(queues[0]) if queues else ""
        self._ask(counted(len(queues), one, self.tr("Empty {} queues?")), queues)

    def empty_all_queues(self) -> None:
        """What waits inside the selected subflows, or in all of the flow, is deleted."""
        chosen = self._ids(Subflow)
        queues = self._window.conductor.queues_within(self._page, chosen)
        if chosen:
            text = self.tr("Empty all queues inside {}?").format(", ".join(chosen))
        else:
            text = self.tr("Empty all queues of “{}”?").format(self._page.title)
        self._ask(text, queues)

    def _ask(self, question: str, queues: Sequence[str]) -> None:
        """Ask, with the number of messages, before they go for good."""
        conductor, page = self._window.conductor, self._page
        waiting = [queue for queue in queues if conductor.waiting(page, [queue])]
        count = conductor.waiting(page, waiting)
        if not count:
            self._window.tell(self.tr("Nothing waits there."))
            return
        box = QMessageBox(self._window)
        box.setIcon(QMessageBox.Icon.Warning)
        box.setText(question)
        one = self.tr("1 message is deleted for good, unless it is being worked on.")
        many = self.tr("{} messages are deleted for good, but for those that are being worked on.")
        box.setInformativeText(counted(count, one, many))
        empty = box.addButton(self.tr("Delete"), QMessageBox.ButtonRole.DestructiveRole)
        box.addButton(QMessageBox.StandardButton.Cancel)
        box.setDefaultButton(QMessageBox.StandardButton.Cancel)

        def on_finished() -> None:
            if box.clickedButton() is empty:
                self.go(self._empty(page, waiting))

        box.finished.connect(on_finished)
        box.open()

    async def _empty(self, page: FlowPage, queues: Sequence[str]) -> None:
        engine, flow, deleted = await self._window.conductor.need(page), page.title, 0
        try:
            for queue in queues:
                deleted += await engine.purge(flow, queue)
        finally:
            self._window.tell(counted(deleted, self.tr("1 message deleted"), self.tr("{} messages deleted")))

    def _chosen(self, *kinds: type[Processor | Subflow]) -> list[str]:
        steps = self._page.board.level.steps
        return [key for key in self._page.viewer.selected_keys() if isinstance(steps.get(key), kinds)]

    def _ids(self, *kinds: type[Processor | Subflow]) -> list[str]:
        return self._window.conductor.ids_of(self._page, self._chosen(*kinds))
