"""Run once: one task of a processor that is stopped."""

from __future__ import annotations

import threading

import pytest

from engine.api.remote import path_of
from engine.errors import ConflictError, NotFound, UsageError
from tests.engine.api.served import wait_until

STEPS = """
pyfi: 1
name: steps
processors:
  - id: numbers
    type: python
    inputs: []
    outputs: [success]
    code: |
      def numbers(ctx):
          for n in range(ctx.state.get("n", 0), 10000):
              ctx.state["n"] = n + 1
              yield n
  - {id: double, type: python, code: "def f(n): return 2 * n"}
  - {id: keep, type: write_lines, config: {path: steps.txt}}
connections:
  - {from: numbers.success, to: double.in}
  - {from: double.success, to: keep.in}
"""


def order(served, what, **body):
    return served.post(path_of("deployments", "steps") + f"/{what}", **body)


def once(served, *steps, **more):
    """Run steps once; returns messages, or the reason why there were none."""
    return [ran["messages"] or ran["reason"] for ran in order(served, "processors/run", steps=list(steps), **more)]


def flow(served):
    return served.flow("steps")


def written(served):
    return [int(line) for line in (served.folder / "steps.txt").read_text(encoding="utf-8").split()]


def test_a_flow_that_is_stopped_is_taken_through_step_by_step_and_then_goes_on(served):
    served.deploy(STEPS, start=False)
    assert once(served, "double") == ["nothing waits before it"]
    (made,) = once(served, "numbers")
    (more,) = once(served, "numbers")
    assert 0 < made < 10000
    assert flow(served)["connections"]["numbers.success->double.in"]["messages"] == made + more
    assert once(served, "double", messages=3) == [3]
    assert once(served, "double", messages=1) == [1]
    assert once(served, "keep") == [4]
    assert written(served) == [0, 2, 4, 6]
    assert {each["state"] for each in flow(served)["processors"].values()} == {"stopped"}
    assert flow(served)["state"] == "stopped"
    assert flow(served)["processors"]["double"]["tasks"] == 2
    order(served, "start")
    wait_until(lambda: served.counted("keep", "steps") == 10000)
    order(served, "stop")
    assert written(served) == [2 * n for n in range(10000)]
    assert once(served, "numbers") == ["it is through; start the flow afresh to have it begin anew"]


def test_one_that_is_stopped_runs_once_while_the_rest_runs_on(served):
    served.deploy(STEPS, start=False)
    order(served, "processors/stop", steps=["double"])
    order(served, "start")
    wait_until(lambda: flow(served)["connections"]["numbers.success->double.in"]["messages"] == 10000)
    (taken,) = once(served, "double")
    assert 0 < taken <= 10000
    wait_until(lambda: served.counted("keep", "steps") == taken)
    assert flow(served)["processors"]["double"]["state"] == "stopped"
    assert once(served, "double", messages=5) == [5]
    wait_until(lambda: served.counted("keep", "steps") == taken + 5)
    with pytest.raises(ConflictError, match="'keep' of 'steps' must be stopped to be run once"):
        once(served, "double", "keep")
    order(served, "processors/start", steps=["double"])
    wait_until(lambda: served.counted("keep", "steps") == 10000)
    order(served, "stop")
    assert written(served) == [2 * n for n in range(10000)]


def test_all_in_a_subflow_run_once_in_order(served):
    served.deploy(
        "pyfi: 1\nname: steps\nprocessors:\n  - {id: make, type: generate, config: {count: 3}}\n"
        "  - {id: inner, flow: twice}\n"
        "connections: [{from: make.success, to: inner.in}]\nauto_terminate: [inner.success]\n"
        "subflows:\n  - name: twice\n    inputs: [in]\n    outputs: [success]\n    processors:\n"
        "      - {id: a, type: python, code: 'def f(n): return n'}\n      - {id: b, type: python, code: 'def f(n): return n'}\n"
        "    connections: [{from: in, to: a.in}, {from: a.success, to: b.in}, {from: b.success, to: success}]\n",
        start=False,
    )
    assert once(served, "make") == [3]
    assert once(served, "inner", messages=2) == [2, 2]
    assert served.counted("inner/b", "steps") == 2


def test_a_source_with_a_schedule_begins_its_next_round(served):
    text = STEPS.replace("10000", "3").replace("    inputs: []\n", "    inputs: []\n    schedule: {every: 1h}\n")
    text = text.replace('ctx.state.get("n", 0)', "0")
    served.deploy(text, start=False)
    for round_ in (1, 2):
        found = once(served, "numbers")
        while found == ["it made nothing"]:  # that the round has ended is a batch of its own
            found = once(served, "numbers")
        assert found == [3]
        assert flow(served)["connections"]["numbers.success->double.in"]["messages"] == 3 * round_


