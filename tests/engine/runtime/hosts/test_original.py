"""The signature of the first PYFI, `f(message, *args, plugs={}, output={}, **kwargs)`, works as it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.drive import HostDriver, attributes, contents

Start = Callable[..., HostDriver]


def original(
    host: Start, body: str, head: str = "message, *args, plugs={}, output={}, **kwargs", **settings: Any
) -> HostDriver:
    """A function with outputs 1 `success`, 2 `other`, 3 `another` (a join: one later each), and `failure`."""
    lines = "".join(f"    {line}\n" for line in body.splitlines())
    return host(f"def f({head}):\n{lines}", outputs=["success", "other", "another", "failure"], **settings)


def test_each_item_of_a_list_in_a_plug_is_a_message(host: Start) -> None:
    driver = original(
        host,
        """output["result"] = "kept by nobody"
plugs["other"] = [message, "second"]
plugs["another"].append(message)
if message == 2:
    raise ValueError
return message * 10""",
    )
    result = driver.task([1, 2])
    assert contents(result, 1) == [10]
    assert contents(result, 2) == [1, "second"]
    assert contents(result, 3) == [1]
    assert contents(result, -2) == [2]


@pytest.mark.parametrize(
    ("put", "sent"),
    [
        ("plugs['other'] = message", ["m"]),
        ("plugs['other'] = []", []),
        ("plugs['other'] = None", []),
        ("plugs['other'] = [{'a': message}]", [{"a": "m"}]),
        ("plugs['other'] = []; plugs['other'].append(message)", ["m"]),
        ("plugs.setdefault('other', []).append(message)", ["m"]),
        ("plugs.update(other=[message])", ["m"]),
        ("plugs |= {'other': [message]}", ["m"]),
        ("plugs.get('other').extend([message, message])", ["m", "m"]),
        ("for name in sorted(plugs): plugs[name] = [name]", ["other"]),
        ("if 'other' in plugs: plugs['other'] = [message]", ["m"]),
        ("if 'queue9' in plugs: plugs['queue9'] = [message]", []),
    ],
)
def test_plugs_may_be_filled_as_any_dict(host: Start, put: str, sent: list[Any]) -> None:
    assert contents(original(host, put).task(["m"]), 2) == sent


def test_a_plug_that_is_no_output_fails_the_message(host: Start) -> None:
    result = original(host, "plugs['other'] = [message]\nplugs['queue9'].append(message)").task(["m"])
    assert contents(result, 2) == []
    assert contents(result, -2) == ["m"]
    assert attributes(result, -2)[0]["error.message"].startswith("there is no output 'queue9'; this processor has another, ")


def test_a_generator_may_fill_plugs_between_its_yields(host: Start) -> None:
    result = original(host, "plugs['other'] = [1]\nyield message\nplugs['other'].append(2)").task(["m"])
    assert contents(result, 1) == ["m"]
    assert contents(result, 2) == [1, 2]


def test_a_signature_without_output_is_given_none(host: Start) -> None:
    result = original(host, "plugs['other'] = [message]", head="message, plugs").task(["m"])
    assert contents(result, 2) == ["m"]


def test_the_original_signature_joins_its_inputs(host: Start) -> None:
    head = "one, two, *args, plugs={}, output={}, **kwargs"
    driver = original(host, "plugs['other'] = [two]\nreturn one + two", head=head, inputs=["one", "two"])
    driver.task([1], 0)
    result = driver.task([10], 1)
    assert contents(result, 2) == [11]
    assert contents(result, 3) == [10]


def test_a_batch_function_may_use_plugs(host: Start) -> None:
    result = original(host, "plugs['other'] = [sum(message)]\nreturn message", batch=True).task([1, 2, 3])
    assert contents(result, 1) == [1, 2, 3]
    assert contents(result, 2) == [6]
