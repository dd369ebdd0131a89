"""What a cluster refuses, each in one sentence that says what is wrong and what helps; nothing is lost by it."""

from __future__ import annotations

import asyncio
import json
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import psutil
import psycopg
import pytest
from msgspec import structs
from psycopg import sql

from engine.client.cluster import Cluster
from engine.client.flow import open_file
from engine.client.version import version
from engine.cluster.leftovers import broker_url
from engine.dispatch.base import Ticket
from engine.dispatch.celery import CeleryDispatcher
from engine.errors import ConflictError, NewerDatabase, StorageError
from engine.stores.cluster import ClusterStore
from engine.targets import Target
from tests.cluster.site import Site, until
from tests.servers import free_port

ODD = "tests.cluster.odd_agent"
OTHER = "0.0.1"

FLOW = """
pyfi: 1
name: flow
processors:
  - {{id: source, type: generate, config: {{count: {count}, rate: {rate}, content: {{n: "{{n}}"}}}}}}
  - id: twice
    type: python
    retry: {{attempts: 1, penalty: 2s}}
    code: |
      def twice(message, ctx):
          ctx.log("seen", message["n"])
          if ctx.attempt == 0 and int(message["n"]) % 10 == 0:
              raise ValueError("the first try of some fails")
          return {{"n": int(message["n"])}}
  - {{id: merge, type: merge, config: {{count: 1000, age: 0.5}}}}
  - {{id: keep, type: write_lines, config: {{path: out.jsonl}}}}
connections:
  - {{from: source.success, to: twice.in, fuse: false}}
  - {{from: twice.success, to: merge.in, fuse: false}}
  - {{from: merge.success, to: keep.in, fuse: false}}
"""


def flow(*, count: int = 200, rate: int = 0) -> str:
    return FLOW.format(count=count, rate=rate)


def written(site: Site) -> list[int]:
    path = site.folder / "out.jsonl"
    lines = path.read_text().splitlines() if path.exists() else []
    return sorted(each["n"] for line in lines for each in json.loads(line))


@pytest.fixture
def lone_site(new_site: Callable[[str], Site]) -> Site:
    """A cluster without agents, on Redis."""
    return new_site("redis")


@contextmanager
def seen_with(site: Site, **servers: str) -> Iterator[Site]:
    """The same cluster, as somebody sees it who has these URLs."""
    folder = site.folder / "seen"
    folder.mkdir()
    made = Site(folder, structs.replace(site.target, **servers))
    yield made
    made.close()


def with_password(url: str, password: str) -> str:
    return re.sub(r":[^:@/]*@", f":{password}@", url, count=1)


def with_port(url: str, port: int) -> str:
    return re.sub(r":\d+/", f":{port}/", url, count=1)


def start(site: Site, name: str = "x") -> subprocess.CompletedProcess[str]:
    """Try to start an agent that will not live."""
    command = [sys.executable, "-m", "engine.cli.main", "agent", "start", "--target", site.target.name, "--node", name]
    command += ["--folder", str(site.folder / name)]
    return subprocess.run(command, env=site.environment(), capture_output=True, text=True, timeout=120, check=False)


# -- servers that do not let in, or are not there


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (lambda url: with_password(url, "geheim"), "does not accept the user or password: correct them"),
        (lambda url: with_port(url, free_port()), "cannot be reached: start the server, or correct the address"),
        (lambda url: url.rpartition("/")[0] + "/nowhere", "has no such database"),
    ],
    ids=["password", "port", "name"],
)
def test_a_database_that_does_not_let_in_is_named(lone_site: Site, wrong: Callable[[str], str], sentence: str) -> None:
    url = wrong(lone_site.target.database)
    where = url.rpartition("@")[2].partition("/")[0]
    with seen_with(lone_site, database=url) as site:
        done = start(site)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.count("\n") == 1, done.stderr
    assert sentence in done.stderr
    assert where in done.stderr
    assert "geheim" not in done.stderr
    with pytest.raises(StorageError, match=sentence):
        Cluster(site.target)


