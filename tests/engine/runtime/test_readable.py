from __future__ import annotations

import datetime as dt
import json
import uuid
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.runtime.hosts import values
from engine.runtime.readable import as_json

ID = uuid.UUID(int=7)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ({"a": [1, 2.5, None, True, "ü"]}, {"a": [1, 2.5, None, True, "ü"]}),
        (b"hello", {"$type": "bytes", "size": 5, "text": "hello"}),
        (b"", {"$type": "bytes", "size": 0, "text": ""}),
        (b"\x00\xff", {"$type": "bytes", "size": 2, "base64": "AP8="}),
        (float("nan"), {"$type": "float", "value": "nan"}),
        (-float("inf"), {"$type": "float", "value": "-inf"}),
        (2**64 - 1, 2**64 - 1),
        (2**64, {"$type": "int", "value": "0x10000000000000000"}),
        (Decimal("1.50"), {"$type": "Decimal", "value": "1.50"}),
        (ID, {"$type": "UUID", "value": str(ID)}),
        (dt.datetime(2026, 1, 2, tzinfo=dt.UTC), {"$type": "datetime", "value": "2026-01-02T00:00:00+00:00"}),
        (dt.date(2026, 1, 2), {"$type": "date", "value": "2026-01-02"}),
        (dt.time(3, 4), {"$type": "time", "value": "03:04:00"}),
        (dt.timedelta(seconds=1.5), {"$type": "timedelta", "seconds": 1.5}),
        (complex(1, float("inf")), {"$type": "complex", "real": 1.0, "imag": {"$type": "float", "value": "inf"}}),
        ((1, b"x"), {"$type": "tuple", "items": [1, {"$type": "bytes", "size": 1, "text": "x"}]}),
        ({3}, {"$type": "set", "items": [3]}),
        (frozenset({3}), {"$type": "frozenset", "items": [3]}),
        ({1: "one"}, {"$type": "dict", "items": [[1, "one"]]}),
        ({"$type": "bytes"}, {"$type": "dict", "items": [["$type", "bytes"]]}),
        (values.Claim("id", 9, "bytes"), {"$type": "claim", "size": 9, "of": "bytes"}),
        (values.Claim("id", 9, "packed"), {"$type": "claim", "size": 9, "of": "value"}),
    ],
)
def test_every_kind_of_value_is_shown_as_what_it_is(value, shown):
    assert as_json(value) == shown


def test_what_is_too_long_is_cut_and_says_so():
    assert as_json("x" * 11, 10) == {"$type": "str", "size": 11, "text": "x" * 10, "cut": True}
    assert as_json(b"\xff" * 11, 3) == {"$type": "bytes", "size": 11, "base64": "////", "cut": True}
    for longest, text in ((1, ""), (2, "ü"), (3, "ü"), (4, "üü"), (5, "üüx")):
        assert as_json("üüxy".encode(), longest) == {"$type": "bytes", "size": 6, "text": text, "cut": True}


TEXT = st.text(st.characters(codec="utf-8"))
SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), TEXT, st.binary(), st.decimals(), st.uuids(), st.datetimes(),
    st.dates(), st.times(), st.timedeltas(), st.complex_numbers(),
)  # fmt: skip
KEYS = st.integers() | TEXT | st.just("$type")


@given(
    st.recursive(
        SCALARS,
        lambda inner: st.lists(inner) | st.dictionaries(KEYS, inner) | st.tuples(inner, inner),
        max_leaves=20,
    ),
    st.integers(1, 50),
)
def test_whatever_can_wait_in_a_queue_is_json(value, longest):
    shown = as_json(values.unpack(values.pack(value)), longest)
    assert json.loads(json.dumps(shown, allow_nan=False)) == shown
