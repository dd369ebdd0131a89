"""Remote, a target that pages look at: what happens there as signals, and its nodes while somebody wants to see them."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from app.feed.background import end, in_background
from app.feed.feed import Feed
from engine.client.cluster_link import ClusterLink
from engine.client.targets import Target
from engine.errors import PyfiError

if TYPE_CHECKING:
    from engine.client.cluster import Situation

_LOOK_MS = 1500


class Remote(QObject):
    """A target. `start` it on the running event loop, `close` it before that ends."""

    situation_changed = Signal()
    """Its nodes stand otherwise, or cannot be asked; see `situation` and `trouble`."""

    def __init__(self, target: Target, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.target = target
        self.link = ClusterLink(target)
        self.feed = Feed(self.link, self)
        self.situation: Situation | None = None
        """Its nodes as they were last seen; None: they were not seen yet."""
        self.trouble = ""
        """Why they cannot be asked."""
        self._looking: asyncio.Task[None] | None = None
        self._clock = QTimer(self, interval=_LOOK_MS)
        self._clock.timeout.connect(self.look)

    @property
    def name(self) -> str:
        """What the user calls it."""
        return self.target.name

    def start(self) -> None:
        """Begin to follow."""
        self.feed.start()

    def watch(self, flows: Collection[str]) -> None:
        """Look after these deployments from now on."""
        self.link.watch(frozenset(flows))

    def show_nodes(self, *, wanted: bool) -> None:
        """Have the situation kept new, as long as somebody looks."""
        if wanted and not self._clock.isActive():
            self._clock.start()
            self.look()
        elif not wanted:
            self._clock.stop()

    def look(self) -> None:
        """See how its nodes stand, now."""
        if self._looking is None or self._looking.done():
            self._looking = in_background(self._look())

    async def close(self) -> None:
        """Follow no more."""
        self._clock.stop()
        await end(self._looking)
        await self.feed.close()
        await self.link.close()

    async def _look(self) -> None:
        try:
            self.situation = await self.link.ask(lambda cluster: cluster.situation())
            self.trouble = ""
        except PyfiError as error:
            self.trouble = str(error)
        self.situation_changed.emit()
