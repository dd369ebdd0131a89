"""The Redis bus on a real server that goes away, forgets, refuses, and listeners that are slow, late or not there."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tracemalloc
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from engine.bus.base import Event
from engine.bus.outbox import LINES
from engine.bus.redis import RedisBus
from engine.bus.redis_events import RedisEvents
from engine.bus.redis_link import Link, probe
from engine.errors import PyfiError, UsageError
from tests.cluster.listening import Listener, line, state, stats, until
from tests.servers import Redis, find_program, free_port

pytestmark = pytest.mark.servers

ROOT = Path(__file__).resolve().parents[2]
TARGET = "test"


@pytest.fixture
def own_redis() -> Iterator[Redis]:
    """A server to be ill-treated."""
    server = Redis()
    server.start()
    yield server
    server.stop()


@contextlib.asynccontextmanager
async def publishing(url: str) -> AsyncIterator[RedisBus]:
    bus = RedisBus(url, TARGET)
    try:
        yield bus
    finally:
        await bus.close()


@contextlib.asynccontextmanager
async def listening(url: str, **wanted) -> AsyncIterator[Listener]:
    listener = Listener(RedisEvents(url, TARGET, **wanted))
    try:
        await listener.greeted()
        yield listener
    finally:
        await listener.leave()


async def asked(url: str, *command):
    link = Link(url)
    try:
        return await link.ask(*command)
    finally:
        await link.close()


def values(number: int) -> dict:
    return {"state": "running", "in": number, "out": {"success": number}, "rate": number / 2}


def truth(number: int, parts: int = 50) -> dict:
    return {f"p{part}": values(number * parts + part) for part in range(parts)}


# -- a server that goes away


@pytest.mark.parametrize("forgets", [False, True], ids=["keeps its data", "forgets all"])
def test_listeners_are_right_again_after_the_server_was_killed(own_redis, forgets):
    async def run() -> None:
        async with publishing(own_redis.url) as bus, listening(own_redis.url) as listener:
            said: dict[str, dict] = {}

            def say(number: int, parts: dict) -> None:
                said.update(parts)
                bus.publish(stats("flow", number, **parts))
                bus.publish(line(number))

            async def go_on(numbers: range) -> None:
                for number in numbers:
                    # All of them, then few, then one that is new: whole messages and small ones.
                    parts = truth(number) if number % 10 == 0 else {f"p{number % 50}": values(number)}
                    say(number, {**parts, f"new-{number}": values(number)} if number % 7 == 0 else parts)
                    await asyncio.sleep(0.003)

            bus.publish(state("running"))
            await go_on(range(100))
            await asyncio.gather(go_on(range(100, 300)), asyncio.to_thread(own_redis.kill))
            if forgets:
                shutil.rmtree(own_redis.folder / "appendonlydir")
            say(300, {"only-while-away": values(300)})
            bus.publish(state("paused"))
            await until(lambda: bus.trouble is not None and listener.heard[-1].kind == "lost")
            assert "refuses connections" in listener.heard[-1].data["trouble"]
            await asyncio.gather(go_on(range(301, 400)), asyncio.to_thread(own_redis.start))
            await until(lambda: bus.trouble is None and listener.events.trouble is None)
            say(400, {"p0": values(-1)})
            await until(lambda: listener.model.flows.get("flow", {}).get("processors") == said)
            await until(lambda: listener.model.states == {"flow": "paused"})
            assert listener.count("lost") >= 1
            assert listener.count("hello") >= 2
            # Every line was heard, or told to be missing; those that were heard are in order.
            await until(lambda: len(listener.lines) > 0 and listener.lines[-1] == "line 400")
            assert len(listener.lines) + listener.missed == 401
            assert listener.lines == sorted(listener.lines, key=lambda text: int(text.split()[1]))
            async with listening(own_redis.url) as late:
                await until(lambda: late.model.flows.get("flow", {}).get("processors") == said)
                assert late.model.states == {"flow": "paused"}

    asyncio.run(run())


def test_what_the_server_has_forgotten_is_told_anew_though_the_connection_held(redis_url):
    async def run() -> None:
        async with publishing(redis_url) as bus, listening(redis_url) as listener:
            bus.publish(stats("flow", 1, **truth(1)))
            await until(lambda: listener.model.flows.get("flow", {}).get("processors") == truth(1))
            assert await asked(redis_url, "FLUSHALL")
            # A small change creates the hash again, but not what it is a change of.
            bus.publish(stats("flow", 2, p0=values(0)))
            await until(lambda: listener.model.flows["flow"]["processors"]["p0"] == values(0))
            await bus._refresh()
            await bus._send_once(at_once=True)
            async with listening(redis_url) as late:
                await until(lambda: late.model.flows.get("flow", {}).get("processors") == {**truth(1), "p0": values(0)})

    asyncio.run(run())


def test_a_server_that_falls_silent_is_lost_and_found_again(own_redis, monkeypatch):
    monkeypatch.setattr("engine.bus.redis_link._ANSWER_S", 0.3)
    monkeypatch.setattr("engine.bus.redis_events._SILENT_S", 0.1)

    async def run() -> None:
        async with publishing(own_redis.url) as bus, listening(own_redis.url) as listener:
            os.kill(own_redis.pid, signal.SIGSTOP)
            try:
                bus.publish(stats("flow", 1, a=values(1)))
                await until(lambda: bus.trouble is not None and listener.count("lost") > 0)
                assert "does not answer; see that it runs" in str(bus.trouble)
                assert listener.heard[-1].data == {"trouble": bus.trouble}
            finally:
                os.kill(own_redis.pid, signal.SIGCONT)
            await until(lambda: listener.model.flows.get("flow") == {"processors": {"a": values(1)}})

    asyncio.run(run())


def test_nothing_is_lost_when_the_server_is_asked_whether_it_is_there(redis_url, monkeypatch):
    monkeypatch.setattr("engine.bus.redis_events._SILENT_S", 0.001)

    async def run() -> None:
        async with publishing(redis_url) as bus, listening(redis_url) as listener:
            for number in range(500):
                bus.publish(line(number))
                await asyncio.sleep(0.001 * (number % 4))
            await until(lambda: listener.lines[-1:] == ["line 499"])
            assert listener.lines == [f"line {number}" for number in range(500)]
            assert listener.missed == 0

    asyncio.run(run())


# -- a server that refuses


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda url, port: url.replace("redis://:", "redis://:wrong-"), "refuses the user name or the password"),
        (lambda url, port: re.sub(":[^:]*@", "", url), "wants a password; put it into the URL"),
        (lambda url, port: re.sub(r":\d+/", f":{port}/", url), "refuses connections; start the server"),
        (lambda url, port: url.replace("redis://", "rediss://"), "and that it speaks TLS"),
        (lambda url, port: url.replace("127.0.0.1", "no-such-host.invalid"), "cannot be found; correct the host's name"),
    ],
    ids=["wrong password", "no password", "nothing there", "no TLS", "no host"],
)
def test_a_server_that_cannot_be_used_is_named_with_the_cure_and_without_the_password(redis_server, change, reason):
    url = change(redis_server.url, free_port())

    async def run() -> None:
        with pytest.raises(PyfiError) as refused:
            await probe(url)
        async with publishing(url) as bus:
            bus.publish(line(1))
            listener = Listener(RedisEvents(url, TARGET))
            await until(lambda: bus.trouble is not None and listener.count("lost") > 0)
            troubles = [str(refused.value), str(bus.trouble), str(listener.events.trouble)]
            await asyncio.sleep(0.3)  # it goes on trying, and does not go on telling
            assert [event.kind for event in listener.heard] == ["lost"]
            await listener.leave()
        place = re.search(r"@?([\w.-]+:\d+)/", url)
        assert place is not None
        for trouble in troubles:
            assert f"Redis at {place[1]}, " in trouble
            assert reason in trouble
            assert redis_server.password not in trouble
            assert "wrong-" not in trouble

    asyncio.run(run())


def test_something_that_is_no_redis_is_told_from_one(redis_server):
    async def run() -> None:
        async def greet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(b"SSH-2.0-nonsense\r\n")
            await writer.drain()
            await reader.read()
            writer.close()

        server = await asyncio.start_server(greet, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(PyfiError, match=f"Redis at 127.0.0.1:{port}, is no Redis server"):
            await probe(f"redis://127.0.0.1:{port}")
        server.close()

    asyncio.run(run())


@pytest.mark.parametrize("missing", ["-hset", "-publish", "-psubscribe", "resetchannels &pyfi:*", "resetkeys ~other:*"])
def test_a_user_without_rights_is_told_which_it_needs_and_with_those_it_can_be_used(own_redis, missing):
    async def run() -> None:
        needed = ["~pyfi:*", "allchannels", "+@all", "-@dangerous"]
        assert await asked(own_redis.url, "ACL", "SETUSER", "guest", "on", ">guest", *needed)
        url = f"redis://guest:guest@127.0.0.1:{own_redis.port}/0"
        await probe(url)
        async with publishing(url) as bus, listening(url) as listener:
            bus.publish(stats("flow", 1, a=values(1)))
            await until(lambda: listener.model.flows == {"flow": {"processors": {"a": values(1)}}})
            bus.publish(state("removed"))
            await until(lambda: listener.model.flows == {})
        assert await asked(own_redis.url, "ACL", "SETUSER", "guest", *missing.split())
        with pytest.raises(PyfiError, match=re.escape(f"a bus needs; give it `{' '.join(needed)}`")):
            await probe(url)

    asyncio.run(run())


def test_a_server_may_want_tls(own_redis):
    folder, port = own_redis.folder, free_port()
    subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1"]
    files = ["-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem")]
    openssl = find_program("openssl", "openssl")
    subprocess.run(
        [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", *files, *subject], check=True, capture_output=True
    )

    async def run() -> None:
        settings = {"cert-file": folder / "cert.pem", "key-file": folder / "key.pem", "ca-cert-file": folder / "cert.pem"}
        for name, value in {**settings, "auth-clients": "no", "port": port}.items():
            assert await asked(own_redis.url, "CONFIG", "SET", f"tls-{name}", str(value))
        plain = own_redis.url.replace(f":{own_redis.port}/", f":{port}/")
        secure = plain.replace("redis://", "rediss://")
        trusting = f"{secure}?ssl_ca_certs={folder / 'cert.pem'}"
        with pytest.raises(PyfiError, match="begin the URL with rediss:// if it wants TLS"):
            await probe(plain)
        with pytest.raises(PyfiError, match=f"Redis at 127.0.0.1:{port}, has a certificate that is not trusted; add"):
            await probe(secure)
        await probe(trusting)
        async with publishing(trusting) as bus, listening(trusting) as listener:
            bus.publish(line(1))
            await until(lambda: listener.lines == ["line 1"])

    asyncio.run(run())


def test_a_server_that_can_be_used_passes(redis_url):
    asyncio.run(probe(redis_url))


@pytest.mark.parametrize("url", ["", "redis", "http://x", "redis://h:p:1/0", "redis://h/x?db=y", "amqp://u:secret@h"])
def test_what_is_no_url_is_wrong_use(url):
    with pytest.raises(UsageError, match="this is not the URL of a Redis server") as error:
        RedisBus(url, TARGET)
    assert "secret" not in str(error.value)


@pytest.mark.parametrize("target", ["", "a:b", "a*", "[a]"])
def test_what_cannot_be_the_name_of_a_target_is_wrong_use(target):
    with pytest.raises(UsageError, match="cannot be the name of a target"):
        RedisEvents("redis://127.0.0.1", target)


# -- listeners that are slow, or not there


def test_a_listener_that_takes_nothing_for_long_gets_the_newest(redis_url):
    async def run() -> None:
        async with publishing(redis_url) as bus:
            events = RedisEvents(redis_url, TARGET)
            hello = await anext(events)
            assert hello.kind == "hello"
            for number in range(3000):
                bus.publish(stats("flow", number, **{f"p{number % 50}": values(number)}))
                bus.publish(line(number))
                if number % 20 == 0:
                    await asyncio.sleep(0.005)
            await until(lambda: bus._outbox.wait_s(0) is None)
            bus.publish(line(3000, "error"))
            await until(lambda: any(event.at_ms == 3000 for event in events._inbox._lines))
            assert len(events._inbox._lines) <= 1000
            assert len(events._inbox._stats) + len(events._inbox._snapshots) <= 2
            slow = Listener(events)
            await until(lambda: slow.lines[-1:] == ["line 3000"])
            assert slow.model.flows["flow"]["processors"] == {f"p{part}": values(2950 + part) for part in range(50)}
            assert len(slow.lines) + slow.missed == 3001
            assert slow.heard[-1].kind == "bulletin"
            await slow.leave()

    asyncio.run(run())


LISTENER = """
import asyncio, json, sys
from engine.bus.redis_events import RedisEvents
from tests.cluster.listening import Listener, until

