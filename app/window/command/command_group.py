"""CommandGroup, what groups of commands share: the window, its page, and work that takes a while."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QInputDialog, QWidget

from app.page.flow_page import FlowPage
from app.theme.fonts import scaled
from engine.errors import PyfiError

if TYPE_CHECKING:
    from app.results.asking_dialog import AskingDialog
    from app.window.main_window import MainWindow


_NAME_WIDTH = 460


class CommandGroup(QObject):
    """Actions of a window, each a method with the action's name. Those that need a page are only called when there is one."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._tasks: set[asyncio.Task[Any]] = set()

    @property
    def _page(self) -> FlowPage:
        page = self._window.page
        assert page is not None
        return page

    @property
    def _focused(self) -> QWidget | None:
        """What has the keyboard; while a menu is closing, what has it again in a moment."""
        return QApplication.focusWidget() or self._window.focusWidget()

    def go(self, work: Coroutine[Any, Any, Any]) -> None:
        """Do something that takes a while; what goes wrong is told in one sentence."""
        task = asyncio.ensure_future(self._told(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _told(self, work: Coroutine[Any, Any, Any]) -> None:
        try:
            await work
        except (PyfiError, OSError) as error:
            self._window.complain(str(error))

    def _has_its_name(self) -> bool:
        """Whether what the engine has under the flow's name is this flow, or nothing; what else it is, is told."""
        try:
            self._window.conductor.check_name(self._page)
        except PyfiError as error:
            self._window.tell(str(error))
            return False
        return True

    def _ask_name(self, title: str, question: str, name: str) -> str | None:
        """Have a name typed, with room for a long one; None: nobody wants to."""
        dialog = QInputDialog(self._window)
        dialog.setWindowTitle(title)
        dialog.setLabelText(question)
        dialog.setTextValue(name)
        dialog.resize(scaled(_NAME_WIDTH), 0)
        chosen = dialog.exec() == QInputDialog.DialogCode.Accepted
        dialog.deleteLater()
        return dialog.textValue() if chosen else None

    def _show(self, dialog: AskingDialog) -> None:
        """Show a dialog that asks the engine of the flow in front, and that can have it started."""
        page = self._page
        dialog.offer_engine(lambda: self._window.conductor.need(page))
        dialog.show()

    def _chosen_links(self) -> list[str]:
        return [key for key in self._page.viewer.selected_keys() if key in self._page.board.level.connections]
