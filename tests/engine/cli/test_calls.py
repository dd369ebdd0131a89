from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.client.call import let_go
from engine.client.engine import Engine
from tests.engine.cli.command import answer, process, pyfi
from tests.servers import free_port

FLOW = """
pyfi: 1
name: steps
processors:
  - {id: upper, type: python, code: "def process(x): return x.upper()"}
  - id: slow
    type: python
    code: |
      import os, time
      def process(x):
          while not os.path.exists(x):
              time.sleep(0.05)
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    made = tmp_path_factory.mktemp("calls")
    (made / "steps.flow.yaml").write_text(FLOW, encoding="utf-8")
    yield made

    async def end() -> None:
        engine = Engine(made / "ws")
        await engine.shut_down(patience_s=5)
        await engine.close()

    asyncio.run(end())


CALL = ("task", "run", "--socket", "steps.flow.yaml.upper", "--target", "local", "--workspace", "ws")


def test_messages_in_a_pipe_are_calls_answered_in_order(folder):
    done = process(*CALL, cwd=folder, stdin='"a" "b"\n5\n"c"')
    assert (done.returncode, done.stderr) == (1, "")
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(each["port"], each["content"]) for each in lines] == [
        ("success", "A"),
        ("success", "B"),
        ("failure", 5),
        ("success", "C"),
    ]
    assert lines[2]["attributes"]["error.type"] == "AttributeError"


def test_lines_of_text_go_through(folder):
    first = process(*CALL, "--lines", "--port", "success", cwd=folder, stdin="ä b\nc")
    assert (first.returncode, first.stdout) == (0, "Ä B\nC\n")


def test_a_call_is_made_now_and_its_result_fetched_later(folder):
    made = pyfi(*CALL, "--data", '"x"', "--no-wait", cwd=folder)
    id = made.stdout.strip()
    done = pyfi("calls", "result", id, "--workspace", "ws", "--port", "success", cwd=folder)
    assert (done.returncode, done.stdout) == (0, '"X"\n')
    shown = pyfi("calls", "show", id, "--workspace", "ws", cwd=folder)
    assert shown.stdout.splitlines() == [f"{id}  done", "  success: 'X'"]
    assert answer(pyfi("calls", "show", id, "--workspace", "ws", "--json", cwd=folder))["messages"] == [
        {"port": "success", "content": "X", "attributes": {}}
    ]


def test_an_open_call_shows_its_steps_and_where_its_messages_are(folder):
    go = folder / "go"
    slow = tuple(part.replace("upper", "slow") for part in CALL)
    id = pyfi(*slow, "--data", json.dumps(str(go)), "--no-wait", cwd=folder).stdout.strip()
    shown = pyfi("calls", "show", id, "--workspace", "ws", cwd=folder).stdout.splitlines()
    assert shown[0] == f"{id}  open"
    assert shown[1].startswith("  slow of /")
    assert "call.slow -> slow.in" in shown[2]
    row = next(row for row in answer(pyfi("ls", "calls", "--workspace", "ws", "--json", cwd=folder)) if row["id"] == id)
    assert (row["state"], row["steps"], row["answered"]) == ("open", "slow", "")
    late = pyfi("calls", "result", id, "--workspace", "ws", "--timeout", "0.01", cwd=folder)
    assert (late.returncode, late.stdout) == (1, "")
    assert "it goes on" in late.stderr
    go.touch()
    assert pyfi("calls", "result", id, "--workspace", "ws", cwd=folder) == (0, "", "")


def test_calls_are_listed_without_an_engine_too(tmp_path):
    assert pyfi("ls", "calls", "--workspace", "ws", cwd=tmp_path).stderr == "there are no calls\n"
    shown = pyfi("calls", "show", "none", "--workspace", "ws", cwd=tmp_path)
    assert (shown.returncode, shown.stdout) == (2, "")
    assert "there is no call 'none'" in shown.stderr
    assert not (tmp_path / "ws").exists()


def test_a_cluster_that_is_not_there_is_named(folder, monkeypatch):
    gone = f"postgresql://me:hush@127.0.0.1:{free_port()}/x"
    for role, url in {"BROKER": "amqp://h//", "BUS": "redis://h/0", "DATABASE": gone}.items():
        monkeypatch.setenv(f"PYFI_TARGET_PROD_{role}", url)
    done = pyfi("task", "run", "--socket", "steps.flow.yaml.upper", "--data", "1", "--target", "prod", cwd=folder)
    assert (done.returncode, done.stdout) == (1, "")
    assert "the database 'x' at 127.0.0.1:" in done.stderr
    assert "cannot be reached" in done.stderr
    assert "hush" not in done.stderr
    let_go()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--target", "nowhere"), "there is no target 'nowhere'"),
        (("--no-wait",), "give --target, too"),
        (("--target", "local", "--input", "in"), "leave --input out"),
    ],
)
def test_wrong_use_is_told(folder, arguments, told):
    done = pyfi("task", "run", "--socket", "steps.flow.yaml.upper", "--data", "1", *arguments, cwd=folder)
    assert (done.returncode, done.stdout) == (2, "")
    assert told in done.stderr
