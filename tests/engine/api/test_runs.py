from __future__ import annotations

import asyncio
import json
import signal
import subprocess
import sys

import pytest

from engine.api.remote import EngineGone, run_remote
from engine.errors import ConflictError, InvalidFlow, UsageError
from engine.runtime.run import RunOptions
from tests.engine.api.served import TICKING, Served, wait_until
from tests.engine.cli.command import CHAIN, answer, environment, process, write_flow

NUMBERS = TICKING.replace("count: 0, rate: 500", "count: 5000, rate: 2500")
REFUSED = [n for n in range(5000) if n % 100 == 7]


@pytest.fixture
def served(tmp_path):
    with Served(tmp_path) as served:
        yield served


def test_a_run_is_handed_to_the_engine_that_owns_the_workspace(served):
    flow = write_flow(served.folder)
    done = process("run", flow, "--workspace", served.workspace, "--json", "--set", "bad=7", cwd=served.folder)
    assert done.returncode == 1
    summary = answer(done)
    assert (summary["processors"]["double"]["failed"], summary["dead_letters"]) == (1, 1)
    assert "double: ValueError: 7 is bad" in done.stderr
    assert len((served.folder / "kept.txt").read_text().split()) == 19
    people = process("run", flow, "--workspace", served.workspace, "--fresh", cwd=served.folder)
    assert people.returncode == 0, people.stderr
    assert "chain: finished" in people.stdout
    (run,) = [each for each in served.get("/runs") if each["outcome"]["summary"]["dead_letters"]]
    assert (run["state"], run["outcome"]["complete"], run["path"]) == ("finished", True, str(flow))


def test_a_run_outlives_the_engine(served):
    flow = write_flow(served.folder, NUMBERS)
    run = served.post("/runs", path=str(flow), overrides={"rate": 3000})
    for goal in (500, 2000):
        wait_until(
            lambda goal=goal: (
                served.get(f"/runs/{run['id']}")["progress"]["messages"] > 0 and served.counted("keep", str(flow)) > goal
            )
        )
        served.kill()
        served.start()
    wait_until(lambda: served.get(f"/runs/{run['id']}")["state"] == "finished")
    outcome = served.get(f"/runs/{run['id']}")["outcome"]
    assert (outcome["continued"], outcome["complete"], outcome["dead"]) == (True, True, {"check": len(REFUSED)})
    assert outcome["results"] == [str(served.folder / "out.txt")]
    written = [int(line) for line in (served.folder / "out.txt").read_text().split()]
    assert written == sorted(set(range(5000)) - set(REFUSED))
    served.end()
    served.start()
    assert served.get("/runs") == [], "what has ended is not begun again"


def test_an_engine_that_ends_goes_on_with_its_runs(served):
    flow = write_flow(served.folder, NUMBERS)
    run = served.post("/runs", path=str(flow))
    wait_until(lambda: served.counted("keep", str(flow)) > 500)
    assert served.end() == 0
    served.start()
    wait_until(lambda: served.get(f"/runs/{run['id']}")["state"] == "finished")
    written = [int(line) for line in (served.folder / "out.txt").read_text().split()]
    assert written == sorted(set(range(5000)) - set(REFUSED))


def test_ctrl_c_stops_the_run_and_not_the_engine(served):
    flow = write_flow(served.folder, TICKING)
    command = [sys.executable, "-m", "engine.cli.main", "run", str(flow), "--workspace", str(served.workspace), "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment()) as asking:
        wait_until(lambda: bool(served.get("/runs")) and served.counted("keep", str(flow)) > 100)
        asking.send_signal(signal.SIGINT)
        printed, said = asking.communicate(timeout=60)
    assert asking.returncode == 130, said
    assert json.loads(printed)["processors"]["keep"]["in"] > 100
    (run,) = served.get("/runs")
    assert (run["state"], run["outcome"]["complete"]) == ("finished", False)
    again = served.post("/runs", path=str(flow), timeout_s=0.5)
    wait_until(lambda: served.get(f"/runs/{again['id']}")["state"] == "finished")
    outcome = served.get(f"/runs/{again['id']}")["outcome"]
    assert outcome["continued"]
    assert outcome["troubles"] == ["stopped at the time limit of 0.5 s; run it again to go on"]


def test_what_cannot_run_is_said_as_it_is_said_here(served):
    bad = write_flow(served.folder, CHAIN.replace("to: keep.in", "to: nobody.in"))
    with pytest.raises(InvalidFlow) as caught:
        asyncio.run(run_remote(served.workspace, bad, RunOptions()))
    assert "nobody" in str(caught.value)
    with pytest.raises(UsageError, match="flow 'chain' has no parameter 'nothing'"):
        asyncio.run(run_remote(served.workspace, write_flow(served.folder), RunOptions(overrides={"nothing": 1})))
    flow = write_flow(served.folder, TICKING, "other.flow.yaml")
    served.post("/runs", path=str(flow))
    with pytest.raises(ConflictError, match=r"other.flow.yaml is being run by this engine already"):
        asyncio.run(run_remote(served.workspace, flow, RunOptions()))
    write_flow(served.folder, TICKING.replace("% 100", "% 101"), "other.flow.yaml")
    (run,) = served.get("/runs")
    served.delete(f"/runs/{run['id']}")
    wait_until(lambda: served.get(f"/runs/{run['id']}")["state"] == "finished")
    with pytest.raises(UsageError, match="has changed since its unfinished run began"):
        asyncio.run(run_remote(served.workspace, flow, RunOptions()))


def test_when_the_engine_dies_the_one_who_waits_is_told(served):
    flow = write_flow(served.folder, TICKING)
    command = [sys.executable, "-m", "engine.cli.main", "run", str(flow), "--workspace", str(served.workspace)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment()) as asking:
        wait_until(lambda: bool(served.get("/runs")) and served.counted("keep", str(flow)) > 10)
        served.kill()
        _, said = asking.communicate(timeout=60)
    assert asking.returncode == EngineGone.exit_code == 1
    assert "does not answer" in said
    assert "Traceback" not in said


def test_secrets_are_handed_over_and_never_kept(served):
    text = CHAIN.replace("- id: keep\n", "- id: keep\n    secrets: [KEY]\n").replace(
        "def keep(message)", "def keep(message, ctx)"
    )
    flow = write_flow(served.folder, text.replace("{message['n']}\\n", "{ctx.secrets['KEY'][::-1]}\\n"))
    asyncio.run(run_remote(served.workspace, flow, RunOptions(secrets={"KEY": "hush-hush"})))
    assert "hsuh-hsuh" in (served.folder / "kept.txt").read_text()
    served.end()
    assert "hush-hush" not in served.said
    for path in served.workspace.rglob("*"):
        assert not path.is_file() or b"hush-hush" not in path.read_bytes()
