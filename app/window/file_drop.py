"""FileDrop, flow files that are dropped anywhere on the window: the welcome page, tabs, panels; the canvas sees to its own."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QMimeData, QObject
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QWidget


class FileDrop(QObject):
    """Takes files that are dropped on a widget, or on what is in it and takes no drops itself."""

    def __init__(self, target: QWidget, on_dropped: Callable[[list[str]], None]) -> None:
        super().__init__(target)
        self._on_dropped = on_dropped
        target.setAcceptDrops(True)
        target.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Files are welcome, anything else is not."""
        if event.type() == QEvent.Type.DragEnter and isinstance(event, QDragEnterEvent) and files_in(event.mimeData()):
            event.acceptProposedAction()
            return True
        if event.type() == QEvent.Type.Drop and isinstance(event, QDropEvent) and (paths := files_in(event.mimeData())):
            event.acceptProposedAction()
            self._on_dropped(paths)
            return True
        return False


def files_in(data: QMimeData) -> list[str]:
    """The paths of the files that are dragged."""
    return [url.toLocalFile() for url in data.urls() if url.isLocalFile()]