async def main():
    listener = Listener(RedisEvents(sys.argv[1], "test"))
    await listener.greeted()
    print("listening", flush=True)
    await until(lambda: "end" in listener.model.flows.get("flow", {}).get("processors", {}))
    print(json.dumps({"parts": listener.model.flows["flow"]["processors"], "hellos": listener.count("hello")}), flush=True)
    await listener.leave()

asyncio.run(main())
"""


def test_a_listener_that_the_server_lets_go_for_its_slowness_comes_back_and_is_right(own_redis):
    async def run() -> None:
        limit = "pubsub 1048576 1048576 1"
        assert await asked(own_redis.url, "CONFIG", "SET", "client-output-buffer-limit", limit)
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", LISTENER, own_redis.url, cwd=ROOT, stdout=subprocess.PIPE
        )
        assert process.stdout is not None
        try:
            assert await process.stdout.readline() == b"listening\n"
            process.send_signal(signal.SIGSTOP)
            async with publishing(own_redis.url) as bus:
                number = 0
                while b"psub=4" in await asked(own_redis.url, "CLIENT", "LIST", "TYPE", "pubsub"):
                    number += 1
                    bus.publish(stats("flow", number, **truth(number, 2000)))
                    bus._outbox._due_s.clear()  # not to have to wait for its pace
                    await asyncio.sleep(0.01)
                bus.publish(stats("flow", number, end={"in": 1}))
                process.send_signal(signal.SIGCONT)
                found = json.loads(await process.stdout.read())
            assert found["parts"] == {**truth(number, 2000), "end": {"in": 1}}
            assert found["hellos"] == 2
        finally:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()

    asyncio.run(run())


def test_nothing_grows_when_nobody_listens(redis_url):
    async def run() -> None:
        async with publishing(redis_url) as bus:

            async def say(numbers: range) -> None:
                for number in numbers:
                    for flow in ("one", "two"):
                        bus.publish(stats(flow, number, **(truth(number) if number % 50 == 0 else {"p1": values(number)})))
                        bus.publish(line(number, flow=flow))
                    bus._outbox._due_s.clear()  # not to have to wait for its pace: every one of them is sent
                    if number % 10 == 0:
                        await until(lambda: bus._outbox.wait_s(0) is None)

            await say(range(500))
            keys = {key: await asked(redis_url, "MEMORY", "USAGE", key) for key in await asked(redis_url, "KEYS", "*")}
            assert len(keys) == 3, "a snapshot of each flow, and the list of them"
            gc.collect()
            tracemalloc.start()
            await say(range(500, 1000))
            gc.collect()
            grown, _ = tracemalloc.get_traced_memory()
            tracemalloc.stop()
            assert grown < 300_000
            for key, size in keys.items():
                assert await asked(redis_url, "MEMORY", "USAGE", key) < 3 * size
                assert 0 < await asked(redis_url, "TTL", key) <= 60
            assert len(await asked(redis_url, "KEYS", "*")) == 3
            for flow in ("one", "two"):
                bus.publish(state("removed", flow=flow))
            await until(lambda: bus._outbox.wait_s(0) is None)
            assert await asked(redis_url, "ZCARD", "pyfi:test:snapshots") == 0
            assert await asked(redis_url, "KEYS", "pyfi:test:snapshot:*") == []

    asyncio.run(run())


def test_nothing_grows_while_the_server_is_away():
    async def run() -> None:
        with socket.socket() as unanswered:  # bound, and nobody listens
            unanswered.bind(("127.0.0.1", 0))
            async with publishing(f"redis://127.0.0.1:{unanswered.getsockname()[1]}") as bus:
                bus.publish(line(0))
                await until(lambda: bus.trouble is not None)
                gc.collect()
                tracemalloc.start()
                for number in range(50_000):
                    bus.publish(stats("flow", number, **{f"p{number % 100}": values(number)}))
                    bus.publish(line(number))
                gc.collect()
                grown, _ = tracemalloc.get_traced_memory()
                tracemalloc.stop()
                assert len(bus._outbox._lines) == LINES
                assert grown < 1_000_000

    asyncio.run(run())


# -- several of them


def test_what_two_publishers_say_of_a_flow_is_one_picture(redis_url):
    async def run() -> None:
        async with listening(redis_url) as listener, publishing(redis_url) as one, publishing(redis_url) as other:
            one.publish(Event("snapshot", "flow", 1, {"state": "running", "since_ms": 5, "processors": {"a": values(1)}}))
            other.publish(stats("flow", 2, b=values(2), c=values(3)))
            expected = {"a": values(1), "b": values(2), "c": values(3)}
            await until(lambda: listener.model.flows.get("flow", {}).get("processors") == expected)
            # A processor moves to another worker: whoever spoke last is right.
            one.publish(stats("flow", 3, c=values(30)))
            expected["c"] = values(30)
            await until(lambda: listener.model.flows["flow"]["processors"] == expected)
            for each, number in ((one, 1), (other, 1), (one, 2), (other, 2)):
                each.publish(line(number))
            await until(lambda: len(listener.lines) == 4)
            assert listener.missed == 0
            async with listening(redis_url) as late:
                await until(lambda: late.model.flows.get("flow", {}).get("processors") == expected)
                assert late.heard[1].data["since_ms"] == 5
                assert late.model.states == {"flow": "running"}
                # One that comes after all it has heard of was said, and one that was there, stay equal.
                other.publish(stats("flow", 4, b=values(9)))
                expected["b"] = values(9)
                for each in (late, listener):
                    await until(lambda each=each: each.model.flows["flow"]["processors"] == expected)
            one.publish(state("removed"))
            await until(lambda: listener.model.flows == {})
            async with listening(redis_url) as latest:
                assert latest.heard[0].data["flows"] == []

    asyncio.run(run())


def test_what_a_publisher_has_forgotten_is_known_by_others_alone(redis_url):
    async def run() -> None:
        async with publishing(redis_url) as one, publishing(redis_url) as other:
            one.publish(stats("flow", 9, a=values(1), b=values(1)))
            one.publish(stats("mine", 9, a=values(1)))
            other.publish(stats("flow", 2, b=values(2)))
            other.publish(state("paused", 2))
            for flow in ("flow", "mine"):
                one.forget(flow)
            await one._refresh()
            async with listening(redis_url) as late:
                await until(lambda: late.model.flows == {"flow": {"processors": {"b": values(2)}}})
                assert late.model.states == {"flow": "paused"}
                one.publish(stats("flow", 10, c=values(3)))
                await until(lambda: late.model.flows == {"flow": {"processors": {"b": values(2), "c": values(3)}}})

    asyncio.run(run())


def test_a_listener_hears_the_flows_and_kinds_that_it_wants_and_the_server_sends_it_no_others(redis_url):
    async def run() -> None:
        async with publishing(redis_url) as bus, listening(redis_url) as everything:
            async with (
                listening(redis_url, flows=["one"], kinds=["bulletin"]) as grave,
                listening(redis_url, flows=["two", "three"], kinds=["stats"]) as figures,
                listening(redis_url, kinds=["log"]) as lines,
                listening(redis_url, kinds=["state"]) as states,
            ):
                subscribed = await asked(redis_url, "PUBSUB", "NUMSUB", "pyfi:test:stats:one", "pyfi:test:stats:two")
                assert subscribed[1::2] == [0, 1]
                for flow in ("one", "two"):
                    bus.publish(state("running", flow=flow))
                    bus.publish(stats(flow, 1, a=values(1)))
                    bus.publish(line(1, flow=flow))
                    bus.publish(line(2, "warning", flow=flow))
                for each, count in ((everything, 9), (grave, 2), (figures, 2), (lines, 5), (states, 3)):
                    await until(lambda each=each, count=count: len(each.heard) >= count)
            told = {each: [(event.kind, event.flow) for event in each.heard[1:]] for each in (grave, figures, lines, states)}
            assert told[grave] == [("bulletin", "one")]
            assert told[figures] == [("snapshot", "two")]
            assert sorted(told[lines]) == [("log", "one"), ("log", "one"), ("log", "two"), ("log", "two")]
            assert sorted(told[states]) == [("state", "one"), ("state", "two")]
            async with listening(redis_url, flows=["two"], kinds=["state"]) as late:
                await until(lambda: len(late.heard) == 2)
                assert late.heard[1].data["state"] == "running"

    asyncio.run(run())


def test_a_publisher_knows_whether_anybody_watches(redis_url):
    async def run() -> None:
        async with publishing(redis_url) as bus:
            assert not bus.is_watched("flow")
            async with listening(redis_url, kinds=["log"]), listening(redis_url, flows=["other"]):
                await until(lambda: bus.is_watched("other"))
                assert not bus.is_watched("flow")
                async with listening(redis_url):
                    await until(lambda: bus.is_watched("flow"))
                await until(lambda: not bus.is_watched("flow"))

    asyncio.run(run())


def test_targets_that_share_a_server_do_not_hear_each_other(redis_url):
    async def run() -> None:
        other = RedisBus(redis_url, "other")
        async with publishing(redis_url) as bus, listening(redis_url) as listener:
            other.publish(line(1))
            other.publish(stats("flow", 1, a=values(1)))
            await other.close()
            bus.publish(line(2))
            await until(lambda: len(listener.heard) == 2)
            assert listener.lines == ["line 2"]

    asyncio.run(run())


def test_what_waits_is_sent_before_a_publisher_ends(redis_url):
    async def run() -> None:
        async with listening(redis_url) as listener:
            bus = RedisBus(redis_url, TARGET)
            for number in range(3):
                bus.publish(stats("flow", number, a=values(number)))
                bus.publish(line(number))
            await bus.close()
            await until(lambda: listener.lines == ["line 0", "line 1", "line 2"])
            assert listener.model.flows["flow"]["processors"] == {"a": values(2)}

    asyncio.run(run())
