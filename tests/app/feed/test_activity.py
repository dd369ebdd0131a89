from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.feed.activity import EVERY_MS, INTERVALS, Activity, Traffic
from engine.client.answer import ConnectionFigures, Lately, ProcessorFigures

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
    assert Activity().totals(["nobody"] * 200).tolist() == [[0, 0, 0, 0]] * 200
    assert Activity().totals([]).shape == (0, 4)


@pytest.mark.parametrize("count", [1, 64, 65, 1000])
def test_any_number_of_processors_keep_apart(count):
    activity = Activity()
    for times in (1, 2, 3):
        activity.count({f"p{n}": figures(n * times) for n in range(count)}, NOW_MS)
    assert [activity.total(f"p{n}")[0] for n in range(count)] == [2 * n for n in range(count)]
    assert activity.totals([f"p{n}" for n in range(count)])[:, 0].tolist() == [2 * n for n in range(count)]
    assert activity.totals(["p0", "nobody", f"p{count - 1}"])[:, 0].tolist() == [0, 0, 2 * (count - 1)]
    assert np.shape(activity.of("p0")) == (INTERVALS, 4)


def remembered(seconds: list[int], now_s: int, *, before: int = 0, from_s: int = 0) -> Lately:
    """What an engine tells that saw one message in each of `seconds` in the last minutes (or since `from_s`), after others."""
    ago = [now_s // 5 - second // 5 for second in seconds]
    intervals = sorted(set(ago))
    sums = [float(ago.count(interval)) for interval in intervals]
    zeros = [0.0] * len(sums)
    count = float(before + len(seconds))
    return Lately(
        every_s=5,
        from_ms=(from_s or now_s - 300) * 1000,
        until_ms=now_s * 1000,
        parts=["a"],
        now={"in": [count], "out": [0.0], "tasks": [0.0], "seconds": [0.0]},
        part=[0] * len(sums),
        ago=intervals,
        values={"in": sums, "out": zeros, "tasks": zeros, "seconds": zeros},
    )


@given(
    seconds=st.lists(st.integers(1, 330), max_size=20).map(sorted),
    asked_s=st.integers(290, 330),
    waited_s=st.integers(0, 12),
    before=st.sampled_from([0, 1000]),
)
def test_who_comes_late_and_asks_knows_what_one_knows_who_was_always_there(seconds, asked_s, waited_s, before):
    # Given one who has followed from the first second, and one who came when the engine was asked, and has its answer later
    base_s = NOW_MS // 1000
    always, late = Activity(), Activity()
    always.count({"a": figures(before)}, NOW_MS)
    for second in range(1, asked_s + waited_s + 1):
        now = {"a": figures(before + sum(each <= second for each in seconds))}
        always.count(now, NOW_MS + second * 1000)
        if second == asked_s:
            late.begin(now) if before == 0 else None
        if second >= asked_s:
            late.count(now, NOW_MS + second * 1000)
    # When it takes in what the engine remembers
    seen = [base_s + each for each in seconds if asked_s - 300 < each <= asked_s]
    answer = remembered(seen, base_s + asked_s, before=before + sum(each <= asked_s - 300 for each in seconds))
    late.recall(answer, since_ms=0 if before else NOW_MS)
    # Then it knows the same, but for the interval that the engine's memory begins in
    covered = INTERVALS - 1 - ((base_s + asked_s + waited_s) // 5 - (base_s + asked_s - 300) // 5)
    first = max(0, covered + 1)
    assert inflow(late, "a")[first:] == inflow(always, "a")[first:]


def test_what_was_counted_before_the_engine_watched_is_told_too():
    activity = Activity()
    activity.begin(["a"])
    activity.count({"a": figures(9)}, NOW_MS + 20_400)
    start_s = NOW_MS // 1000
    activity.recall(remembered([], start_s + 20, before=9, from_s=start_s + 1), since_ms=NOW_MS + 200)
    assert activity.total("a")[0] == 9


def test_what_it_followed_itself_is_not_counted_again_when_the_engine_is_another():
    activity = Activity()
    activity.count({"a": figures(0)}, NOW_MS)
    activity.count({"a": figures(9)}, NOW_MS + 1000)
    start_s = NOW_MS // 1000
    answer = remembered([start_s + 30], start_s + 31, before=9, from_s=start_s + 29)
    activity.count({"a": figures(10)}, NOW_MS + 30_500)
    activity.recall(answer, since_ms=NOW_MS)
    activity.count({"a": figures(11)}, NOW_MS + 31_500)
    assert inflow(activity, "a")[-7:] == [9, 0, 0, 0, 0, 0, 2]


def test_of_connections_messages_and_bytes_are_recalled():
    traffic = Traffic()
    traffic.count({"x": ConnectionFigures(passed=5, passed_bytes=50)}, NOW_MS)
    columns = {"passed": [4.0], "queued": [7.0], "bytes": [40.0]}
    lately = Lately(
        every_s=5, from_ms=NOW_MS - 300_000, until_ms=NOW_MS, parts=["gone", "x"],
        now={name: [0.0, *values] for name, values in columns.items()}, part=[1], ago=[2], values=columns,
    )  # fmt: skip
    assert traffic.recall(lately) == ["x"]
    assert traffic.of("x")[-3:].tolist() == [[4, 40], [0, 0], [1, 10]]
