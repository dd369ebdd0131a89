"""Values cross a queue and come back as themselves, or are refused with a sentence that says why."""

from __future__ import annotations

import collections
import dataclasses
import datetime as dt
import enum
import importlib
import sys
from collections.abc import Iterator
from types import ModuleType
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.resource import resource_path
from engine.runtime.hosts import values as usual
from tests.engine.runtime.hosts.value_table import FLAT, ROUND_TRIPS, same, shown

NAME = usual.__name__


@pytest.fixture(scope="module", params=["ormsgpack", "plain"])
def values(request: pytest.FixtureRequest) -> Iterator[ModuleType]:
    """The module as it is, and as it is where ormsgpack is missing."""
    if request.param == "ormsgpack":
        yield usual
        return
    package = sys.modules[NAME.rpartition(".")[0]]
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "ormsgpack", None)
        patch.delitem(sys.modules, NAME)
        patch.setattr(package, "values", usual)
        yield importlib.import_module(NAME)


def test_the_manual_has_the_rows_that_are_tested() -> None:
    page = resource_path("manual", "values.md").read_text(encoding="utf-8")
    rows = [line.split("|")[1].strip() for line in page.splitlines() if line.startswith("| ")]
    assert rows[1:] == list(ROUND_TRIPS)


class Colour(enum.IntEnum):
    RED = 3


class Name(str):
    __slots__ = ()


class Items(list[Any]):
    pass


class Pair(NamedTuple):
    a: int
    b: int


@dataclasses.dataclass
class Point:
    x: int


def test_the_fixture_really_does_without_ormsgpack(values: ModuleType) -> None:
    assert values._codec.__name__.rpartition(".")[2] == ("ormsgpack" if values is usual else "plain_msgpack")


@pytest.mark.parametrize(("row", "value"), FLAT, ids=shown)
def test_every_row_of_the_table_comes_back_as_it_was(values: ModuleType, row: str, value: Any) -> None:
    assert same(values.unpack(values.pack(value)), value), row
    inside = [{"inside": [value]}]
    assert same(values.unpack(values.pack(inside)), inside), row


@pytest.mark.parametrize(("row", "value"), FLAT, ids=shown)
def test_both_codecs_write_the_same_bytes(values: ModuleType, row: str, value: Any) -> None:
    assert values.pack(value) == usual.pack(value), row


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (Colour.RED, 3),
        (Name("n"), "n"),
        (Items([1]), [1]),
        (collections.OrderedDict(a=1), {"a": 1}),
        (collections.Counter("aab"), {"a": 2, "b": 1}),
        (collections.defaultdict(int, {1: 2}), {1: 2}),
        (bytearray(b"ab"), b"ab"),
        (memoryview(b"ab"), b"ab"),
        ({Name("k"): 1}, {"k": 1}),
        (Pair(1, 2), (1, 2)),
    ],
    ids=shown,
)
def test_close_relatives_become_the_plain_value(values: ModuleType, value: Any, plain: Any) -> None:
    assert same(values.unpack(values.pack(value)), plain)


def holds_itself() -> list[Any]:
    value: list[Any] = []
    value.append(value)
    return value


def dict_holds_itself() -> dict[Any, Any]:
    value: dict[Any, Any] = {}
    value[1] = value
    return value


def nested_tuple(depth: int, value: Any = 1) -> Any:
    for _ in range(depth):
        value = (value,)
    return value


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (object(), "a value of type object cannot be carried"),
        (Point(1), "a value of type Point cannot be carried"),
        ([{"deep": {1: Point(1)}}], "a value of type Point cannot be carried"),
        ({Point: 1}, "a value of type type cannot be carried"),
        (lambda: 1, "a value of type function cannot be carried"),
        ((n for n in ()), "a value of type generator cannot be carried"),
        ("\ud800", "lone surrogates"),
        ({"a": ["\udfff"]}, "lone surrogates"),
        ({"\ud800": 1}, "lone surrogates"),
        (holds_itself(), "nested too deeply, or holds itself"),
        (dict_holds_itself(), "nested too deeply, or holds itself"),
        (nested_tuple(40, Point(1)), "a value of type Point cannot be carried"),
        (nested_tuple(3000), "nested too deeply, or holds itself"),
        (1 << 9_000_000, "an integer of 9000001 bits is too large to carry"),
        (dt.UTC, "a value of type timezone cannot be carried"),
    ],
    ids=lambda value: value if isinstance(value, str) and value.isascii() else "",
)
def test_what_cannot_come_back_is_refused_with_the_reason(values: ModuleType, value: Any, reason: str) -> None:
    with pytest.raises(values.UnsupportedValue, match=reason):
        values.pack(value)


def nested_dict(depth: int) -> Any:
    value: Any = 1
    for _ in range(depth):
        value = {1: value}
    return value


@pytest.mark.parametrize("nested", [nested_tuple, nested_dict])
def test_extensions_nest_fifty_deep_and_no_deeper(values: ModuleType, nested: Any) -> None:
    assert values.unpack(values.pack(nested(50))) == nested(50)
    with pytest.raises(values.UnsupportedValue, match="nested too deeply"):
        values.pack(nested(52))


def test_a_refusal_leaves_nothing_behind_for_the_next(values: ModuleType) -> None:
    for _ in range(2):
        with pytest.raises(values.UnsupportedValue, match="type Point"):
            values.pack([Point(1)])
        with pytest.raises(values.UnsupportedValue, match="lone surrogates"):
            values.pack("\ud800")
        assert values.unpack(values.pack({1: {2: 3}})) == {1: {2: 3}}


KEYS = st.one_of(st.text(), st.integers(), st.booleans(), st.none(), st.binary(), st.tuples(st.integers(), st.text()))
ANY = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.binary(), st.decimals(), st.uuids(),
        st.datetimes().map(lambda when: when.replace(fold=0)),
        st.dates(),
        st.times().map(lambda when: when.replace(fold=0)),
        st.timedeltas(), st.complex_numbers(), st.frozensets(st.integers()),
    ),
    lambda inner: (
        st.lists(inner) | st.dictionaries(KEYS, inner) | st.lists(inner).map(tuple) | st.dictionaries(st.text(), inner)
    ),
    max_leaves=20,
)  # fmt: skip


@given(ANY)
def test_any_mixture_comes_back_as_it_was(value: Any) -> None:
    assert same(usual.unpack(usual.pack(value)), value)


@given(st.lists(ANY, max_size=20))
def test_a_list_packed_piece_by_piece_is_the_packed_list(items: list[Any]) -> None:
    assert usual.pack_list([usual.pack(item) for item in items]) == usual.pack(items)


def test_long_lists_packed_piece_by_piece() -> None:
    for n in (15, 16, 65_535, 65_536):
        assert usual.pack_list([b"\x01"] * n) == usual.pack([1] * n)


def test_claims_cross_as_claims(values: ModuleType) -> None:
    back = values.unpack(values.pack([values.Claim("id", 5, "bytes")]))[0]
    assert (type(back), back.id, back.size, back.type) == (values.Claim, "id", 5, "bytes")


def test_only_lists_without_anything_to_change_may_be_shared(values: ModuleType) -> None:
    assert values.is_shareable([1, "a", b"b", None, 1.5, True])
    assert not values.is_shareable([1, []])
    assert not values.is_shareable([(1, [])])
