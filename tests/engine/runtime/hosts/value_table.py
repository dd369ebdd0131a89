"""The manual's table of values: for every row, values that must come back as they went in."""

from __future__ import annotations

import datetime as dt
import decimal
import re
import uuid
from typing import Any

EAST = dt.timezone(dt.timedelta(hours=5, minutes=30))

ROUND_TRIPS: dict[str, list[Any]] = {
    "text": ["", "plain", "ünïcode ☃ 🎈", "line\nbreak\0nul", "x" * 70_000, "é" * 20, "é" * 31, "é" * 40_000],
    "bytes": [b"", b"\x00\xff" * 10, b"x" * 300, b"x" * 70_000],
    "true, false, none": [True, False, [None]],
    "integers to 64 bits": [
        *(
            sign * (1 << bits) + offset
            for bits in (0, 5, 7, 8, 15, 16, 31, 32, 52, 53, 54, 62)
            for sign in (1, -1)
            for offset in (-1, 0, 1)
        ),
        -(1 << 63),
        (1 << 63) - 1,
        1 << 63,
        (1 << 64) - 1,
    ],
    "larger integers": [1 << 64, -(1 << 63) - 1, 10**40, -(10**40)],
    "floats": [0.5, -0.0, 1e300, 5e-324, 9007199254740993e3, float("inf"), float("-inf"), float("nan")],
    "lists": [[], [1, [2, [3]]], list(range(20)), [0] * 70_000],
    "dicts with text keys": [
        {},
        {"a": {"b": 1}},
        {str(n): n for n in range(100, 140)},
        {"__proto__": 1, "constructor": 2},
        {"": 0},
    ],
    "dicts with other keys": [
        {1: "a", None: "b"},
        {(1, 2): {"c": {2: 3}}},
        {1.5: 1},
        {b"x": 1},
        {dt.date(2024, 2, 29): 1},
        {1 << 70: 1},
    ],
    "Decimal": [
        decimal.Decimal(text) for text in ("1.50", "-0", "NaN", "Infinity", "1E+400", "0.1000000000000000000000000000001")
    ],
    "UUID": [uuid.UUID("6fa459ea-ee8a-3ca4-894e-db77e160355e")],
    "datetime": [
        dt.datetime(2024, 2, 29, 12, 30, 59, 123456),  # noqa: DTZ001 - a naive one is a row of the table
        dt.datetime(1, 1, 1, tzinfo=dt.UTC),
        dt.datetime(9999, 12, 31, 23, 59, 59, 999999, EAST),
    ],
    "date": [dt.date(1, 1, 1), dt.date(2024, 2, 29)],
    "time": [dt.time(1, 2), dt.time(23, 59, 59, 1, EAST)],
    "timedelta": [dt.timedelta(-1, 5, 7), dt.timedelta(days=999_999), dt.timedelta(0)],
    "tuple": [(), (1, ("a", [2])), tuple(range(20))],
    "set, frozenset": [set(), {1, "a", (2, 3)}, frozenset({1, frozenset({2})})],
    "complex": [1j, complex(1.5, -0.0)],
}

FLAT = [(row, value) for row, values in ROUND_TRIPS.items() for value in values]


def same(one: Any, other: Any) -> bool:
    """Equal in value and in type, all the way down; NaN is itself and the sign of a zero counts."""
    if type(one) is not type(other):
        return False
    if isinstance(one, (set, frozenset)):
        return one == other
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, (list, tuple)):
        return len(one) == len(other) and all(map(same, one, other))
    return repr(one) == repr(other)


def shown(value: object) -> str:
    """A value in the name of a test: the same in every process, so without addresses, and sets in order."""
    if isinstance(value, (set, frozenset)):
        value = [type(value).__name__, *sorted(map(repr, value))]
    return re.sub(r" at 0x[0-9a-f]+", "", repr(value))[:40]
