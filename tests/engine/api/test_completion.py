"""A deployed flow whose sources all come to their end is done, and says so."""

from __future__ import annotations

import gzip
import json

from engine.api.remote import path_of
from tests.engine.api.served import TICKING, Served, wait_until

FINITE = """
pyfi: 1
name: finite
processors:
  - {id: ten, type: generate, config: {count: 10}}
  - {id: all, type: merge, config: {count: 100}}
  - {id: keep, type: write_lines, config: {path: out.txt.gz}}
connections:
  - {from: ten.success, to: all.in}
  - {from: all.success, to: keep.in}
"""
"""A merge that never has as many as it waits for."""
HELD = FINITE.replace("to: all.in}", "to: all.in, breakpoint: true}")


def state(served: Served, name: str = "finite") -> str:
    return served.get(path_of("deployments", name))["state"]


def lines(served: Served) -> list[list[int]]:
    return [json.loads(line) for line in gzip.decompress((served.folder / "out.txt.gz").read_bytes()).splitlines()]


def start(served: Served, *, fresh: bool) -> None:
    served.post(path_of("deployments", "finite") + "/start", fresh=fresh)


def test_a_flow_that_has_nothing_left_to_do_lets_go_of_what_it_holds_and_has_ended(served):
    served.deploy(FINITE)
    wait_until(lambda: state(served) == "ended")
    assert lines(served) == [list(range(10))]
    flow = served.get(path_of("deployments", "finite"))
    assert {step: values["state"] for step, values in flow["processors"].items()} == dict.fromkeys(
        ("ten", "all", "keep"), "ended"
    )
    assert flow["desired"] == "stopped"


def test_started_again_it_has_nothing_to_do_and_fresh_it_does_all_anew(served):
    served.deploy(FINITE)
    wait_until(lambda: state(served) == "ended")
    start(served, fresh=False)
    wait_until(lambda: state(served) == "ended")
    assert lines(served) == [list(range(10))]
    (served.folder / "out.txt.gz").unlink()
    start(served, fresh=True)
    wait_until(lambda: state(served) == "ended")
    assert lines(served) == [list(range(10))]


def test_what_a_breakpoint_holds_keeps_it_from_its_end(served):
    served.deploy(HELD)
    wait_until(lambda: served.flow("finite")["connections"]["ten.success->all.in"]["messages"] == 10)
    assert state(served) == "running"
    served.post(path_of("deployments", "finite") + "/connections/release", connection="ten.success->all.in", messages=9)
    wait_until(lambda: served.flow("finite")["processors"]["all"]["in"] == 9)
    assert state(served) == "running"
    served.post(path_of("deployments", "finite") + "/connections/release", connection="ten.success->all.in")
    wait_until(lambda: state(served) == "ended")
    assert lines(served) == [list(range(10))]


def test_a_stopped_source_is_not_at_its_end(served):
    flow = FINITE.replace("processors:", "processors:\n  - {id: more, type: generate, config: {count: 5}}")
    flow = flow.replace("connections:", "connections:\n  - {from: more.success, to: all.in}")
    served.deploy(flow, start=False)
    served.post(path_of("deployments", "finite") + "/processors/stop", steps=["more"])
    start(served, fresh=False)
    wait_until(lambda: served.flow("finite")["processors"]["all"]["in"] == 10)
    assert state(served) == "running"
    served.post(path_of("deployments", "finite") + "/processors/start", steps=["more"])
    wait_until(lambda: state(served) == "ended")
    assert sorted(lines(served)[0]) == sorted([*range(10), *range(5)])


def test_it_has_still_ended_after_a_crash_of_the_engine(tmp_path):
    with Served(tmp_path) as served:
        served.deploy(FINITE)
        wait_until(lambda: state(served) == "ended")
        served.kill()
        served.start()
        assert state(served) == "ended"
        assert served.flow("finite")["processors"]["keep"]["state"] == "ended"
        assert served.end() == 0


def test_dead_letters_that_get_another_try_make_it_run_again(served):
    served.deploy(TICKING.replace("count: 0", "count: 10"))
    wait_until(lambda: state(served, "ticking") == "ended")
    assert served.flow()["processors"]["check"]["dead"] == 1
    served.post("/queues/replay", flow="ticking", step="check")
    wait_until(lambda: served.counted("check") == 11)
    wait_until(lambda: state(served, "ticking") == "ended")
    assert served.flow()["processors"]["check"]["dead"] == 1


def test_a_flow_that_has_lost_parts_starts_anew(served):
    served.deploy(FINITE)
    wait_until(lambda: state(served) == "ended")
    less = FINITE.replace("  - {id: keep, type: write_lines, config: {path: out.txt.gz}}\n", "")
    less = less.replace("  - {from: all.success, to: keep.in}\n", "") + "auto_terminate: [all.success]\n"
    served.deploy(less)
    start(served, fresh=True)
    wait_until(lambda: state(served) == "ended")
    assert served.flow("finite")["processors"]["all"]["in"] == 10
