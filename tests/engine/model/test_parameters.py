from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import NotFound, UsageError
from engine.model.flow import Flow, Header
from engine.model.parameters import escape, override, parse_settings, references, resolve, respell
from tests.engine.model.strategies import values


@pytest.mark.parametrize(
    ("value", "resolved"),
    [
        ("${n}", 5),
        ("${t}", "text"),
        ("${l}", [1, {"a": None}]),
        ("at ${n} ms, ${t}", "at 5 ms, text"),
        ("is ${yes}, ${none}, ${l}", 'is true, null, [1, {"a": null}]'),
        ("$${n}", "${n}"),
        ("$${n} ${n}", "${n} 5"),
        ("$$${n}", "$${n}"),
        ("${n", "${n"),
        ("$n {n} $", "$n {n} $"),
        ({"a": ["${n}", {"b": "x${t}"}]}, {"a": [5, {"b": "xtext"}]}),
        (7, 7),
    ],
)
def test_references_are_replaced(value, resolved):
    assert resolve(value, {"n": 5, "t": "text", "l": [1, {"a": None}], "yes": True, "none": None}) == resolved


def test_keys_are_not_settings():
    assert resolve({"${n}": 1}, {"n": 5}) == {"${n}": 1}


def test_what_refers_to_nothing_is_not_copied():
    value = {"a": [{"b": "c"}]}
    assert resolve(value, {}) is value


def test_a_value_is_not_resolved_twice():
    assert resolve("${a}", {"a": "${b}", "b": 1}) == "${b}"


@pytest.mark.parametrize(
    ("text", "cure"), [("${slo_ms}", "did you mean 'slow_ms'?"), ("x ${HOME} y", "write \\$\\${ for a plain")]
)
def test_an_unknown_parameter_is_named_with_a_cure(text, cure):
    with pytest.raises(NotFound, match=cure):
        resolve(text, {"slow_ms": 5})


def test_references_are_found_everywhere():
    assert list(references({"a": ["${x} ${y}", "$${z}"], "${k}": {"b": "${x}"}})) == ["x", "y", "x"]


@given(values)
def test_an_escaped_value_resolves_to_itself(value):
    assert resolve(escape(value), {}) == value


def test_respelling_keeps_escapes_and_other_references():
    spelled = respell({"a": "${x}", "b": "v${x} $${x} ${y}"}, {"x": "${outer}"})
    assert spelled == {"a": "${outer}", "b": "v${outer} $${x} ${y}"}
    assert respell(["${x}", "${x}!"], {"x": [1]}) == [[1], "[1]!"]


@given(
    st.dictionaries(st.sampled_from("xyz"), values, min_size=3), st.lists(st.sampled_from(["${x}", "${y}", "$${z}", "t", "{"]))
)
def test_respelling_with_literals_is_resolving(parameters, pieces):
    text = "".join(pieces)
    assert resolve(respell(text, {name: escape(value) for name, value in parameters.items()}), {}) == resolve(text, parameters)


def test_settings_are_read_like_words_of_a_flow_file():
    settings = parse_settings(
        [
            "n=5",
            "t= a b ",
            "quoted='5'",
            'json={"a": [1]}',
            "list=[a, 2]",
            "empty=",
            "yes=true",
            "eq=a=b",
            "odd=[a",
            "u=http://x/y",
        ]
    )
    assert settings == {
        "n": 5,
        "t": " a b ",
        "quoted": "5",
        "json": {"a": [1]},
        "list": ["a", 2],
        "empty": None,
        "yes": True,
        "eq": "a=b",
        "odd": "[a",
        "u": "http://x/y",
    }


@pytest.mark.parametrize("setting", ["slow_ms", "=5", " = 5"])
def test_a_setting_without_a_name_or_value_is_refused(setting):
    with pytest.raises(UsageError, match="write it as --set name=value"):
        parse_settings([setting])


def test_overrides_replace_values_of_known_parameters_only():
    flow = Flow(header=Header(name="x"), parameters={"slow_ms": 500, "kept": 1})
    assert override(flow, {"slow_ms": 7}).parameters == {"slow_ms": 7, "kept": 1}
    assert override(flow, {}) is flow
    with pytest.raises(UsageError, match="flow 'x' has no parameter 'slow'; did you mean 'slow_ms'"):
        override(flow, {"slow": 7})
    with pytest.raises(UsageError, match="it has none"):
        override(Flow(header=Header(name="x")), {"a": 1})
