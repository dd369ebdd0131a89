"""When a processor may run next."""

from __future__ import annotations

from datetime import datetime

from cronsim import CronSim

from engine.model.flow import Schedule


def is_repeated(schedule: Schedule) -> bool:
    """Whether a source with this schedule starts again after it ended."""
    return not schedule.once and (schedule.cron is not None or schedule.every_s is not None)


def first_start(schedule: Schedule, now_s: float) -> float:
    """When a source starts for the first time: at once, or at the next time its cron names. Seconds since the epoch."""
    return next_cron(schedule.cron, now_s) if schedule.cron is not None else now_s


def next_start(schedule: Schedule, last_s: float, now_s: float) -> float:
    """When to start again after a start at `last_s`; a start that was missed is not made up for."""
    if schedule.cron is not None:
        return next_cron(schedule.cron, now_s)
    return max(now_s, last_s + (schedule.every_s or 0.0))


def next_cron(expression: str, now_s: float) -> float:
    """The next time a cron expression names, in local time; five fields, or six with seconds first."""
    return next(CronSim(expression, datetime.fromtimestamp(now_s))).timestamp()  # noqa: DTZ006 - local time is what a cron expression means
