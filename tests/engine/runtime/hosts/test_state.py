"""State in a host: kept across tasks and restarts, written with the task, forgotten when told so; in Python and Node alike."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.runtime.hosts import values
from engine.runtime.hosts.state import State
from tests.drive import HostDriver, attributes, contents

Start = Callable[..., HostDriver]
BOTH = pytest.mark.parametrize("kind", ["python", "node"])

COUNT = {
    "python": (
        "def f(x, ctx):\n    ctx.state['n'] = ctx.state.get('n', 0) + x\n    if x == 3:\n"
        "        raise ValueError\n    return ctx.state['n']"
    ),
    "node": (
        "module.exports = (x, ctx) => { ctx.state.set('n', ctx.state.get('n', 0) + x); if (x === 3) throw new Error('3');"
        " return ctx.state.get('n'); }"
    ),
}
COMMANDS = {
    "python": """
def f(x, ctx):
    what, *rest = x
    if what == "set":
        ctx.state[rest[0]] = rest[1]
    elif what == "delete":
        ctx.state.pop(rest[0], None)
    elif what == "change in place":
        ctx.state["list"].append(1)
    return [sorted(ctx.state), len(ctx.state), "a" in ctx.state, [ctx.state[key] for key in sorted(ctx.state)]]
""",
    "node": """
