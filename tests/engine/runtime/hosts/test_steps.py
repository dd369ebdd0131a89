"""What a call may do with a message, the same in every runtime: return, emit, keep state, fail, be tried again."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from typing import Any

import pytest

from tests.drive import HostDriver, attributes, contents, into, out, step

Start = Callable[..., HostDriver]
BOTH = pytest.mark.parametrize("kind", ["python", "node"])

CODE: dict[str, dict[str, str]] = {
    "double": {
        "python": "def f(x):\n    return x * 2",
        "node": "module.exports = (x) => x * 2",
    },
    "filter": {
        "python": "def f(x):\n    return x if x % 2 else None",
        "node": "module.exports = (x) => (x % 2 ? x : undefined)",
    },
    "mark": {
        "python": "def f(m):\n    m['seen'] = True\n    if m['n'] == 1:\n        raise ValueError('one')\n    return m",
        "node": "module.exports = (m) => { m.seen = true; if (m.n === 1) throw new RangeError('one'); return m; }",
    },
    "count to": {
        "python": "def f(x):\n    for n in range(x):\n        yield n if n != 1 else None",
        "node": "module.exports = function* (x) { for (let n = 0; n < x; n++) yield n === 1 ? null : n; }",
    },
    "yield, then fail": {
        "python": "def f(x):\n    yield x\n    if x == 2:\n        raise ValueError('two')",
        "node": "module.exports = function* (x) { yield x; if (x === 2) throw new Error('two'); }",
    },
    "the same again": {
        "python": "def f(x):\n    d = {}\n    for n in range(3):\n        d['n'] = n\n        yield d",
        "node": "module.exports = function* (x) { const d = {}; for (let n = 0; n < 3; n++) { d.n = n; yield d; } }",
    },
    "total": {
        "python": "totals = {}\ndef f(x):\n    totals[x] = totals.get(x, 0) + 1\n    return totals",
        "node": "const totals = {}; module.exports = (x) => { totals[x] = (totals[x] ?? 0) + 1; return totals; }",
    },
    "emit": {
        "python": (
            "def f(m, ctx):\n    ctx.emit('other', m, {'extra': 'e'})\n    m['n'] += 1\n    ctx.emit('other', m)\n"
            "    if m['n'] == 3:\n        raise ValueError('three')\n    return m"
        ),
        "node": (
            "module.exports = (m, ctx) => { ctx.emit('other', m, {extra: 'e'}); m.n += 1; ctx.emit('other', m);"
            " if (m.n === 3) throw new Error('three'); return m; }"
        ),
    },
    "look": {
        "python": "def f(x, ctx):\n    return [dict(ctx.attributes), dict(ctx.params), dict(ctx.secrets), ctx.attempt]",
        "node": "module.exports = (x, ctx) => [ctx.attributes, ctx.params, ctx.secrets, ctx.attempt]",
    },
    "wrong port": {
        "python": "def f(x, ctx):\n    ctx.emit('othr', x)",
        "node": "module.exports = (x, ctx) => ctx.emit('othr', x)",
    },
    "wrong attributes": {
        "python": "def f(x, ctx):\n    ctx.emit('other', x, {'a': 1})",
        "node": "module.exports = (x, ctx) => ctx.emit('other', x, {a: 1})",
    },
    "log": {
        "python": (
            "def f(x, ctx):\n    print('printed', x)\n    ctx.log('logged', x, level='debug')\n"
            "    print('no end', end='')"
        ),
        "node": (

                "module.exports = (x, ctx) => { console.log('printed', x); ctx.log.debug('logged', x); "
                "process.stdout.write('no end'); }"

        ),
    },
    "chatter": {
        "python": "def f(x):\n    for n in range(x):\n        print(n)",
        "node": "module.exports = (x) => { for (let n = 0; n < x; n++) console.log(n); }",
    },
    "batch": {
        "python": (
            "def f(xs):\n    if 3 in xs:\n        raise ValueError('three')\n"
            "    return [x * 2 if x != 4 else None for x in xs]"
        ),
        "node": (
            "module.exports = (xs) => { if (xs.includes(3)) throw new Error('three'); "
            "return xs.map((x) => (x !== 4 ? x * 2 : null)); }"
        ),
    },
    "batch that spoils": {
        "python": (
            "def f(xs):\n    for x in xs:\n        x['n'] += 1\n    if any(x['n'] == 3 for x in xs):\n"
            "        raise ValueError('3')\n    return xs"
        ),
        "node": (
            "module.exports = (xs) => { for (const x of xs) x.n++; "
            "if (xs.some((x) => x.n === 3)) throw new Error('3'); return xs; }"
        ),
    },
    "batch of another length": {
        "python": "def f(xs):\n    return xs[1:]",
        "node": "module.exports = (xs) => xs.slice(1)",
    },
    "slow": {
        "python": "import time\ndef f(x):\n    time.sleep(x)\n    return x",
        "node": "module.exports = (x) => { Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, x * 1000); return x; }",
    },
    "unsupported": {
        "python": "def f(x):\n    return object() if x == 2 else x",
        "node": "module.exports = (x) => (x === 2 ? new (class object {})() : x)",
    },
}  # fmt: skip


@BOTH
def test_a_returned_value_goes_to_success_with_the_messages_attributes(host: Start, kind: str) -> None:
    result = host(CODE["double"][kind], kind).task([1, 2], attributes=[{"a": "b"}, None])
    assert contents(result, 1) == [2, 4]
    assert attributes(result, 1) == [{"a": "b"}, {}]
    assert [row[:3] for row in result["steps"]] == [[0, 2, 0]]
    assert result["steps"][0][4] == {"success": 2}


@BOTH
def test_a_host_waits_for_its_work_though_who_starts_it_gives_all_sockets_a_limit(host: Start, kind: str) -> None:
    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(0.1)
    try:
        driver = host(CODE["double"][kind], kind)
    finally:
        socket.setdefaulttimeout(before)
    assert contents(driver.task([1, 2]), 1) == [2, 4]


@BOTH
def test_none_returns_nothing_and_origins_tell_what_came_from_what(host: Start, kind: str) -> None:
    result = host(CODE["filter"][kind], kind).task([0, 1, 2, 3, 5])
    assert contents(result, 1) == [1, 3, 5]
    assert result["outputs"][0][8] == {"rows": [1, 3, 4]}


@BOTH
def test_an_empty_batch_makes_nothing(host: Start, kind: str) -> None:
    result = host(CODE["double"][kind], kind).task([])
    assert result["outputs"] == []


@BOTH
def test_a_failed_message_leaves_as_it_arrived_with_the_error_as_attributes(host: Start, kind: str) -> None:
    driver = host(CODE["mark"][kind], kind)
    result = driver.task([{"n": 0}, {"n": 1}, {"n": 2}], attributes=[None, {"a": "b"}, None])
    assert contents(result, 1) == [{"n": 0, "seen": True}, {"n": 2, "seen": True}]
    assert contents(result, -2) == [{"n": 1}]
    (failed,) = attributes(result, -2)
    assert failed["a"] == "b"
    assert failed["error.type"] == {"python": "ValueError", "node": "RangeError"}[kind]
    assert failed["error.message"] == "one"
    assert failed["error.processor"] == "it"
    assert "<it>" in failed["error.traceback"]
    assert "hosts" not in failed["error.traceback"]
    assert result["steps"][0][:3] == [0, 3, 1]
    assert driver.logs == [(0, "warning", f"{failed['error.type']}: one")]


@BOTH
def test_many_failures_leave_together(host: Start, kind: str) -> None:
    result = host(CODE["mark"][kind], kind).task([{"n": 1}] * 8)
    assert [output[:3] for output in result["outputs"]] == [[-2, 0, 8]]
    assert contents(result, -2) == [{"n": 1}] * 8


@BOTH
def test_a_long_task_ends_after_its_time_and_says_how_far_it_came(host: Start, kind: str) -> None:
    driver = host(CODE["slow"][kind], kind)
    result = driver.task([0.04] * 100, attributes=[{"n": str(n)} for n in range(100)])
    done = result["rows"]
    assert 8 <= done < 100
    assert contents(result, 1) == [0.04] * done
    assert attributes(result, 1) == [{"n": str(n)} for n in range(done)]
    assert [row for output in result["outputs"] for row in rows_of(output[8])] == list(range(done))
    assert result["steps"][0][1] == done


@BOTH
def test_a_message_is_tried_again_after_its_penalty_then_fails(host: Start, kind: str) -> None:
    driver = host(CODE["mark"][kind], kind, retry=[1, 30.0])
    before = int(time.time() * 1000)
    first = driver.task([{"n": 1}, {"n": 2}], attributes=[{"a": "b"}, None])
    (waiting,) = [output for output in first["outputs"] if output[0] == 0]
    link, step_, n, _, due_ms, _, attempt, kind_, origins, _ = waiting
    assert (link, step_, n, attempt, kind_, origins) == (0, 0, 1, 1, 0, [0, 1])
    assert before + 30_000 <= due_ms <= int(time.time() * 1000) + 30_000
    assert contents(first, 0) == [{"n": 1}]
    assert attributes(first, 0) == [{"a": "b"}]
    assert first["steps"][0][1:3] == [1, 0]
    second = driver.task([{"n": 1}], attempt=1)
    assert contents(second, -2) == [{"n": 1}]
    assert second["steps"][0][1:3] == [1, 1]


@BOTH
def test_a_generator_returns_many(host: Start, kind: str) -> None:
    result = host(CODE["count to"][kind], kind).task([2, 0, 4], attributes=[{"a": "1"}, None, {"a": "3"}])
    assert contents(result, 1) == [0, 0, 2, 3]
    assert attributes(result, 1) == [{"a": "1"}, {"a": "3"}, {"a": "3"}, {"a": "3"}]
    assert result["outputs"][0][8] == {"rows": [0, 2, 2, 2]}


@BOTH
def test_a_generator_that_fails_sends_nothing(host: Start, kind: str) -> None:
    result = host(CODE["yield, then fail"][kind], kind).task([1, 2, 3])
    assert contents(result, 1) == [1, 3]
    assert contents(result, -2) == [2]


@BOTH
def test_messages_are_taken_as_they_are_when_made(host: Start, kind: str) -> None:
    assert contents(host(CODE["the same again"][kind], kind).task([0]), 1) == [{"n": 0}, {"n": 1}, {"n": 2}]
    assert contents(host(CODE["total"][kind], kind).task(["a", "b", "a"]), 1) == [{"a": 1}, {"a": 1, "b": 1}, {"a": 2, "b": 1}]


@BOTH
def test_emit_sends_to_a_port_with_attributes_over_the_messages_own(host: Start, kind: str) -> None:
    driver = host(CODE["emit"][kind], kind, outputs=["success", "other", "failure"])
    result = driver.task([{"n": 0}, {"n": 2}, {"n": 5}], attributes=[{"a": "b"}, None, None])
    assert contents(result, 1) == [{"n": 1}, {"n": 6}]
    assert contents(result, 2) == [{"n": 0}, {"n": 1}, {"n": 5}, {"n": 6}]
    assert attributes(result, 2) == [{"a": "b", "extra": "e"}, {"a": "b"}, {"extra": "e"}, {}]
    assert contents(result, -2) == [{"n": 2}]


@BOTH
def test_ctx_shows_attributes_params_secrets_and_attempt(host: Start, kind: str) -> None:
    driver = host(CODE["look"][kind], kind, params={"p": [1]}, secrets={"s": "x"})
    assert contents(driver.task([0], attributes=[{"a": "b"}], attempt=2), 1) == [[{"a": "b"}, {"p": [1]}, {"s": "x"}, 2]]


@BOTH
def test_wrong_use_of_emit_fails_the_message(host: Start, kind: str) -> None:
    outputs = ["success", "other", "failure"]
    (failed,) = attributes(host(CODE["wrong port"][kind], kind, outputs=outputs).task([1]), -2)
    assert failed["error.message"] == "there is no output 'othr'; this processor has failure, other, success"
    (failed,) = attributes(host(CODE["wrong attributes"][kind], kind, outputs=outputs).task([1]), -2)
    assert "attributes are text" in failed["error.message"]


@BOTH
def test_an_output_that_leads_nowhere_takes_everything(host: Start, kind: str) -> None:
    result = host(CODE["emit"][kind], kind, outputs=["success", "other", "failure"], routes={}, dead=[]).task([{"n": 0}])
    assert result["outputs"] == []
    assert result["steps"][0][4] == {"other": 2, "success": 1}


@BOTH
def test_what_is_printed_and_logged_goes_to_the_steps_log(host: Start, kind: str) -> None:
    driver = host(CODE["log"][kind], kind)
    driver.task([7])
    assert driver.logs == [(0, "info", "printed 7"), (0, "debug", "logged 7"), (0, "info", "no end")]


@BOTH
def test_more_lines_than_a_log_can_bear_are_counted(host: Start, kind: str) -> None:
    driver = host(CODE["chatter"][kind], kind)
    driver.task([1500])
    assert len(driver.logs) == 201
    assert driver.logs[199:] == [(0, "info", "199"), (0, "warning", "1,300 more lines were left out")]
    driver.task([1])
    assert driver.logs[-1] == (0, "info", "0")


@BOTH
def test_a_batch_function_gets_the_list_and_finds_the_bad_message_by_halving(host: Start, kind: str) -> None:
    result = host(CODE["batch"][kind], kind, batch=True).task([1, 2, 3, 4, 5])
    assert contents(result, -2) == [3]
    assert contents(result, 1) == [2, 4, 10]
    rows = [row for output in result["outputs"] if output[0] == 1 for row in rows_of(output[8])]
    assert rows == [0, 1, 4]


@BOTH
def test_halves_of_a_batch_get_the_contents_as_they_arrived(host: Start, kind: str) -> None:
    result = host(CODE["batch that spoils"][kind], kind, batch=True).task([{"n": n} for n in range(5)])
    assert contents(result, -2) == [{"n": 2}]
    assert contents(result, 1) == [{"n": 1}, {"n": 2}, {"n": 4}, {"n": 5}]


@BOTH
def test_a_batch_function_must_return_as_many(host: Start, kind: str) -> None:
    failed = attributes(host(CODE["batch of another length"][kind], kind, batch=True).task([1, 2]), -2)
    assert [each["error.message"] for each in failed] == [
        "a batch function must return as many results as it got contents; got 1, returned 0"
    ] * 2


@BOTH
def test_a_value_that_cannot_be_carried_fails_its_message_only(host: Start, kind: str) -> None:
    result = host(CODE["unsupported"][kind], kind).task([1, 2, 3])
    assert contents(result, 1) == [1, 3]
    assert contents(result, -2) == [2]
    (failed,) = attributes(result, -2)
    assert failed["error.type"] == "UnsupportedValue"
    assert "a value of type object cannot be carried" in failed["error.message"]


@BOTH
def test_a_priority_by_attribute_sorts_the_batches_that_leave(tmp_path: Any, kind: str) -> None:
    it = step("it", kind, code=CODE["double"][kind], routes={"success": [1]})
    with HostDriver([it], [into(0), out(rank="p")], tmp_path) as driver:
        result = driver.task([1, 2, 3, 4, 5], attributes=[{"p": "2"}, {"p": "1.5"}, {"p": "2"}, {"p": "soon"}, None])
    made = {output[5]: contents({"outputs": [output], "bodies": [body]}, 1) for output, body in pairs(result)}
    assert made == {2.0: [2, 6], 1.5: [4], 1e300: [8, 10]}


@BOTH
def test_two_branches_do_not_see_what_the_other_does_to_a_message(tmp_path: Any, kind: str) -> None:
    steps = [
        step("head", kind, code=CODE["mark"][kind], routes={"success": [1, 2, 5]}),
        step("left", kind, code=CODE["emit"][kind], outputs=["success", "other", "failure"], routes={"success": [3]}),
        step("right", kind, code=CODE["emit"][kind], outputs=["success", "other", "failure"], routes={"success": [4]}),
    ]
    with HostDriver(steps, [into(0), into(1), into(2), out(), out(), out()], tmp_path) as driver:
        result = driver.task([{"n": 4}])
    assert contents(result, 3) == contents(result, 4) == [{"n": 5, "seen": True}]
    assert contents(result, 5) == [{"n": 4, "seen": True}]
    assert [link[:2] for link in result["links"]] == [[1, 1], [2, 1], [3, 1], [4, 1], [5, 1]]


@BOTH
def test_a_careful_task_stops_behind_every_step(tmp_path: Any, kind: str) -> None:
    steps = [step(f"s{n}", kind, code=CODE["double"][kind], routes={"success": [n + 1]}) for n in range(2)]
    with HostDriver(steps, [into(0), into(1), out()], tmp_path) as driver:
        assert contents(driver.task([1]), 2) == [4]
        assert contents(driver.task([1], careful=True), 1) == [2]
        assert contents(driver.task([2], 1), 2) == [4]


@BOTH
def test_condemned_messages_fail_without_being_run(host: Start, kind: str) -> None:
    result = host(CODE["double"][kind], kind).task([1, 2], condemned=["HostDied", "the host ended with signal 9"])
    assert contents(result, -2) == [1, 2]
    assert [failed["error.type"] for failed in attributes(result, -2)] == ["HostDied"] * 2
    assert result["steps"][0][1:3] == [2, 2]


@BOTH
def test_part_of_a_batch_and_several_batches(host: Start, kind: str) -> None:
    driver = host(CODE["mark"][kind], kind)
    result = driver.segments([([{"n": n} for n in range(4)], None, 1, 3), ([{"n": 9}], [{"a": "b"}], 0, 1)])
    assert contents(result, 1) == [{"n": 2, "seen": True}, {"n": 9, "seen": True}]
    assert attributes(result, 1) == [{}, {"a": "b"}]
    assert contents(result, -2) == [{"n": 1}]
    assert [output[8] for output in result["outputs"] if output[0] == 1] == [[1, 2]]


def rows_of(origins: Any) -> list[int]:
    """The rows that a result's origins name."""
    return origins["rows"] if isinstance(origins, dict) else list(range(origins[0], origins[0] + origins[1]))


def pairs(result: dict[str, Any]) -> list[tuple[list[Any], bytes]]:
    """A result's outputs and their batches."""
    return list(zip(result["outputs"], result["bodies"], strict=True))
