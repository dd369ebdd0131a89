"""The engine process: one event loop with the engine, its API and its events, until it is told to end."""

from __future__ import annotations

import asyncio
import contextlib
import os
import secrets
import signal
import socket
import sys
import time
from collections.abc import AsyncGenerator, Callable, Mapping
from pathlib import Path

from engine.api.address import Address, birth_of, withdraw, write_address
from engine.api.app import build_app
from engine.api.listener import HttpServer, listening, url_of, warn_of_others
from engine.api.service import Service
from engine.bus.websocket import WebSocketBus
from engine.results.base import ResultStore
from engine.results.url import open_results
from engine.runtime.chronicle import KEEP_DAYS
from engine.runtime.engine import Engine
from engine.runtime.workspace import Workspace

PATIENCE_S = 30.0
"""How long tasks may take to end before the engine ends them and puts their messages back."""
_MARGIN_S = 5.0
"""How much longer all of that may take; only storage that does not answer makes it last."""
_AGAIN = "what was not committed is done again when the engine is started"


class EngineServer:
    """Owns a workspace and serves it. `said` hears of what the person at the terminal ought to know."""

    def __init__(
        self,
        folder: Path | None,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        version: str = "",
        patience_s: float = PATIENCE_S,
        secret_values: Mapping[str, str] | None = None,
        history_days: int = KEEP_DAYS,
        said: Callable[[str], None] = lambda text: None,
    ) -> None:
        self._folder = folder
        self._host = host
        self._port = port
        self._version = version
        self._patience_s = patience_s
        self._secrets = dict(secret_values or {})
        self._history_days = history_days
        self._said = said
        self._stopping = asyncio.Event()

    async def run(self) -> int:
        """Serve until SIGTERM or SIGINT; returns the exit status.

        Raises:
            WorkspaceBusy: another engine owns the workspace.
            UsageError: the address cannot be listened on.
        """
        bus = WebSocketBus()
        results = open_results(Workspace(self._folder).results_url)
        async with (
            _closing(results),
            Engine(self._folder, bus, history_days=self._history_days, record=results.put_packed) as engine,
        ):
            with contextlib.closing(listening(self._host, self._port)) as listener:
                # Whoever comes from now on waits until the deployments are taken up.
                service = Service(engine, bus, self._secrets, results)
                await service.open()
                try:
                    await self._serve(engine, service, bus, listener)
                finally:
                    await self._end(service)
                if service.given_up is not None:
                    self._said(f"storage: {service.given_up}; ended without it: {_AGAIN}")
                    return 1
        return 0

    async def _end(self, service: Service) -> None:
        try:
            async with asyncio.timeout(self._patience_s + _MARGIN_S):
                await service.close(self._patience_s)
        except TimeoutError:
            self._said(f"the storage does not answer; ended without it: {_AGAIN}")
            sys.stderr.flush()
            os._exit(1)

    async def _serve(self, engine: Engine, service: Service, bus: WebSocketBus, listener: socket.socket) -> None:
        token = secrets.token_urlsafe(32)
        address = Address(url_of(self._host, listener), token, os.getpid(), self._version, birth_of(os.getpid()))
        about = {"pid": address.pid, "version": address.version, "started": time.time(), "instance": bus.instance}
        app = build_app(engine, service, bus, {**about, "workspace": str(engine.workspace.folder)}, token, self._secrets)
        server = HttpServer(app)
        path = engine.workspace.engine_file
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        self._listen_to_signals(path, address)
        try:
            write_address(path, address)
            self._announce(engine, address)
            stopping = asyncio.create_task(self._stopping.wait())
            await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
            stopping.cancel()
        finally:
            withdraw(path, address)
            server.should_exit = True
            await serving

    def stop(self) -> None:
        """End in good order."""
        self._stopping.set()

    def _listen_to_signals(self, path: Path, address: Address) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self._on_signal, number, path, address)

    def _on_signal(self, number: signal.Signals, path: Path, address: Address) -> None:
        """The first one ends the engine in good order, a second one at once: what was not committed is done again."""
        if not self._stopping.is_set():
            self._said("stopping: what runs is finished, and goes on from there when the engine is started again")
            self._stopping.set()
            return
        withdraw(path, address)
        sys.stderr.flush()
        os._exit(128 + number)

    def _announce(self, engine: Engine, address: Address) -> None:
        warn_of_others(self._host, "run any code here", self._said)
        self._said(f"serving {engine.workspace.folder} at {address.url} (process {address.pid}); Ctrl+C stops")


@contextlib.asynccontextmanager
async def _closing(results: ResultStore) -> AsyncGenerator[None]:
    try:
        yield
    finally:
        await results.close()
