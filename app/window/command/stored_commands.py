"""StoredCommands, what is done with flows of the database, whether they are open or not."""

from __future__ import annotations

import contextlib

from PySide6.QtWidgets import QMessageBox

from app.flows.flow_list import FlowList
from app.flows.flows_dialog import FlowsDialog
from app.window.command.command_group import CommandGroup
from engine.errors import NotFound


class StoredCommands(CommandGroup):
    """Stored flows are chosen, duplicated, deleted."""

    def flow_list(self) -> FlowList:
        """A list of the stored flows; what is asked of it is done."""
        window = self._window
        flows = FlowList(window.shelf.list, window.conductor.state_of_flow)
        flows.opened.connect(window.commands.open_reference)
        flows.duplicate_asked.connect(self.duplicate_stored)
        flows.delete_asked.connect(self.delete_stored)
        return flows

    def open_stored(self) -> None:
        """Choose a flow of the database."""
        FlowsDialog(self.flow_list(), self._window).open()

    def duplicate_stored(self, id: str) -> None:
        """A second flow like one that is there."""
        self.go(self._window.open_book(self._window.shelf.duplicate(id)))

    def delete_stored(self, id: str, name: str) -> None:
        """Delete a flow, if the answer is yes."""
        box = QMessageBox(self._window)
        box.setIcon(QMessageBox.Icon.Warning)
        box.setText(self.tr("Delete “{}”?").format(name))
        box.setInformativeText(
            self.tr("The flow, its history and what waits in its queues are deleted for good. A file that it came from stays.")
        )
        delete = box.addButton(self.tr("Delete"), QMessageBox.ButtonRole.DestructiveRole)
        box.setDefaultButton(box.addButton(QMessageBox.StandardButton.Cancel))
        box.finished.connect(lambda _: self.go(self._delete(id, name)) if box.clickedButton() is delete else None)
        box.open()

    async def _delete(self, id: str, name: str) -> None:
        window = self._window
        engine = await window.conductor.supervisor.need()
        # The engine is asked: nothing may have been heard of it yet. It may have the flow under the name of another day.
        found = [each for each in await engine.deployments() if each.kind == "deployment"]
        own = [each for each in found if each.key == id or (each.name == name and not each.key)]
        if any(each.state in ("running", "paused") for each in own):
            window.tell(self.tr("“{}” runs; stop it, then delete it.").format(name))
            return
        for page in window.pages():
            if page.book.id == id:
                await window.farewell.close_page(page)
                if page in window.pages():
                    return  # it has edits that are not saved, which was said
        await window.shelf.delete(id)
        for each in own:
            with contextlib.suppress(NotFound):  # somebody else has removed it just now
                await engine.remove(each.name)
        window.tell(self.tr("“{}” is deleted.").format(name))
        if window.page is None:
            window.show_welcome()
