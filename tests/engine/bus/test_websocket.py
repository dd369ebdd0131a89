"""The bus over WebSocket: what a client gets first, what is merged for a slow one, what one that comes back has missed."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from engine.bus.base import Event
from engine.bus.websocket import UNWELCOME, EventStream, Subscription, WebSocketBus
from engine.errors import UsageError
from tests.contract.test_bus import TOKEN, serving, until


def log(number: int, level: str = "info", flow: str = "flow") -> Event:
    return Event("log", flow, number, {"step": "a", "level": level, "text": f"line {number}"})


def stats(flow: str = "flow", /, **processors: int) -> Event:
    return Event("stats", flow, 1, {"processors": {step: {"in": count} for step, count in processors.items()}})


class Wire:
    """A client by hand: the frames it has been sent. While `open_` is not set it takes nothing."""

    def __init__(self, bus: WebSocketBus, first: Subscription) -> None:
        self.frames: list[dict[str, Any]] = []
        self.messages: list[Any] = []
        """Frames, or lists of them."""
        self.open_ = asyncio.Event()
        self.open_.set()
        self.wishes: asyncio.Queue[Subscription] = asyncio.Queue()
        self._task = asyncio.create_task(bus.serve(self._send, self.wishes.get, first))

    async def _send(self, text: str) -> None:
        await self.open_.wait()
        self.messages.append(json.loads(text))
        self.frames += self.messages[-1] if isinstance(self.messages[-1], list) else [self.messages[-1]]

    def kinds(self) -> list[str]:
        return [frame["kind"] for frame in self.frames]

    async def close(self) -> None:
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)


def drive(test: Callable[..., Any]) -> None:
    """Run a test with a bus of two flows."""

    async def run() -> None:
        bus = WebSocketBus(lambda: ["flow", "other"], lambda flow: {"state": "running", "processors": {"a": {"in": 0}}})
        await test(bus)
        assert bus.clients == 0

    asyncio.run(run())


def test_everything_as_it_stands_comes_first():
    async def test(bus: WebSocketBus) -> None:
        bus.publish(log(1))
        wire = Wire(bus, Subscription())
        await until(lambda: len(wire.frames) == 3)
        bus.publish(stats(a=5))
        bus.publish(log(2))
        await until(lambda: len(wire.frames) == 5)
        assert wire.kinds()[:3] == ["hello", "snapshot", "snapshot"]
        assert wire.frames[0]["data"] == {"instance": bus.instance, "flows": ["flow", "other"]}
        assert wire.frames[1]["data"]["processors"] == {"a": {"in": 0}}
        assert sorted(wire.kinds()[3:]) == ["log", "stats"], "nothing of what was before"
        assert bus.is_watched("flow")
        await wire.close()
        assert not bus.is_watched("flow")

    drive(test)


@pytest.mark.parametrize(
    ("flows", "kinds", "expected"),
    [
        (None, ["log"], [("log", "flow"), ("log", "flow"), ("log", "other")]),
        (None, ["bulletin"], [("bulletin", "flow")]),
        (None, ["log", "bulletin"], [("log", "flow"), ("bulletin", "flow"), ("log", "other")]),
        (["other"], ["log", "state"], [("log", "other"), ("state", "other")]),
        (["other"], ["stats"], [("snapshot", "other"), ("stats", "other")]),
        ([], ["log", "stats", "state"], []),
    ],
)
def test_a_client_gets_what_it_wants(flows, kinds, expected):
    async def test(bus: WebSocketBus) -> None:
        wire = Wire(bus, Subscription(flows, kinds))
        await until(lambda: bus.clients == 1)
        for event in (log(1), log(2, "error"), log(3, flow="other"), stats("other", a=1), Event("state", "other", 4, {})):
            bus.publish(event)
        await until(lambda: len(wire.frames) == 1 + len(expected))
        assert sorted((frame["kind"], frame["flow"]) for frame in wire.frames[1:]) == sorted(expected)
        await wire.close()

    drive(test)


def test_for_a_slow_client_numbers_are_merged_and_old_lines_left_out():
    async def test(bus: WebSocketBus) -> None:
        wire = Wire(bus, Subscription(["flow"]))
        await until(lambda: len(wire.frames) == 2)
        wire.open_.clear()
        for number in range(50_000):
            bus.publish(stats(**{f"step{number % 100}": number}))
            bus.publish(log(number))
        (client,) = bus._clients
        assert len(client._events) <= 1000
        assert sum(len(frame.data["processors"]) for frame in client._stats.values()) == 100
        wire.open_.set()
        await until(lambda: len(wire.frames) > 2 and wire.frames[-1]["at_ms"] == 49_999)
        merged: dict[str, Any] = {}
        for frame in wire.frames:
            if frame["kind"] == "stats":
                merged.update(frame["data"]["processors"])
        assert merged == {f"step{number}": {"in": 49_900 + number} for number in range(100)}
        lines = [frame["at_ms"] for frame in wire.frames if frame["kind"] == "log"]
        assert lines[-1000:] == list(range(49_000, 50_000))
        missed = sum(frame["data"]["missed"] for frame in wire.frames if frame["kind"] == "gap")
        assert missed + len(lines) == 50_000
        await wire.close()

    drive(test)


def test_who_asks_for_bundles_gets_many_lines_in_a_message_and_all_of_them_in_order():
    async def test(bus: WebSocketBus) -> None:
        wire = Wire(bus, Subscription(["flow"], bundle=True))
        await until(lambda: len(wire.messages) == 2)
        for number in range(900):
            bus.publish(log(number))
            if number % 100 == 0:
                bus.publish(stats(a=number))
                await asyncio.sleep(0.01)
        await until(lambda: sum(frame["kind"] == "log" for frame in wire.frames) == 900)
        lines = [frame["data"]["text"] for frame in wire.frames if frame["kind"] == "log"]
        assert lines == [f"line {number}" for number in range(900)]
        assert len(wire.messages) < 40
        bus.publish(log(901))
        await until(lambda: wire.frames[-1]["data"].get("text") == "line 901")
        assert isinstance(wire.messages[-1], dict)
        await wire.close()

    drive(test)


def test_numbers_come_at_most_four_times_a_second():
    async def test(bus: WebSocketBus) -> None:
        wire = Wire(bus, Subscription(["flow"], ["stats"]))
        loop = asyncio.get_running_loop()
        begin = loop.time()
        number = 0
        while loop.time() - begin < 1.5:
            number += 1
            bus.publish(stats(a=number))
            await asyncio.sleep(0.002)
        took = loop.time() - begin
        await until(lambda: wire.frames[-1]["data"].get("processors", {}).get("a") == {"in": number})
        assert wire.kinds().count("stats") <= 4 * took + 2
        await wire.close()

    drive(test)


def test_a_new_snapshot_replaces_what_waits():
    async def test(bus: WebSocketBus) -> None:
        wire = Wire(bus, Subscription(["flow"], ["stats"]))
        await until(lambda: len(wire.frames) == 2)
        wire.open_.clear()
        bus.publish(stats(gone=1))
        await asyncio.sleep(0)
        for number in range(100):
            bus.publish(stats(gone=number))
        bus.publish(Event("snapshot", "flow", 2, {"processors": {"new": {"in": 0}}}))
        bus.publish(stats(new=7))
        wire.open_.set()
        await until(lambda: wire.frames[-1]["data"].get("processors") == {"new": {"in": 7}})
        assert wire.frames[-2]["kind"] == "snapshot"
        assert wire.frames[-2]["data"]["processors"] == {"new": {"in": 0}}
        await wire.close()

    drive(test)


def test_a_client_may_change_its_mind():
    async def test(bus: WebSocketBus) -> None:
        wire = Wire(bus, Subscription(["flow"], ["log"]))
        await until(lambda: bus.clients == 1)
        bus.publish(log(1))
        await until(lambda: wire.kinds() == ["hello", "log"])
        wire.wishes.put_nowait(Subscription(["other"], ["stats"]))
        await until(lambda: wire.kinds() == ["hello", "log", "hello", "snapshot"])
        bus.publish(log(2))
        bus.publish(stats("other", a=1))
        await until(lambda: wire.kinds()[4:] == ["stats"])
        await wire.close()

    drive(test)


def test_one_who_comes_back_gets_what_it_missed():
    async def test(bus: WebSocketBus) -> None:
        for number in range(1, 11):
            bus.publish(log(number))
        back = Wire(bus, Subscription(None, ["log"], since=7, instance=bus.instance))
        await until(lambda: len(back.frames) == 4)
        assert [frame["seq"] for frame in back.frames[1:]] == [8, 9, 10]
        elsewhere = Wire(bus, Subscription(None, ["log"], since=7, instance="another engine"))
        await until(lambda: len(elsewhere.frames) == 11)
        assert [frame["seq"] for frame in elsewhere.frames[1:]] == list(range(1, 11))
        for number in range(11, 3011):
            bus.publish(log(number))
        late = Wire(bus, Subscription(None, ["log"], since=7, instance=bus.instance))
        await until(lambda: late.frames[-1:] != [] and late.frames[-1]["seq"] == 3010)
        missed = sum(frame["data"]["missed"] for frame in late.frames if frame["kind"] == "gap")
        lines = [frame["seq"] for frame in late.frames if frame["kind"] == "log"]
        assert lines == list(range(lines[0], 3011))
        assert missed == lines[0] - 8
        for wire in (back, elsewhere, late):
            await wire.close()

    drive(test)


def test_a_client_that_leaves_is_forgotten():
    async def test(bus: WebSocketBus) -> None:
        async def send(text: str) -> None:
            raise ConnectionResetError

        async def receive() -> Subscription:
            raise ConnectionResetError

        async def never() -> Subscription:
            return await asyncio.get_running_loop().create_future()

        await bus.serve(send, never, Subscription())

        async def take(text: str) -> None:
            return

        await bus.serve(take, receive, Subscription())

    drive(test)


def test_a_stream_waits_for_the_first_comes_back_and_misses_nothing():
    async def test(bus: WebSocketBus) -> None:
        heard: list[Event] = []
        place: list[tuple[str, str]] = []
        stream = EventStream(flows=["flow"], kinds=["log"], find=lambda: place[-1] if place else None)

        async def listen() -> None:
            async for event in stream:
                heard.append(event)  # noqa: PERF401 - it is looked at meanwhile

        listening = asyncio.create_task(listen())
        await until(lambda: [event.kind for event in heard] == ["lost"])  # nobody is there yet
        for turn in range(3):
            async with serving(bus) as url:
                place.append((url, TOKEN))
                bus.publish(log(10 * turn))
                await until(lambda turn=turn: bus.clients == 1 and sum(event.kind == "hello" for event in heard) == turn + 1)
                bus.publish(log(10 * turn + 1))
                await until(lambda turn=turn: any(event.at_ms == 10 * turn + 1 for event in heard if event.kind == "log"))
            await until(lambda turn=turn: sum(event.kind == "lost" for event in heard) == turn + 2)
            bus.publish(log(10 * turn + 2))
        async with serving(bus) as url:
            place.append((url, TOKEN))
            await until(lambda: heard[-1].at_ms == 22 and heard[-1].kind == "log")
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)
        await stream.close()
        lines = [event.at_ms for event in heard if event.kind == "log"]
        assert lines == [0, 1, 2, 10, 11, 12, 20, 21, 22]

    drive(test)


def test_a_stream_that_is_closed_leaves_nothing_that_goes_on():
    async def hear_one(url: str) -> set[str]:
        async with EventStream(url, TOKEN) as stream:
            assert (await anext(stream)).kind == "hello"
        return {str(task) for task in asyncio.all_tasks() if task is not asyncio.current_task()}

    async def test(bus: WebSocketBus) -> None:
        async with serving(bus) as url:
            # In a loop of its own, where every task is the stream's.
            assert await asyncio.to_thread(asyncio.run, hear_one(url)) == set()

    drive(test)


def test_a_wrong_token_is_told_apart_from_an_engine_that_is_away():
    async def test(bus: WebSocketBus) -> None:
        async with serving(bus) as url:
            async with EventStream(url, "wrong") as stream:
                with pytest.raises(UsageError, match="does not know this token"):
                    await anext(stream)
            address = f"ws{url.removeprefix('http')}/events"
            async with connect(address, proxy=None) as socket:
                await socket.send(json.dumps({"token": TOKEN, "kinds": ["log"]}))
                assert json.loads(await socket.recv())["kind"] == "hello", "a browser gives the token in its first message"
            for first, code in (("{}", UNWELCOME), ('{"token": "ü"}', UNWELCOME), ("no json", 4400), ('{"flows": 7}', 4400)):
                async with connect(address, proxy=None) as socket:
                    await socket.send(first)
                    with pytest.raises(ConnectionClosed) as caught:
                        await socket.recv()
                    assert caught.value.rcvd is not None
                    assert caught.value.rcvd.code == code

    drive(test)


def test_what_is_wanted_may_be_in_the_url():
    async def run() -> None:
        bus = WebSocketBus(lambda: ["flow", "other"])
        async with serving(bus) as url:
            events = f"ws{url.removeprefix('http')}/events?flow=flow&kind=log"
            header = {"Authorization": f"Bearer {TOKEN}"}
            async with connect(events, additional_headers=header) as socket, connect(events) as browser:
                await browser.send(json.dumps({"token": TOKEN}))
                for each in (socket, browser):
                    hello = json.loads(await each.recv())
                    assert (hello["kind"], hello["data"]["flows"]) == ("hello", ["flow"])
                bus.publish(stats(a=1))
                bus.publish(log(1, flow="other"))
                bus.publish(log(2, "error"))
                for each in (socket, browser):
                    assert json.loads(await each.recv())["data"]["text"] == "line 2"
                await socket.send(json.dumps({"kinds": ["stats"]}))
                assert json.loads(await socket.recv())["data"]["flows"] == ["flow", "other"]

    asyncio.run(run())


def test_when_all_was_learned_anew_figures_are_told_anew_and_lines_stay():
    async def test(bus: WebSocketBus) -> None:
        wire = Wire(bus, Subscription(flows=["flow"]))
        await until(lambda: len(wire.frames) == 2)
        wire.open_.clear()
        bus.publish(stats(a=5))
        bus.publish(log(1))
        bus.publish(log(2))
        bus.greet_anew()
        bus.tell_missed(3)
        wire.open_.set()
        await until(lambda: len(wire.frames) >= 7)
        told = [(frame["kind"], frame["data"]) for frame in wire.frames[2:]]
        assert [kind for kind, _ in told].count("log") == 2
        assert ("gap", {"missed": 3}) in told
        anew = [kind for kind, _ in told].index("hello")
        assert [kind for kind, _ in told[anew:]][:2] == ["hello", "snapshot"]
        assert "stats" not in [kind for kind, _ in told[anew:]]
        await wire.close()

    drive(test)
