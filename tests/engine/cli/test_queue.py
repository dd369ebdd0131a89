from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time

import pytest
from environment import ROOT

from tests.engine.cli.command import CHAIN, answer, pyfi, write_flow
from tests.engine.cli.test_run import ENDLESS


@pytest.fixture
def failed(tmp_path):
    """A folder in which a run has left one dead letter."""
    flow = write_flow(tmp_path)
    done = pyfi("run", flow, "--workspace", "ws", "--set", "bad=7", cwd=tmp_path)
    assert done.returncode == 1, done.stderr
    return tmp_path


def queue(folder, *arguments, workspace="ws"):
    return pyfi("queue", *arguments, "--workspace", workspace, cwd=folder)


def test_ls_shows_what_waits(failed):
    done = queue(failed, "ls", "--flow", "chain.flow.yaml")
    assert done.returncode == 0, done.stderr
    name = "".join(
        line.partition(" ")[0] for line in done.stdout.splitlines() if not line.startswith(("double", "make", "dead"))
    )
    assert str(failed / "chain.flow.yaml") in name, "in several lines, if the test's folder has a long name"
    row = next(line.split() for line in done.stdout.splitlines() if "dead:double" in line)
    assert row[1] == "1"
    listed = answer(queue(failed, "ls", "--json"))["queues"]
    assert [(each["queue"], each["kind"], each["messages"]) for each in listed] == [
        ("double.success->keep.in", "connection", 0),
        ("make.success->double.in", "connection", 0),
        ("dead:double", "dead", 1),
    ]
    assert listed[0]["limit"] == {"messages": 10_000, "bytes": 1_000_000_000}
    assert listed[2]["oldest_ms"] > 1_600_000_000_000


def test_peek_shows_content_and_attributes_and_takes_nothing_out(failed):
    done = queue(failed, "peek", "dead:double")
    assert '{"n": 7}' in done.stdout
    assert "error.message: 7 is bad" in done.stdout
    for _ in range(2):
        (message,) = answer(queue(failed, "peek", "dead:double", "--json", "--flow", "chain"))["messages"]
        assert (message["content"], message["type"]) == ({"n": 7}, "dict")
        assert message["attributes"]["error.processor"] == "double"


def test_replay_has_the_next_run_try_again(failed):
    done = queue(failed, "replay", "double")
    assert done.stdout == "make.success->double.in: 1 message put back\n"
    assert queue(failed, "replay", "dead:double").stdout == "double: there are no dead letters\n"
    again = pyfi("run", failed / "chain.flow.yaml", "--workspace", "ws", "--set", "bad=7", "--json", cwd=failed)
    assert again.returncode == 1
    assert answer(again)["processors"]["double"]["failed"] == 2, "it was tried once more"


def test_a_dead_letter_is_mended_and_tried_again(failed):
    (letter,) = answer(queue(failed, "peek", "dead:double", "--json"))["messages"]
    done = queue(failed, "edit", "dead:double", letter["id"], "--content", '{"n": 8}', "--drop-attribute", "error.message")
    assert done.stdout == f"dead:double: the message {letter['id']} is edited\n", done.stderr
    (mended,) = answer(queue(failed, "peek", "dead:double", "--json"))["messages"]
    assert mended["content"] == {"n": 8}
    assert mended["attributes"].keys() == letter["attributes"].keys() - {"error.message"}
    queue(failed, "replay", "double")
    again = pyfi("run", failed / "chain.flow.yaml", "--workspace", "ws", "--set", "bad=7", "--json", cwd=failed)
    assert again.returncode == 0, again.stderr
    assert answer(again)["dead_letters"] == 0


def test_purge_deletes(failed):
    assert answer(queue(failed, "purge", "dead:double", "--json")) == {"queue": "dead:double", "deleted": 1}
    assert queue(failed, "purge", "dead:double").stdout == "dead:double: 0 messages deleted\n"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("peek", "dead:duble"), "there is no queue 'dead:duble' in this flow; did you mean 'dead:double'?"),
        (("peek", "dead:double", "--flow", "nothing"), "no flow 'nothing' has run in this workspace"),
        (("replay", "nobody"), "there is no queue 'dead:nobody' in this flow"),
    ],
)
def test_what_does_not_exist_is_said_in_one_line(failed, arguments, sentence):
    done = queue(failed, *arguments)
    assert done.returncode == 2
    assert sentence in done.stderr
    assert done.stderr.count("\n") == 1


def test_an_empty_place_is_no_workspace(tmp_path):
    done = queue(tmp_path, "ls", workspace="nowhere")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "no flow has run in the workspace" in done.stderr
    assert not (tmp_path / "nowhere").exists()


def test_while_a_run_owns_the_workspace_one_may_look_but_not_touch(tmp_path):
    flow = write_flow(tmp_path, ENDLESS, "endless.flow.yaml")
    run = subprocess.Popen(
        [sys.executable, "-m", "engine.cli.main", "run", str(flow), "--workspace", "ws"],
        cwd=tmp_path,
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    try:
        deadline = time.monotonic() + 60
        while not (tmp_path / "kept.txt").exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        listed = answer(queue(tmp_path, "ls", "--json"))["queues"]
        assert [each["queue"] for each in listed] == ["make.success->keep.in"]
        refused = queue(tmp_path, "purge", "make.success->keep.in")
        assert refused.returncode == 1
        assert f"process {run.pid}" in refused.stderr
        assert refused.stderr.count("\n") == 1
    finally:
        run.send_signal(signal.SIGINT)
        run.communicate(timeout=60)


def test_control_characters_do_not_reach_the_terminal(tmp_path):
    text = CHAIN.replace("raise ValueError(f\"{message['n']} is bad\")", 'raise ValueError("\\x1b[2Jboo\\n")')
    pyfi("run", write_flow(tmp_path, text), "--workspace", "ws", "--set", "bad=7", cwd=tmp_path)
    done = queue(tmp_path, "peek", "dead:double")
    assert "\x1b" not in done.stdout
    assert r"\x1b[2Jboo\n" in done.stdout
    message = json.loads(queue(tmp_path, "peek", "dead:double", "--json").stdout)["messages"][0]
    assert message["attributes"]["error.message"] == "\x1b[2Jboo\n"
