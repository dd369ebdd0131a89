"""How long a ticket takes from one process to another, per broker: sent here, woken there, one at a time and idle between."""

from __future__ import annotations

import asyncio
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import IO, Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "packaging")]

from engine.dispatch.base import Ticket  # noqa: E402 - after the path above
from engine.dispatch.celery import CeleryDispatcher  # noqa: E402
from tests.servers import Moto, RabbitMQ, Redis, Server  # noqa: E402

_TICKETS = 200
_WARM = 10
_REST_S: dict[type[Server], float] = {Moto: 0.6}
"""SQS has half a second between two tickets."""
_KEY = "bench"
_TICKET = Ticket("flow", "a")


def main() -> None:
    print(f"{_TICKETS} tickets, idle between them, milliseconds from send to wake in another process")
    print(f"{'broker':<20}{'p50':>8}{'p90':>8}{'p99':>8}")
    for kind, parameters, title in (
        (Redis, "", "Redis"),
        (RabbitMQ, "", "RabbitMQ classic"),
        (RabbitMQ, "?queues=quorum", "RabbitMQ quorum"),
        (Moto, "", "SQS (moto)"),
    ):
        server: Server = kind()
        server.start()
        try:
            url = server.sqs_url if isinstance(server, Moto) else server.url + parameters
            took_ms = _took_ms(url, _REST_S.get(kind, 0.06))
        finally:
            server.stop()
        cuts = statistics.quantiles(took_ms, n=100)
        print(f"{title:<20}{cuts[49]:>8.2f}{cuts[89]:>8.2f}{cuts[98]:>8.2f}", flush=True)


def _took_ms(url: str, rest_s: float) -> list[float]:
    command = [sys.executable, "-m", "tests.cluster.ticket_server", "bench", url, _KEY, _TICKET.deployment, _TICKET.stage]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        took_ms = asyncio.run(_send(url, rest_s, process.stdout))
        process.stdin.close()
    return took_ms


async def _send(url: str, rest_s: float, answers: IO[Any]) -> list[float]:
    dispatcher = CeleryDispatcher("bench", url, _KEY)
    took_ms: list[float] = []
    for _ in range(_WARM + _TICKETS):
        sent_ns = time.monotonic_ns()
        dispatcher.send(_TICKET)
        answer = await asyncio.to_thread(answers.readline)
        took_ms.append((int(answer.split()[1]) - sent_ns) / 1e6)
        await asyncio.sleep(rest_s)
    await dispatcher.close()
    return took_ms[_WARM:]


if __name__ == "__main__":
    main()
