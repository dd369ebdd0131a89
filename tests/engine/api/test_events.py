from __future__ import annotations

import asyncio
import contextlib
import itertools
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any

import pytest

from engine.api.address import find_engine
from engine.api.remote import AsyncEngineClient, path_of
from engine.bus.base import Event
from engine.bus.websocket import EventStream
from tests.contract.test_bus import until
from tests.engine.api.served import ANY, TICKING, Served

FINITE = TICKING.replace("count: 0, rate: 500", "count: 3000, rate: 1500")


class Picture:
    """What a desktop would show, made of nothing but events."""

    def __init__(self) -> None:
        self.flows: dict[str, dict[str, Any]] = {}
        self.events: list[Event] = []

    def take(self, event: Event) -> None:
        self.events.append(event)
        if event.kind == "hello":
            self.flows = {name: {} for name in event.data["flows"]}
        elif event.kind == "snapshot":
            self.flows[event.flow] = dict(event.data)
        elif event.kind == "stats":
            for part, values in event.data.items():
                self.flows[event.flow][part].update(values)
        elif event.kind == "state":
            self.flows.setdefault(event.flow, {}).update(event.data)

    def counted(self, step: str, flow: str = "ticking") -> int:
        return self.flows.get(flow, {}).get("processors", {}).get(step, {"in": 0})["in"]

    def kinds(self) -> list[str]:
        return [event.kind for event in self.events]


@pytest.fixture
def served(tmp_path):
    with Served(tmp_path) as served:
        yield served


@contextlib.asynccontextmanager
async def watched(served: Served) -> AsyncIterator[Picture]:
    """A picture that follows the engine through its deaths."""

    def find() -> tuple[str, str] | None:
        address = find_engine(served.workspace)
        return (address.url, address.token) if address is not None else None

    picture = Picture()
    stream = EventStream(find=find)

    async def listen() -> None:
        async for event in stream:
            picture.take(event)

    listening = asyncio.create_task(listen())
    try:
        yield picture
    finally:
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)
        await stream.close()


async def ask(served: Served, method: str, path: str, /, **body: Any) -> Any:
    async with AsyncEngineClient(served.address) as client:
        return await client.ask(method, path, ANY, body or None)


async def is_true(served: Served, picture: Picture, name: str = "ticking") -> bool:
    """Whether the picture is what the engine says, but for rates, which fall by themselves."""
    said = await ask(served, "GET", path_of("deployments", name))
    for values in (*said["processors"].values(), *picture.flows[name].get("processors", {}).values()):
        values["rate"] = 0.0
    parts = ("state", "trouble", "processors", "connections")
    return {part: said[part] for part in parts} == {part: picture.flows[name].get(part) for part in parts}


async def comes_true(served: Served, picture: Picture) -> None:
    async with asyncio.timeout(60):
        while not await is_true(served, picture):  # noqa: ASYNC110 - nobody tells the test
            await asyncio.sleep(0.1)


def watch(served: Served, test: Callable[[Picture], Any]) -> None:
    async def run() -> None:
        async with watched(served) as picture:
            await test(picture)

    asyncio.run(run())


def test_events_alone_give_the_whole_picture(served):
    async def test(picture: Picture) -> None:
        await until(lambda: picture.kinds() == ["hello"])
        await ask(served, "POST", "/deployments", text=FINITE, folder=str(served.folder))
        await until(lambda: picture.counted("keep") > 500)
        assert picture.flows["ticking"]["processors"]["check"]["rate"] > 100
        await until(lambda: picture.flows["ticking"]["processors"]["ticks"]["state"] == "ended")
        await comes_true(served, picture)
        assert picture.counted("keep") == 2970
        bulletins = [event for event in picture.events if event.kind == "bulletin"]
        assert {(event.data["step"], event.data["level"]) for event in bulletins} == {("check", "warning")}
        assert len(bulletins) == 30
        await ask(served, "POST", "/deployments/ticking/processors/stop", steps=["keep"])
        await comes_true(served, picture)
        assert picture.flows["ticking"]["processors"]["keep"]["state"] == "stopped"
        await ask(served, "POST", "/deployments/ticking/stop")
        await comes_true(served, picture)
        assert picture.flows["ticking"]["state"] == "stopped"
        await ask(served, "POST", "/queues/purge", queue="dead:check", flow="ticking")
        await comes_true(served, picture)
        assert picture.flows["ticking"]["processors"]["check"]["dead"] == 0
        await ask(served, "DELETE", "/deployments/ticking")
        await until(lambda: picture.flows["ticking"]["state"] == "removed")

    watch(served, test)


def test_the_picture_is_right_again_after_the_engine_died(served):
    async def test(picture: Picture) -> None:
        served.deploy(FINITE)
        for life, goal in enumerate((200, 900, 1800), 1):
            # What was known of the engine before is void with the hello: only then is a count this engine's.
            await until(lambda life=life, goal=goal: picture.kinds().count("hello") == life and picture.counted("keep") > goal)
            lost = picture.kinds().count("lost")
            served.kill()
            await until(lambda lost=lost: picture.kinds().count("lost") > lost)
            await asyncio.to_thread(served.start)
        await until(lambda: picture.kinds().count("hello") == 4 and picture.counted("keep") == 2970)
        await comes_true(served, picture)
        hellos = [event.data["instance"] for event in picture.events if event.kind == "hello"]
        assert len(set(hellos)) == 4
        # An engine that dies may have no time to send its last lines. Of the one that lives every line is there, also of the
        # time before anybody listened: steps refuse in order, so its lines are the last of all, with no gap.
        wanted = [f"ValueError: {n} is refused" for n in range(7, 3000, 100)]
        assert set(refusals(picture.events)) <= set(wanted)
        last = max(number for number, event in enumerate(picture.events) if event.kind == "hello")
        told = refusals(picture.events[last:])
        assert told == wanted[len(wanted) - len(told) :]
        snapshot = next(event for event in picture.events[last:] if event.kind == "snapshot")
        assert len(told) >= len(wanted) - snapshot.data["processors"]["check"]["failed"]

    watch(served, test)


def refusals(events: Sequence[Event]) -> list[str]:
    return [event.data["text"] for event in events if event.kind == "bulletin"]


def test_numbers_of_a_busy_flow_come_at_most_four_times_a_second(served):
    async def test(picture: Picture) -> None:
        served.deploy()
        await until(lambda: picture.counted("keep") > 0)

        def stats() -> list[Event]:
            return [event for event in picture.events if event.kind == "stats"]

        await until(lambda: len(stats()) > 12)
        told = stats()
        # By the engine's own clock, whatever their way here took; milliseconds are cut off, not rounded.
        assert all(later.at_ms - earlier.at_ms >= 249 for earlier, later in itertools.pairwise(told))
        assert all(set(event.data) <= {"processors", "connections"} for event in told)

    watch(served, test)


def test_a_run_is_watched_like_a_deployment(served):
    flow = served.folder / "run.flow.yaml"
    flow.write_text(FINITE, encoding="utf-8")

    async def test(picture: Picture) -> None:
        await until(lambda: picture.kinds() == ["hello"])
        await ask(served, "POST", "/runs", path=str(flow))
        await until(lambda: picture.counted("keep", str(flow)) > 100)
        await until(lambda: picture.flows[str(flow)]["state"] == "finished")
        await until(lambda: picture.counted("keep", str(flow)) == 2970)

    watch(served, test)
