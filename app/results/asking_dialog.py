"""AskingDialog, a dialog that asks an engine, or a target, while it is shown."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QLabel, QPushButton, QWidget

from app.theme.style_sheet import set_look
from engine.errors import EngineGone, PyfiError

_BY_KEYS = Qt.TextInteractionFlag.LinksAccessibleByKeyboard


class AskingDialog(QDialog):
    """About a flow that one of them knows. What goes wrong is said in `status`; it is gone for good when it is closed."""

    def __init__(self, flow: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._flow = flow
        self._tasks: set[asyncio.Task[None]] = set()
        self._is_gone = False
        """Whether it was closed: its widgets may be no more."""
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.status = QLabel()
        self.status.setWordWrap(True)
        self.status.linkActivated.connect(lambda _: self._go(self._start_engine()))
        self._start: Callable[[], Awaitable[object]] | None = None
        set_look(self.status, "muted")

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """None of its buttons is what one opened it for: Return belongs to what has the keyboard."""
        for button in self.findChildren(QPushButton):
            button.setAutoDefault(False)
        super().showEvent(event)

    def offer_engine(self, start: Callable[[], Awaitable[object]]) -> None:
        """Where no engine serves, offer to start one: by `start`."""
        self._start = start

    def refresh(self) -> None:
        """Look again."""

    async def _start_engine(self) -> None:
        assert self._start is not None
        self.status.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        self.status.setText(self.tr("The engine is being started."))
        await self._start()
        self.refresh()

    def done(self, result: int) -> None:
        """The dialog goes: nothing is asked any more."""
        self._is_gone = True
        for task in self._tasks:
            task.cancel()
        super().done(result)

    def _go(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(self._told(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        task.add_done_callback(lambda _: work.close())  # a task that is cancelled before it begins leaves it unawaited

    async def _told(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except PyfiError as error:
            if self._start is not None and isinstance(error, EngineGone):
                link = f'<a href="start">{self.tr("Start the engine")}</a>'
                words = self.tr("No engine runs, so nothing can be looked at. {}; flows that were under way go on then.")
                self.status.setText(words.format(link))
                self.status.setTextInteractionFlags(Qt.TextInteractionFlag.LinksAccessibleByMouse | _BY_KEYS)
            else:
                self.status.setText(str(error))
