"""The table of values in Node: what is passed on arrives unchanged, what JavaScript makes arrives as the table says."""

from __future__ import annotations

import datetime as dt
import decimal
import math
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.drive import HostDriver, attributes, contents
from tests.engine.runtime.hosts.test_values import ANY, nested_dict, nested_tuple
from tests.engine.runtime.hosts.value_table import FLAT, ROUND_TRIPS, same

Start = Callable[..., HostDriver]


def evaluate(host: Start, expressions: list[str]) -> list[Any]:
    """What arrives of JavaScript expressions."""
    driver = host("const pyfi = require('pyfi'); module.exports = (text) => [eval(text)]", "node")
    result = driver.task(expressions)
    assert not attributes(result, -2)
    return [only for (only,) in contents(result, 1)]


def test_every_row_passes_through_unchanged(host: Start) -> None:
    driver = host("module.exports = (content) => content", "node")
    for row in ROUND_TRIPS:
        sent = [[value] for named, value in FLAT if named == row]
        arrived = contents(driver.task(sent), 1)
        assert len(arrived) == len(sent)
        assert not [pair for pair in zip(sent, arrived, strict=True) if not same(*pair)], row


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], max_examples=60)
@given(st.lists(ANY, min_size=1))
def test_any_mixture_passes_through_unchanged(driver: HostDriver, sent: list[Any]) -> None:
    arrived = contents(driver.task([[value] for value in sent]), 1)
    assert same(arrived, [[as_node_has_it(value)] for value in sent])


@pytest.fixture
def driver(host: Start) -> HostDriver:
    return host("module.exports = (content) => content", "node")


def as_node_has_it(value: Any) -> Any:
    """JavaScript has one type of number: a float without a fraction comes back as an integer; keys lose the sign of zero."""
    if (
        isinstance(value, float)
        and value.is_integer()
        and abs(value) < 1 << 53
        and not (value == 0 and math.copysign(1, value) < 0)
    ):
        return int(value)
    if isinstance(value, (list, tuple)):
        return type(value)(map(as_node_has_it, value))
    if isinstance(value, dict):
        return {key: as_node_has_it(item) for key, item in value.items()}
    return value


def test_a_float_without_a_fraction_becomes_an_integer(host: Start) -> None:
    arrived = contents(host("module.exports = (content) => content", "node").task([1.0, -3.0, 2.0**60, 0.0, -0.0]), 1)
    assert list(map(repr, arrived)) == ["1", "-3", "1.152921504606847e+18", "0", "-0.0"]


def test_what_javascript_makes(host: Start) -> None:
    made: dict[str, Any] = {
        "new pyfi.Decimal('12.50')": decimal.Decimal("12.50"),
        "new pyfi.Decimal('-Infinity')": decimal.Decimal("-Infinity"),
        "new pyfi.DateTime('2024-02-29T12:30:00.000001+05:30')": dt.datetime.fromisoformat("2024-02-29T12:30:00.000001+05:30"),
        "new pyfi.DateTime('2024-02-29T12:30:00Z')": dt.datetime(2024, 2, 29, 12, 30, tzinfo=dt.UTC),
        "new pyfi.Day('2024-02-29')": dt.date(2024, 2, 29),
        "new pyfi.Time('23:59:59.5')": dt.time(23, 59, 59, 500_000),
        "new pyfi.Duration(-1, 5, 7)": dt.timedelta(-1, 5, 7),
        "new pyfi.UUID('6FA459EA-EE8A-3CA4-894E-DB77E160355E')": uuid.UUID("6fa459ea-ee8a-3ca4-894e-db77e160355e"),
        "new pyfi.Complex(1, -2.5)": complex(1, -2.5),
        "pyfi.Tuple.of(1, [2])": (1, [2]),
        "new pyfi.FrozenSet([1, 'a'])": frozenset({1, "a"}),
        "new Set([1, pyfi.Tuple.of(1, 'b'), null])": {1, (1, "b"), None},
        "new Map([[1, 'a'], [pyfi.Tuple.of(1), {b: 2}]])": {1: "a", (1,): {"b": 2}},
        "new Map([['a', 1]])": {"a": 1},
        "new Date(0)": dt.datetime(1970, 1, 1, tzinfo=dt.UTC),
        "Buffer.from('ab')": b"ab",
        "new Uint8Array([1, 2])": b"\x01\x02",
        "12345678901234567890123n": 12345678901234567890123,
        "-5n": -5,
        "2n ** 64n - 1n": (1 << 64) - 1,
        "-(2n ** 63n)": -(1 << 63),
        "NaN": math.nan,
        "1e21": 1e21,
        "2 ** 53": 2.0**53,
        "2 ** 53 - 1": 2**53 - 1,
        "-(2 ** 40)": -(2**40),
        "({a: undefined, b: [undefined]})": {"b": [None]},
        "Object.create(null, {a: {value: 1, enumerable: true}})": {"a": 1},
        "require('vm').runInNewContext('({a: [1]})')": {"a": [1]},
        "class extends Array {}.of(1)": [1],
    }
    made["(class extends Array {}).of(1)"] = made.pop("class extends Array {}.of(1)")
    arrived = dict(zip(made, evaluate(host, list(made)), strict=True))
    assert not {text: arrived[text] for text in made if not same(arrived[text], made[text])}


