"""FileCommands, the actions of the File menu."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QFileDialog

from app.window.command.command_group import CommandGroup


def flow_files() -> str:
    """The kinds of files that dialogs offer for flows."""
    return QCoreApplication.translate("FileCommands", "Flows (*.flow.yaml *.yaml *.yml *.json)")


class FileCommands(CommandGroup):
    """Flows are made, opened, written to files, closed."""

    def new_flow(self) -> None:
        """A new flow."""
        self.go(self._window.open_book(self._window.shelf.new("flow")))

    def open_file(self) -> None:
        """A flow from a file."""
        path, _ = QFileDialog.getOpenFileName(self._window, self.tr("Open a flow file"), "", flow_files())
        if path:
            self.open_reference(path)

    def open_reference(self, reference: str) -> None:
        """A flow by its file or its name."""
        self.go(self._window.open_book(self._window.shelf.open(reference)))

    def open_example(self, name: str) -> None:
        """One of the examples."""
        self.go(self._window.open_book(self._window.shelf.open_example(name)))

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
        path, _ = QFileDialog.getSaveFileName(self._window, self.tr("Save the flow to a file"), suggested, flow_files())
        if path:
            self.go(self._window.write_file(page, Path(path)))

    def close_flow(self) -> None:
        """Close the flow that is shown."""
        self.go(self._window.farewell.close_page(self._page))

    def show_settings(self) -> None:
        """What the user may choose."""
        self._window.preferences.show()

    def quit(self) -> None:
        """Close the window."""
        self._window.close()
