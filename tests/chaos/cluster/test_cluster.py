"""A cluster under mischief: every message is recorded once, no slot is held twice, nothing is left over."""

from __future__ import annotations

import json
import random
import secrets
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
import redis

from engine.database.session import open_database
from engine.ledger.url import open_ledger
from engine.targets import Target
from tests.chaos.cluster.mischief import Mischief
from tests.chaos.cluster.records import Watcher, overlaps, read_calls
from tests.cluster.site import Site, until
from tests.servers import PostgreSQL, RabbitMQ, Redis, Server, ServerUnavailable

pytestmark = pytest.mark.servers
SHORT, LONG = 4_000, 100_000
SHORT_RATE, LONG_RATE = 120, 400
NODES = ("a", "b", "c")

FLOW = """
pyfi: 1
name: chaos
processors:
  - id: source
    type: python
    inputs: []
    code: |
      import os
      import time

      def source(ctx):
          number = ctx.state.get("next", 0)
          while number < {count} or not os.path.exists("{calm}"):
              ctx.state["next"] = number + 1
              yield number
              number += 1
              time.sleep(1 / {rate})
  - id: number
    type: python
    replicas: {{min: 2, max: 2}}
    code: |
      def number(content):
          return int(content)
  - id: only
    type: python
    code: |
      import fcntl
      import os

      def only(number):
          with open("{calls}", "a") as file:
              fcntl.flock(file, fcntl.LOCK_EX)
              file.write(f"{{os.getpid()}} {{number}}\\n")
          return number
  - {{id: merge, type: merge, config: {{count: 10}}}}
  - id: spread
    type: python
    concurrency: 2
    code: |
      def spread(numbers):
          for number in numbers:
              yield {{"n": number}}
  - {{id: keep, type: write_lines, config: {{path: out.jsonl}}}}
connections:
  - {{from: source.success, to: number.in, fuse: false}}
  - {{from: number.success, to: only.in, fuse: false}}
  - {{from: only.success, to: merge.in, fuse: false}}
  - {{from: merge.success, to: spread.in, fuse: false}}
  - {{from: spread.success, to: keep.in, fuse: false}}
"""


@pytest.fixture
def start() -> Iterator[Callable[[Server], Server]]:
    """Starts servers that are this test's own: it restarts them."""
    started: list[Server] = []

    def begin(server: Server) -> Server:
        started.append(server)
        try:
            server.start()
        except ServerUnavailable as error:
            pytest.fail(str(error), pytrace=False)
        return server

    yield begin
    for server in started:
        server.stop()


@pytest.fixture(params=["redis", "rabbitmq"])
def servers(request: pytest.FixtureRequest, start: Callable[[Server], Server]) -> dict[str, Server]:
    """PostgreSQL, the bus and a broker; on Redis these two are one."""
    found = {"PostgreSQL": start(PostgreSQL(fsync=True)), "Redis": start(Redis())}
    return found | ({"RabbitMQ": start(RabbitMQ())} if request.param == "rabbitmq" else {})


def queues(servers: dict[str, Server], deployment: str) -> list[str]:
    """The broker's queues that have a deployment's name in theirs."""
    rabbit = servers.get("RabbitMQ")
    if isinstance(rabbit, RabbitMQ):
        names = rabbit.control("list_queues", "name", "--quiet").splitlines()
    else:
        with redis.Redis.from_url(servers["Redis"].url) as client:
            names = [key.decode() for key in client.keys("*")]  # type: ignore[union-attr]
    return [name for name in names if f"--{deployment}--" in name]


def new_site(servers: dict[str, Server], folder: Path) -> Site:
    """A cluster on these servers, without agents."""
    postgresql, bus = servers["PostgreSQL"], servers["Redis"]
    assert isinstance(postgresql, PostgreSQL)
    database = postgresql.create()
    open_database(database, create=True).close()
    open_ledger(database).close()
    broker = servers.get("RabbitMQ", bus)
    return Site(folder, Target(name="chaos", broker=broker.url, bus=bus.url, database=database, shared=(str(folder),)))


def assert_each_once(path: Path, made: int) -> None:
    """Every message is in the output, and in it once."""
    written = [json.loads(line)["n"] for line in path.read_text().splitlines()]
    wrong = Counter(written)
    wrong.subtract(range(made))
    assert not +wrong, f"written twice: {+wrong}"
    assert not -wrong, f"lost: {-wrong}"


@pytest.mark.timeout(3600)
def test_every_message_is_recorded_once_whatever_happens(servers: dict[str, Server], tmp_path: Path, long_form: bool) -> None:
    seed = secrets.randbits(32)
    print(f"seed: {seed}")
    rng = random.Random(seed)
    count, rate = (LONG, LONG_RATE) if long_form else (SHORT, SHORT_RATE)
    # Given a flow of six stages on three nodes,
    site = new_site(servers, tmp_path)
    mischief = Mischief(site, "only", servers, rng)
    try:
        for name in NODES:
            site.agent(name)
        calls = tmp_path / "calls"
        with Watcher(site.target.database) as watcher, site.cluster() as cluster:
            calm = tmp_path / "calm"
            site.deploy(FLOW.format(count=count, rate=rate, calls=calls, calm=calm), "chaos")
            until(calls.exists, what="the first call")
            # when everything that can happen to it happens while messages are under way,
            began_s = time.monotonic()
            while True:
                first, last = rng.sample(["cut off", "hang"], 2)
                others = [kind for kind in mischief.kinds() if kind not in (first, last)]
                for kind in [first, *rng.sample(others, len(others)), last]:
                    mischief.rest(rng.uniform(0.2, 1.5))
                    mischief.do(kind)
                if not long_form or time.monotonic() - began_s > 0.8 * count / rate:
                    break
            mischief.calm_down()
            calm.touch()
            print(f"{time.monotonic() - began_s:.0f} s of mischief: {mischief.done}")
            summary, state = cluster.wait("chaos", 300)
            assert state == "ended", site.logs()
            made = summary["processors"]["source"]["out"]["success"]
            assert made >= count
            print(f"ended {time.monotonic() - began_s:.0f} s after it began, with {made} messages")
            # then every message is recorded,
            assert_each_once(tmp_path / "out.jsonl", made)
            # No slot had two holders,
            until(lambda: not site.slots(), what="all slots given back")
            assert watcher.looks > 100
            assert {taking[1] for taking in watcher.holders} == {"", "source", "number", "only", "merge", "spread", "keep"}
            assert not watcher.doubly_held()
            called = read_calls(calls)
            assert {call.number for call in called} == set(range(made))
            assert len({call.pid for call in called}) > 2
            assert not overlaps(called, mischief.was_cut_off)
            # and nothing is left over.
            # Redis has no empty queues, so only RabbitMQ can show that these are its names.
            assert queues(servers, "chaos") or "RabbitMQ" not in servers
            cluster.undeploy("chaos")
            until(lambda: not queues(servers, "chaos"), what="no queue left")
        for agent in site.agents.values():
            agent.stop()
        _, left = psutil.wait_procs([process for process in mischief.seen if process.is_running()], timeout=10)
        assert not left
    except BaseException:
        print(site.logs())
        raise
    finally:
        mischief.come_back()
        site.close()
