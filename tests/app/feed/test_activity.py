from __future__ import annotations

import numpy as np
import pytest

from app.feed.activity import EVERY_MS, INTERVALS, Activity
from engine.client.answer import ProcessorFigures

NOW_MS = 1_800_000_000_000


def figures(received: int, sent: int = 0, tasks: int = 0, seconds: float = 0.0) -> ProcessorFigures:
    return ProcessorFigures(received=received, out={"success": sent}, tasks=tasks, seconds=seconds)


def inflow(activity: Activity, processor: str) -> list[int]:
    return activity.of(processor)[:, 0].astype(int).tolist()


def test_counters_become_differences_by_interval_the_newest_last():
    activity = Activity()
    activity.count({"a": figures(100)}, NOW_MS)
    activity.count({"a": figures(107, 5, 2, 0.5)}, NOW_MS + 1)
    activity.count({"a": figures(110, 8, 3, 0.75)}, NOW_MS + 2 * EVERY_MS)
    assert inflow(activity, "a")[-4:] == [0, 7, 0, 3]
    assert activity.total("a") == (10, 8, 3, 0.75)
    assert activity.active() == ["a"]


def test_what_was_five_minutes_ago_is_gone():
    activity = Activity()
    activity.count({"a": figures(0)}, NOW_MS)
    activity.count({"a": figures(4)}, NOW_MS)
    assert activity.advance(NOW_MS + (INTERVALS - 1) * EVERY_MS)
    assert inflow(activity, "a") == [4] + [0] * (INTERVALS - 1)
    assert activity.advance(NOW_MS + INTERVALS * EVERY_MS)
    assert activity.total("a") == (0, 0, 0, 0.0)
    assert activity.active() == []
    activity.count({"a": figures(5)}, NOW_MS + 10 * INTERVALS * EVERY_MS)
    assert inflow(activity, "a") == [0] * (INTERVALS - 1) + [1]


def test_a_clock_that_goes_back_stands_still_and_one_set_anew_begins_anew():
    activity = Activity()
    activity.count({"a": figures(0)}, NOW_MS)
    activity.count({"a": figures(4)}, NOW_MS - 3 * EVERY_MS)
    assert inflow(activity, "a")[-1] == 4
    activity.count({"a": figures(6)}, NOW_MS - 2 * INTERVALS * EVERY_MS)
    assert inflow(activity, "a") == [0] * (INTERVALS - 1) + [2]


def test_counters_set_to_zero_count_from_there():
    activity = Activity()
    activity.count({"a": figures(50, 50)}, NOW_MS)
    activity.count({"a": figures(3, 2)}, NOW_MS)
    assert activity.total("a")[:2] == (3, 2)


def test_what_is_only_noted_is_not_counted():
    activity = Activity()
    activity.count({"a": figures(50)}, NOW_MS)
    activity.note({"a": figures(90), "b": figures(7)}, NOW_MS)
    activity.count({"a": figures(92), "b": figures(8)}, NOW_MS)
    assert (activity.total("a")[0], activity.total("b")[0]) == (2, 1)


def test_an_unknown_processor_has_done_nothing():
    assert Activity().total("nobody") == (0, 0, 0, 0.0)
    assert not Activity().of("nobody").any()
    assert Activity().totals(["nobody"]).tolist() == [[0, 0, 0, 0]]


@pytest.mark.parametrize("count", [1, 64, 65, 1000])
def test_any_number_of_processors_keep_apart(count):
    activity = Activity()
    for times in (1, 2, 3):
        activity.count({f"p{n}": figures(n * times) for n in range(count)}, NOW_MS)
    assert [activity.total(f"p{n}")[0] for n in range(count)] == [2 * n for n in range(count)]
    assert activity.totals([f"p{n}" for n in range(count)])[:, 0].tolist() == [2 * n for n in range(count)]
    assert np.shape(activity.of("p0")) == (INTERVALS, 4)
