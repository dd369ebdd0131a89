"""What is done to single processors of a running flow: their tasks are ended, their last input comes again, they forget."""

from __future__ import annotations

import threading

import pytest

from engine.api.remote import path_of
from engine.errors import ConflictError, NotFound, UsageError
from tests.engine.api.served import Served, children, is_gone, wait_until

STUCK = """
pyfi: 1
name: stuck
processors:
  - {id: many, type: generate, config: {count: 40}}
  - id: slow
    type: python
    outputs: [success, failure]
    timeout: 1d
    code: |
      import os, pathlib, time
      def f(n):
          pathlib.Path(f"at-{os.getpid()}.txt").touch()
          while not pathlib.Path("go.txt").exists():
              time.sleep(0.01)
          return n
  - {id: keep, type: write_lines, config: {path: kept.txt}}
connections:
  - {from: many.success, to: slow.in, fuse: false}
  - {from: slow.success, to: keep.in}
"""
BEFORE = "many.success->slow.in"

COUNTED = """
pyfi: 1
name: counted
processors:
  - {id: many, type: generate, config: {count: 5}}
  - id: sum
    type: python
    outputs: [success, failure]
    code: |
      def f(n, ctx):
          ctx.state["sum"] = ctx.state.get("sum", 0) + n
          ctx.state["last"] = b"\\xff" if n == 4 else n
          return ctx.state["sum"]
  - {id: keep, type: write_lines, config: {path: kept.txt}}
  - {id: ticks, type: generate, config: {count: 0, rate: 0.001}}
connections:
  - {from: many.success, to: sum.in, fuse: false}
  - {from: sum.success, to: keep.in}
auto_terminate: [ticks.success]
"""
"""It never ends."""


def order(served: Served, name: str, what: str, **body):
    return served.post(f"{path_of('deployments', name)}/{what}", **body)


def queued(served: Served, name: str, key: str) -> int:
    return served.flow(name)["connections"][key]["messages"]


def kept(served: Served) -> list[int]:
    path = served.folder / "kept.txt"
    return [int(line) for line in path.read_text(encoding="utf-8").split()] if path.exists() else []


def at_work(served: Served) -> list[int]:
    return [int(path.stem.removeprefix("at-")) for path in served.folder.glob("at-*.txt")]


def test_terminating_ends_what_runs_at_once_and_loses_nothing(served: Served):
    served.deploy(STUCK)
    wait_until(lambda: len(at_work(served)) == 1)
    (host,) = at_work(served)
    order(served, "stuck", "processors/terminate", steps=["slow"])
    assert is_gone(host)
    about = served.flow("stuck")
    assert (about["state"], about["stopped"]) == ("running", ["slow"])
    # The batch is back whole, and no message is to blame.
    page = served.get("/queues/messages", flow="stuck", queue=BEFORE, limit=100)
    assert [(each["content"], each["attempt"]) for each in page["messages"]] == [(n, 0) for n in range(40)]
    with pytest.raises(NotFound, match="logged nothing"):
        served.get("/logs", flow="stuck")
    (served.folder / "go.txt").touch()
    order(served, "stuck", "processors/start", steps=["slow"])
    wait_until(lambda: len(kept(served)) == 40)
    assert kept(served) == list(range(40))
    assert served.flow("stuck")["processors"]["slow"]["dead"] == 0


def test_a_stop_that_waits_for_a_processor_waits_no_longer_when_that_is_terminated(served: Served):
    served.deploy(STUCK)
    wait_until(lambda: len(at_work(served)) == 1)
    stopping = threading.Thread(target=order, args=(served, "stuck", "stop"), kwargs={"patience_s": 3000})
    stopping.start()
    wait_until(lambda: served.flow("stuck")["desired"] == "stopped")
    order(served, "stuck", "processors/terminate", steps=["slow"])
    stopping.join(60)
    assert not stopping.is_alive()
    about = served.flow("stuck")
    # It was the flow that was to stop: the processor takes part again when the flow is started.
    assert (about["state"], about["stopped"]) == ("stopped", [])
    assert queued(served, "stuck", BEFORE) == 40


