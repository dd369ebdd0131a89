"""HelpCommands, the actions of the Help menu."""

from __future__ import annotations

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QMessageBox

from app.window.command.command_group import CommandGroup
from engine.resource import resource_path


class HelpCommands(CommandGroup):
    """What helps, and what this is."""

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
