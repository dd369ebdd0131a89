"""EnvironmentFinder, which knows where the packages of a processor lie."""

from __future__ import annotations

import asyncio
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.editor.background import Work
from engine.model.flow import Processor


class EnvironmentFinder(QObject):
    """Looks for the environment that a processor's code runs in, beside the user interface. It makes none."""

    found = Signal(str)
    """Its folder; empty: PYFI's own, or it is not made yet."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._wanted: tuple[Processor, Path] | None = None
        self._work: Work | None = None

    def find(self, processor: Processor, folder: Path) -> None:
        """Look for that of a processor, unless it needs what the one before did; paths in its needs start from `folder`."""
        bare = Processor(id="", type=processor.type, requirements=processor.requirements, python=processor.python)
        if self._wanted != (bare, folder):
            self._wanted = (bare, folder)
            self.find_again()

    def find_again(self) -> None:
        """Look once more: it may have been made meanwhile."""
        if self._work is not None:
            self._work.done.disconnect()  # what it finds is not wanted any more
            self._work.failed.disconnect()
            self._work.deleteLater()
            self._work = None
        if self._wanted is None:
            return
        processor, folder = self._wanted
        if processor.type != "python" or not (processor.requirements or processor.python):
            self.found.emit("")
            return
        self._work = Work(self)
        self._work.done.connect(self.found.emit)
        self._work.failed.connect(lambda _: self.found.emit(""))
        self._work.start(_find(processor, folder))


async def _find(processor: Processor, folder: Path) -> str:
    return await asyncio.to_thread(_made_for, processor, folder)


def _made_for(processor: Processor, folder: Path) -> str:
    from engine.client.environments import made_for  # brings the runtime along

    made = made_for(processor, folder)
    return str(made) if made is not None else ""
