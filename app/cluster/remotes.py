"""Remotes, the targets that this window has to do with, each opened when it is first wanted."""

from __future__ import annotations

import asyncio

from PySide6.QtCore import QObject, Signal

from app.cluster.remote import Remote
from app.feed.background import in_background
from engine.client.targets import Target, Targets


class Remotes(QObject):
    """By name. `close` them before the event loop ends."""

    opened = Signal(object)
    """A `Remote` is there."""
    gone = Signal(object)
    """A `Remote` is no more: its target was deleted, or has other servers now."""

    def __init__(self, targets: Targets | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.targets = targets or Targets()
        self._open: dict[str, Remote] = {}
        self._closing: set[asyncio.Task[None]] = set()

    def list(self) -> list[Target]:
        """Every target that the user has named.

        Raises:
            UsageError: the file that they are kept in cannot be read.
        """
        return self.targets.all()

    def find(self, name: str) -> Remote:
        """The target of a name, followed from now on.

        Raises:
            NotFound: there is none.
            UsageError: the file that they are kept in cannot be read.
        """
        remote = self._open.get(name)
        if remote is None:
            remote = self._open[name] = Remote(self.targets.find(name), self)
            remote.start()
            self.opened.emit(remote)
        return remote

    def renew(self) -> None:
        """The file of targets is another: let go of those that are gone or have changed.

        Raises:
            UsageError: it cannot be read.
        """
        known = {target.name: target for target in self.list()}
        for name, remote in list(self._open.items()):
            if known.get(name) != remote.target:
                del self._open[name]
                self.gone.emit(remote)
                task = in_background(remote.close())
                self._closing.add(task)
                task.add_done_callback(self._closing.discard)

    async def close(self) -> None:
        """Follow none any more."""
        remotes, self._open = list(self._open.values()), {}
        await asyncio.gather(*(remote.close() for remote in remotes), *self._closing)
