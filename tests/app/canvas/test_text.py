from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.canvas import text


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "0"),
        (1_234_567, "1,234,567"),
        (9_999_999, "9,999,999"),
        (12_345_678, "12.3 M"),
        (999_400_000, "999 M"),
        (999_950_000, "1 G"),
        (5 * 10**15, "5,000 T"),
    ],
)
def test_a_count_is_short(number, words):
    assert text.count(number) == words


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "0 bytes"),
        (1, "1 byte"),
        (999, "999 bytes"),
        (1000, "1 KB"),
        (3_400, "3.4 KB"),
        (999_600, "1 MB"),
        (4 * 10**18, "4,000 PB"),
    ],
)
def test_a_size_is_in_steps_of_a_thousand(number, words):
    assert text.size(number) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.0, "0 ms"),
        (0.0123, "12 ms"),
        (0.0994, "99 ms"),
        (0.0996, "0.1 s"),
        (3.44, "3.4 s"),
        (59.94, "59.9 s"),
        (59.96, "1:00 min"),
        (125, "2:05 min"),
        (3599.6, "1:00 h"),
        (12_000, "3:20 h"),
    ],
)
def test_a_duration_is_in_the_unit_that_fits(seconds, words):
    assert text.duration(seconds) == words


@given(st.integers(0, 2**63 - 1))
def test_no_number_is_wider_than_its_room(number):
    for words in (text.count(number), text.size(number)):
        assert len(words) <= 12
        assert "e" not in words.replace("bytes", "").replace("byte", "")