def test_what_runs_once_can_be_terminated(served: Served):
    served.deploy(STUCK, start=False)
    order(served, "stuck", "processors/stop", steps=["slow"])
    order(served, "stuck", "start")
    wait_until(lambda: queued(served, "stuck", BEFORE) == 40)
    ran = []
    once = threading.Thread(target=lambda: ran.extend(order(served, "stuck", "processors/run", steps=["slow"])))
    once.start()
    wait_until(lambda: len(at_work(served)) == 1)
    order(served, "stuck", "processors/terminate", steps=["slow"])
    once.join(60)
    assert [(each["messages"], "ended by something else" in each["reason"]) for each in ran] == [(0, True)]
    assert queued(served, "stuck", BEFORE) == 40


def test_only_what_is_there_can_be_terminated(served: Served):
    served.deploy(STUCK, start=False)
    with pytest.raises(NotFound, match="no processor 'slov'"):
        order(served, "stuck", "processors/terminate", steps=["slov"])
    order(served, "stuck", "processors/terminate", steps=["slow"])
    assert children(served.pid) == set()


def test_the_last_messages_come_again_as_copies(served: Served):
    served.deploy(COUNTED)
    wait_until(lambda: len(kept(served)) == 5)
    key = "many.success->sum.in"
    assert order(served, "counted", "processors/replay", step="sum") == {key: 1}
    wait_until(lambda: len(kept(served)) == 6)
    assert order(served, "counted", "processors/replay", step="sum", messages=3) == {key: 1}
    wait_until(lambda: len(kept(served)) == 7)
    # What was taken last then was the copy of the last one alone.
    assert kept(served) == [0, 1, 3, 6, 10, 14, 18]
    events = served.get("/lineage/events", flow="counted", processor="sum")
    copy = events[0]["message"]
    trace = served.get("/lineage", flow="counted", message=copy)
    assert trace["places"][0]["id"] == "many#4"


def test_several_of_the_last_batch_come_again(served: Served):
    served.deploy(COUNTED)
    wait_until(lambda: len(kept(served)) == 5)
    order(served, "counted", "processors/stop", steps=["sum"])
    assert order(served, "counted", "processors/replay", step="sum", messages=3)["many.success->sum.in"] == 3
    page = served.get("/queues/messages", flow="counted", queue="many.success->sum.in")
    assert [each["content"] for each in page["messages"]] == [2, 3, 4]


def test_a_flow_that_has_ended_goes_on_with_what_comes_again(served: Served):
    ending = COUNTED.replace("  - {id: ticks, type: generate, config: {count: 0, rate: 0.001}}\n", "")
    served.deploy(ending.replace("auto_terminate: [ticks.success]\n", ""))
    wait_until(lambda: served.flow("counted")["state"] == "ended")
    order(served, "counted", "processors/replay", step="sum")
    wait_until(lambda: len(kept(served)) == 6)
    assert kept(served)[-1] == 14


def test_why_nothing_can_come_again(served: Served):
    served.deploy(COUNTED, start=False)
    for step, says in (
        ("many", "takes no messages: it makes them"),
        ("sum", "has taken nothing since the engine was started"),
        ("keep", "runs in one go with 'sum'.*set `fuse: false`"),
        ("summ", "no processor 'summ'; did you mean 'sum'"),
    ):
        with pytest.raises(NotFound, match=says):
            order(served, "counted", "processors/replay", step=step)


