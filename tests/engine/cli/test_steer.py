"""Single processors of a flow that an engine runs, by words at the command line."""

from __future__ import annotations

import pytest

from engine.errors import ConflictError, NotFound
from tests.engine.api.served import Served, wait_until
from tests.engine.cli.command import answer, pyfi

FLOW = """
pyfi: 1
name: steered
processors:
  - {id: many, type: generate, config: {count: 6}}
  - id: sum
    type: python
    outputs: [success, failure]
    code: |
      def f(n, ctx):
          ctx.state["sum"] = ctx.state.get("sum", 0) + n
          return ctx.state["sum"]
  - {id: hold, type: log}
connections:
  - {from: many.success, to: sum.in, fuse: false}
  - {from: sum.success, to: hold.in, breakpoint: true}
"""
KEY = "sum.success->hold.in"


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """An engine with a flow whose six sums are held at a breakpoint."""
    with Served(tmp_path_factory.mktemp("steered")) as served:
        served.deploy(FLOW)
        wait_until(lambda: held(served) == 6)
        yield served


def held(served: Served) -> int:
    return served.flow("steered")["connections"].get(KEY, {"messages": 0})["messages"]


def said(served: Served, *words, code=0):
    done = pyfi(*words, "--workspace", "ws", cwd=served.folder)
    assert done.returncode == code, done.stderr
    return done.stdout or done.stderr


def told(served: Served, *words):
    return answer(pyfi(*words, "--workspace", "ws", "--json", cwd=served.folder))


def test_a_breakpoint_is_released_by_the_message(served):
    assert said(served, "queue", "release", "steered", KEY, "--count", "2") == f"{KEY}: 2 messages released\n"
    wait_until(lambda: held(served) == 4)
    assert told(served, "queue", "release", KEY, "--count", "1") == {"queue": KEY, "released": 1}
    wait_until(lambda: held(served) == 3)
    assert "no connection 'sum.success->nobody.in'" in said(served, "queue", "release", "sum.success->nobody.in", code=2)
    assert "the engine runs no flow 'steerd'; did you mean 'steered'?" in said(
        served, "queue", "release", "steerd", KEY, code=2
    )
    assert "give a flow and one connection" in said(served, "queue", "release", "a", "b", "c", code=2)


def test_a_held_message_is_edited_before_it_goes_on(served):
    first, *_ = told(served, "queue", "peek", KEY, "--flow", "steered")["messages"]
    (served.folder / "content.json").write_text('{"corrected": 6}')
    edited = said(served, "queue", "edit", "steered", KEY, first["id"], "--file", "content.json", "--attribute", "by=hand")
    assert edited == f"{KEY}: the message {first['id']} is edited\n"
    now, *_ = told(served, "queue", "peek", KEY, "--flow", "steered")["messages"]
    assert (now["id"], now["born_ms"], now["content"]) == (first["id"], first["born_ms"], {"corrected": 6})
    assert now["attributes"] == first["attributes"] | {"by": "hand"}
    # It says so where the message came from.
    assert " edited 2" in said(served, "lineage", "steered", first["id"]).splitlines()[-1]
    # A text is not taken for JSON by mistake, nor is one edit made over another.
    assert "a text needs quotes around it" in said(served, "queue", "edit", KEY, first["id"], "--content", "six", code=2)
    with pytest.raises(ConflictError, match="was edited by somebody else meanwhile"):
        served.post("/queues/edit", flow="steered", queue=KEY, id=first["id"], version=first["version"], content=7)
    with pytest.raises(NotFound, match="is no longer in the queue"):
        served.post("/queues/edit", flow="steered", queue=KEY, id="00:0", version=first["version"], content=7)
    assert told(served, "queue", "edit", KEY, first["id"], "--drop-attribute", "by") == {"queue": KEY, "edited": first["id"]}
    assert "there is no message 'rubbish'" in said(served, "queue", "edit", KEY, "rubbish", "--content", "1", code=2)
    assert "say what is to be different" in said(served, "queue", "edit", KEY, "rubbish", code=2)


def test_the_lineage_of_a_message_is_a_tree(served):
    (message,) = told(served, "queue", "peek", KEY, "--flow", "steered", "--limit", "1")["messages"]
    lines = said(served, "lineage", "steered", message["id"]).splitlines()
    assert len(lines) == 3
    assert lines[0].startswith("  many#")
    assert "many.success -> sum.in" in lines[1]
    assert lines[2].startswith(f">     {message['id']}")
    assert "waits" in lines[2]
    found = told(served, "lineage", "steered", message["id"])
    assert [place["step"] for place in found["places"]] == ["many", "many", "sum"]
    assert "no message's id" in said(served, "lineage", "steered", "rubbish", code=2)


def test_state_is_shown_and_cleared_when_the_processor_is_stopped(served):
    shown = said(served, "state", "show", "steered", "sum").splitlines()
    assert ["sum", "int", "15"] in [line.split() for line in shown]
    assert told(served, "state", "show", "steered", "sum")["rows"][0]["value"] == 15
    assert "6 messages made, and through" in said(served, "state", "show", "steered", "many")
    assert "stop it, then clear its state" in said(served, "state", "clear", "steered", "sum", code=1)
    assert said(served, "terminate", "steered", "sum") == "sum: stopped, and what it was at is ended\n"
    assert said(served, "state", "clear", "steered", "sum") == "sum: 1 row forgotten\n"
    assert "sum: keeps nothing" in said(served, "state", "show", "steered", "sum")


def test_what_was_taken_last_comes_again_and_is_run_once(served):
    told(served, "terminate", "steered", "sum")
    assert "sum: nothing waits before it" in said(served, "run-once", "steered", "sum", code=1)
    assert said(served, "replay-last", "steered", "sum", "--count", "3") == "many.success->sum.in: 3 messages put in again\n"
    assert said(served, "run-once", "steered", "sum", "--messages", "2") == "sum: 2 messages\n"
    assert told(served, "run-once", "steered", "sum") == {"ran": [{"step": "sum", "messages": 1, "reason": ""}]}
    assert "makes them" in said(served, "replay-last", "steered", "many", code=2)


def test_all_queues_are_emptied(served):
    number = held(served)
    assert number > 0
    assert f"{KEY}: {number} messages deleted" in said(served, "queue", "purge", "--all", "--flow", "steered")
    assert said(served, "queue", "purge", "--all") == "the queues are empty\n"
    assert "give either the KEY of a queue, or --all" in said(served, "queue", "purge", code=2)


def test_without_an_engine_it_says_so(tmp_path):
    done = pyfi("terminate", "steered", "sum", "--workspace", "ws", cwd=tmp_path)
    assert done.returncode == 1
    assert "no engine serves the workspace" in done.stderr
