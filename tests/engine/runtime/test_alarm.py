"""The alarm rings at the earliest time it was given, once."""

from __future__ import annotations

import asyncio
import time

from engine.runtime.alarm import Alarm

HOUR_MS = 3_600_000


def now_ms() -> int:
    return int(time.time() * 1000)


def test_it_rings_at_the_earliest_time_and_only_then():
    async def run() -> None:
        rung = asyncio.Event()
        alarm = Alarm(rung.set, now_ms)
        due_ms = now_ms() + 50
        for time_ms in (due_ms + HOUR_MS, due_ms, due_ms + 2 * HOUR_MS):
            alarm.set(time_ms)
        await rung.wait()
        assert now_ms() >= due_ms

    asyncio.run(run())


def test_what_is_past_rings_soon_and_each_setting_rings_once():
    async def run() -> None:
        times: list[int] = []
        rung = asyncio.Event()

        def ring() -> None:
            times.append(now_ms())
            rung.set()

        alarm = Alarm(ring, now_ms)
        for count in (1, 2):
            rung.clear()
            alarm.set(0)
            alarm.set(0)
            await rung.wait()
            await asyncio.sleep(0.01)
            assert len(times) == count

    asyncio.run(run())


def test_it_may_be_set_anew_from_its_own_ringing_and_be_stopped():
    async def run() -> None:
        left = [3]
        done = asyncio.Event()

        def ring() -> None:
            left[0] -= 1
            if left[0]:
                alarm.set(0)
            else:
                done.set()

        alarm = Alarm(ring, now_ms)
        alarm.set(0)
        await done.wait()
        alarm.set(now_ms() + 30)
        alarm.stop()
        await asyncio.sleep(0.1)
        assert left == [0]

    asyncio.run(run())


def test_it_goes_by_the_clock_that_it_was_given():
    async def run() -> None:
        rung = asyncio.Event()
        ahead_ms = HOUR_MS
        alarm = Alarm(rung.set, lambda: now_ms() + ahead_ms)
        due_ms = now_ms() + ahead_ms + 50
        alarm.set(due_ms)
        await rung.wait()
        assert due_ms <= now_ms() + ahead_ms < due_ms + HOUR_MS

    asyncio.run(run())