def test_what_a_processor_keeps_is_shown_and_cleared_when_it_is_stopped(served: Served):
    served.deploy(COUNTED)
    wait_until(lambda: len(kept(served)) == 5)
    found = served.get("/state", flow="counted", processor="sum")
    assert [(row["key"], row["type"], row["value"]) for row in found["rows"]] == [
        ("last", "bytes", {"$type": "bytes", "size": 1, "base64": "/w=="}),
        ("sum", "int", 10),
    ]
    assert (found["more"], found["made"]) == (False, None)
    assert served.get("/state", flow="counted", processor="sum", limit=1)["more"]
    source = served.get("/state", flow="counted", processor="many")
    assert (source["made"], source["is_through"]) == (5, True)
    with pytest.raises(ConflictError, match="processor 'sum' is running; stop it, then clear"):
        served.post("/state/clear", flow="counted", step="sum")
    order(served, "counted", "processors/stop", steps=["sum", "many"])
    assert served.post("/state/clear", flow="counted", step="sum") == {"rows": 2}
    assert served.get("/state", flow="counted", processor="sum")["rows"] == []
    served.post("/state/clear", flow="counted", step="many")
    order(served, "counted", "processors/start", steps=["sum", "many"])
    wait_until(lambda: len(kept(served)) == 10)
    assert kept(served)[5:] == [0, 1, 3, 6, 10]
    with pytest.raises(NotFound, match="no processor 'summ'; did you mean 'sum'"):
        served.get("/state", flow="counted", processor="summ")


def test_all_queues_of_a_flow_or_a_subflow_are_emptied(served: Served):
    text = """
pyfi: 1
name: nested
processors:
  - {id: many, type: generate, config: {count: 7}}
  - {id: inner, flow: inner}
connections:
  - {from: many.success, to: inner.in}
subflows:
  - name: inner
    inputs: [in]
    processors:
      - {id: pass, type: python, outputs: [success], code: "def f(n): return n"}
      - {id: keep, type: log, enabled: false}
      - {id: more, type: generate, config: {count: 3}}
      - {id: rest, type: log, enabled: false}
    connections:
      - {from: in, to: pass.in}
      - {from: pass.success, to: keep.in}
      - {from: more.success, to: rest.in}
"""
    served.deploy(text, start=False)
    order(served, "nested", "processors/stop", steps=["inner/pass"])
    order(served, "nested", "start")
    outer, inside = "many.success->inner/pass.in", "inner/more.success->inner/rest.in"
    wait_until(lambda: (queued(served, "nested", outer), queued(served, "nested", inside)) == (7, 3))
    assert served.post("/queues/purge", flow="nested", all=True, within="inner") == {"messages": 3, "queues": {inside: 3}}
    assert (queued(served, "nested", outer), queued(served, "nested", inside)) == (7, 0)
    assert served.post("/queues/purge", flow="nested", all=True) == {"messages": 7, "queues": {outer: 7}}
    assert served.post("/queues/purge", flow="nested", all=True) == {"messages": 0, "queues": {}}
    with pytest.raises(NotFound, match="no subflow 'outer'"):
        served.post("/queues/purge", flow="nested", all=True, within="outer")


@pytest.fixture(autouse=True)
def clean(served: Served):
    yield
    for path in served.folder.glob("*.txt"):
        if path.name != "serve.txt":
            path.unlink()


JOINED = """
pyfi: 1
name: joined
processors:
  - {id: left, type: generate, config: {count: 3}}
  - {id: right, type: generate, config: {count: 3}}
  - {id: both, BOTH}
  - {id: keep, type: write_lines, config: {path: out.txt}}
connections:
  - {from: left.success, to: both.left}
  - {from: right.success, to: both.right}
  - {from: both.success, to: keep.in}
"""


@pytest.mark.parametrize(
    "both",
    [
        'type: join, config: {key: "content", inputs: [left, right]}',
        "type: python, inputs: [left, right], code: 'def both(left, right): return [left, right]'",
    ],
)
def test_the_last_message_of_one_input_of_a_join_does_not_come_again(served: Served, both: str):
    rest = "auto_terminate: [both.unmatched]\n" if "join" in both else ""
    served.deploy(JOINED.replace("BOTH", both) + rest)
    wait_until(lambda: served.flow("joined")["state"] == "ended")
    with pytest.raises(UsageError, match=r"'both' pairs what comes to its inputs 'left', 'right'.*shift all pairs.*behind it"):
        order(served, "joined", "processors/replay", step="both")
    assert served.flow("joined")["connections"]["left.success->both.left"]["messages"] == 0
