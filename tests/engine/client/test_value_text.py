"""Single values and their texts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.client.value_text import read_value_text, value_text

SCALARS = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False) | st.text(max_size=40)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@given(VALUES)
def test_every_value_is_read_back(value):
    try:
        value_text(value).encode()
    except UnicodeEncodeError:
        return  # half a surrogate pair has no text
    assert read_value_text(value_text(value)) == (value, None)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (5, "5"),
        ("5", '"5"'),
        ("plain text", "plain text"),
        ("${slow_ms}", "${slow_ms}"),
        ("content['status']", "content['status']"),
        ("{n}", '"{n}"'),
        ("", '""'),
        (None, "null"),
        (["a", 1], "[a, 1]"),
        ({"a": {"b": 1}}, "{a: {b: 1}}"),
        ("two\nlines", "|-\n  two\n  lines"),
        ({"statement": "SELECT\n1", "size": 1}, "statement: |-\n  SELECT\n  1\nsize: 1"),
    ],
)
def test_it_is_written_as_a_person_would(value, text: str):
    assert value_text(value) == text


@pytest.mark.parametrize(
    ("text", "value"), [("yes", "yes"), ("# 5", None), ("a: 1", {"a": 1}), ("- 1\n- 2", [1, 2]), (" x ", "x")]
)
def test_what_a_person_writes_is_read(text: str, value):
    assert read_value_text(text) == (value, None)


@pytest.mark.parametrize("text", ["{a: 1", "a: 1\na: 2", "["])
def test_what_cannot_be_read_has_a_reason(text: str):
    value, reason = read_value_text(text)
    assert value is None
    assert reason
