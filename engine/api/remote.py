"""Reaching an engine from another process: queues, runs, everything that the API offers."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar
from urllib.parse import quote

import httpx
import msgspec

from engine.api.address import Address, engine_of, find_engine
from engine.api.fault import error_of
from engine.bus.base import Event
from engine.bus.websocket import EventStream
from engine.errors import EngineGone
from engine.runtime.progress import Progress
from engine.runtime.run import Outcome, RunOptions

__all__ = ["Address", "EngineClient", "EngineGone", "engine_of", "find_engine", "run_remote"]
_PATIENCE_S = 60.0
_CONNECT_S = 5.0
_EVERY_S = 0.25
_T = TypeVar("_T")
Params = Mapping[str, str | int] | Sequence[tuple[str, str | int]]
"""Of a query; as a sequence, a name may come several times."""


class EngineClient:
    """Asks an engine, and waits for the answer. Use as a context manager; not for an event loop (see `AsyncEngineClient`)."""

    def __init__(self, address: Address) -> None:
        self._address = address
        self._http = httpx.Client(**_options(address))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._http.close()

    def get(self, path: str, type: type[_T], /, *several: tuple[str, str | int], **params: str | int) -> _T:
        """Read something. `several` are more parameters, whose names may come several times."""
        return self._decoded(lambda: self._http.get(path, params=[*params.items(), *several]), type)

    def post(self, path: str, type: type[_T], /, **body: Any) -> _T:
        """Have something done."""
        return self._decoded(lambda: self._http.post(path, json=body), type)

    def delete(self, path: str, type: type[_T]) -> _T:
        """Take something away."""
        return self._decoded(lambda: self._http.delete(path), type)

    def _decoded(self, ask: Callable[[], httpx.Response], type: type[_T]) -> _T:
        try:
            return _decoded(ask(), type)
        except httpx.TransportError as error:
            raise _gone(self._address, error) from None


class AsyncEngineClient:
    """The same for an event loop."""

    def __init__(self, address: Address) -> None:
        self.address = address
        self._http = httpx.AsyncClient(**_options(address))

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Let go of its connections."""
        await self._http.aclose()

    async def ask(
        self,
        method: str,
        path: str,
        type: type[_T],
        body: Mapping[str, Any] | None = None,
        params: Params | None = None,
        patience_s: float = _PATIENCE_S,
    ) -> _T:
        """Ask for something, and wait so long for each piece of the answer."""
        return _decoded(await self._request(method, path, body, params, patience_s), type)

    async def fetch(self, path: str, params: Params | None = None) -> tuple[str, bytes]:
        """The media type and the bytes of something that may be no JSON."""
        response = await self._request("GET", path, None, params, _PATIENCE_S)
        _check(response)
        return response.headers.get("content-type", ""), response.content

    async def _request(self, method: str, path: str, body: Any, params: Params | None, patience_s: float) -> httpx.Response:
        try:
            timeout = httpx.Timeout(patience_s, connect=_CONNECT_S)
            return await self._http.request(method, path, json=body, params=_listed(params), timeout=timeout)
        except httpx.TransportError as error:
            raise _gone(self.address, error) from None


def _listed(params: Params | None) -> Any:
    return list(params) if params is not None and not isinstance(params, Mapping) else params


def _options(address: Address) -> dict[str, Any]:
    # Proxies of the environment are for the world outside, never for an engine on this machine.
    headers = {"Authorization": f"Bearer {address.token}"}
    return {
        "base_url": address.url,
        "headers": headers,
        "timeout": httpx.Timeout(_PATIENCE_S, connect=_CONNECT_S),
        "trust_env": False,
    }


def _check(response: httpx.Response) -> None:
    if response.status_code >= httpx.codes.BAD_REQUEST:
        raise error_of(response.content)


def _decoded(response: httpx.Response, type: type[_T]) -> _T:
    _check(response)
    return msgspec.json.decode(response.content, type=type, dec_hook=lambda kind, text: kind(text))


def _gone(address: Address, error: httpx.TransportError) -> EngineGone:
    return EngineGone(
        f"the engine (process {address.pid}) does not answer at {address.url} ({error or error.__class__.__name__}); "
        "start it again with `pyfi serve`: what it had begun goes on then"
    )


def path_of(*parts: str) -> str:
    """A path of the API whose parts may hold any character."""
    return "/" + "/".join(quote(part, safe="") for part in parts)


class _Hosted(msgspec.Struct):
    """A run as the API shows it."""

    id: str
    state: str
    progress: Progress
    outcome: Outcome | None = None
    error: msgspec.Raw = msgspec.field(default_factory=msgspec.Raw)


async def run_remote(
    folder: Path,
    path: Path,
    options: RunOptions,
    on_progress: Callable[[Progress], None] | None = None,
    on_event: Callable[[Event], None] | None = None,
    stop: asyncio.Event | None = None,
) -> Outcome:
    """Have the engine that owns a workspace run the flow file at an absolute path, and wait until it ends.

    `stop` ends it gracefully.

    Raises:
        WorkspaceBusy: whatever owns the workspace takes no orders.
        EngineGone: the engine ended meanwhile; it goes on with the run when it is started again.
        PyfiError: whatever keeps the flow from running.
    """
    address = engine_of(folder)
    order = {
        "path": str(path),
        "overrides": options.overrides,
        "fresh": options.fresh,
        "timeout_s": options.timeout_s,
        "fuse": options.fuse,
        "secrets": options.secrets,
    }
    async with AsyncEngineClient(address) as client:
        listening = asyncio.create_task(_listen(address, str(path), on_event)) if on_event is not None else None
        try:
            run = await client.ask("POST", "/runs", _Hosted, order)
            return await _wait(client, run, on_progress, stop or asyncio.Event())
        finally:
            if listening is not None:
                listening.cancel()
                await asyncio.gather(listening, return_exceptions=True)


async def _wait(
    client: AsyncEngineClient, run: _Hosted, on_progress: Callable[[Progress], None] | None, stop: asyncio.Event
) -> Outcome:
    place = path_of("runs", run.id)
    stopped = False
    while run.state == "running":
        if stop.is_set() and not stopped:
            stopped = True
            await client.ask("DELETE", place, _Hosted)
        if on_progress is not None:
            on_progress(run.progress)
        await asyncio.sleep(_EVERY_S)
        run = await client.ask("GET", place, _Hosted)
    if on_progress is not None:
        on_progress(run.progress)
    if run.outcome is None:
        raise error_of(bytes(run.error))
    return run.outcome


async def _listen(address: Address, flow: str, on_event: Callable[[Event], None]) -> None:
    async with EventStream(address.url, address.token, flows=[flow], kinds=["log"]) as stream:
        async for event in stream:
            if event.kind == "log":
                on_event(event)
