"""Every pattern that comes with PYFI is valid and does, in a flow with the real command, what it says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from engine.client.flow import Opened, problems
from engine.client.pattern import Pattern, find_pattern, patterns, use
from engine.model import edits
from engine.model.apply import apply
from engine.model.codec import write_flow
from engine.model.flow import Connection, Flow, Header, Processor
from tests.engine.cli.command import answer, process
from tests.engine.processors.web_server import WebServer


def around(pattern: Pattern, sent: list[Any], /, **parameters: Any) -> Flow:
    """A flow that sends messages into a pattern's `in` and writes what each output gives to a file of its name."""
    flow = apply(Flow(header=Header(name="it")), edits.paste(Flow(header=Header(name="it")), use(pattern), (0.0, 0.0)))
    [step] = flow.steps.values()
    code = f"import json\ndef make():\n    yield from json.loads({json.dumps(sent)!r})\n"
    source = Processor(id="make", type="python", inputs=(), outputs=("success",), code=code)
    sinks = [
        Processor(id=f"to-{port}", type="write_lines", config={"path": f"{port}.jsonl", "newlines": "keep"})
        for port in pattern.outputs
    ]
    ends = [("make.success", f"{step.id}.in"), *((f"{step.id}.{port}", f"to-{port}.in") for port in pattern.outputs)]
    links = [Connection(source=start, target=end) for start, end in ends]
    return structs.replace(
        flow,
        steps={step.id: structs.replace(step, parameters=parameters), **{each.id: each for each in (source, *sinks)}},
        connections={link.id: link for link in links},
    )


def run(flow: Flow, folder: Path) -> dict[str, Any]:
    assert problems(Opened(flow, folder, "it")) == []
    path = folder / "it.flow.yaml"
    write_flow(flow, path)
    done = process("run", path, "--json", "--workspace", folder / "workspace", "--timeout", "50", cwd=folder)
    assert done.returncode == 0, done.stderr
    return answer(done)


def lines(path: Path) -> list[Any]:
    """What a file holds: text as it is, other values from JSON."""
    found = path.read_text().splitlines() if path.exists() else []
    return [line if line.isalpha() else json.loads(line) for line in found]


@pytest.mark.parametrize("name", [pattern.name for pattern in patterns([])])
def test_it_is_valid_with_everything_connected(name, tmp_path):
    pattern = find_pattern(name, [])
    assert problems(Opened(around(pattern, []), tmp_path, name)) == []


def with_work(flow: Flow, code: str) -> Flow:
    """The flow with other code in the pattern's `work`."""
    [name] = flow.definitions
    return apply(flow, edits.edit_code(flow, "work", code, name))


def test_what_fails_is_tried_again_and_ends_as_a_dead_letter(tmp_path):
    pattern = find_pattern("Retry with back-off", [])
    flow = around(pattern, [{"n": 1}, {"n": 2}, {"n": 3}], attempts=2, first_wait_s=0.05, dead_letters="dead-letters.jsonl")
    flow = with_work(
        flow,
        "def work(content, ctx):\n"
        "    tries = int(ctx.attributes.get('retry.tries', '0'))\n"
        "    if content['n'] == 3 or tries < content['n'] - 1:\n"
        "        raise ValueError(f'not {content}')\n"
        "    return {**content, 'tries': tries}\n",
    )
    run(flow, tmp_path)
    assert sorted(lines(tmp_path / "success.jsonl"), key=lambda each: each["n"]) == [{"n": 1, "tries": 0}, {"n": 2, "tries": 1}]
    [dead] = lines(tmp_path / "dead.jsonl")
    assert dead == {"content": {"n": 3}, "error": "not {'n': 3}", "tries": 3}
    assert lines(tmp_path / "dead-letters.jsonl") == [dead]


def test_lists_are_taken_apart_and_put_together_in_order(tmp_path):
    pattern = find_pattern("Split, process, merge", [])
    flow = with_work(around(pattern, [[1, 2, 3], [4, "bad", 5], [6]]), "def work(item):\n    return item + 10\n")
    run(flow, tmp_path)
    assert sorted(lines(tmp_path / "success.jsonl")) == [[11, 12, 13], [16]]
    assert lines(tmp_path / "failed.jsonl") == ["bad"]
    assert sorted(lines(tmp_path / "incomplete.jsonl")) == [14, 15]


def test_a_new_file_begins_after_so_many_messages(tmp_path):
    pattern = find_pattern("Batch writer with rotation", [])
    run(around(pattern, [{"n": n} for n in range(7)], messages=3, folder="batches", prefix="p"), tmp_path)
    files = sorted((tmp_path / "batches").iterdir(), key=lambda path: lines(path)[0]["n"])
    assert [[each["n"] for each in lines(path)] for path in files] == [[0, 1, 2], [3, 4, 5], [6]]
    assert all(path.name.startswith("p-2") and path.name.endswith(".jsonl") for path in files)


def test_the_same_key_is_asked_for_once_and_failures_come_out_as_they_came(tmp_path):
    pattern = find_pattern("Enrich by HTTP with a cache", [])
    with WebServer() as server:
        flow = around(pattern, [{"id": "1", "n": 0}], url=server.url + "/status/{'404' if content['key'] == '404' else '200'}")
        # Each message only when the one before has its answer.
        code = (
            "def after(content):\n"
            "    n = content['n'] + 1\n"
            "    if n < 4:\n"
            "        return {'id': '1' if n < 3 else '404', 'n': n}\n"
        )
        flow = structs.replace(flow, steps={**flow.steps, "after": Processor(id="after", type="python", code=code)})
        flow = apply(flow, edits.connect(flow, "to-success.success", "after.in"))
        flow = apply(flow, edits.connect(flow, "after.success", "enrich-by-http.in"))
        run(flow, tmp_path)
        asked = [path for _, path, _, _ in server.seen]
    assert asked == ["/status/200", "/status/404"]
    found = lines(tmp_path / "success.jsonl")
    assert [each["n"] for each in found] == [0, 1, 2]
    assert all(each["id"] == "1" and "details" in each for each in found)
    assert lines(tmp_path / "failed.jsonl") == [{"id": "404", "n": 3}]
