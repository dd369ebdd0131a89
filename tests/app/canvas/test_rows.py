from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from app.canvas.rows import Rows, grown

keys = st.sampled_from("abcdefgh")


@given(st.lists(keys, max_size=60), st.integers(1, 4))
def test_a_key_has_a_row_of_its_own_as_long_as_it_is_there(steps, capacity):
    rows, there = Rows(capacity), dict[str, int]()
    for key in steps:
        if key in there:
            assert rows.give_back(key) == there.pop(key)
        else:
            row = rows.take(key)
            assert row not in there.values()
            there[key] = row
        assert {key: rows[key] for key in there} == there
        assert (len(rows), key in rows) == (len(there), key in there)
        assert sorted(rows.all().tolist()) == sorted(there.values())
        assert [rows.keys[row] for row in rows.all().tolist()] == [
            key for key, _ in sorted(there.items(), key=lambda each: each[1])
        ]
        assert rows.used <= rows.capacity == len(rows.alive) == len(rows.keys)


def test_rows_of_what_has_gone_are_given_out_again():
    rows = Rows()
    first = rows.take("a")
    rows.take("b")
    rows.give_back("a")
    assert (rows.take("c"), rows.used) == (first, 2)
    assert (rows.get("a"), rows.get("c")) == (-1, first)


def test_room_is_made_at_once():
    rows = Rows(4)
    rows.reserve(1000)
    capacity = rows.capacity
    for number in range(1000):
        rows.take(str(number))
    assert rows.capacity == capacity >= 1000


def test_a_grown_column_keeps_what_it_holds():
    column = np.arange(6.0).reshape(3, 2)
    larger = grown(column, 5)
    assert larger.shape == (5, 2)
    assert (larger[:3] == column).all()
    assert not larger[3:].any()
    assert grown(larger, 4) is larger
