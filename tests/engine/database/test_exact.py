from __future__ import annotations

import datetime as dt
import json
import math
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.database.exact import decode, encode
from engine.errors import IntegrityError

whole = st.integers(-(2**63), 2**63 - 1)
finite = st.floats(allow_nan=False, allow_infinity=False)
plain = st.one_of(st.none(), st.booleans(), whole, finite, st.text())
times = st.datetimes().map(lambda time: time.replace(fold=0))
rare = st.one_of(st.integers(), st.floats(allow_nan=False), st.binary(), st.decimals(allow_nan=False), times, st.uuids())
leaves = plain | rare
keys = st.one_of(st.text(), st.sampled_from(["$", "v"]), st.integers(), st.none())
values = st.recursive(
    leaves, lambda inner: st.one_of(st.lists(inner), st.dictionaries(keys, inner), st.lists(inner).map(tuple)), max_leaves=15
)
plain_values = st.recursive(plain, lambda inner: st.one_of(st.lists(inner), st.dictionaries(st.text(), inner)), max_leaves=15)


@given(values)
def test_every_value_comes_back_as_it_was(value: Any) -> None:
    assert repr(decode(encode(value))) == repr(value)


@given(plain_values.filter(lambda value: "$" not in repr(value)))
def test_what_json_can_say_is_plain_json(value: Any) -> None:
    assert repr(json.loads(encode(value))) == repr(value)


@pytest.mark.parametrize(
    "value",
    [
        *(2**63 - 1, 2**63, -(2**63), -(2**63) - 1, 10**400, -0.0, 1.0, 1e300, math.inf, -math.inf),
        *(b"", b"\x00\xff", (), (1, (2,)), set(), {1, 2}, frozenset({"a"}), Decimal("1.10"), UUID(int=7)),
        *({1: "a"}, {(1, 2): 3}, {"$": 1}, {"$": "bytes", "v": "eA=="}, {"a": {"$": []}}, "\0", "\u2028", "𝄞"),
        *(dt.datetime(2024, 5, 1, 12, 0, 0, 5, tzinfo=dt.UTC), dt.date(1, 1, 1), dt.time(23, 59, 59, 999999)),
    ],
    ids=repr,
)
def test_what_json_lacks_comes_back_to_the_type(value: Any) -> None:
    assert repr(decode(encode(value))) == repr(value)


def test_nan_comes_back() -> None:
    assert math.isnan(decode(encode(math.nan)))


def test_what_has_no_exact_form_is_refused_with_the_cure() -> None:
    with pytest.raises(IntegrityError, match="type complex cannot be stored exactly; use text, numbers, lists or mappings"):
        encode([1j])
    with pytest.raises(IntegrityError, match="half a surrogate pair"):
        encode("\ud800")
    deep: list[Any] = []
    for _ in range(100_000):
        deep = [deep]
    with pytest.raises(IntegrityError, match="nested too deeply to be stored; flatten it"):
        encode(deep)