def test_what_javascript_reads(host: Start) -> None:
    code = """
        const pyfi = require('pyfi');
        const kind = (value) => (value === null ? 'null' : typeof value === 'object' ? value.constructor.name : typeof value);
        module.exports = (content) => `${kind(content[0])} ${String(content[0])}`;
    """
    sent = [
        1, 1 << 53, -(1 << 60), 1 << 64, decimal.Decimal("1.50"), b"ab", (1, 2), {1}, frozenset(), {1: 2}, {"a": 1}, None,
        dt.datetime.fromisoformat("2024-02-29T01:02:03.000004"), dt.date(2024, 2, 29), dt.time(1), dt.timedelta(1), 1j, 0.5,
    ]  # fmt: skip
    assert contents(host(code, "node").task([[value] for value in sent]), 1) == [
        "number 1",
        "bigint 9007199254740992",
        "bigint -1152921504606846976",
        "bigint 18446744073709551616",
        "Decimal 1.50",
        "Buffer ab",
        "Tuple 1,2",
        "Set [object Set]",
        "FrozenSet [object Set]",
        "Map [object Map]",
        "Object [object Object]",
        "null null",
        "DateTime 2024-02-29T01:02:03.000004",
        "Day 2024-02-29",
        "Time 01:00:00",
        "Duration [object Object]",
        "Complex [object Object]",
        "number 0.5",
    ]


@pytest.mark.parametrize(
    ("expression", "reason"),
    [
        ("() => 1", "a value of type function cannot be carried"),
        ("Symbol('a')", "a value of type symbol cannot be carried"),
        ("({a: [new (class Point {})()]})", "a value of type Point cannot be carried"),
        ("/x/", "a value of type RegExp cannot be carried"),
        ("new Error('x')", "a value of type Error cannot be carried"),
        ("[Promise.resolve(1)]", "a value of type Promise cannot be carried"),
        ("new Float64Array(2)", "a value of type Float64Array cannot be carried"),
        ("'\\ud800'", "text with lone surrogates cannot be carried"),
        ("({['a'.repeat(50) + '\\udfff']: 1})", "text with lone surrogates cannot be carried"),
        ("new Set([[1]])", "a key of a Map or a member of a Set must be"),
        ("new Map([[{}, 1]])", "a key of a Map or a member of a Set must be"),
        ("new Set([pyfi.Tuple.of([1])])", "a key of a Map or a member of a Set must be"),
        ("(() => { const a = []; a.push(a); return a; })()", "nested too deeply, or holds itself"),
        ("(() => { const a = {}; a.a = new Map([[1, a]]); return a; })()", "nested too deeply, or holds itself"),
        ("new Date(NaN)", "an invalid Date cannot be carried"),
        ("new Date(8.64e15)", "a Date outside the years 1 to 9999"),
        ("2n ** 9000000n", "too large to carry"),
        ("new pyfi.Decimal('1,5')", "Decimal takes text like"),
        ("new pyfi.DateTime('2023-02-29T00:00:00')", "there is no day 2023-02-29"),
        ("new pyfi.Day('0000-01-01')", "Day takes text like"),
        ("new pyfi.UUID('x')", "UUID takes text like"),
        ("new pyfi.Duration(0.5)", "Duration takes whole"),
        ("new pyfi.Complex('1', 2)", "Complex takes two numbers"),
    ],
)
def test_what_cannot_be_carried_fails_with_the_reason(host: Start, expression: str, reason: str) -> None:
    driver = host("const pyfi = require('pyfi'); module.exports = (text) => ['good', eval(text)]", "node")
    result = driver.task([expression, "1"])
    (failed,) = attributes(result, -2)
    assert reason in failed["error.message"]
    assert contents(result, -2) == [expression]
    assert contents(result, 1) == [["good", 1]]


def test_values_nest_as_deep_as_in_python_and_no_deeper(driver: HostDriver) -> None:
    nested: Any = 1
    for _ in range(254):
        nested = [nested]
    assert contents(driver.task([nested, nested_tuple(50), nested_dict(50)]), 1) == [nested, nested_tuple(50), nested_dict(50)]


@pytest.mark.parametrize("deeper", ["[v]", "{a: v}", "pyfi.Tuple.of(v)", "new Map([[1, v]])"])
def test_values_nested_too_deeply_fail(host: Start, deeper: str) -> None:
    loop = f"let v = 1; for (let i = 0; i < n; i++) v = ({deeper}); return v;"
    code = f"const pyfi = require('pyfi'); module.exports = (n) => {{ {loop} }}"
    result = host(code, "node").task([10, 300])
    assert len(contents(result, 1)) == 1
    assert "nested too deeply" in attributes(result, -2)[0]["error.message"]


def test_many_shapes_of_objects(driver: HostDriver) -> None:
    """More shapes, branches and keys than the decoder keeps, with values that could be taken for shapes."""
    sent = [{f"k{(number * step) % 97}": number for step in range(1, 9)} for number in range(4000)]
    sent += [{str(number): {"x": number}} for number in range(200)]
    sent += [{f"f{n}": n for n in range(size)} for size in (0, 1, 15, 16, 63, 64, 65, 300)]
    sent += [{"__proto__": {"polluted": True}, "a": n} for n in range(40)]
    for _ in range(3):
        assert contents(driver.task(sent[:4000]), 1) == sent[:4000]
        assert contents(driver.task(sent[4000:]), 1) == sent[4000:]
