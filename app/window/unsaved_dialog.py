"""UnsavedDialog, the question what becomes of edits that cannot be saved when their flow is closed."""

from __future__ import annotations

import asyncio
from enum import Enum

from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from app.page.flow_page import FlowPage


class Wanted(Enum):
    """What the user wants."""

    FILE = "file"
    CLOSE = "close"
    STAY = "stay"


class UnsavedDialog(QMessageBox):
    """Asks about one page. Await `answer`; nothing else waits for it."""

    def __init__(self, page: FlowPage, parent: QWidget) -> None:
        super().__init__(parent)
        self.setIcon(QMessageBox.Icon.Warning)
        self.setWindowTitle(self.tr("Edits are not saved"))
        self.setText(self.tr("The last edits of “{}” are not saved: {}.").format(page.title, page.keeper.why.rstrip(".")))
        self.file_button = self.addButton(self.tr("Save to a File …"), QMessageBox.ButtonRole.AcceptRole)
        if page.keeper.safe.trouble:  # not beside the database either
            self.setInformativeText(self.tr("Save the flow to a file to keep them. Closed now, they are lost."))
            self.close_button = self.addButton(self.tr("Close and Lose Them"), QMessageBox.ButtonRole.DestructiveRole)
        else:
            self.setInformativeText(
                self.tr("They are kept beside the database, and are here the next time. A file keeps them apart from it.")
            )
            self.close_button = self.addButton(
                self.tr("Close, and Have Them Next Time"), QMessageBox.ButtonRole.DestructiveRole
            )
        self.cancel_button = self.addButton(QMessageBox.StandardButton.Cancel)
        self.setDefaultButton(self.file_button)
        self.setEscapeButton(self.cancel_button)

    async def answer(self) -> Wanted:
        """Show it, and wait for the answer."""
        closed: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self.finished.connect(lambda status: None if closed.done() else closed.set_result(status))
        self.open()
        await closed
        clicked = self.clickedButton()
        self.deleteLater()
        return Wanted.FILE if clicked is self.file_button else Wanted.CLOSE if clicked is self.close_button else Wanted.STAY


async def chosen_file(parent: QWidget, title: str, suggested: str, names: str) -> str:
    """The file that the user chooses to write; empty: none. Unlike Qt's own function it lets everything else go on."""
    dialog = QFileDialog(parent, title, suggested, names)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.selectFile(suggested)
    closed: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    dialog.finished.connect(lambda status: None if closed.done() else closed.set_result(status))
    dialog.open()
    status = await closed
    dialog.deleteLater()
    return dialog.selectedFiles()[0] if status == QFileDialog.DialogCode.Accepted and dialog.selectedFiles() else ""
