"""A process that serves a stage: says `woken` for each wake-up, until its input ends.

Arguments: target, URL, key, deployment, stage.
"""

from __future__ import annotations

import asyncio
import sys
import time

from engine.dispatch.base import Ticket
from engine.dispatch.celery import CeleryDispatcher


async def main(target: str, url: str, key: str, deployment: str, stage: str) -> None:
    dispatcher = CeleryDispatcher(target, url, key)
    # The time is one that all processes of a machine share.
    dispatcher.serve(Ticket(deployment, stage), lambda: print("woken", time.monotonic_ns(), flush=True))
    await asyncio.to_thread(sys.stdin.read)
    await dispatcher.close()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
