"""The engine of a workspace, for an event loop: found or started, and asked for everything that it can do."""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from engine.api.address import Address, find_engine, read_address
from engine.bus.base import Event
from engine.bus.websocket import KINDS, EventStream
from engine.client.answer import Content, Deployed, Health, Histories, History, HistoryPart, Lately, LogLine, Ran, Standing
from engine.client.engine_process import EngineProcess, bury, output_of
from engine.client.place import workspace_folder
from engine.errors import EngineGone, NotFound
from engine.model.flow import Flow
from engine.runtime.workspace import Workspace

if TYPE_CHECKING:
    from engine.api.remote import AsyncEngineClient
    from engine.results.standing import CallState
    from engine.runtime.debugged import DebugState
    from engine.runtime.editing import Edit
    from engine.runtime.kept_state import StepState
    from engine.runtime.queues import Page, Queue
    from engine.runtime.trace import Event as LineageEvent
    from engine.runtime.trace import Trace

__all__ = ["Engine", "Event", "EventStream"]
_T = TypeVar("_T")
_LOOK_S = 0.05
_WATCH_S = 0.2
_RIVAL_S = 5.0
"""How long to wait for an engine that somebody else has started at the same moment."""
_LONG_S = 600.0
"""Planning a large flow anew may take a while."""
_MARGIN_S = 30.0
_DEBUG_WAIT_MS = 20_000
"""So long a question for a debugger's address waits for another answer."""
_REMOTE = "engine.api.remote"
_PARTS = 500
"""Parts of which one answer tells: taking it in does not hold up an event loop for long."""


