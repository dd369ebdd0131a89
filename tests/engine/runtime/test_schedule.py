"""When processors run."""

from __future__ import annotations

import asyncio
from datetime import datetime
from pathlib import Path

import pytest

from engine.model.flow import Schedule
from engine.runtime.schedule import first_start, is_repeated, next_start
from tests.engine.runtime.running import Bench, flow

NOON = datetime(2026, 11, 22, 12, 0, 30).timestamp()  # noqa: DTZ001 - cron is in local time


@pytest.mark.parametrize(
    ("schedule", "repeated"),
    [
        (Schedule(), False),
        (Schedule(once=True), False),
        (Schedule(every_s=0.0), True),
        (Schedule(every_s=5.0), True),
        (Schedule(cron="*/5 * * * *"), True),
    ],
)
def test_a_source_starts_again_only_where_its_schedule_says_so(schedule: Schedule, repeated: bool) -> None:
    assert is_repeated(schedule) is repeated


def test_starts_follow_each_other_at_the_interval_and_missed_ones_are_not_made_up_for() -> None:
    every = Schedule(every_s=10.0)
    assert first_start(every, NOON) == NOON
    assert next_start(every, NOON, NOON + 3) == NOON + 10
    assert next_start(every, NOON, NOON + 35) == NOON + 35


def test_cron_names_the_next_start() -> None:
    cron = Schedule(cron="*/5 * * * *")
    assert datetime.fromtimestamp(first_start(cron, NOON)).strftime("%H:%M:%S") == "12:05:00"  # noqa: DTZ006
    assert datetime.fromtimestamp(next_start(cron, NOON, NOON + 300)).strftime("%H:%M:%S") == "12:10:00"  # noqa: DTZ006


def test_a_source_with_an_interval_runs_again_and_keeps_its_state(tmp_path: Path) -> None:
    source = """
- id: tick
  type: python
  inputs: []
  outputs: [success]
  schedule: {every: 0.1s}
  code: |
    def tick(ctx):
        count = ctx.state.get("count", 0) + 1
        ctx.state["count"] = count
        yield count
- {id: out, type: write_lines, config: {path: out.jsonl}}
"""
    bench = Bench(tmp_path, flow(source, "tick.success -> out.in"))
    out = tmp_path / "out.jsonl"
    outcome = asyncio.run(bench.run_until(lambda: out.exists() and len(out.read_text(encoding="utf-8").splitlines()) >= 3))
    ticks = bench.lines("out.jsonl")
    assert not outcome.complete
    assert ticks == list(range(1, len(ticks) + 1))