module.exports = ([what, ...rest], ctx) => {
  if (what === 'set') ctx.state.set(...rest);
  else if (what === 'delete') ctx.state.delete(rest[0]);
  else if (what === 'change in place') ctx.state.get('list').push(1);
  const keys = [...ctx.state.keys()].sort();
  return [keys, ctx.state.size, ctx.state.has('a'), keys.map((key) => ctx.state.get(key))];
};
""",
}


@BOTH
def test_state_is_kept_from_task_to_task_and_written_with_each(host: Start, kind: str) -> None:
    driver = host(COUNT[kind], kind)
    result = driver.task([1, 2, 4])
    assert contents(result, 1) == [1, 3, 7]
    assert [write[:4] for write in result["state"]] == [[0, "n", values.pack(7), 0]]
    result = driver.task([1])
    assert contents(result, 1) == [8]
    ((_, _, packed, seen, version),) = result["state"]
    assert (values.unpack(packed), seen != 0, version != seen) == (8, True, True)


@BOTH
def test_a_call_that_fails_writes_nothing(host: Start, kind: str) -> None:
    driver = host(COUNT[kind], kind)
    result = driver.task([1, 3, 5])
    assert contents(result, 1) == [1, 6]
    assert contents(result, -2) == [3]
    assert values.unpack(driver.state[0]["n"][0]) == 6
    assert driver.task([3])["state"] == []


@BOTH
def test_a_restarted_host_goes_on_with_what_the_ledger_has(host: Start, kind: str) -> None:
    driver = host(COUNT[kind], kind)
    driver.state[0] = {"n": (values.pack(10), 77)}
    result = driver.task([1])
    assert contents(result, 1) == [11]
    assert result["state"][0][3] == 77


@BOTH
def test_what_is_forgotten_is_asked_for_again(host: Start, kind: str) -> None:
    driver = host(COUNT[kind], kind)
    driver.task([1])
    driver.state[0]["n"] = (values.pack(100), 5)
    assert contents(driver.task([0]), 1) == [1]
    driver.send({"k": "forget", "step": 0})
    assert contents(driver.task([1]), 1) == [101]


def test_the_time_of_a_call_does_not_run_while_the_ledger_is_waited_for(host: Start) -> None:
    # Node's cannot be held: there, the engine excuses a host that ran out of time over it.
    driver = host(COUNT["python"], timeout=0.2)
    driver.state_after_s = 1.0
    driver.state[0] = {"n": (values.pack(10), 77)}
    assert contents(driver.task([1]), 1) == [11]


@BOTH
def test_state_is_a_mapping(host: Start, kind: str) -> None:
    driver = host(COMMANDS[kind], kind)
    driver.state[0] = {"old": (values.pack({"x": [1]}), 3), "list": (values.pack([]), 4)}
    sent = [["look"], ["set", "a", 1], ["change in place"], ["delete", "old"], ["delete", "never"], ["set", "a", 1]]
    result = driver.task(sent)
    assert not attributes(result, -2)
    seen = contents(result, 1)
    assert seen[0] == [["list", "old"], 2, False, [[], {"x": [1]}]]
    assert seen[1] == [["a", "list", "old"], 3, True, [1, [], {"x": [1]}]]
    assert seen[2] == seen[1]
    assert seen[3] == seen[4] == seen[5] == [["a", "list"], 2, True, [1, []]]
    assert sorted(write[1:4] for write in result["state"]) == [["a", values.pack(1), 0], ["old", None, 3]]
    assert driver.task([["look"]])["state"] == []


@BOTH
def test_a_key_may_be_deleted_and_set_again(host: Start, kind: str) -> None:
    driver = host(COMMANDS[kind], kind)
    driver.task([["set", "a", 1]])
    driver.task([["delete", "a"]])
    assert driver.state[0] == {}
    driver.task([["set", "a", 2]])
    assert values.unpack(driver.state[0]["a"][0]) == 2
    assert driver.task([["set", "a", 3], ["set", "a", 2]])["state"] == []


@BOTH
@pytest.mark.parametrize(("key", "value"), [(1, 1), ("a", "unsupported")])
def test_wrong_keys_and_values_fail_the_message(host: Start, kind: str, key: object, value: object) -> None:
    code = {
        "python": "def f(x, ctx):\n    ctx.state[x[0]] = object() if x[1] == 'unsupported' else x[1]",
        "node": "module.exports = (x, ctx) => { ctx.state.set(x[0], x[1] === 'unsupported' ? () => 1 : x[1]); }",
    }
    result = host(code[kind], kind).task([[key, value]])
    (failed,) = attributes(result, -2)
    assert "a state key must be text" in failed["error.message"] or "cannot be carried" in failed["error.message"]
    assert result["state"] == []


class Ledger:
    """Rows as a ledger keeps them, and how often it was asked."""

    def __init__(self, rows: dict[str, object]) -> None:
        self.rows = {key: (values.pack(value), 1) for key, value in rows.items()}
        self.asked = 0

    def fetch(self, keys: list[str] | None, most: int) -> tuple[list[tuple[str, bytes, int]], bool]:
        self.asked += 1
        whole = keys is None or len(self.rows) <= most
        names = self.rows if whole else [key for key in keys or () if key in self.rows]
        return [(key, *self.rows[key]) for key in names], whole


def test_a_small_state_is_asked_for_once() -> None:
    ledger = Ledger({str(n): n for n in range(100)})
    state = State(ledger.fetch)
    assert [state[str(n)] for n in range(100)] == list(range(100))
    assert "absent" not in state
    assert ledger.asked == 1


def test_a_large_state_is_asked_for_key_by_key_and_does_not_stay_in_memory() -> None:
    ledger = Ledger({str(n): n for n in range(120_000)})
    state = State(ledger.fetch)
    state.begin()
    assert all(state[str(n)] == n for n in range(110_000))
    assert ledger.asked == 110_000
    for _ in range(10):
        state.begin()
    state["0"] = "new"
    state.begin()
    assert len(state._entries) < 110_000
    assert state["0"] == "new"
    assert len(state) == 120_000


def test_writes_are_what_changed_since_the_task_began() -> None:
    ledger = Ledger({"a": 1, "b": 2})
    state = State(ledger.fetch)
    state.begin()
    state["a"] = 5
    state["a"] = 1
    state["b"] = 3
    del state["b"]
    state["c"] = 4
    state.keep()
    state["d"] = 9
    state.undo()
    assert sorted(write[:3] for write in state.writes()) == [["b", None, 1], ["c", values.pack(4), 0]]
    state.begin()
    assert dict(state) == {"a": 1, "c": 4}
    assert state.writes() == []
