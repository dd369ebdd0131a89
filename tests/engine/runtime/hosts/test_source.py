"""Sources: what a generator yields goes on as far as the engine's credit goes, and goes on from there after a restart."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from engine.runtime.hosts import values
from tests.drive import HostDriver, attributes, contents

Start = Callable[..., HostDriver]

CODE: dict[str, dict[str, str]] = {
    "count": {
        "python": "def go():\n    yield from range(20_000)",
        "node": "module.exports = function* () { for (let n = 0; n < 20_000; n++) yield n; }",
        "node async": "module.exports = async function* () { for (let n = 0; n < 20_000; n++) yield n; }",
    },
    "list": {
        "python": "def go():\n    return [1, None, 2]",
        "node": "module.exports = () => [1, null, 2]",
        "node async": "module.exports = async () => [1, null, 2]",
    },
    "value": {
        "python": "def go():\n    return 'only'",
        "node": "module.exports = () => 'only'",
        "node async": "module.exports = async () => 'only'",
    },
    "nothing": {
        "python": "def go():\n    pass",
        "node": "module.exports = () => {}",
        "node async": "module.exports = async () => {}",
    },
    "the same again": {
        "python": "def go():\n    d = {}\n    for n in range(3):\n        d['n'] = n\n        yield d",
        "node": "module.exports = function* () { const d = {}; for (let n = 0; n < 3; n++) { d.n = n; yield d; } }",
        "node async": "module.exports = async function* () { const d = {}; for (let n = 0; n < 3; n++) { d.n = n; yield d; } }",
    },
    "emit": {
        "python": (
            "def go(ctx):\n    yield 1\n    ctx.emit('other', 2, {'a': 'b'})\n    yield ctx.params['p']\n"
            "    ctx.emit('success', 4, {'c': 'd'})\n    ctx.log('done')"
        ),
        "node": (
            "module.exports = function* (ctx) { yield 1; ctx.emit('other', 2, {a: 'b'}); yield ctx.params.p;"
            " ctx.emit('success', 4, {c: 'd'}); ctx.log('done'); }"
        ),
        "node async": (
            "module.exports = async function* (ctx) { yield 1; ctx.emit('other', 2, {a: 'b'}); yield ctx.params.p;"
            " ctx.emit('success', 4, {c: 'd'}); ctx.log('done'); }"
        ),
    },
    "state": {
        "python": (
            "def go(ctx):\n    for n in range(ctx.state.get('next', 0), 10_000):\n        ctx.state['next'] = n + 1\n"
            "        yield n\n        ctx.state['after'] = n"
        ),
        "node": (
            "module.exports = function* (ctx) { for (let n = ctx.state.get('next', 0); n < 10_000; n++)"
            " { ctx.state.set('next', n + 1); yield n; ctx.state.set('after', n); } }"
        ),
        "node async": (
            "module.exports = async function* (ctx) { for (let n = ctx.state.get('next', 0); n < 10_000; n++)"
            " { ctx.state.set('next', n + 1); yield n; ctx.state.set('after', n); } }"
        ),
    },
    "fail": {
        "python": "def go(ctx):\n    yield 1\n    yield 2\n    ctx.state['never'] = 1\n    raise ValueError('boom')",
        "node": "module.exports = function* (ctx) { yield 1; yield 2; ctx.state.set('never', 1); throw new Error('boom'); }",
        "node async": (
            "module.exports = async function* (ctx) { yield 1; yield 2; ctx.state.set('never', 1); throw new Error('boom'); }"
        ),
    },
    "endless": {
        "python": "import itertools\ndef go():\n    yield from itertools.count()",
        "node": "module.exports = function* () { for (let n = 0; ; n++) yield n; }",
        "node async": "module.exports = async function* () { for (let n = 0; ; n++) yield n; }",
    },
    "slow": {
        "python": "import time\ndef go():\n    yield 1\n    time.sleep(1000)",
        "node": "",
        "node async": (
            "module.exports = async function* () { yield 1; await new Promise((resume) => setTimeout(resume, 1e6)); }"
        ),
    },
}
FORMS = pytest.mark.parametrize("form", ["python", "node", "node async"])


def source(host: Start, name: str, form: str, **settings: Any) -> HostDriver:
    return host(CODE[name][form], form.partition(" ")[0], inputs=[], **settings)


def made(results: list[dict[str, Any]], link: int = 0) -> list[Any]:
    return [content for result in results for content in contents(result, link)]


@FORMS
def test_everything_comes_in_order_and_the_last_batch_says_so(host: Start, form: str) -> None:
    results = source(host, "count", form).drain()
    assert made(results) == list(range(20_000))
    assert [result["end"] for result in results] == [False] * (len(results) - 1) + [True]
    assert [result["source"][:2] for result in results] == [[0, serial] for serial in range(1, len(results) + 1)]
    assert sum(result["source"][2] for result in results) == 20_000
    assert all(output[2] <= 4096 for result in results for output in result["outputs"])


@FORMS
@pytest.mark.parametrize(("name", "expected"), [("list", [1, 2]), ("value", ["only"]), ("nothing", [])])
def test_a_source_need_not_be_a_generator(host: Start, form: str, name: str, expected: list[Any]) -> None:
    results = source(host, name, form).drain()
    assert made(results) == expected
    assert results[-1]["end"]


@FORMS
def test_a_message_is_taken_as_it_was_when_yielded(host: Start, form: str) -> None:
    assert made(source(host, "the same again", form).drain()) == [{"n": 0}, {"n": 1}, {"n": 2}]


@FORMS
def test_a_source_emits_to_ports_among_what_it_yields(host: Start, form: str) -> None:
    driver = source(host, "emit", form, outputs=["success", "other"], params={"p": 3})
    results = driver.drain()
    assert made(results) == [1, 3, 4]
    assert made(results, 1) == [2]
    assert [each for result in results for each in attributes(result, 0)] == [{}, {}, {"c": "d"}]
    assert [each for result in results for each in attributes(result, 1)] == [{"a": "b"}]
    assert driver.logs == [(0, "info", "done")]
    origins = [row for result in results for output in result["outputs"] for row in rows_of(output[8])]
    assert len(results) > 1 or sorted(origins) == [0, 1, 2, 3]


@FORMS
def test_an_output_that_leads_nowhere_may_be_emitted_to(host: Start, form: str) -> None:
    results = source(host, "emit", form, outputs=["success", "other"], params={"p": 3}, routes={"success": [0]}).drain()
    assert made(results) == [1, 3, 4]
    assert sum(result["steps"][0][4].get("other", 0) for result in results if result["steps"]) == 1


@FORMS
def test_no_batch_is_made_without_credit(host: Start, form: str) -> None:
    driver = source(host, "endless", form)
    driver.source(credit=2)
    first, second = driver.receive(), driver.receive()
    n = len(made([first, second]))
    assert made([first, second]) == list(range(n))
    driver.act("flush")
    driver.send({"k": "credit", "n": 1})
    third = driver.receive()
    assert third["source"][:2] == [0, 3]
    assert made([third])[0] == n


@FORMS
def test_what_was_committed_before_a_restart_is_skipped(host: Start, form: str) -> None:
    assert made(source(host, "count", form).drain(yielded=12_345)) == list(range(12_345, 20_000))


@FORMS
def test_state_is_saved_as_it_stood_at_the_batchs_last_yield(host: Start, form: str) -> None:
    driver = source(host, "state", form)
    driver.source(credit=1)
    while not (n := len(made([first := driver.commit(driver.receive())]))):
        pass
    assert made([first]) == list(range(n))
    kept = {key: values.unpack(packed) for key, (packed, _) in driver.state[0].items()}
    assert kept.get("next") == n
    assert kept.get("after") in {None, n - 2}
    driver.close()
    second = source(host, "state", form)
    second.state.update(driver.state)
    assert made(second.drain(yielded=n)) == list(range(n, 10_000))
    assert values.unpack(second.state[0]["after"][0]) == 9_999


@FORMS
def test_what_came_before_a_failure_goes_on_and_the_failure_is_told(host: Start, form: str) -> None:
    driver = source(host, "fail", form)
    results = driver.drain()
    failed = results.pop()
    assert made(results) == [1, 2]
    assert not any(result["end"] for result in results)
    assert (failed["k"], failed["step"], failed["message"]) == ("source_failed", 0, "boom")
    assert "<it>" in failed["traceback"]
    assert driver.state.get(0, {}) == {}


@FORMS
def test_a_source_can_be_stopped_while_it_goes_on_and_on(host: Start, form: str) -> None:
    driver = source(host, "endless", form)
    driver.source(credit=1)
    driver.receive()
    assert driver.close() == 0


@pytest.mark.parametrize("form", ["python", "node async"])
def test_a_message_goes_on_at_once_and_a_waiting_source_can_be_stopped(host: Start, form: str) -> None:
    driver = source(host, "slow", form)
    driver.source(credit=5)
    assert contents(driver.receive(), 0) == [1]
    assert driver.close() == 0


@FORMS
def test_a_source_runs_again(host: Start, form: str) -> None:
    driver = source(host, "list", form)
    for _ in range(3):
        results = driver.drain()
        assert made(results) == [1, 2]
        assert results[0]["source"][1] == 1


def rows_of(origins: Any) -> list[int]:
    return origins["rows"] if isinstance(origins, dict) else list(range(origins[0], origins[0] + origins[1]))
