"""The gateway: events of a cluster for whoever speaks WebSocket, as the engine of one machine tells its own."""

from __future__ import annotations

import asyncio
import contextlib
import os
import secrets
import signal
import time
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import msgspec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, WebSocketRoute
from starlette.types import ASGIApp

from engine.api.address import Address, birth_of, withdraw, write_address
from engine.api.events import Events
from engine.api.guard import Guarded
from engine.api.listener import HttpServer, listening, url_of, warn_of_others
from engine.bus.base import Event
from engine.bus.columns import plain
from engine.bus.redis_events import RedisEvents
from engine.bus.redis_link import place_of, probe
from engine.bus.websocket import WebSocketBus
from engine.targets import Target

_KINDS = ("stats", "state", "log")
"""Warnings and errors come as lines of the log here; who asks the gateway for bulletins gets them as those."""


class Relay:
    """Takes what is heard of a target to a bus with WebSocket clients."""

    def __init__(self, events: RedisEvents, said: Callable[[str], None]) -> None:
        self._events = events
        self._said = said
        self.ready = asyncio.Event()
        """Set when it is known how the target's flows stand."""
        self.bus = WebSocketBus(lambda: events.flows, lambda flow: plain(events.standing(flow)))

    async def run(self) -> None:
        """Take over what is heard, for ever."""
        async for event in self._events:
            match event.kind:
                case "lost":
                    self._said(f"lost: {event.data['trouble']}; waiting for it")
                case "hello" if not self.ready.is_set():
                    self.ready.set()
                case "hello":
                    self.bus.greet_anew()
                case "gap":
                    self.bus.tell_missed(event.data["missed"])
                case "stats" | "snapshot":
                    if self.bus.is_watched(event.flow):
                        self.bus.publish(Event(event.kind, event.flow, event.at_ms, plain(event.data)))
                case _:
                    self.bus.publish(event)


class Gateway:
    """Serves the events of a target until it is told to end. `said` hears of what the person at the terminal ought to know."""

    def __init__(self, target: Target, path: Path, *, host: str, port: int, version: str, said: Callable[[str], None]) -> None:
        self._target = target
        self._path = path
        self._host = host
        self._port = port
        self._version = version
        self._said = said

    async def run(self) -> int:
        """Serve until SIGTERM or SIGINT; returns the exit status.

        Raises:
            UsageError: the address cannot be listened on.
            PyfiError: the bus cannot be used.
        """
        await probe(self._target.bus)
        stopping = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, stopping.set)
        with contextlib.closing(listening(self._host, self._port)) as listener:
            url = url_of(self._host, listener)
            address = Address(url, secrets.token_urlsafe(32), os.getpid(), self._version, birth_of(os.getpid()))
            async with RedisEvents(self._target.bus, self._target.name, kinds=_KINDS) as events:
                relay = Relay(events, self._said)
                server = HttpServer(self._app(relay, events, address))
                serving = asyncio.create_task(server.serve(sockets=[listener]))
                others = asyncio.create_task(relay.run()), asyncio.create_task(stopping.wait())
                try:
                    # Whoever reads where it is finds it knowing what there is.
                    await _first_of(relay.ready.wait(), serving, *others)
                    self._announce(address)
                    done, _ = await asyncio.wait({serving, *others}, return_when=asyncio.FIRST_COMPLETED)
                    for each in done:
                        each.result()  # a fault of ours, if it is one
                finally:
                    withdraw(self._path, address)
                    server.should_exit = True
                    for each in others:
                        each.cancel()
                    await asyncio.gather(serving, *others, return_exceptions=True)
        return 0

    def _app(self, relay: Relay, events: RedisEvents, address: Address) -> ASGIApp:
        started = time.time()

        async def health(request: Request) -> Response:
            """Who it is, and whether it hears anything."""
            about: dict[str, Any] = {
                "pid": address.pid,
                "version": address.version,
                "target": self._target.name,
                "started": started,
                "instance": relay.bus.instance,
                "clients": relay.bus.clients,
                "trouble": events.trouble,
            }
            return Response(msgspec.json.encode(about), media_type="application/json")

        routes = [Route("/health", health), WebSocketRoute("/events", Events(relay.bus, address.token).serve)]
        return Guarded(Starlette(routes=routes), address.token)

    def _announce(self, address: Address) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        write_address(self._path, address)
        warn_of_others(self._host, f"hear all that happens on target {self._target.name}", self._said)
        self._said(
            f"serving events of target {self._target.name} (Redis at {place_of(self._target.bus)}) at {address.url}; "
            f"the token is in {self._path}; Ctrl+C stops"
        )


async def _first_of(wanted: Coroutine[Any, Any, Any], *others: asyncio.Task[Any]) -> None:
    """Until something has happened, or one of the others has ended."""
    waiting = asyncio.create_task(wanted)
    await asyncio.wait({waiting, *others}, return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
