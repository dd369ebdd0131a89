"""Joins: a function whose parameters are its input ports; in Python and Node alike."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from engine.runtime.hosts import claims, values, wire
from tests.drive import HostDriver, attributes, contents, made_of, span

Start = Callable[..., HostDriver]
PYTHON = """
def pair(a, b, ctx):
    a.append("seen")
    ctx.emit("other", [a, b])
    if a[0] == 3:
        raise ValueError("3")
    return [a[0], b]
"""
NODE = """
module.exports = %s {
  a.push('seen');
  ctx.emit('other', [a, b]);
  if (a[0] === 3) throw new Error('3');
  return [a[0], b];
}
"""
FORMS = {
    "python": ("python", PYTHON),
    "node": ("node", NODE % "(a, b, ctx) =>"),
    "node fields": ("node", NODE % "async ({ a, b }, ctx) =>"),
    "node, other order": ("node", NODE % "function pair(ctx, b, a)"),
}
ALL = pytest.mark.parametrize("form", list(FORMS))
LARGE = "x" * 1_500_000


def join(host: Start, form: str, **settings: Any) -> HostDriver:
    kind, code = FORMS[form]
    return host(code, kind, inputs=["a", "b"], outputs=["success", "other", "failure"], **settings)


@ALL
def test_messages_are_paired_first_with_first(host: Start, form: str) -> None:
    driver = join(host, form)
    assert contents(driver.task([[1], [2]], 0, attributes=[{"x": "a1", "y": "a1"}, None]), 2) == []
    result = driver.task(["b1", "b2", "b3"], 1, attributes=[{"x": "b1"}, None, {"z": "b3"}])
    assert contents(result, 2) == [[1, "b1"], [2, "b2"]]
    assert contents(result, 3) == [[[1, "seen"], "b1"], [[2, "seen"], "b2"]]
    assert attributes(result, 2) == attributes(result, 3) == [{"x": "b1", "y": "a1"}, {}]
    assert contents(driver.task([[4]], 0), 2) == [[4, "b3"]]
    assert driver.act("flush")["unpaired"] == {}


@ALL
def test_what_waits_is_state_and_survives_a_restart(host: Start, form: str) -> None:
    first = join(host, form)
    first.task([[1], [2]], 0)
    first.close()
    second = join(host, form)
    second.state.update(first.state)
    assert second.act("flush")["unpaired"] == {"a": 2}
    assert contents(second.task(["b"], 1), 2) == [[1, "b"]]
    assert second.act("flush")["unpaired"] == {"a": 1}


@ALL
def test_a_set_that_fails_fails_member_by_member_as_they_arrived(host: Start, form: str) -> None:
    driver = join(host, form)
    driver.task([[3]], 0, attributes=[{"x": "a"}])
    result = driver.task(["b"], 1)
    assert contents(result, 2) == contents(result, 3) == []
    assert contents(result, -2) == [[3], "b"]
    failed = attributes(result, -2)
    assert [each["join.port"] for each in failed] == ["a", "b"]
    assert failed[0]["x"] == "a"
    assert "x" not in failed[1]
    assert result["steps"][0][2] == 2


@ALL
def test_a_set_is_tried_again_whole(host: Start, form: str) -> None:
    driver = join(host, form, retry=[1, 0.0])
    driver.task([[3]], 0)
    result = driver.task(["b"], 1)
    (waiting,) = result["outputs"]
    assert (waiting[0], waiting[2], waiting[6], waiting[7]) == (1, 1, 1, 1)
    again = driver.task(wire.messages(result["bodies"][0])[0], 1, attempt=1, kind=1)
    assert contents(again, -2) == [[3], "b"]
    assert driver.act("flush")["unpaired"] == {}


@ALL
def test_a_joined_message_was_made_of_all_its_members(host: Start, form: str) -> None:
    driver = join(host, form)
    assert "sets" not in driver.task([[1], [2]], 0)
    result = driver.task(["b1", "b2", "b3"], 1)
    assert made_of(result, 2) == made_of(result, 3) == [[span(1, 0), span(2, 0)], [span(1, 1), span(2, 1)]]
    # The one that completes the set comes last.
    assert made_of(driver.task([[4]], 0), 2) == [[span(2, 2), span(3, 0)]]


@ALL
def test_a_member_of_a_set_that_failed_was_made_of_itself(host: Start, form: str) -> None:
    driver = join(host, form, retry=[1, 0.0])
    driver.task([[0], [3]], 0)
    driver.task([0], 1)
    first = driver.task(["b"], 1)
    assert made_of(first, 1) == [[span(1, 1), span(3, 0)]]
    again = driver.task(wire.messages(first["bodies"][0])[0], 1, attempt=1, kind=1)
    assert made_of(again, -2) == [[span(1, 1)], [span(3, 0)]]


@ALL
def test_a_set_that_is_tried_again_is_one_message(host: Start, form: str) -> None:
    driver = join(host, form)
    members = {"a": [values.pack([1]), {}, [span(7, 0)]], "b": [values.pack("b"), {}, [span(8, 0)]]}
    result = driver.task([members], 1, attempt=1, kind=1)
    assert contents(result, 2) == [[1, "b"]]
    assert made_of(result, 2) == made_of(result, 3) == [0]


@ALL
def test_what_an_older_version_left_waiting_is_paired_too(host: Start, form: str) -> None:
    driver = join(host, form)
    kept = {"tail:a": 2, "a:0": [values.pack([1]), {"k": "v"}], "a:1": [values.pack([3]), {}]}
    driver.state[0] = {key: (values.pack(value), 1) for key, value in kept.items()}
    result = driver.task(["b1", "b2"], 1)
    assert (contents(result, 2), attributes(result, 2)) == ([[1, "b1"]], [{"k": "v"}])
    assert made_of(result, 2) == [[span(1, 0)]]
    assert contents(result, -2) == [[3], "b2"]
    # Of the older message nothing is known but the set it was in.
    assert made_of(result, -2) == [[span(1, 1)], [span(1, 1)]]


@ALL
def test_large_content_waits_in_its_file(host: Start, tmp_path: Path, form: str) -> None:
    # Given a message whose content lies in a file,
    claim = claims.Store(tmp_path / "claims").put([1, LARGE])
    first = join(host, form)
    waiting = first.task([claim], 0)
    # when it waits, then only its name is in the state, which says so,
    (written,) = [write for write in waiting["state"] if write[1] == "a:0"]
    assert written[5] == [claim.id]
    assert len(written[2]) < 200
    # and it is read when its partner comes, also after a restart.
    first.close()
    second = join(host, form)
    second.state.update(first.state)
    result = second.task(["b"], 1)
    assert contents(result, 2) == [[1, "b"]]
    assert [write[2] for write in result["state"] if write[1] == "a:0"] == [None]


@ALL
def test_large_content_of_a_set_that_fails_stays_in_its_file(host: Start, tmp_path: Path, form: str) -> None:
    claim = claims.Store(tmp_path / "claims").put([3, LARGE])
    driver = join(host, form)
    driver.task([claim], 0)
    result = driver.task(["b"], 1)
    assert [each.id for each in contents(result, -2)[:1]] == [claim.id]
    assert [output[9] for output in result["outputs"]] == [[claim.id]]


@ALL
def test_a_set_with_large_content_that_is_tried_again_holds_all_of_it(host: Start, tmp_path: Path, form: str) -> None:
    store = claims.Store(tmp_path / "claims")
    driver = join(host, form, retry=[1, 0.0])
    claim = store.put([3, LARGE])
    driver.task([claim], 0)
    (whole,) = contents(driver.task(["b"], 1), 1)
    store.path(claim).unlink()  # as the engine does: nothing names it any more
    again = driver.task([whole], 1, attempt=1, kind=1)
    assert store.load(contents(again, -2)[0]) == [3, LARGE]


@ALL
def test_a_set_of_which_a_file_is_gone_fails_member_by_member(host: Start, tmp_path: Path, form: str) -> None:
    store = claims.Store(tmp_path / "claims")
    claim = store.put([1, LARGE])
    driver = join(host, form, retry=[1, 0.0])
    driver.task([claim, [2]], 0)
    store.path(claim).unlink()
    result = driver.task(["b1", "b2"], 1)
    assert [each["error.type"] for each in attributes(result, -2)] == ["ContentLost"] * 2
    assert contents(result, -2)[1:] == ["b1"]
    assert contents(result, 2) == [[2, "b2"]]


@pytest.mark.parametrize("kind", ["python", "node"])
def test_a_call_is_told_how_many_tries_its_set_has_had(host: Start, kind: str) -> None:
    code = {
        "python": "def f(a, b, ctx):\n    if not ctx.attempt:\n        raise ValueError\n    return [a, b, ctx.attempt]",
        "node": "module.exports = (a, b, ctx) => { if (!ctx.attempt) throw new Error(); return [a, b, ctx.attempt]; }",
    }
    driver = host(code[kind], kind, inputs=["a", "b"], retry=[1, 0.0])
    driver.task([1], 0)
    waiting = driver.task([2], 1)
    again = driver.task(wire.messages(waiting["bodies"][0])[0], 1, attempt=1, kind=1)
    assert contents(again, 2) == [[1, 2, 1]]


def test_a_set_waits_in_the_same_form_in_both_runtimes(host: Start) -> None:
    """A processor may be rewritten in another language while messages wait."""
    drivers = [join(host, form) for form in ("python", "node")]
    for driver in drivers:
        driver.task([[1], {"x": b"y"}], 0, attributes=[{"k": "v"}, None])
    kept = [{key: packed for key, (packed, _) in driver.state[0].items()} for driver in drivers]
    assert kept[0] == kept[1]


@pytest.mark.parametrize("kind", ["python", "node"])
def test_several_inputs_that_are_no_parameters_are_no_join(host: Start, kind: str) -> None:
    code = {
        "python": "def f(x):\n    if x == 2:\n        raise ValueError\n    return x",
        "node": "module.exports = (x) => { if (x === 2) throw new Error('2'); return x; }",
    }
    driver = host(code[kind], kind, inputs=["a", "b"])
    assert contents(driver.task([1], 0), 2) == [1]
    result = driver.task([2], 1)
    assert attributes(result, -2)[0]["error.port"] == "b"
