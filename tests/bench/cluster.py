"""A durable chain of five steps on three agents against plain Celery, a task per message and step, on the same broker.

    python tests/bench/cluster.py [--broker rabbitmq|redis] [--fused N] [--unfused N] [--celery N]

Private servers; PostgreSQL syncs to disk. All agents, workers, hosts and servers share this machine's processors. Rates are
over the time from the first message that is made to the last that has gone through the chain, workers being there already.
Celery acknowledges late and publishes with confirms, as durable as its brokers allow.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import itertools

from engine.targets import Target
from tests.bench.measure import ROOT
from tests.cluster.site import Site, until
from tests.servers import PostgreSQL, RabbitMQ, Redis, Server

STEPS = 5
REACH = {"fused": 1000, "unfused": 150}
_TEXT = "x" * 140
_CELERY = """
import os, time
from celery import Celery
app = Celery("plain", broker=os.environ["BROKER"])
app.conf.update(task_acks_late=True, task_reject_on_worker_lost=True, task_ignore_result=True, worker_prefetch_multiplier=4,
    broker_transport_options={"confirm_publish": True} if os.environ["BROKER"].startswith("amqp") else {},
    task_default_queue="plain")
@app.task(name="step")
def step(message, left):
    message["n"] += 1
    if left > 1:
        step.delay(message, left - 1)
    else:
        with open(os.environ["OUT"], "a") as file:
            file.write(f"{time.time()}\\n")
if __name__ == "__main__":
    print(time.time(), flush=True)
    for n in range(int(os.environ["COUNT"])):
        step.delay({"n": n, "text": os.environ["TEXT"]}, int(os.environ["STEPS"]))
"""


def flow(name: str, count: int, *, fuse: bool) -> str:
    """The chain as text."""
    links = ["source", *(f"step{number}" for number in range(STEPS)), "keep"]
    steps = "".join(
        f"  - {{id: step{number}, type: python, code: \"def step(m): m['n'] = {number}; return m\"}}\n"
        for number in range(STEPS)
    )
    joined = "".join(
        f"  - {{from: {one}.success, to: {two}.in, fuse: {str(fuse).lower()}, limit: {{messages: 100000, bytes: 1GB}}}}\n"
        for one, two in itertools.pairwise(links)
    )
    return (
        f"pyfi: 1\nname: {name}\nprocessors:\n"
        f'  - {{id: source, type: generate, config: {{count: {count}, content: {{n: 0, id: "{{n}}", text: {_TEXT}}}}}}}\n'
        f"{steps}  - {{id: keep, type: write_lines, config: {{path: {name}.jsonl}}}}\nconnections:\n{joined}"
    )


def chain(site: Site, name: str, count: int, *, fuse: bool) -> float:
    """Messages a second through a chain."""
    site.deploy(flow(name, count, fuse=fuse), name)
    first: tuple[float, int] | None = None
    with site.cluster() as cluster:
        while True:
            processors = cluster.standing(name).processors
            now_s = time.monotonic()
            if first is None and sum(processors["source"]["out"].values()):
                first = (now_s, processors["keep"]["in"])
            if processors["keep"]["in"] >= count:
                break
            time.sleep(0.02)
        assert cluster.wait(name, 60)[1] == "ended", site.logs()
        cluster.undeploy(name)
    assert first is not None
    lines = sum(1 for _ in (site.folder / f"{name}.jsonl").open())
    assert lines == count, f"{lines} lines of {count}"
    return (count - first[1]) / (now_s - first[0])


def plain(broker: Server, count: int, folder: Path) -> float:
    """Chains a second by Celery alone."""
    program, out = folder / "plain.py", folder / "plain.out"
    program.write_text(_CELERY)
    out.unlink(missing_ok=True)
    environment = {
        **os.environ, "BROKER": broker.url, "OUT": str(out), "COUNT": str(count), "TEXT": _TEXT, "STEPS": str(STEPS),
        "PYTHONPATH": str(folder),
    }  # fmt: skip
    command = [sys.executable, "-m", "celery", "-A", "plain", "worker", "-c", "2", "-Q", "plain", "--loglevel", "ERROR"]
    with subprocess.Popen(command, env=environment, cwd=folder, start_new_session=True) as worker:
        try:
            until(lambda: _consumes(broker))
            sent = subprocess.run(
                [sys.executable, str(program)], env=environment, cwd=folder, check=True, capture_output=True, text=True
            )
            while not out.exists() or len(out.read_text().splitlines()) < count:
                time.sleep(0.05)
        finally:
            worker.terminate()
    return count / (max(map(float, out.read_text().splitlines())) - float(sent.stdout))


def _consumes(broker: Server) -> bool:
    """Whether the worker is there: it takes part in what only workers do."""
    if isinstance(broker, Redis):
        return "unacked" in broker.ask("KEYS *") or broker.ask("EXISTS _kombu.binding.plain") == ":1"
    assert isinstance(broker, RabbitMQ)
    return "plain\t1" in broker.control("list_queues", "-q", "name", "consumers")


def main() -> int:
    """Measure; exit status 1 when a figure is not reached."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--broker", choices=("rabbitmq", "redis"), default="rabbitmq")
    options.add_argument("--fused", type=int, default=1_000_000)
    options.add_argument("--unfused", type=int, default=200_000)
    options.add_argument("--celery", type=int, default=300)
    given = options.parse_args()
    database, redis = PostgreSQL(fsync=True), Redis()
    broker: Server = RabbitMQ() if given.broker == "rabbitmq" else redis
    started: list[Server] = []
    missed = 0
    with tempfile.TemporaryDirectory(prefix="pyfi-bench-") as folder:
        try:
            for server in dict.fromkeys([database, redis, broker]):
                server.start()
                started.append(server)
            before = plain(broker, given.celery, Path(folder))
            print(f"plain Celery on {given.broker}: {before:,.0f} messages/s", flush=True)
            target = Target(name="bench", broker=broker.url, bus=redis.url, database=database.create(), shared=(folder,))
            site = Site(Path(folder), target)
            try:
                for name in "abc":
                    site.agent(name)
                for kind, count in (("fused", given.fused), ("unfused", given.unfused)):
                    rate = chain(site, kind, count, fuse=kind == "fused")
                    reached = rate / before >= REACH[kind]
                    missed += not reached
                    said = f"{kind} chain: {rate:,.0f} messages/s, {rate / before:,.0f} times plain Celery"
                    print(f"{said} (to reach: {REACH[kind]:,}){'' if reached else ' NOT REACHED'}", flush=True)
            finally:
                site.close()
        finally:
            for server in reversed(started):
                server.stop()
    return 1 if missed else 0


if __name__ == "__main__":
    assert ROOT
    sys.exit(main())