@pytest.mark.parametrize(
    ("broker", "wrong", "of_broker", "of_bus"),
    [
        (
            "redis",
            lambda url: with_password(url, "geheim"),
            r"does not accept (user 'pyfi' with )?the password in the URL",
            "refuses the user name or the password; correct them in the URL",
        ),
        (
            "rabbitmq",
            lambda url: with_port(url, free_port()),
            "refuses the connection: start it, or correct host and port in the URL",
            "refuses connections; start the server, or correct host and port",
        ),
    ],
    ids=["password", "port"],
)
def test_a_broker_and_a_bus_that_do_not_let_in_are_named_and_flows_run_on(
    new_site: Callable[[str], Site], broker: str, wrong: Callable[[str], str], of_broker: str, of_bus: str
) -> None:
    site = new_site(broker)
    with seen_with(site, broker=wrong(site.target.broker), bus=wrong(site.target.bus)) as blind:
        agent = blind.agent("a")
        blind.deploy(flow())
        with blind.cluster() as cluster:
            assert cluster.wait("flow", 120)[1] == "ended", blind.logs()
        assert written(blind) == list(range(200))
    said = agent.log.read_text()
    assert re.search(of_broker, said), said
    assert of_bus in said
    assert len(re.findall(of_bus, said)) == 1
    assert "geheim" not in said
    assert "Traceback" not in said


@pytest.mark.parametrize(
    "table",
    ["store_version", "ledger_version"],
)
def test_a_database_of_a_newer_pyfi_is_left_as_it_is(lone_site: Site, table: str) -> None:
    with psycopg.connect(lone_site.target.database) as connection:
        newer = sql.SQL("UPDATE {} SET version_num = '9999'").format(sql.Identifier(table))
        assert connection.execute(newer).rowcount == 1
    done = start(lone_site)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].count("was written by a newer PYFI (its tables are at version 9999") == 1, done.stderr
    assert "Traceback" not in done.stderr
    (lone_site.folder / "flow.flow.yaml").write_text(flow())
    with pytest.raises(NewerDatabase), lone_site.cluster() as cluster:
        cluster.deploy(open_file(lone_site.folder / "flow.flow.yaml"))
    with psycopg.connect(lone_site.target.database) as connection:
        assert connection.execute("SELECT count(*) FROM deployments").fetchone() == (0,)
        assert connection.execute("SELECT count(*) FROM agents WHERE state = 'running'").fetchone() == (0,)


# -- versions


def test_nothing_is_deployed_to_agents_of_another_version(lone_site: Site) -> None:
    lone_site.agent("old", module=ODD, environment={"PYFI_TEST_VERSION": OTHER})
    with lone_site.cluster() as cluster:
        with pytest.raises(ConflictError) as refused:
            lone_site.deploy(flow())
        assert str(refused.value) == (
            f"the agent 'old' runs PYFI {OTHER}, and this is {version()}; install the same version on both"
        )
        assert not cluster.situation().deployments


def test_an_agent_of_another_version_keeps_off_what_it_might_not_understand(lone_site: Site) -> None:
    lone_site.agent("new")
    lone_site.deploy(flow(count=400, rate=100))
    until(lambda: len(lone_site.slots()) == 5, what="all slots held")
    old = lone_site.agent("old", module=ODD, environment={"PYFI_TEST_VERSION": OTHER})
    sentence = f"it was deployed by PYFI {version()}, and this is {OTHER}; install the same on both"
    with lone_site.cluster() as cluster:
        until(lambda: any(sentence in line.text for line in cluster.log("flow")), what="the sentence")
        assert cluster.wait("flow", 120)[1] == "ended", lone_site.logs()
    assert old.log.read_text().count(sentence) == 1
    assert not old.hosts()
    assert written(lone_site) == list(range(400))


# -- names


def test_of_two_agents_of_one_name_the_second_is_refused(lone_site: Site) -> None:
    first = lone_site.agent("a")
    lone_site.deploy(flow(count=0, rate=20))
    until(lambda: len(lone_site.slots()) == 5, what="all slots held")
    before = {slot.key: (slot.worker, slot.epoch) for slot in lone_site.slots()}
    done = start(lone_site, "a")
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1].endswith(
        f"an agent called 'a' lives already on target '{lone_site.target.name}'; give this one another --node"
    ), done.stderr
    assert {slot.key: (slot.worker, slot.epoch) for slot in lone_site.slots()} == before
    assert first.process.poll() is None


