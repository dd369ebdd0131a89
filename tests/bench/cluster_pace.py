"""How soon a cluster reacts, and whether more agents do more: latency of single messages, time to deploy, scaling.

    python tests/bench/cluster_pace.py [--broker rabbitmq|redis] [--only latency,deploy,scale]

Private servers, agents as processes, all on this machine. Latency is from the moment a source has made a message to the moment
the last of five fused steps runs on it, on another worker: a commit, synced to disk, a ticket, a claim; five messages a second.
Deploying is timed from the call to the first message in the sink, with everything that can be cached cached. Scaling: a step
that sleeps 10 ms, on 1, 2, 3, 4 agents of one slot each.
"""

from __future__ import annotations

import argparse
import itertools
import json
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from engine.targets import Target
from tests.bench.measure import report
from tests.cluster.site import Site, until
from tests.servers import PostgreSQL, RabbitMQ, Redis, Server

_SLEEP_S = 0.010


def pipeline(name: str, source: str, steps: dict[str, str], sink: str, *, fuse: bool) -> str:
    """A chain as text. `steps` is code by id."""
    ids = ["source", *steps, "sink"]
    lines = [f"  - {{id: {id}, type: python, code: {json.dumps(code)}}}" for id, code in steps.items()]
    links = [f"  - {{from: {one}.success, to: {two}.in, fuse: {str(fuse).lower()}}}" for one, two in itertools.pairwise(ids)]
    return "\n".join(
        [
            "pyfi: 1",
            f"name: {name}",
            "processors:",
            source,
            *lines,
            sink,
            "connections:",
            *links,
            "auto_terminate: [sink.success]",
        ]
    )


_STAMP = "def stamp(m): import time; m['made'] = time.time(); return m"
_ADD = "def add(m): m['n'] = m['n'] + 1; return m"


def latency(site: Site, messages: int) -> tuple[float, float]:
    """p50 and p99 in ms from source to the last step's commit."""
    seen = site.folder / "seen.txt"
    ends = (
        "def seen(m):\n    import time\n"
        f"    with open({str(seen)!r}, 'a') as file: file.write(f\"{{time.time() - m['made']}}\\n\")\n"
    )
    text = pipeline(
        "latency",
        "  - {id: source, type: generate, config: {count: 0, rate: 5, content: {n: 0}}}",
        {"stamp": _STAMP, **{f"step{number}": _ADD for number in range(4)}},
        f"  - {{id: sink, type: python, code: {json.dumps(ends)}}}",
        fuse=True,
    ).replace("- {from: stamp.success, to: step0.in, fuse: true}", "- {from: stamp.success, to: step0.in, fuse: false}")
    site.deploy(text, "latency")
    until(lambda: seen.exists() and len(seen.read_text().splitlines()) >= messages, wait_s=600)
    with site.cluster() as cluster:
        cluster.undeploy("latency")
    found = sorted(1000 * float(line) for line in seen.read_text().splitlines()[10:])
    return statistics.median(found), found[int(len(found) * 0.99)]


def deploying(site: Site, number: int, *, fuse: bool) -> float:
    """Seconds from the call to the first message in the sink of a flow of 20 processors."""
    name = f"deploy{number}-{fuse}"
    out = site.folder / f"{name}.txt"
    ends = f"def seen(m):\n    with open({str(out)!r}, 'a') as file: file.write('x')\n"
    text = pipeline(
        name,
        "  - {id: source, type: generate, config: {count: 100, content: {n: 0}}}",
        {f"step{step}": _ADD for step in range(18)},
        f"  - {{id: sink, type: python, code: {json.dumps(ends)}}}",
        fuse=fuse,
    )
    began_s = time.monotonic()
    site.deploy(text, name)
    while not out.exists():
        time.sleep(0.005)
    took_s = time.monotonic() - began_s
    with site.cluster() as cluster:
        cluster.wait(name, 60)
        cluster.undeploy(name)
    return took_s


def sleeping(site: Site, agents: int, messages: int) -> float:
    """Messages a second through a step that sleeps, on so many workers, each on an agent of its own."""
    for number in range(agents):
        if f"n{number}" not in site.agents:
            site.agent(f"n{number}", "--labels", "sleeper", "--cpus", "1")
    name = f"sleep{agents}"
    code = f"def sleep(m):\n    import time\n    time.sleep({_SLEEP_S})\n    return m\n"
    text = pipeline(
        name,
        f"  - {{id: source, type: generate, config: {{count: {messages}, content: {{n: 0}}}}}}",
        {"sleep": code},
        "  - {id: sink, type: python, code: 'def sink(m): return None'}",
        fuse=False,
    ).replace(
        "{id: sleep, type: python,",
        f"{{id: sleep, type: python, replicas: {{min: {agents}, max: {agents}}}, requires: [sleeper],",
    )
    site.deploy(text, name)
    with site.cluster() as cluster:

        def taken() -> int:
            return cluster.standing(name).processors["sleep"]["in"]

        until(lambda: len(site.slots("sleep")) == agents and taken() > 100 * agents, wait_s=60)
        first, first_s = taken(), time.monotonic()
        until(lambda: taken() >= messages * 0.8, wait_s=600)
        rate = (taken() - first) / (time.monotonic() - first_s)
        cluster.undeploy(name)
    return rate


def _said(what: str, value: float, most: float, unit: str) -> bool:
    report(what, value, unit, f"{most:g} {unit}", value <= most)
    return value <= most


def main() -> int:
    """Measure; exit status 1 when a figure is not reached."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--broker", choices=("rabbitmq", "redis"), default="rabbitmq")
    options.add_argument("--only", default="latency,deploy,scale")
    given = options.parse_args()
    database, redis = PostgreSQL(fsync=True), Redis()
    broker: Server = RabbitMQ() if given.broker == "rabbitmq" else redis
    started: list[Server] = []
    reached = True
    with tempfile.TemporaryDirectory(prefix="pyfi-bench-") as folder:
        try:
            for server in dict.fromkeys([database, redis, broker]):
                server.start()
                started.append(server)
            target = Target(name="pace", broker=broker.url, bus=redis.url, database=database.create(), shared=(folder,))
            site = Site(Path(folder), target)
            try:
                if "latency" in given.only or "deploy" in given.only:
                    for name in "abc":
                        site.agent(name)
                if "latency" in given.only:
                    middle, last = latency(site, 110)
                    print(f"p99 of a message through the idle chain on {given.broker}: {last:.1f} ms")
                    reached &= _said(f"p50 of a message through the idle chain on {given.broker}", middle, 25.0, "ms")
                if "deploy" in given.only:
                    for fuse, stages in ((True, "fused"), (False, "nothing fused")):
                        took = [deploying(site, number, fuse=fuse) for number in range(5)]
                        what = f"deploying 20 processors, {stages}, until the first message"
                        reached &= _said(what, statistics.median(took), 3.0, "s")
                if "scale" in given.only:
                    rates = [sleeping(site, agents, 600 * agents) for agents in (1, 2, 3, 4)]
                    print("sleeping step on 1, 2, 3, 4 agents: " + ", ".join(f"{rate:,.1f}" for rate in rates) + " messages/s")
                    short = 100 * (1 - min(rate / (rates[0] * (number + 1)) for number, rate in enumerate(rates)))
                    reached &= _said("short of linear by", short, 10.0, "%")
            finally:
                site.close()
        finally:
            for server in reversed(started):
                server.stop()
    return 0 if reached else 1


if __name__ == "__main__":
    sys.exit(main())
