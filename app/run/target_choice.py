"""TargetChoice, which target every page shows, and which targets are to be listened to for that."""

from __future__ import annotations

import contextlib

from PySide6.QtCore import QObject, Signal

from app.cluster.remote import Remote
from app.cluster.remotes import Remotes
from app.feed.background import in_background
from app.feed.feed import Feed, Line
from app.page.flow_page import FlowPage
from engine.errors import NotFound, PyfiError


class TargetChoice(QObject):
    """Pages begin with this machine, which is no `Remote` and has the name "". `close` it before the event loop ends."""

    changed = Signal(object)
    """A page shows another target."""
    opened = Signal(object)
    """A `Remote` is listened to."""
    lines_recalled = Signal(object, object, str)
    """A page's flow said some `Line`s on a target before this window listened."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.remotes = Remotes(parent=self)
        self._shown: dict[FlowPage, Remote | None] = {}
        self._heard: dict[FlowPage, set[Remote]] = {}
        """Targets that a page has shown: what its flow says there is kept."""
        self.remotes.opened.connect(self.opened)
        self.remotes.gone.connect(self._on_gone)

    def follow(self, page: FlowPage) -> None:
        """A page is there."""
        self._shown[page], self._heard[page] = None, set()

    def let_go(self, page: FlowPage) -> None:
        """A page is gone."""
        self._shown.pop(page, None)
        self._heard.pop(page, None)
        self.watch()

    async def close(self) -> None:
        """Listen to none any more."""
        await self.remotes.close()

    def remote_of(self, page: FlowPage) -> Remote | None:
        """The target that a page shows; None: this machine."""
        return self._shown.get(page)

    def name_of(self, page: FlowPage) -> str:
        """Its name, "" for this machine."""
        remote = self.remote_of(page)
        return remote.name if remote is not None else ""

    def has_shown(self, page: FlowPage, feed: Feed) -> bool:
        """Whether a page shows, or has shown, the target that this tells of."""
        return any(remote.feed is feed for remote in self._heard.get(page, ()))

    def choose(self, page: FlowPage, name: str) -> None:
        """Have a page show how its flow does on a target, "" for this machine, from now on.

        Raises:
            NotFound: there is no such target.
            UsageError: the file that targets are kept in cannot be read.
        """
        remote = self.remotes.find(name) if name else None
        if remote is self.remote_of(page):
            return
        self._shown[page] = remote
        self.watch()
        if remote is not None and remote not in self._heard[page]:
            self._heard[page].add(remote)
            in_background(self._recall_log(page, remote))
        self.changed.emit(page)

    def watch(self) -> None:
        """Have targets looked after as far as pages show them, under the names that their flows have now."""
        titles: dict[Remote, set[str]] = {remote: set() for heard in self._heard.values() for remote in heard}
        for page, remote in self._shown.items():
            if remote is not None:
                titles.setdefault(remote, set()).add(page.title)
        for remote, flows in titles.items():
            remote.watch(flows)

    async def _recall_log(self, page: FlowPage, remote: Remote) -> None:
        with contextlib.suppress(PyfiError):  # what keeps its database from answering is told already
            lines = [Line(each.at_ms, each.step, each.level, each.text) for each in await remote.link.logs(page.title)]
            if lines and page in self._shown:
                self.lines_recalled.emit(page, lines, remote.name)

    def _on_gone(self, remote: Remote) -> None:
        for page, heard in self._heard.items():
            heard.discard(remote)
            if self._shown[page] is remote:
                try:
                    self.choose(page, remote.name)  # its servers are others now
                except NotFound:
                    self.choose(page, "")
