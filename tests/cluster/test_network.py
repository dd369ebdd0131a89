"""Three hosts on a network of their own; the link of one is cut, and mended again."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.database.session import open_database
from engine.ledger.url import open_ledger
from engine.targets import Target
from tests.cluster.network import Network
from tests.cluster.site import Site, until
from tests.servers import PostgreSQL, Redis, ServerUnavailable

pytestmark = pytest.mark.servers
COUNT, RATE = 2000, 100

FLOW = f"""
pyfi: 1
name: wire
processors:
  - {{id: source, type: generate, config: {{count: {COUNT}, rate: {RATE}, content: {{n: "{{n}}"}}}}}}
  - {{id: number, type: python, code: "def number(message): return {{'n': int(message['n'])}}"}}
  - {{id: pair, type: merge, config: {{count: 2}}}}
  - {{id: keep, type: write_lines, config: {{path: out.jsonl}}}}
connections:
  - {{from: source.success, to: number.in, fuse: false}}
  - {{from: number.success, to: pair.in, fuse: false}}
  - {{from: pair.success, to: keep.in, fuse: false}}
"""


@pytest.fixture
def network() -> Iterator[Network]:
    """A network with no hosts yet."""
    with Network() as made:
        yield made


@pytest.fixture
def site(network: Network, tmp_path: Path) -> Iterator[Site]:
    """A cluster whose servers listen on the network; Redis is bus and broker."""
    servers = (PostgreSQL(network.address), Redis(network.address))
    try:
        for server in servers:
            try:
                server.start()
            except ServerUnavailable as error:
                pytest.fail(str(error), pytrace=False)
        postgresql, redis = servers
        database = postgresql.create()
        open_database(database, create=True).close()
        open_ledger(database).close()
        made = Site(tmp_path, Target(name="wire", broker=redis.url, bus=redis.url, database=database, shared=(str(tmp_path),)))
        try:
            yield made
        finally:
            made.close()
    finally:
        for server in servers:
            server.stop()


def test_others_go_on_for_a_host_that_is_cut_off_and_it_ends_its_workers_before(site: Site, network: Network) -> None:
    for name in ("a", "b", "c"):
        site.agent(name, prefix=network.host(name))
    site.deploy(FLOW, "wire")
    out = site.folder / "out.jsonl"
    until(lambda: out.exists() and out.stat().st_size, what="the first lines")
    cut = next(slot.agent for slot in site.slots("pair"))
    assert cut is not None
    mine = {slot.key for slot in site.slots() if slot.agent == cut}
    assert site.agents[cut].hosts()
    network.cut(cut)
    try:
        deadline_s = time.monotonic() + 60
        with site.cluster() as cluster:
            while True:
                taken = {slot.key for slot in cluster.situation().slots if slot.is_held and slot.agent not in (cut, None)}
                assert not (mine & taken and site.agents[cut].hosts()), "others hold its slots, and it still runs them"
                if mine <= taken:
                    break
                assert time.monotonic() < deadline_s, site.logs()
                time.sleep(0.02)
            stood = out.stat().st_size
            until(lambda: out.stat().st_size > stood, what="lines without it")
            assert not next(agent for agent in cluster.situation().agents if agent.name == cut).is_alive
    finally:
        network.mend(cut)
    with site.cluster() as cluster:
        until(lambda: next(each for each in cluster.situation().agents if each.name == cut).is_alive, what="its return")
        assert cluster.wait("wire", 120)[1] == "ended", site.logs()
        assert any("cut off" in line.text for line in cluster.log("wire")), site.logs()
    assert sorted(each["n"] for line in out.read_text().splitlines() for each in json.loads(line)) == list(range(COUNT))
