"""Events of a cluster: 10,000 processors that all change, four times a second, over Redis to the desktop's model.

    python tests/bench/events.py [--processors N] [--seconds S]

Publisher, Redis and listener are processes of their own; what counts is the processor time that each of them takes. The
listener does what the desktop does but paint: on Qt's event loop it hears, decodes, and applies everything to the feed's model.
Processors alone are the figure; what it is with as many connections that change is told, too.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import psutil

from tests.bench.measure import ROOT, report
from tests.servers import Redis

TARGET, FLOW = "bench", "flow"
EVERY_S = 0.25
WARM_S = 2.0
REACH = 5.0


def processors(count: int, turn: int) -> dict[str, dict[str, Any]]:
    """Figures as a meter has them, every counter and rate of every processor another than before."""
    return {
        f"clean/step-{number}": {
            "state": "running",
            "in": number * 7 + turn * 90,
            "out": {"success": number * 7 + turn * 89, "failure": turn},
            "failed": turn,
            "dead": 0,
            "tasks": number + turn,
            "seconds": round(number * 0.013 + turn * 0.21, 3),
            "running": (number + turn) % 3,
            "rate": round((number * 31 + turn * 17) % 5000 / 7, 1),
        }
        for number in range(count)
    }


def connections(count: int, turn: int) -> dict[str, dict[str, Any]]:
    """The same of connections."""
    return {
        f"clean/step-{number}.success->clean/step-{number + 1}.in": {
            "messages": (number + turn) % 10_000,
            "bytes": (number + turn) % 10_000 * 189,
            "passed": number * 7 + turn * 89,
            "passed_bytes": (number * 7 + turn * 89) * 189,
            "expired": 0,
            "full": False,
        }
        for number in range(count)
    }


async def publish(url: str, count: int, with_connections: bool, seconds: float) -> float:
    """Percent of a core that publishing takes. Events are made before: that is the meter's work."""
    from engine.bus.base import Event
    from engine.bus.redis import RedisBus

    made: list[dict[str, Any]] = []
    for turn in range(8):
        data: dict[str, Any] = {"processors": processors(count, turn)}
        made.append(data | {"connections": connections(count, turn)} if with_connections else data)
    bus = RedisBus(url, TARGET)
    bus.publish(Event("snapshot", FLOW, int(time.time() * 1000), {"state": "running", "trouble": None, "key": "", **made[0]}))
    turn, used_s, began_s = 0, 0.0, time.monotonic()
    while time.monotonic() - began_s < WARM_S + seconds:
        if time.monotonic() - began_s < WARM_S:
            used_s = time.process_time()
        turn += 1
        bus.publish(Event("stats", FLOW, int(time.time() * 1000), made[turn % len(made)]))
        await asyncio.sleep(max(0.0, began_s + turn * EVERY_S - time.monotonic()))
    used_s = time.process_time() - used_s
    bus.publish(Event("state", FLOW, int(time.time() * 1000), {"state": "removed"}))
    await bus.close()
    return used_s / seconds * 100


def listen_as_the_desktop(url: str, count: int) -> tuple[float, float]:
    """On Qt's event loop, and with the desktop's own ways to collect garbage."""
    import qasync
    from PySide6.QtCore import QCoreApplication

    from app.collector import Collector

    application = QCoreApplication([])
    collector = Collector(application)
    with qasync.QEventLoop(application) as loop:
        found = loop.run_until_complete(listen(url, count))
    collector.close()
    return found


async def listen(url: str, count: int) -> tuple[float, float]:
    """Percent of a core that listening takes, and how many events a second there were."""
    from app.feed.figures import Figures
    from engine.bus.redis_events import RedisEvents

    figures = Figures()
    heard, used_s, began_s, from_s = 0, 0.0, 0.0, 0.0
    async with RedisEvents(url, TARGET) as events:
        async for event in events:
            figures.take(event)
            news = figures.take_news()
            if event.kind == "hello":
                print("listening", flush=True)
            elif event.kind == "snapshot":
                began_s = time.monotonic()
            elif event.kind == "stats":
                if time.monotonic() - began_s < WARM_S:
                    heard, used_s, from_s = 0, time.process_time(), time.monotonic()
                heard += 1
                assert len(news[0].processors) == count
            elif event.kind == "state" and event.data["state"] == "removed":
                break
    passed_s = time.monotonic() - from_s
    return (time.process_time() - used_s) / passed_s * 100, heard / passed_s


def measure(server: Redis, count: int, with_connections: bool, seconds: float) -> dict[str, float]:
    """Run the three of them; percent of a core by side."""
    own = [
        sys.executable,
        str(Path(__file__).resolve()),
        "--url",
        server.url,
        "--processors",
        str(count),
        "--seconds",
        str(seconds),
    ]
    listener = subprocess.Popen([*own, "--side", "listen"], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert listener.stdout is not None
    assert listener.stdout.readline() == "listening\n"
    redis = psutil.Process(server.pid)
    before, began_s = redis.cpu_times(), time.monotonic()
    option = ["--connections"] if with_connections else []
    publisher = subprocess.run([*own, "--side", "publish", *option], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    passed_s, after = time.monotonic() - began_s, redis.cpu_times()
    heard = json.loads(listener.communicate(timeout=30)[0])
    used_s = after.user + after.system - before.user - before.system
    return {
        "publisher": json.loads(publisher.stdout),
        "listener": heard[0],
        "events": heard[1],
        "redis": used_s / passed_s * 100,
    }


def main() -> int:
    parser = argparse.ArgumentParser(description="How much of a core events of a cluster cost.")
    parser.add_argument("--processors", type=int, default=10_000)
    parser.add_argument("--seconds", type=float, default=15.0)
    parser.add_argument("--connections", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--url", help=argparse.SUPPRESS)
    parser.add_argument("--side", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.side == "publish":
        print(json.dumps(asyncio.run(publish(options.url, options.processors, options.connections, options.seconds))))
        return 0
    if options.side == "listen":
        print(json.dumps(listen_as_the_desktop(options.url, options.processors)))
        return 0
    server = Redis()
    server.start()
    try:
        found = measure(server, options.processors, with_connections=False, seconds=options.seconds)
        print(f"{found['events']:.2f} events a second; Redis itself {found['redis']:.2f} % of a core", flush=True)
        for side in ("publisher", "listener"):
            what = f"events of {options.processors:,} processors, {side}"
            report(what, found[side], "% of a core", f"under {REACH:.0f} %", found[side] < REACH)
        found = measure(server, options.processors, with_connections=True, seconds=options.seconds)
        sides = ", ".join(f"{side} {found[side]:.2f} %" for side in ("publisher", "listener", "redis"))
        print(f"with as many connections that change, too: {sides}", flush=True)
    finally:
        server.stop()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
