"""Breakpoints: what is held at a connection goes on message by message, as it is released."""

from __future__ import annotations

import random
import time

import pytest

from engine.api.remote import path_of
from engine.errors import ConflictError, NotFound, UsageError
from tests.engine.api.served import Served, wait_until

HELD = """
pyfi: 1
name: held
processors:
  - {id: many, type: generate, config: {count: 1000}}
  - {id: more, type: generate, config: {count: 5}}
  - {id: pass, type: python, code: "def f(n): return n"}
  - {id: keep, type: write_lines, config: {path: held.txt}}
connections:
  - {from: many.success, to: pass.in}
  - {from: more.success, to: pass.in}
  - {from: pass.success, to: keep.in, breakpoint: true}
"""
KEY = "pass.success->keep.in"


def hold(served, text=HELD, held=1000):
    """Deploy a flow whose source `more` is yet to start, and wait until everything else is held."""
    served.deploy(text, start=False)
    if "id: more" in text:
        order(served, "processors/stop", steps=["more"])
    order(served, "start")
    wait_until(lambda: waiting(served) == held)


def order(served, what, **body):
    return served.post(path_of("deployments", "held") + f"/{what}", **body)


def release(served, messages=None):
    return order(served, "connections/release", connection=KEY, messages=messages)["messages"]


def waiting(served):
    return served.flow("held")["connections"].get(KEY, {"messages": 0})["messages"]


def written(served):
    return [int(line) for line in (served.folder / "held.txt").read_text(encoding="utf-8").split()]


def test_exactly_as_many_go_as_are_released_and_in_their_order(served):
    hold(served)
    gone = 0
    for messages in (1, 1, 7, 300):
        assert release(served, messages) == messages
        gone += messages
        wait_until(lambda gone=gone: served.counted("keep", "held") == gone)
    # Two at once, the second while the first is under way.
    assert release(served, 40) + release(served, 3) == 43
    gone += 43
    wait_until(lambda: served.counted("keep", "held") == gone)
    order(served, "stop")
    assert written(served) == list(range(gone))
    assert waiting(served) == 1000 - gone
    order(served, "start")
    assert release(served, 5000) == 1000 - gone
    wait_until(lambda: served.counted("keep", "held") == 1000)
    order(served, "stop")
    assert written(served) == list(range(1000))


def test_all_are_all_that_wait_just_then(served):
    hold(served)
    assert release(served) == 1000
    wait_until(lambda: served.counted("keep", "held") == 1000)
    assert release(served) == 0
    order(served, "processors/start", steps=["more"])
    wait_until(lambda: waiting(served) == 5)
    assert served.counted("keep", "held") == 1000


def test_several_hosts_take_no_more_than_was_released(served):
    slow = HELD.replace(
        "{id: keep, type: write_lines, config: {path: held.txt}}",
        '{id: keep, type: python, concurrency: 3, code: "def f(n): return n", outputs: [success]}',
    )
    hold(served, slow + "auto_terminate: [keep.success]\n")
    chance = random.Random(7)
    released = sum(release(served, chance.randint(1, 30)) for _ in range(20))
    wait_until(lambda: served.counted("keep", "held") >= released)
    order(served, "pause")
    order(served, "resume")
    release(served, 1)
    wait_until(lambda: served.counted("keep", "held") == released + 1)
    order(served, "stop")
    assert served.counted("keep", "held") == released + 1
    assert waiting(served) == 1000 - released - 1


def test_all_hosts_of_a_processor_are_at_what_was_released(served):
    """Three batches: no host has more than two in hand, so two hosts are at work. They wait for each other."""
    together = HELD.replace("count: 1000", "count: 1").replace("count: 5", "count: 2, rate: 0.5")
    together = together.replace(
        "{id: keep, type: write_lines, config: {path: held.txt}}",
        "id: keep\n    type: python\n    concurrency: 2\n    outputs: [success]\n    code: |\n      import os, pathlib, time\n"
        "      def f(n):\n          pathlib.Path(f'here-{os.getpid()}').touch()\n"
        "          while len(list(pathlib.Path('.').glob('here-*'))) < 2:\n              time.sleep(0.01)\n          return n",
    )
    hold(served, together + "auto_terminate: [keep.success]\n", held=1)
    # Born more than a second apart they are not claimed together.
    time.sleep(1.1)
    order(served, "processors/start", steps=["more"])
    wait_until(lambda: waiting(served) == 3)
    assert release(served) == 3
    wait_until(lambda: served.counted("keep", "held") == 3)


def test_messages_that_end_their_host_are_found_among_those_released(served):
    deadly = HELD.replace(
        "{id: keep, type: write_lines, config: {path: held.txt}}",
        "id: keep\n    type: python\n    outputs: [success, failure]\n    code: |\n      import os\n      def f(n):\n"
        "          if n == 1:\n              os._exit(3)\n          return n",
    )
    hold(served, deadly + "auto_terminate: [keep.success]\n")
    assert release(served, 3) == 3
    wait_until(lambda: served.counted("keep", "held") == 3)
    assert served.flow("held")["processors"]["keep"]["dead"] == 1
    page = served.get("/queues/messages", flow="held", queue=KEY, limit=1000)
    assert [message["content"] for message in page["messages"]] == list(range(3, 1000))


def test_what_is_put_back_to_be_tried_again_is_held_again(served):
    failing = HELD.replace(
        "{id: keep, type: write_lines, config: {path: held.txt}}",
        "id: keep\n    type: python\n    outputs: [success, failure]\n    retry: {attempts: 1, penalty: 10ms}\n"
        "    code: |\n      def f(n): return 1 // n",
    )
    hold(served, failing + "auto_terminate: [keep.success]\n")
    release(served, 1)
    wait_until(lambda: served.flow("held")["processors"]["keep"]["tasks"] == 1)
    assert waiting(served) == 1000
    release(served)
    wait_until(lambda: served.flow("held")["processors"]["keep"]["dead"] == 1)
    wait_until(lambda: waiting(served) == 0)


def test_a_release_outlives_changes_of_the_flow_but_not_its_engine(tmp_path):
    with Served(tmp_path) as served:
        hold(served)
        order(served, "processors/stop", steps=["keep"])
        assert release(served, 3) == 3
        order(served, "processors/start", steps=["keep"])
        wait_until(lambda: served.counted("keep", "held") == 3)
        order(served, "pause")
        assert release(served, 4) == 4
        served.kill()
        served.start()
        order(served, "resume")
        assert release(served, 2) == 2
        wait_until(lambda: served.counted("keep", "held") == 5)
        order(served, "stop")
        assert written(served) == list(range(5))


def test_what_cannot_be_released_says_why(served):
    hold(served)
    for connection, error, says in (
        ("many.success->pass.in", UsageError, "holds nothing back; give it a breakpoint first"),
        ("pass.success->kept.in", NotFound, f"no connection .* in this flow; did you mean '{KEY}'"),
    ):
        with pytest.raises(error, match=says):
            order(served, "connections/release", connection=connection)
    with pytest.raises(UsageError, match="messages"):
        release(served, 0)
    order(served, "stop")
    with pytest.raises(ConflictError, match="'held' does not run; start it"):
        release(served)
    with pytest.raises(NotFound):
        served.post("/deployments/nobody/connections/release", connection=KEY)
