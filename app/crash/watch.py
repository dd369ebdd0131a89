"""Watch, all that keeps an eye on the program while it runs: its log, its exceptions, its hard end."""

from __future__ import annotations

import asyncio
import logging
import platform

from PySide6.QtCore import QObject, qVersion

from app.crash.black_box import BlackBox
from app.crash.catcher import Catcher
from app.crash.program_log import close_log, open_log

_log = logging.getLogger("app.crash")


class Watch(QObject):
    """Begins at once; `close` it when the program ends in good order."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._handler = open_log()
        self._box = BlackBox()
        self.catcher = Catcher(self)
        _log.info("started with Python %s, Qt %s", platform.python_version(), qVersion())

    def watch_loop(self, loop: asyncio.AbstractEventLoop) -> None:
        """Hear of what fails on an event loop, too."""
        loop.set_exception_handler(self.catcher.on_loop_fault)

    def close(self) -> None:
        """The program ends."""
        self.catcher.close()
        self._box.close()
        _log.info("ended")
        close_log(self._handler)