def test_an_agent_whose_name_another_has_taken_meanwhile_ends(lone_site: Site) -> None:
    first = lone_site.agent("a")
    lone_site.deploy(flow(count=0, rate=20))
    until(lambda: len(lone_site.slots()) == 5, what="all slots held")
    family = first.family()
    for process in family:
        process.send_signal(signal.SIGSTOP)
    try:
        lone_site.agent("a")
        until(lambda: len(lone_site.slots()) == 5, what="all slots held by the second")
    finally:
        for process in reversed(family):
            process.send_signal(signal.SIGCONT)
    assert first.process.wait(60) == 1
    assert "another agent called 'a' has joined; give one of the two another --node" in first.log.read_text()
    assert not psutil.wait_procs(family, 30)[1]
    assert next(iter(lone_site.slots())).agent == "a"
    with lone_site.cluster() as cluster:
        (view,) = cluster.situation().agents
        assert (view.pid, view.is_alive) == (lone_site.agents["a"].process.pid, True)


# -- clocks


@pytest.mark.parametrize("ahead_s", [60, -60])
def test_an_agent_with_a_wrong_clock_goes_by_the_databases(lone_site: Site, ahead_s: int) -> None:
    # Given two agents, of which one's clock is wrong by a minute,
    lone_site.agent("odd", "--cpus", "3", module=ODD, environment={"PYFI_TEST_AHEAD_S": str(ahead_s)})
    lone_site.agent("right", "--cpus", "1")
    with lone_site.cluster() as cluster, psycopg.connect(lone_site.target.database, autocommit=True) as connection:

        def now() -> datetime:
            row = connection.execute("SELECT clock_timestamp()").fetchone()
            assert row is not None
            return row[0]

        # when a flow runs on both that waits for retries,
        began = now()
        text = flow(count=300, rate=100).replace("id: twice\n", "id: twice\n    requires: ['node:odd']\n")
        lone_site.deploy(text)
        until(lambda: len(lone_site.slots()) == 5, what="all slots held")
        assert {slot.agent for slot in lone_site.slots()} == {"odd", "right"}
        assert cluster.wait("flow", 180)[1] == "ended", lone_site.logs()
        # then lines of the log have the database's time, and no second try comes a minute late, or at once.
        seen: dict[str, list[datetime]] = {}
        for line in cluster.log("flow", limit=1000):
            if line.text.startswith("seen"):
                seen.setdefault(line.text, []).append(line.at)
        assert len(seen) == 300
        assert all(began <= at <= now() for times in seen.values() for at in times)
        waits = [times[-1] - times[0] for text, times in seen.items() if text.endswith("0")]
        assert len(waits) == 30
        assert timedelta(seconds=1) < min(waits) <= max(waits) < timedelta(seconds=60)
        assert all(agent.is_alive for agent in cluster.situation().agents)
    assert written(lone_site) == list(range(300))


# -- keys


def test_a_ticket_of_another_key_wakes_nobody_and_is_said(lone_site: Site) -> None:
    agent = lone_site.agent("a")
    lone_site.deploy(flow(count=300, rate=100))
    until(lambda: len(lone_site.slots()) == 5, what="all slots held")
    with lone_site.cluster() as cluster:
        name = ClusterStore(cluster._database).identity(lone_site.target.name).name
        asyncio.run(forge(lone_site.target, name))
        assert cluster.wait("flow", 120)[1] == "ended", lone_site.logs()
    sentence = f"a ticket was refused that did not bear the signature of target '{name}'"
    until(lambda: sentence in agent.log.read_text(), what="the sentence")
    assert written(lone_site) == list(range(300))


async def forge(target: Target, name: str) -> None:
    """Send a ticket that looks like one of the target, as somebody can who has the broker's password, but not the key."""
    dispatcher = CeleryDispatcher(name, broker_url(target), "another key")
    dispatcher.send(Ticket("flow", "twice"))
    await dispatcher.close()
