"""The last minutes of all parts of a flow, as columns."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from engine.runtime.lately import Lately

COLUMNS = ("in", "out", "failed", "tasks", "seconds")
NUMBERS = {"a": 4, "b": 3, "c": 2, "d": 1}
ENTRIES = st.lists(
    st.dictionaries(
        st.sampled_from([1, 2, 3, 4]),
        st.tuples(*[st.integers(1, 99)] * 4, st.integers(0, 9).map(lambda second: second * 10**9)),
    ),
    max_size=30,
)


def summed(page: dict[str, Any], part: str, ago: int) -> tuple[float, ...]:
    number = page["parts"].index(part)
    for row, place in enumerate(zip(page["part"], page["ago"], strict=True)):
        if place == (number, ago):
            return tuple(page["values"][column][row] for column in COLUMNS)
    return (0.0,) * len(COLUMNS)


@given(ENTRIES, st.integers(100, 140), st.integers(1, 7))
def test_every_second_is_in_its_interval(seconds, until_s, every_s):
    now = dict.fromkeys(NUMBERS.values(), (9, 8, 7, 6, 5 * 10**9))
    page = Lately(seconds, now, NUMBERS, until_s, COLUMNS).page(every_s=every_s, after="", most=9)
    assert (page["parts"], page["more"]) == (list("abcd"), False)
    assert (page["from_ms"], page["until_ms"]) == ((until_s - len(seconds)) * 1000, until_s * 1000)
    assert page["now"]["seconds"] == [5.0] * 4
    times = range(until_s - len(seconds) + 1, until_s + 1)
    for part in "abcd":
        for ago in range(31):
            inside = [
                each for second, each in zip(times, seconds, strict=True) if until_s // every_s - second // every_s == ago
            ]
            rows = [each[NUMBERS[part]] for each in inside if NUMBERS[part] in each]
            sums = [sum(column) for column in zip(*rows, strict=True)] if rows else [0] * 5
            assert summed(page, part, ago) == (*sums[:4], sums[4] / 1e9)


def test_of_what_waits_the_last_counts():
    seconds = [{7: (3, 30, 9, 90)}, {}, {7: (2, 20, 4, 40)}]
    lately = Lately(seconds, {7: (5, 50, 4, 40)}, {"a->b": 7}, 104, ("passed", "bytes", "queued", "queued_bytes"))
    page = lately.page(every_s=5, after="", most=1)
    assert page["values"] == {"passed": [5], "queued": [4], "bytes": [50], "queued_bytes": [40]}


def test_pages_follow_each_other():
    now = dict.fromkeys(NUMBERS.values(), (1, 0, 0, 0, 0))
    lately = Lately([now], now, NUMBERS | {"new": 9}, 10, COLUMNS)
    first = lately.page(every_s=5, after="", most=3)
    assert (first["parts"], first["part"], first["more"]) == (["a", "b", "c"], [0, 1, 2], True)
    last = lately.page(every_s=5, after="c", most=3)
    assert (last["parts"], last["part"], last["more"]) == (["d"], [0], False)


def test_counters_are_no_larger_than_the_next_event_says():
    now = {1: (1, 1, 0, 1, 3_400_000)}
    page = Lately([now], now, {"d": 1}, 10, COLUMNS).page(every_s=5, after="", most=3)
    assert page["now"]["seconds"] == [0.003]
    assert page["values"]["seconds"] == [0.0034]
