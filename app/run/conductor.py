"""Conductor, which has the flows of the window run: asks the engine, shows what it tells."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from app.feed.feed import Feed, Line
from app.feed.figures import FlowFigures
from app.feed.supervisor import EngineSupervisor
from app.page.flow_page import FlowPage
from app.run.crossing import queues_of
from app.run.overlay import Overlay
from app.run.target_choice import TargetChoice
from app.run.versions import Versions
from app.words import counted
from engine.client.answer import Deployed
from engine.client.cluster_link import ClusterLink
from engine.client.engine import Engine
from engine.client.parts import steps_below
from engine.errors import ConflictError, InvalidFlow, NotFound, PyfiError, UsageError
from engine.model.bare import is_bare
from engine.model.change import Change
from engine.model.flow import Connection, Flow
from engine.model.scope import Scope

if TYPE_CHECKING:  # what a debugger takes is imported when somebody debugs
    from engine.client.live_step import LiveStep

ENDED = "ended"
"""The state of a flow that has done all its work."""
REST_S = 0.3
"""Edits that follow each other faster than this go to the running flow together."""


class Conductor(QObject):
    """Runs flows for the pages of a window. `start` it on the event loop, `close` it before that ends: the engine goes on."""

    told = Signal(str)
    """A sentence for the user."""
    state_changed = Signal(object)
    """How a page's flow runs is different."""
    figures_shown = Signal(object)
    """A page shows new figures."""
    lines_logged = Signal(object, object, str)
    """A page's flow said some `Line`s, on a target; "" is this machine."""
    engine_changed = Signal(str, str)
    """How the engine is, and a sentence."""

    def __init__(self, engine: Engine | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.engine = engine or Engine()
        self.supervisor = EngineSupervisor(self.engine, self)
        self.feed = Feed(self.engine, self)
        self.targets = TargetChoice(self)
        self._pages: dict[FlowPage, _Followed] = {}
        self.supervisor.engine_changed.connect(self.engine_changed)
        self._hear(self.feed)
        self.targets.opened.connect(lambda remote: self._hear(remote.feed, remote.name))
        self.targets.changed.connect(self._on_target_changed)
        self.targets.lines_recalled.connect(self.lines_logged)
        self._clock = QTimer(self)
        self._clock.setInterval(10_000)
        self._clock.timeout.connect(self._on_time_passed)

    def _hear(self, feed: Feed, place: str = "") -> None:
        """Show what is told of this machine, or of a target."""
        feed.figures_changed.connect(lambda *news: self._on_figures_changed(feed, *news))
        feed.state_changed.connect(lambda *news: self._on_state_changed(feed, *news))
        feed.lines_logged.connect(lambda flow, lines: self._on_lines_logged(feed, place, flow, lines))

    def start(self) -> None:
        """Begin to look after the engine, and to listen to it."""
        self.supervisor.start()
        self.feed.start()
        self._clock.start()

    async def close(self) -> None:
        """Listen no more. What runs goes on."""
        for page in list(self._pages):
            self.let_go(page)
        await self.targets.close()
        await self.feed.close()
        await self.supervisor.close()
        await self.engine.close()

    # -- pages

    def follow(self, page: FlowPage) -> None:
        """Show on a page how its flow runs, and take its edits to the running flow."""
        self.targets.follow(page)
        followed = self._pages[page] = _Followed(page, Overlay(page.board), Versions(page.board, lambda: self.door_of(page)))
        page.document.changed.connect(lambda changes: self._on_edited(page, changes))
        page.title_changed.connect(lambda _: self._on_renamed(page))
        found = self.figures_of(page)
        if found is not None:
            followed.overlay.show_flow(found)
            followed.versions.follow(page.title, found)

    def let_go(self, page: FlowPage) -> None:
        """Follow a page no more; its flow goes on."""
        followed = self._pages.pop(page, None)
        if followed is not None:
            followed.versions.close()
            if followed.updating is not None:
                followed.updating.cancel()
            self.targets.let_go(page)

    def state_of(self, page: FlowPage) -> str:
        """How a page's flow is on its target: running, paused, stopped, ended, broken; empty if it is not there."""
        found = self.figures_of(page)
        return found.state if found is not None else ""

    def local_state_of(self, page: FlowPage) -> str:
        """The same on this machine, whatever its target is."""
        return self.state_of_flow(page.book.id, page.title)

    def state_of_flow(self, id: str, name: str) -> str:
        """The same of any stored flow."""
        found = self._figures(self.feed, id, name)
        return found.state if found is not None else ""

    def figures_of(self, page: FlowPage) -> FlowFigures | None:
        """How a page's flow stands on its target; None if it is not there, though another may be there under its name."""
        return self._figures(self._feed_of(page), page.book.id, page.title)

    @staticmethod
    def _figures(feed: Feed, id: str, name: str) -> FlowFigures | None:
        found = feed.flow(name)
        return found if found is not None and found.key in ("", id) else None

    # -- targets

    def door_of(self, page: FlowPage) -> Engine | ClusterLink:
        """Who is asked about a page's flow."""
        remote = self.targets.remote_of(page)
        return remote.link if remote is not None else self.engine

    async def need(self, page: FlowPage) -> Engine | ClusterLink:
        """The same; the engine is started if need be."""
        remote = self.targets.remote_of(page)
        return remote.link if remote is not None else await self.supervisor.need()

    def _feed_of(self, page: FlowPage) -> Feed:
        remote = self.targets.remote_of(page)
        return remote.feed if remote is not None else self.feed

    def _on_target_changed(self, page: FlowPage) -> None:
        followed, figures, name = self._pages[page], self.figures_of(page), self.targets.name_of(page)
        followed.overlay.show_place(name, figures)
        followed.versions.follow(page.title, figures)
        followed.state = figures.state if figures is not None else ""
        self.state_changed.emit(page)
        self.figures_shown.emit(page)

    def check_name(self, page: FlowPage) -> None:
        """See that what has the flow's name on its target is not another flow, to which all would be done.

        Raises:
            ConflictError: it is.
        """
        if self._feed_of(page).flow(page.title) is not None and self.figures_of(page) is None:
            raise ConflictError(self.tr("Another flow is deployed as “{}”; give this one another name.").format(page.title))

    def overlay_of(self, page: FlowPage) -> Overlay | None:
        """The overlay of a page."""
        followed = self._pages.get(page)
        return followed.overlay if followed is not None else None

    def fullness(self, page: FlowPage) -> Callable[[str, Connection], bool]:
        """Tells of a connection, by its key in the running flow, whether its queue is at its limit now."""

        def is_full(key: str, connection: Connection) -> bool:
            flow = self.figures_of(page)
            queue, limit = flow.connections.get(key) if flow is not None else None, connection.limit
            return queue is not None and (0 < limit.messages <= queue.messages or 0 < limit.size_bytes <= queue.bytes)

        return is_full

    # -- running

    async def run(self, page: FlowPage) -> None:
        """Have a flow run on this machine, as it is drawn; the engine is started if need be. One that ended begins anew.

        Raises:
            PyfiError: it cannot run; says why.
        """
        engine = await self.supervisor.need()
        self.check_name(page)
        flow = page.document.flow
        try:
            has_ended = (await engine.deployment(page.title)).state == ENDED
        except NotFound:
            has_ended = False
        if not has_ended and (followed := self._pages.get(page)) is not None:
            followed.is_end_awaited = True
        try:
            deployed = await engine.run(page.title, flow, page.document.folder, fresh=has_ended, key=page.book.id)
        except InvalidFlow as error:
            raise PyfiError(self.tr("The flow is not valid: {}").format("; ".join(map(str, error.problems[:3])))) from error
        self._note(page, flow, deployed)

    async def _hand_over(self, engine: Engine, page: FlowPage) -> None:
        """Have an engine know a page's flow, and begin nothing yet."""
        flow = page.document.flow
        self._note(page, flow, await engine.deploy(page.title, flow, page.document.folder, start=False, key=page.book.id))

    def _note(self, page: FlowPage, flow: Flow, deployed: Deployed) -> None:
        """The engine has taken the flow of a page."""
        followed = self._pages.get(page)
        if followed is not None:
            followed.versions.note(flow, deployed.revision)

    async def stop(self, page: FlowPage) -> None:
        """Have a flow finish what runs and begin nothing more."""
        if self.state_of(page):
            await (await self.need(page)).stop(page.title)

    async def stop_here(self, page: FlowPage) -> None:
        """The same on this machine, whatever target the page shows."""
        if self.local_state_of(page):
            await (await self.supervisor.need()).stop(page.title)

    async def pause(self, page: FlowPage) -> None:
        """Have a flow begin nothing more for a while, with everything kept ready."""
        await (await self.need(page)).pause(page.title)

    async def resume(self, page: FlowPage) -> None:
        """Have it go on after a pause."""
        await (await self.need(page)).resume(page.title)

    async def start_steps(self, page: FlowPage, keys: Sequence[str]) -> None:
        """Start some steps of the level that is shown. A flow that does not run, or has ended, begins with just these."""
        steps, flow = self.ids_of(page, keys), page.document.flow
        if (remote := self.targets.remote_of(page)) is not None:
            await remote.link.start_steps(page.title, steps)
            return
        engine = await self.supervisor.need()
        self.check_name(page)
        has_ended = self.state_of(page) == ENDED
        if not self.state_of(page) or has_ended:
            await self._hand_over(engine, page)
            rest = [id for id in steps_below(Scope(flow)) if not any(_is_within(id, step) for step in steps)]
            await engine.stop_steps(page.title, rest)
            await engine.start(page.title, fresh=has_ended)
        await engine.start_steps(page.title, steps)
        if self.state_of(page) == "stopped":
            await engine.start(page.title)

    async def stop_steps(self, page: FlowPage, keys: Sequence[str]) -> None:
        """Stop some steps while the rest runs on."""
        if self.state_of(page):
            await (await self.need(page)).stop_steps(page.title, self.ids_of(page, keys))

    async def run_once(self, page: FlowPage, keys: Sequence[str]) -> None:
        """One task of each of some steps of the level that is shown; those that run are stopped first."""
        steps, door = self.ids_of(page, keys), await self.need(page)
        self.check_name(page)
        if not self.state_of(page) and isinstance(door, Engine):
            await self._hand_over(door, page)
        elif self.state_of(page) == "running":
            await door.stop_steps(page.title, steps)
        done = await door.run_once(page.title, steps)
        for ran in done:
            words = counted(ran.messages, self.tr("1 message"), self.tr("{} messages")) if ran.messages else ran.reason
            self.told.emit(f"{ran.step}: {words}")

    @contextlib.asynccontextmanager
    async def debugged(self, page: FlowPage, step: str) -> AsyncIterator[LiveStep]:
        """A step of a page's flow, with a debugger at its host; a flow that does not run is started with it."""
        from engine.client.live_step import LiveStep

        engine = await self.need(page)
        if not isinstance(engine, Engine):
            told = self.tr("A processor is debugged where its flow runs locally; the target shown is “{}”.")
            raise UsageError(told.format(self.targets.name_of(page)))
        self.check_name(page)
        if not self.state_of(page):
            await self._hand_over(engine, page)
        async with LiveStep(engine, page.title, step) as live:
            if (state := self.state_of(page)) not in ("running", "paused"):
                await engine.start(page.title, fresh=state == ENDED)
            yield live

    async def release(self, page: FlowPage, connections: Sequence[str], messages: int | None) -> None:
        """Let messages go that breakpoints of the level hold; None: all."""
        engine = await self.need(page)
        self.check_name(page)
        for queue in [queue for key in connections for queue in self.queues_of(page, key)]:
            count = await engine.release(page.title, queue, messages)
            self.told.emit(counted(count, self.tr("1 message released"), self.tr("{} messages released")))

    def queues_of(self, page: FlowPage, key: str) -> list[str]:
        """The queues in the running flow that a connection of the level that is shown stands for."""
        level, place = page.board.place.scope(page.document.flow), page.board.place
        return queues_of(level, key, place.prefix) if level is not None else []

    def waiting(self, page: FlowPage, queues: Sequence[str]) -> int:
        """Messages that wait in some queues of a page's flow, as far as is known."""
        found = self.figures_of(page)
        known = (found.connections.get(queue) for queue in queues) if found is not None else ()
        return sum(each.messages for each in known if each is not None)

    def queues_within(self, page: FlowPage, ids: Sequence[str]) -> list[str]:
        """The queues between processors inside some subflows; without ids all of a flow."""
        found = self.figures_of(page)
        queues = list(found.connections) if found is not None else []
        ends = [queue.partition("->")[::2] for queue in queues]
        return [
            queue
            for queue, (source, target) in zip(queues, ends, strict=True)
            if not ids or any(source.startswith(f"{id}/") and target.startswith(f"{id}/") for id in ids)
        ]

    @staticmethod
    def ids_of(page: FlowPage, keys: Sequence[str]) -> list[str]:
        """What steps of the level that is shown are called in the running flow; others are left out."""
        return [page.board.place.prefix + key for key in keys if key in page.board.level.steps]

    async def terminate(self, page: FlowPage, keys: Sequence[str]) -> None:
        """Stop some steps and end what they are at, at once."""
        if self.state_of(page):
            steps = self.ids_of(page, keys)
            await (await self.need(page)).terminate(page.title, steps)
            self.told.emit(counted(len(steps), self.tr("1 step terminated"), self.tr("{} steps terminated")))

    async def replay_last(self, page: FlowPage, keys: Sequence[str]) -> None:
        """Have some processors work once more on the last message that each of them took."""
        door = await self.need(page)
        self.check_name(page)
        for step in self.ids_of(page, keys):
            await door.replay_last(page.title, step)
            self.told.emit(self.tr("{}: the last message comes once more").format(step))

    # -- edits of a running flow

    def _on_renamed(self, page: FlowPage) -> None:
        """The flow has another name: so has what runs, with all that it holds."""
        followed = self._pages.get(page)
        if followed is None:
            return
        if followed.is_updating or self.state_of_flow(page.book.id, followed.known_as):
            self._take_there(followed)
        else:
            followed.known_as = page.title
        self.targets.watch()
        followed.overlay.show_flow(self.figures_of(page))
        followed.versions.follow(page.title, self.figures_of(page))
        self.state_changed.emit(page)

    def _on_edited(self, page: FlowPage, changes: Sequence[Change]) -> None:
        followed = self._pages.get(page)
        if followed is None or all(map(is_bare, changes)):
            return  # a card was moved, say: nothing that the engine could see
        if followed.is_updating or self.local_state_of(page):
            self._take_there(followed)
        if self.targets.remote_of(page) is not None:
            followed.versions.show()  # to a target, edits go when they are deployed

    def _take_there(self, followed: _Followed) -> None:
        followed.stale = True
        if not followed.is_updating:
            followed.updating = asyncio.ensure_future(self._update(followed))

    async def _update(self, followed: _Followed) -> None:
        """Take the flow as it is drawn to the engine, as long as it is valid; it goes on under the new plan."""
        page = followed.page
        while followed.stale:
            followed.stale = False
            if followed.known_as == page.title:
                await asyncio.sleep(REST_S)
            name, flow = page.title, page.document.flow
            try:
                await self._rename(followed, name)
                deployed = await self.engine.deploy(name, flow, page.document.folder, key=page.book.id)
                self._note(page, flow, deployed)
            except InvalidFlow:
                followed.versions.show()  # and what is wrong; the flow goes on as it was until that is mended
            except PyfiError as error:
                self.told.emit(str(error))

    async def _rename(self, followed: _Followed, name: str) -> None:
        """Have what runs go on under the flow's new name, with all that it holds, whether or not the flow is valid."""
        if followed.known_as != name:
            with contextlib.suppress(NotFound):  # it has that name already: it was run again meanwhile
                await self.engine.rename(followed.known_as, name)
            followed.known_as = name

    # -- what the engine tells

    def _named(self, feed: Feed, flow: str) -> list[_Followed]:
        """Pages that show what this tells of a flow."""
        return [each for each in self._pages.values() if each.page.title == flow and self._feed_of(each.page) is feed]

    def _on_figures_changed(self, feed: Feed, flow: str, processors: Sequence[str], connections: Sequence[str]) -> None:
        for followed in self._named(feed, flow):
            figures = self.figures_of(followed.page)
            if figures is None:
                if feed.flow(flow) is not None:
                    continue  # those of another flow
                followed.overlay.show_flow(None)
            else:
                followed.overlay.show_news(figures, processors, connections)
            self.figures_shown.emit(followed.page)

    def _on_state_changed(self, feed: Feed, flow: str, state: str, trouble: str) -> None:
        for followed in self._named(feed, flow):
            figures = self.figures_of(followed.page)
            followed.versions.follow(flow, figures)
            if figures is None:
                followed.overlay.show_flow(None)
                if state != "removed":
                    followed.state = ""  # another flow has the name
                    self.state_changed.emit(followed.page)
                    continue
            if state == ENDED and (followed.state == "running" or followed.is_end_awaited):
                followed.is_end_awaited = False
                self.told.emit(self.tr("“{}” has done all its work.").format(flow))
            followed.state = state
            self.state_changed.emit(followed.page)
            if trouble:
                self.told.emit(trouble)

    def _on_lines_logged(self, feed: Feed, place: str, flow: str, lines: Sequence[Line]) -> None:
        for followed in self._pages.values():
            page = followed.page
            if page.title != flow or (feed.flow(flow) is not None and self._figures(feed, page.book.id, flow) is None):
                continue
            if feed is not self.feed and not self.targets.has_shown(page, feed):
                continue
            followed.overlay.add_bulletins([line for line in lines if line.level in ("warning", "error")], place)
            self.lines_logged.emit(page, lines, place)

    def _on_time_passed(self) -> None:
        for followed in self._pages.values():
            followed.overlay.forget_bulletins(time.time())


class _Followed:
    """A page and what belongs to it here."""

    def __init__(self, page: FlowPage, overlay: Overlay, versions: Versions) -> None:
        self.page = page
        self.overlay = overlay
        self.versions = versions
        self.is_end_awaited = False
        """Somebody pressed Run: a flow may have ended before anybody heard that it ran."""
        self.state = ""
        """How its flow was when that was last told."""
        self.updating: asyncio.Task[None] | None = None
        self.stale = False
        self.known_as = page.title
        """Its name in the engine: the one before, until the engine has heard of a new one."""

    @property
    def is_updating(self) -> bool:
        """Whether something is on its way to the engine."""
        return self.updating is not None and not self.updating.done()


def _is_within(id: str, step: str) -> bool:
    """Whether a processor is a step, or inside it."""
    return id == step or id.startswith(f"{step}/")
