"""What every bus must do, run on all of them."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from typing import Protocol

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute

from engine.api.events import Events
from engine.bus.base import Bus, Event
from engine.bus.memory import MemoryBus
from engine.bus.redis import RedisBus
from engine.bus.redis_events import RedisEvents
from engine.bus.websocket import KINDS, EventStream, WebSocketBus

TOKEN = "open sesame"


class Ear(Protocol):
    """Somebody who listens; `heard` grows."""

    heard: list[Event]

    async def leave(self) -> None: ...


class Listening:
    """A listener in this process."""

    def __init__(self, bus: Bus) -> None:
        self.heard: list[Event] = []
        self._leave = bus.subscribe(self.heard.append)

    async def leave(self) -> None:
        self._leave()


class Client:
    """A listener at the other end of a WebSocket."""

    def __init__(self, stream: EventStream | RedisEvents) -> None:
        self.heard: list[Event] = []
        self.greeted = asyncio.Event()
        self._stream = stream
        self._task = asyncio.create_task(self._listen())

    async def _listen(self) -> None:
        async for event in self._stream:
            if event.kind == "hello":
                self.greeted.set()
            elif event.kind in KINDS:
                self.heard.append(event)

    async def leave(self) -> None:
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        await self._stream.close()


class Exchange:
    """A bus and a way to listen to it."""

    def __init__(self, bus: Bus, listen: Callable[[], object]) -> None:
        self.bus = bus
        self._listen = listen

    async def ear(self) -> Ear:
        made = self._listen()
        if isinstance(made, Client):
            async with asyncio.timeout(30):
                await made.greeted.wait()
        return made  # type: ignore[return-value]


@contextlib.asynccontextmanager
async def open_exchange(kind: str, redis_url: str) -> AsyncIterator[Exchange]:
    remote = "elsewhere" in kind
    if kind == "memory":
        bus = MemoryBus()
        yield Exchange(bus, lambda: Listening(bus))
    elif kind.startswith("redis"):
        shared = RedisBus(redis_url, "contract")
        yield Exchange(shared, lambda: Client(RedisEvents(redis_url, "contract")) if remote else Listening(shared))
        await shared.close()
    else:
        served = WebSocketBus()
        async with serving(served) as url:
            yield Exchange(served, lambda: Client(EventStream(url, TOKEN)) if remote else Listening(served))


@contextlib.asynccontextmanager
async def serving(bus: WebSocketBus) -> AsyncIterator[str]:
    """The bus on a port of this machine; its URL."""
    app = Starlette(routes=[WebSocketRoute("/events", Guard(Events(bus, TOKEN).serve))])
    server = uvicorn.Server(
        uvicorn.Config(app, port=0, log_config=None, lifespan="off", ws="websockets-sansio", timeout_graceful_shutdown=1)
    )
    server.capture_signals = contextlib.nullcontext  # type: ignore[method-assign, assignment]
    task = asyncio.create_task(server.serve())
    async with asyncio.timeout(30):
        while not server.started:  # noqa: ASYNC110 - nobody tells the test
            await asyncio.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        await task


class Guard:
    """As the API's: says whether the header knows the token."""

    def __init__(self, serve: Callable[..., object]) -> None:
        self._serve = serve

    async def __call__(self, scope, receive, send) -> None:
        from starlette.websockets import WebSocket

        given = dict(scope["headers"]).get(b"authorization", b"")
        scope["state"] = {"knows": given == f"Bearer {TOKEN}".encode()}
        await self._serve(WebSocket(scope, receive, send))  # type: ignore[misc]


def event(number: int, flow: str = "flow") -> Event:
    return Event("log", flow, number, {"step": "a", "level": "info", "text": f"line {number}"})


async def until(happened: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not happened():  # noqa: ASYNC110 - nobody tells the test
            await asyncio.sleep(0.01)


@pytest.fixture(
    params=[
        "memory",
        "websocket, here",
        "websocket, elsewhere",
        pytest.param("redis, here", marks=pytest.mark.servers),
        pytest.param("redis, elsewhere", marks=pytest.mark.servers),
    ]
)
def opened(request: pytest.FixtureRequest) -> Callable[[], contextlib.AbstractAsyncContextManager[Exchange]]:
    kind: str = request.param
    redis_url: str = request.getfixturevalue("redis_url") if kind.startswith("redis") else ""
    return lambda: open_exchange(kind, redis_url)


def test_everybody_hears_everything_in_order(opened):
    async def run() -> None:
        async with opened() as exchange:
            ears = [await exchange.ear() for _ in range(3)]
            told = [event(number) for number in range(500)]
            for each in told:
                exchange.bus.publish(each)
            for ear in ears:
                await until(lambda ear=ear: len(ear.heard) == 500)
                assert ear.heard == told
            for ear in ears:
                await ear.leave()

    asyncio.run(run())


def test_whoever_leaves_hears_no_more_and_disturbs_nobody(opened):
    async def run() -> None:
        async with opened() as exchange:
            stays, leaves = await exchange.ear(), await exchange.ear()
            exchange.bus.publish(event(1))
            await until(lambda: bool(stays.heard and leaves.heard))
            await leaves.leave()
            await leaves.leave()
            exchange.bus.publish(event(2))
            await until(lambda: len(stays.heard) == 2)
            assert leaves.heard == [event(1)]
            await stays.leave()
            exchange.bus.publish(event(3))
            assert [each.at_ms for each in stays.heard] == [1, 2]

    asyncio.run(run())


def test_a_listener_that_raises_harms_nobody(opened):
    async def run() -> None:
        async with opened() as exchange:

            def bad(_: Event) -> None:
                raise RuntimeError("bad listener")

            exchange.bus.subscribe(bad)
            ear = await exchange.ear()
            exchange.bus.publish(event(1))
            exchange.bus.publish(event(2))
            await until(lambda: len(ear.heard) == 2)
            await ear.leave()

    asyncio.run(run())


def test_publishing_never_waits_for_anybody(opened):
    async def run() -> None:
        async with opened() as exchange:
            ear = await exchange.ear()
            turns: list[int] = []
            asyncio.get_running_loop().call_soon(turns.append, 1)
            for number in range(5000):
                exchange.bus.publish(event(number))
            assert turns == [], "the loop was not given up once, so nobody can have been waited for"
            await until(lambda: bool(ear.heard) and ear.heard[-1].at_ms == 4999)
            await ear.leave()

    asyncio.run(run())
