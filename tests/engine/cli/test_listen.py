from __future__ import annotations

import json
import signal
import subprocess
import sys

from engine.bus.base import Event
from engine.cli.listen import lines_of
from tests.engine.api.served import TICKING, Served
from tests.engine.cli.command import environment, process


def said(kind: str, flow: str = "triage", **data) -> list[str]:
    return [line.partition(" ")[2] for line in lines_of(Event(kind, flow, 1_795_000_000_000, data))]


def test_events_are_told_in_words():
    assert said("hello", "", instance="x", flows=["b", "a"]) == ["listening; flows: a, b"]
    assert said("hello", "", instance="x", flows=[]) == ["listening; flows: none yet"]
    assert said("lost", "") == ["nothing to be heard: no engine serves the workspace; waiting"]
    assert said("gap", "", missed=3) == ["3 lines were missed; `pyfi logs` has them"]
    assert said("state", state="broken", trouble="no git") == ["triage: broken (no git)"]
    assert said("log", step="parse", level="info", text="a\x07b") == [r"triage: info    parse: a\x07b"]
    assert said("bulletin", step="", level="error", text="no disk") == ["triage: error   no disk"]
    processor = {"state": "running", "in": 1200, "out": {"success": 1100, "slow": 0}, "failed": 2, "dead": 0, "rate": 3.5}
    connection = {"messages": 5, "bytes": 2000, "passed": 7, "full": True}
    assert said("snapshot", state="running", processors={"parse": processor}, connections={"a->b": connection}) == [
        "triage: running",
        "triage: parse: running, 1,200 in, out 1,100 success, 2 failed, 3.5/s",
        "triage: a->b: 7 passed, 5 queued (2,000 bytes), full",
    ]
    assert said("stats", processors={"parse": {"state": "broken", "trouble": "no git"}}) == [
        "triage: parse: broken, 0 in, no git"
    ]


def test_the_engine_of_this_machine_is_listened_to(tmp_path):
    command = [sys.executable, "-m", "engine.cli.main", "listen", "--workspace", "ws", "--json", "--flow", "ticking"]
    listener = subprocess.Popen(
        [*command, "--kind", "state", "--kind", "bulletin"], cwd=tmp_path, stdout=subprocess.PIPE, text=True, env=environment()
    )
    assert listener.stdout is not None
    try:
        assert json.loads(listener.stdout.readline())["kind"] == "lost", "it waits for an engine"
        with Served(tmp_path) as served:
            assert json.loads(listener.stdout.readline())["kind"] == "hello"
            served.deploy(TICKING)
            found = [json.loads(listener.stdout.readline()) for _ in range(6)]
            assert {(event["kind"], event["flow"]) for event in found} == {("state", "ticking"), ("bulletin", "ticking")}
            assert "7 is refused" in str(found)
        listener.send_signal(signal.SIGINT)
        listener.communicate(timeout=30)
        assert listener.returncode == 0
    finally:
        listener.kill()
        listener.wait()


def test_another_kind_is_wrong_use(tmp_path):
    done = process("listen", "--kind", "all", cwd=tmp_path)
    assert done.returncode == 2
    assert "'all' is not one of 'stats', 'state', 'log', 'bulletin'" in done.stderr
