"""plain_msgpack is ormsgpack as far as `values` uses it: the same bytes, the same values, the same kinds of error."""

from __future__ import annotations

import enum

import ormsgpack
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.runtime.hosts import plain_msgpack
from tests.engine.runtime.hosts.value_table import shown

OPTIONS = (
    ormsgpack.OPT_PASSTHROUGH_DATETIME
    | ormsgpack.OPT_PASSTHROUGH_UUID
    | ormsgpack.OPT_PASSTHROUGH_TUPLE
    | ormsgpack.OPT_PASSTHROUGH_DATACLASS
    | ormsgpack.OPT_PASSTHROUGH_SUBCLASS
    | ormsgpack.OPT_PASSTHROUGH_BIG_INT
)
NUMBERS = st.integers(-(1 << 63), (1 << 64) - 1) | st.sampled_from(
    [sign * (1 << bits) + offset for bits in (5, 7, 8, 15, 16, 31, 32) for sign in (1, -1) for offset in (-1, 0, 1)]
)
SCALARS = st.none() | st.booleans() | NUMBERS | st.floats() | st.text() | st.binary()
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=20) | st.dictionaries(st.text(max_size=40), inner, max_size=20),
    max_leaves=30,
)


class Colour(enum.Enum):
    RED = "red"


class Level(enum.IntEnum):
    HIGH = 3


class Name(str):
    __slots__ = ()


@given(VALUES)
def test_the_bytes_are_ormsgpacks(value):
    packed = ormsgpack.packb(value, None, OPTIONS)
    assert plain_msgpack.packb(value, None, 0) == packed
    assert repr(plain_msgpack.unpackb(packed)) == repr(ormsgpack.unpackb(packed))


@pytest.mark.parametrize("size", [0, 1, 2, 3, 4, 8, 15, 16, 17, 31, 32, 255, 256, 65535, 65536, 70000])
def test_sizes_at_every_edge(size):
    for value in ("x" * size, b"x" * size, [None] * size, {str(n): n for n in range(size)}):
        packed = ormsgpack.packb(value, None, OPTIONS)
        assert plain_msgpack.packb(value) == packed
        assert plain_msgpack.unpackb(packed) == value
    theirs = ormsgpack.packb(ormsgpack.Ext(5, b"x" * size))
    assert plain_msgpack.packb(plain_msgpack.Ext(5, b"x" * size)) == theirs
    assert plain_msgpack.unpackb(theirs, ext_hook=lambda tag, data: (tag, data)) == (5, b"x" * size)


@given(st.binary(max_size=60))
def test_any_bytes_give_the_same_value_or_an_error(data):
    def outcome(unpackb):
        try:
            return repr(unpackb(data, ext_hook=lambda tag, found: (tag, found)))
        except ValueError:
            return ValueError

    assert outcome(plain_msgpack.unpackb) == outcome(ormsgpack.unpackb)


@pytest.mark.parametrize(
    "value",
    [
        Colour.RED,
        Level.HIGH,
        Name("n"),
        (1, [2]),
        1 << 64,
        -(1 << 63) - 1,
        bytearray(b"ab"),
        memoryview(b"ab"),
        {"a": Level.HIGH},
        object,
    ],
    ids=shown,
)
def test_what_messagepack_lacks_goes_to_default_as_with_ormsgpack(value):
    seen: dict[str, list[type]] = {"ours": [], "theirs": []}

    def default(who):
        return lambda given_: seen[who].append(type(given_)) or "replaced"

    assert plain_msgpack.packb(value, default("ours")) == ormsgpack.packb(value, default("theirs"), OPTIONS)
    assert seen["ours"] == seen["theirs"]


def nested(depth):
    value: object = 1
    for _ in range(depth):
        value = [value]
    return value


def refuse(value):
    raise RuntimeError("no")


@pytest.mark.parametrize(
    ("value", "default"),
    [
        ({1: 2}, None),
        ({Name("a"): 1}, None),
        ("\ud800", None),
        ({"\ud800": 1}, None),
        (object(), None),
        (object(), refuse),
        (object(), lambda value: value),
        (nested(256), None),
        (memoryview(b"abcd")[::2], None),
    ],
    ids=shown,
)
def test_both_refuse_with_a_type_error(value, default):
    with pytest.raises(TypeError):
        ormsgpack.packb(value, default, OPTIONS)
    with pytest.raises(TypeError):
        plain_msgpack.packb(value, default)


def test_depth_ends_where_ormsgpacks_does():
    assert plain_msgpack.packb(nested(255)) == ormsgpack.packb(nested(255), None, OPTIONS)
    deep = b"\x91" * 255 + b"\x01"
    assert plain_msgpack.unpackb(deep) == ormsgpack.unpackb(deep)


def test_an_extension_type_must_fit_a_byte():
    with pytest.raises(TypeError):
        plain_msgpack.packb(plain_msgpack.Ext(200, b""))
