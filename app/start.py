"""Starts the desktop."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication


def start(arguments: list[str]) -> int:
    """Open the main window and run until it is closed; returns the exit status."""
    application = QApplication.instance() or QApplication(["pyfi", *arguments])
    return application.exec()