class Engine:
    """The engine that serves a workspace (None: the user's own), also one that is yet to be started or comes back.

    Used from one event loop; nothing blocks it. `close` when done: the engine itself goes on.

    Everything that asks raises EngineGone while no engine serves, otherwise the PyfiError that the engine answers with.
    """

    def __init__(self, workspace: Path | None = None) -> None:
        self._workspace = Workspace(workspace_folder(workspace))
        self._address: Address | None = None
        self._client: AsyncEngineClient | None = None
        self._launching = asyncio.Lock()

    # -- the process

    @property
    def folder(self) -> Path:
        """The workspace."""
        return self._workspace.folder

    @property
    def output(self) -> Path:
        """The file that holds what engines wrote that were started here."""
        return output_of(self._workspace)

    @property
    def address(self) -> Address | None:
        """Where the engine serves; None when none does."""
        bury()
        found = find_engine(self.folder)
        self._address = found or self._address
        return found

    @property
    def is_serving(self) -> bool:
        """Whether there is an engine that can be asked."""
        return self.address is not None

    async def launch(self, patience_s: float = 120.0) -> Health:
        """Find the engine, or start one, and wait until it answers.

        Raises:
            EngineGone: it cannot be started, or does not answer in time; says why, and the cure.
            StorageError: the workspace cannot be written.
        """
        async with self._launching:
            try:
                async with asyncio.timeout(patience_s):
                    return await self._launch()
            except TimeoutError:
                raise EngineGone(
                    f"the engine of {self.folder} does not serve after {patience_s:.0f} seconds; wait until it has taken its "
                    f"flows up, or see {self.output}"
                ) from None

    async def _launch(self) -> Health:
        await self._let_the_last_one_end()
        process: EngineProcess | None = None
        rival_until_s = 0.0
        while True:
            if self.is_serving:
                with contextlib.suppress(EngineGone):  # it has just ended, too
                    return await self.health()
            elif process is None:
                process = await asyncio.to_thread(self._start)
            elif process.has_ended:
                rival_until_s = rival_until_s or time.monotonic() + _RIVAL_S
                if time.monotonic() >= rival_until_s or not self._is_owned_by_another(process.pid):
                    raise EngineGone(await asyncio.to_thread(process.epitaph))
            await asyncio.sleep(_LOOK_S)

    def _start(self) -> EngineProcess:
        try:
            return EngineProcess(self._workspace)
        except OSError as error:
            raise EngineGone(
                f"the engine cannot be started ({error.strerror}); free memory or processes, and try again"
            ) from error

    def _is_owned_by_another(self, pid: int) -> bool:
        owner = self._workspace.last_owner
        return owner not in (None, pid) and _is_there(owner or 0)

    async def _let_the_last_one_end(self) -> None:
        """One that is told to end serves no more, but owns the workspace until its tasks are done."""
        while self._address is not None and self._address.is_alive and not self.is_serving:  # noqa: ASYNC110 - as in `ended`
            await asyncio.sleep(_LOOK_S)

    async def ended(self) -> bool:
        """Wait until the engine that serves, or did last, is gone; returns whether it ended in good order, as told."""
        address = self.address or self._address
        if address is None:
            return True
        while address.is_alive:  # noqa: ASYNC110 - the end of a process that is nobody's child is no event
            await asyncio.sleep(_WATCH_S)
        bury()
        return read_address(self._workspace.engine_file) != address

    async def shut_down(self, patience_s: float | None = None) -> None:
        """Have the engine end in good order, and wait until it has. What runs then goes on when it is started again.

        After `patience_s`, if given, it is told once more, and ends at once: what was not committed is done again then.
        """
        address = self.address
        if address is not None:
            _tell(address)
        ended = asyncio.ensure_future(self.ended())
        if patience_s is not None:
            await asyncio.wait([ended], timeout=patience_s)
            if not ended.done() and self._address is not None:
                _tell(self._address)
        await ended

    async def close(self) -> None:
        """Let go of it. It goes on."""
        client, self._client = self._client, None
        if client is not None:
            await client.close()

    # -- flows

    async def deploy(
        self,
        name: str,
        flow: Flow,
        folder: Path,
        overrides: Mapping[str, Any] | None = None,
        *,
        start: bool = True,
        force: bool = False,
        key: str = "",
    ) -> Deployed:
        """Deploy a flow whose relative paths start from `folder`; one that is deployed under the name is changed, live.

        `start` counts for a new one; one that is there stays as it is wanted. `force` also takes connections away that hold
        messages, which are kept aside. One that was deployed with the same `key` (a stored flow's id) is the same flow,
        whatever it was called: it goes on under the new name.

        Raises:
            InvalidFlow: the flow has problems; carries all of them.
            ConflictError: connections that would go hold messages.
        """
        from engine.model.codec import dump_flow

        order = {
            "text": await asyncio.to_thread(dump_flow, flow),
            "folder": str(folder.absolute()),  # noqa: ASYNC240 - only puts two paths together
            "name": name,
            "overrides": dict(overrides or {}),
            "start": start,
            "force": force,
            "key": key,
        }
        return await self._post("/deployments", Deployed, order, _LONG_S)

    async def run(
        self,
        name: str,
        flow: Flow,
        folder: Path,
        overrides: Mapping[str, Any] | None = None,
        *,
        fresh: bool = False,
        key: str = "",
    ) -> Deployed:
        """Deploy a flow, and have it run whatever was wanted of it before. `fresh`: from the beginning, see `start`."""
        deployed = await self.deploy(name, flow, folder, overrides, start=not fresh, key=key)
        return deployed if deployed.state == "running" and not fresh else await self.start(name, fresh=fresh)

    async def start(self, name: str, *, fresh: bool = False) -> Deployed:
        """Have a flow go on where it stopped. `fresh` discards queues, state and positions, but no dead letters."""
        return await self._order(name, "start", {"fresh": fresh})

    async def stop(self, name: str, patience_s: float = 30.0) -> Deployed:
        """Have a flow finish what runs and begin nothing more; what takes longer than `patience_s` is put back."""
        return await self._order(name, "stop", {"patience_s": patience_s}, patience_s + _LONG_S)

    async def pause(self, name: str) -> Deployed:
        """Begin nothing more, with hosts kept ready."""
        return await self._order(name, "pause", {})

    async def resume(self, name: str) -> Deployed:
        """Go on after a pause."""
        return await self._order(name, "resume", {})

    async def rename(self, name: str, new_name: str) -> Deployed:
        """Have a flow go on under another name, with all that it holds and is at.

        Raises:
            ConflictError: another has that name.
        """
        return await self._order(name, "rename", {"name": new_name})

    async def remove(self, name: str) -> None:
        """Take a flow away with everything that it holds."""
        await self._ask("DELETE", self._path(name), dict[str, Any], patience_s=_LONG_S)

    async def start_steps(self, name: str, steps: Sequence[str]) -> Deployed:
        """Start processors, or all in the subflows named, while the rest runs on."""
        return await self._order(name, "processors/start", {"steps": list(steps)})

    async def stop_steps(self, name: str, steps: Sequence[str]) -> Deployed:
        """Stop processors, or all in the subflows named, while the rest runs on."""
        return await self._order(name, "processors/stop", {"steps": list(steps)})

    async def terminate(self, name: str, steps: Sequence[str]) -> Deployed:
        """Stop processors, or all in the subflows named, and end what they are at, at once: it goes back to its queues."""
        return await self._order(name, "processors/terminate", {"steps": list(steps)})

    async def replay_last(self, name: str, step: str, messages: int = 1) -> dict[str, int]:
        """Have a processor work once more on the last so many messages of the last batch that it took, as copies.

        Returns how many there are, by the connection that they were put into.

        Raises:
            NotFound: what it took is not kept; says why.
        """
        order = {"step": step, "messages": messages}
        return await self._post(self._path(name, "processors/replay"), dict[str, int], order)

    async def run_once(
        self, name: str, steps: Sequence[str], *, messages: int | None = None, timeout_s: float = 60.0
    ) -> list[Ran]:
        """One task of each of some processors that are stopped, or of all in the subflows named; of a source one batch.

        `messages`: of so many at most. What takes longer than `timeout_s` is ended, and is then as if never begun.

        Raises:
            ConflictError: one of them is running.
        """
        order = {"steps": list(steps), "messages": messages, "timeout_s": timeout_s}
        return await self._post(self._path(name, "processors/run"), list[Ran], order, len(steps) * timeout_s + _LONG_S)

    async def release(self, name: str, connection: str, messages: int | None = None) -> int:
        """Let so many messages go that are held at a breakpoint (None: all that wait now); returns how many.

        Raises:
            ConflictError: the flow does not run.
            UsageError: the connection has no breakpoint.
        """
        order = {"connection": connection, "messages": messages}
        return (await self._post(self._path(name, "connections/release"), dict[str, int], order))["messages"]

    async def debug(self, name: str, step: str, port: int = 0) -> None:
        """Have a host of its own wait for a debugger of a processor, on a port (0: any); see `LiveStep`."""
        from engine.runtime.debugged import DebugState

        await self._post(self._path(name, "processors/debug"), DebugState, {"step": step, "port": port})

    async def debugging(self, name: str, step: str, after: int = 0) -> DebugState:
        """Where a debugger of a processor attaches: the first state that is another than number `after`, or still that one.

        Raises:
            NotFound: it is not debugged any more.
        """
        from engine.runtime.debugged import DebugState

        params = {"step": step, "wait_ms": _DEBUG_WAIT_MS, **({"after": after} if after else {})}
        return await self._ask("GET", self._path(name, "processors/debug"), DebugState, params=params)

    async def end_debugging(self, name: str, step: str) -> Deployed:
        """Give a processor back to its flow that was debugged."""
        return await self._order(name, "processors/debug/end", {"step": step})

    async def deployments(self) -> list[Deployed]:
        """Every deployed flow, and every run that lasts."""
        return await self._ask("GET", "/deployments", list[Deployed])

    async def deployment(self, name: str) -> Standing:
        """One of them with its figures."""
        return await self._ask("GET", self._path(name), Standing)

    async def deployed_text(self, name: str) -> str:
        """The flow as it was deployed, as a flow file."""
        return (await self._fetch(f"{self._path(name)}/flow")).data.decode()

    # -- queues

    async def queues(self, flow: str = "") -> list[Queue]:
        """The queues of a flow, or of all, and what waits in them."""
        from engine.runtime.queues import Queue

        return await self._ask("GET", "/queues", list[Queue], params={"flow": flow})

    async def messages(self, flow: str, queue: str, *, limit: int = 100, at: str = "") -> Page:
        """A page of the messages of a queue, beginning at a page's `next` or a message's `at`. Nothing is taken out."""
        from engine.runtime.queues import Page

        params = {"flow": flow, "queue": queue, "limit": limit, "at": at}
        return await self._ask("GET", "/queues/messages", Page, params=params)

    async def content(self, flow: str, queue: str, id: str, at: str = "") -> Content:
        """The whole content of a message; `at` is where it was seen.

        Raises:
            NotFound: it has moved on.
        """
        return await self._fetch("/queues/content", {"flow": flow, "queue": queue, "id": id, "at": at})

    async def edit(self, flow: str, queue: str, wanted: Edit) -> None:
        """Give a message that waits other content or other attributes.

        Raises:
            NotFound: it has moved on.
            ConflictError: it is being worked on, or was edited meanwhile.
        """
        from msgspec import to_builtins

        await self._post("/queues/edit", dict[str, str], {"flow": flow, "queue": queue, **to_builtins(wanted)})

    async def purge(self, flow: str, queue: str) -> int:
        """Delete the messages of a queue that nobody is working on; returns how many."""
        return (await self._post("/queues/purge", dict[str, int], {"flow": flow, "queue": queue}))["messages"]

    async def purge_all(self, flow: str, within: str = "") -> dict[str, int]:
        """Delete the messages of all connections of a flow, or of a subflow in it; returns how many, by connection."""
        from engine.client.answer import Purged

        return (await self._post("/queues/purge", Purged, {"flow": flow, "all": True, "within": within})).queues

    async def replay(self, flow: str, step: str, *, to: str = "", limit: int | None = None) -> dict[str, int]:
        """Give dead letters of a step another try; returns messages by the queue that they went to."""
        return await self._post("/queues/replay", dict[str, int], {"flow": flow, "step": step, "to": to, "limit": limit})

    # -- what processors keep, where messages came from

    async def state(self, flow: str, step: str, *, limit: int = 1000) -> StepState:
        """The rows that a processor keeps, in the order of their keys."""
        from engine.runtime.kept_state import StepState

        return await self._ask("GET", "/state", StepState, params={"flow": flow, "processor": step, "limit": limit})

    async def clear_state(self, flow: str, step: str) -> int:
        """Have a processor that is stopped forget what it keeps, and a source where it was; returns how many rows.

        Raises:
            ConflictError: it is running.
        """
        return (await self._post("/state/clear", dict[str, int], {"flow": flow, "step": step}))["rows"]

    async def trace(self, flow: str, message: str) -> Trace:
        """Where a message came from, and what became of it.

        Raises:
            NotFound: nothing is known of it any more.
        """
        from engine.runtime.trace import Trace

        params = {"flow": flow, "message": message}
        return await self._ask("GET", "/lineage", Trace, params=params, patience_s=_LONG_S)

    async def lineage_events(self, flow: str, step: str, *, limit: int = 200) -> list[LineageEvent]:
        """The messages that came to a processor and left it lately, the newest first."""
        from engine.runtime.trace import Event

        params = {"flow": flow, "processor": step, "limit": limit}
        return await self._ask("GET", "/lineage/events", list[Event], params=params, patience_s=_LONG_S)

    # -- calls

    async def call(self, order: Mapping[str, Any]) -> CallState:
        """Begin a call; `order` is what the API takes.

        Raises:
            NotFound: there is no such flow or step.
        """
        from engine.results.standing import CallState

        return await self._post("/calls", CallState, order, _LONG_S)

    async def call_state(self, id: str, wait_s: float = 0.0) -> CallState:
        """How a call stands; one that is open is waited for so long.

        Raises:
            NotFound: there is no such call.
        """
        from engine.api.remote import path_of
        from engine.results.standing import CallState

        params = {"wait_ms": wait_ms} if (wait_ms := int(wait_s * 1000)) else {}
        return await self._ask("GET", path_of("calls", id), CallState, params=params, patience_s=wait_s + _MARGIN_S)

    async def calls(self, limit: int = 100) -> list[CallState]:
        """Open calls, and those that were answered last."""
        from engine.results.standing import CallState

        return await self._ask("GET", "/calls", list[CallState], params={"limit": limit})

    # -- what was, and what happens

    async def logs(self, flow: str = "", *, processor: str = "", level: str = "debug", limit: int = 200) -> list[LogLine]:
        """The last lines of a flow's log, or of all logs, the newest last. A flow that has logged nothing has none."""
        params = {"flow": flow, "processor": processor, "level": level, "limit": limit}
        try:
            return await self._ask("GET", "/logs", list[LogLine], params=params)
        except NotFound:
            return []

    async def history(self, flow: str, *, processor: str = "", connection: str = "", minutes: bool = False) -> History:
        """What a part of a flow did, or all of it: second by second for five minutes, or minute by minute for a day."""
        params = {"flow": flow, "processor": processor, "connection": connection, "span": "minutes" if minutes else "seconds"}
        return await self._ask("GET", "/history", History, params=params)

    async def histories(
        self, flow: str, parts: Sequence[HistoryPart], *, since_ms: int | None = None, until_ms: int = 0, every_s: int = 0
    ) -> list[History]:
        """What several parts of a flow did, in rows of the same times. One that the flow does not have has none.

        `since_ms` None: in the last five minutes, by the second; 0: in all the time that is kept, by the minute or longer.
        `until_ms` 0: up to now; `every_s` 0: whatever gives a handy number of rows.
        """
        params: list[tuple[str, str | int]] = [("flow", flow)]
        given = {"since": since_ms, "until": until_ms or None, "every_s": every_s or None}
        params += [(name, value) for name, value in given.items() if value is not None]
        params += [("connection", part.connection) if part.connection else ("processor", part.processor) for part in parts]
        found = (await self._ask("GET", "/history/series", Histories, params=params)).by_part()
        return [found[part] for part in parts]  # the query had all of a kind together

    async def lately(self, flow: str, *, of: str = "processor", every_s: int = 5) -> AsyncIterator[Lately]:
        """What all parts of a kind (`processor` or `connection`) did in the last five minutes, so many of them at a time."""
        after, more = "", True
        while more:
            params = {"flow": flow, "kind": of, "every_s": every_s, "after": after, "limit": _PARTS}
            page = await self._ask("GET", "/history/parts", Lately, params=params)
            yield page
            after, more = page.parts[-1] if page.parts else "", page.more

    async def health(self) -> Health:
        """Who it is, and whether its storage works."""
        return await self._ask("GET", "/health", Health)

    def events(self, flows: Collection[str] | None = None, kinds: Collection[str] = KINDS) -> EventStream:
        """What happens in some flows (None: in all), also after the engine was restarted; see `EventStream`."""
        return EventStream(flows=flows, kinds=kinds, find=self._find)

    # -- asking

    def _find(self) -> tuple[str, str] | None:
        address = self.address
        return (address.url, address.token) if address is not None else None

    def _path(self, name: str, *rest: str) -> str:
        from engine.api.remote import path_of

        return "/".join((path_of("deployments", name), *rest))

    async def _order(self, name: str, what: str, body: Mapping[str, Any], patience_s: float = _LONG_S) -> Deployed:
        return await self._post(self._path(name, what), Deployed, body, patience_s)

    async def _post(self, path: str, type: type[_T], body: Mapping[str, Any], patience_s: float = _LONG_S) -> _T:
        return await self._ask("POST", path, type, body, patience_s=patience_s)

    async def _ask(
        self,
        method: str,
        path: str,
        type: type[_T],
        body: Mapping[str, Any] | None = None,
        params: Mapping[str, str | int] | Sequence[tuple[str, str | int]] | None = None,
        patience_s: float = _MARGIN_S,
    ) -> _T:
        return await (await self._door()).ask(method, path, type, body, params, patience_s)

    async def _fetch(self, path: str, params: Mapping[str, str | int] | None = None) -> Content:
        return Content(*await (await self._door()).fetch(path, params))

    async def _door(self) -> AsyncEngineClient:
        """A client of the engine that serves now."""
        address = self.address
        if address is None:
            raise EngineGone(f"no engine serves the workspace {self.folder}; start it with `pyfi serve`, or run a flow")
        if _REMOTE not in sys.modules:  # takes long enough to be seen: not in the loop
            await asyncio.to_thread(importlib.import_module, _REMOTE)
        from engine.api.remote import AsyncEngineClient

        client = self._client
        if client is not None and client.address == address:
            return client
        self._client = made = AsyncEngineClient(address)
        if client is not None:
            await client.close()
        return made


def _tell(address: Address) -> None:
    """Tell an engine to end."""
    if address.is_alive:
        with contextlib.suppress(ProcessLookupError):
            os.kill(address.pid, signal.SIGTERM)


def _is_there(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
