"""The gateway and `pyfi listen`, each the real command, over a real Redis."""

from __future__ import annotations

import asyncio
import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from engine.bus.base import Event
from engine.bus.redis import RedisBus
from engine.bus.websocket import UNWELCOME, EventStream
from tests.cluster.listening import Listener, line, state, stats, until
from tests.engine.api.served import Served
from tests.engine.cli.command import environment, process
from tests.servers import Redis

pytestmark = pytest.mark.servers


class Gateway(Served):
    def __init__(self, folder: Path) -> None:
        super().__init__(folder, "--target", "prod")
        self.file = self.workspace / "gateway-prod.json"


@pytest.fixture
def server(tmp_path, monkeypatch) -> Iterator[Redis]:
    server = Redis()
    server.start()
    name_target(tmp_path, monkeypatch, server.url)
    yield server
    server.stop()


def name_target(folder: Path, monkeypatch, url: str) -> None:
    text = f'[prod]\nbroker = "amqp://127.0.0.1"\nbus = "{url}"\ndatabase = "postgresql://127.0.0.1/x"\n'
    (folder / "targets.toml").write_text(text, encoding="utf-8")
    monkeypatch.setenv("PYFI_TARGETS", str(folder / "targets.toml"))


@contextmanager
def listening(folder: Path, *options: str) -> Iterator[subprocess.Popen[str]]:
    """`pyfi listen`."""
    command = [sys.executable, "-m", "engine.cli.main", "listen", "--target", "prod", *options]
    listener = subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, text=True, env=environment())
    try:
        yield listener
    finally:
        listener.kill()
        listener.communicate()


def values(number: int) -> dict:
    return {"state": "running", "in": number, "out": {"success": number}}


def test_clients_of_the_gateway_see_what_is_published_also_after_redis_was_killed(server, tmp_path):
    async def run(gateway: Gateway) -> None:
        address = gateway.address
        bus = RedisBus(server.url, "prod")
        bus.publish(Event("snapshot", "flow", 1, {"state": "running", "since_ms": 7, "processors": {"a": values(1)}}))
        every = Listener(EventStream(address.url, address.token))
        few = Listener(EventStream(address.url, address.token, flows=["other"], kinds=["bulletin", "state"]))
        await every.greeted()
        await few.greeted()
        await until(lambda: every.model.flows == {"flow": {"processors": {"a": values(1)}}})
        bus.publish(stats("flow", 2, b=values(2)))
        bus.publish(stats("other", 2, c=values(2)))
        for number, flow in ((1, "flow"), (2, "other")):
            bus.publish(line(number, flow=flow))
            bus.publish(line(number * 10, "error", flow=flow))
        expected = {"flow": {"processors": {"a": values(1), "b": values(2)}}, "other": {"processors": {"c": values(2)}}}
        await until(lambda: every.model.flows == expected and len(every.lines) == 4)
        await until(lambda: few.lines == ["line 20"])
        async with httpx.AsyncClient(headers={"Authorization": f"Bearer {address.token}"}) as client:

            async def trouble() -> str | None:
                return (await client.get(f"{address.url}/health")).json()["trouble"]

            assert await trouble() is None
            server.kill()
            bus.publish(stats("flow", 3, a=values(3)))
            expected["flow"]["processors"]["a"] = values(3)
            while "refuses connections" not in str(await trouble()):  # noqa: ASYNC110 - nobody tells the test
                await asyncio.sleep(0.05)
            server.start()
            await until(lambda: every.model.flows == expected)
            assert await trouble() is None
            assert (await client.get(f"{address.url}/health", headers={"Authorization": "Bearer x"})).status_code == 401
        assert every.count("lost") == 0, "the gateway itself was there all the time"
        bus.publish(state("removed", flow="other"))
        await until(lambda: "other" not in every.model.flows)
        await until(lambda: few.model.states == {"other": "removed"})
        late = Listener(EventStream(address.url, address.token))
        await until(lambda: late.model.flows == {"flow": expected["flow"]})
        assert late.heard[0].data["flows"] == ["flow"]
        for each in (every, few, late):
            await each.leave()
        await bus.close()

    with Gateway(tmp_path) as gateway:
        asyncio.run(run(gateway))
        assert gateway.end() == 0
        assert not gateway.file.exists()
        assert server.password not in gateway.said
        assert f"Redis at 127.0.0.1:{server.port}, refuses connections" in gateway.said