def test_what_keeps_a_processor_from_running_is_said(served):
    text = STEPS.replace("to: double.in}", "to: double.in, limit: {messages: 1}}").replace(
        "to: keep.in}", "to: keep.in, breakpoint: true}"
    )
    served.deploy(text, start=False)
    (made,) = once(served, "numbers")
    assert made > 0
    assert once(served, "numbers") == ["the connection 'numbers.success->double.in' behind it is full"]
    assert once(served, "double", messages=1) == [1]
    assert once(served, "keep") == ["what waits before it is held at a breakpoint; release it first"]
    with pytest.raises(NotFound, match="'steps' has no processor 'dubble'"):
        once(served, "dubble")
    with pytest.raises(UsageError, match="messages"):
        once(served, "double", messages=0)


ROUND = STEPS.replace(
    '{id: double, type: python, code: "def f(n): return 2 * n"}',
    "id: double\n    type: python\n    outputs: [success, again, failure]\n    code: |\n      def f(n, ctx):\n"
    "          if n < 10000:\n              ctx.emit('again', n + 10000)\n          return n",
).replace("connections:", "connections:\n  - {from: double.again, to: double.in, limit: {messages: 1}}")


def test_what_goes_round_is_held_back_by_nothing_but_what_comes_in_is(served):
    served.deploy(ROUND, start=False)
    once(served, "numbers")
    assert once(served, "double", messages=2) == [2]
    # Its ring is full now: it takes what went round, which makes room, and nothing else until then.
    assert once(served, "double", messages=1) == [1]
    waits = {key: each["messages"] for key, each in flow(served)["connections"].items()}
    assert waits["double.again->double.in"] == 1
    assert once(served, "double") == [1]
    # With a breakpoint in the full ring nothing can be taken, and the cure is named.
    served.deploy(ROUND.replace("limit: {messages: 1}", "limit: {messages: 1}, breakpoint: true"), start=False)
    once(served, "numbers")
    assert once(served, "double", messages=2) == [2]
    assert once(served, "double") == ["what waits before it is held at a breakpoint; release it first"]


def test_code_that_does_not_load_is_the_reason(served):
    served.deploy(
        STEPS.replace('code: "def f(n): return 2 * n"', 'code: "import nonsense\\ndef f(n): return 2 * n"'), start=False
    )
    once(served, "numbers")
    (reason,) = once(served, "double")
    assert "No module named 'nonsense'" in reason


SLOW = STEPS.replace(
    '{id: double, type: python, code: "def f(n): return 2 * n"}',
    "id: double\n    type: python\n    code: |\n      import pathlib, time\n      def f(n):\n"
    "          pathlib.Path('begun').touch()\n          while not pathlib.Path('go').exists():\n"
    "              time.sleep(0.01)\n          return 2 * n",
)


def test_what_takes_too_long_is_ended_and_nothing_of_it_counts(served):
    served.deploy(SLOW, start=False)
    (made,) = once(served, "numbers")
    assert once(served, "double", timeout_s=0.5) == ["it was not done within 0.5 seconds; what it was at is as before"]
    assert flow(served)["connections"]["numbers.success->double.in"]["messages"] == made
    assert flow(served)["processors"]["double"]["tasks"] == 0


@pytest.mark.parametrize("what", ["stop", "start", "processors/start"])
def test_whoever_stops_or_starts_the_flow_ends_it(served, what):
    for name in ("begun", "go"):
        (served.folder / name).unlink(missing_ok=True)
    served.deploy(SLOW, start=False)
    once(served, "numbers")
    answers: list[object] = []
    running = threading.Thread(target=lambda: answers.extend(once(served, "double", "keep")))
    running.start()
    wait_until((served.folder / "begun").exists)
    assert flow(served)["processors"]["double"]["state"] == "running"
    assert flow(served)["processors"]["double"]["running"] == 1
    with pytest.raises(ConflictError, match="must be stopped to be run once"):
        once(served, "double")
    order(served, what, **({"patience_s": 0} if what == "stop" else {"steps": ["double"]} if "/" in what else {}))
    running.join(60)
    # And what was to run once behind it does not begin.
    assert answers == ["it was ended by something else: the flow was changed, started or stopped"] * 2
    (served.folder / "go").touch()
    order(served, "start")
    wait_until(lambda: served.counted("keep", "steps") == 10000)
    order(served, "stop")
    assert written(served) == [2 * n for n in range(10000)]


def test_a_watcher_is_told_of_a_step_that_ran_once_in_a_stopped_flow(served):
    import asyncio

    from engine.bus.websocket import EventStream

    served.deploy(STEPS, start=False)

    async def watch() -> int:
        async with EventStream(served.address.url, served.address.token) as stream:
            asked = False
            async for event in stream:
                if event.kind == "snapshot":
                    if not asked:
                        asked = True
                        await asyncio.to_thread(once, served, "numbers")
                    elif event.data["processors"]["numbers"]["out"]:
                        return event.data["processors"]["numbers"]["out"]["success"]
        return 0

    assert asyncio.run(asyncio.wait_for(watch(), 60)) == flow(served)["processors"]["numbers"]["out"]["success"]