def test_what_is_wanted_may_be_in_the_url(server, tmp_path):
    async def run(gateway: Gateway) -> None:
        address = gateway.address
        events = address.url.replace("http", "ws") + "/events"
        header = {"Authorization": f"Bearer {address.token}"}
        bus = RedisBus(server.url, "prod")
        async with connect(f"{events}?flow=one&kind=log&kind=state", additional_headers=header) as socket:
            assert json.loads(await socket.recv())["kind"] == "hello"
            for flow in ("two", "one"):
                bus.publish(stats(flow, 1, a=values(1)))
                bus.publish(line(1, flow=flow))
            frame = json.loads(await socket.recv())
            assert (frame["kind"], frame["flow"]) == ("log", "one")
        async with connect(f"{events}?kind=none", additional_headers=header) as socket:
            with pytest.raises(ConnectionClosed) as closed:
                await socket.recv()
            assert closed.value.rcvd is not None
            assert closed.value.rcvd.reason.startswith("not a subscription: there is no kind 'none'; it can be bulletin,")
        async with connect(f"{events}?kind=log") as socket:
            await socket.send('{"token": "wrong"}')
            with pytest.raises(ConnectionClosed) as closed:
                await socket.recv()
            assert closed.value.rcvd is not None
            assert closed.value.rcvd.code == UNWELCOME
        await bus.close()

    with Gateway(tmp_path) as gateway:
        asyncio.run(run(gateway))


def test_listen_prints_what_happens_for_people_and_programs(server, tmp_path):
    async def run() -> None:
        bus = RedisBus(server.url, "prod")
        bus.publish(Event("snapshot", "flow", 1, {"state": "running", "processors": {"a": values(1)}}))
        with listening(tmp_path) as person, listening(tmp_path, "--json", "--flow", "flow", "--kind", "bulletin") as program:
            assert person.stdout is not None
            assert program.stdout is not None
            while "running, 1 in, out 1 success" not in (await asyncio.to_thread(person.stdout.readline)):
                pass
            assert json.loads(await asyncio.to_thread(program.stdout.readline))["kind"] == "hello"
            bus.publish(line(1))
            bus.publish(line(2, "error"))
            told = [(await asyncio.to_thread(person.stdout.readline)).rstrip() for _ in range(2)]
            assert [each.partition(" ")[2] for each in told] == ["flow: info    a: line 1", "flow: error   a: line 2"]
            frame = json.loads(await asyncio.to_thread(program.stdout.readline))
            assert frame == {"kind": "bulletin", "flow": "flow", "at_ms": 2, "data": line(2, "error").data}
            for listener in (person, program):
                listener.send_signal(signal.SIGINT)
                assert await asyncio.to_thread(listener.wait, 30) == 0
        await bus.close()

    asyncio.run(run())


@pytest.mark.parametrize("command", [("listen", "--target", "prod"), ("serve", "--target", "prod", "--workspace", "ws")])
def test_a_bus_that_cannot_be_used_is_one_sentence(server, tmp_path, monkeypatch, command):
    name_target(tmp_path, monkeypatch, server.url.replace("redis://:", "redis://:not-"))
    done = process(*command, cwd=tmp_path)
    assert done.returncode == 1
    reason = "refuses the user name or the password; correct them in the URL"
    assert done.stderr == f"pyfi: the bus, Redis at 127.0.0.1:{server.port}, {reason}\n"
    done = process(*[part.replace("prod", "prodd") for part in command], cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr == "pyfi: there is no target 'prodd'; did you mean 'prod'?\n"
