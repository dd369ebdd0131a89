from __future__ import annotations

import json

import pytest

from engine.cli.json_stream import JsonStream
from engine.errors import UsageError
from tests.engine.cli.command import CHAIN, answer, process, pyfi, write_flow

STEPS = """
pyfi: 1
name: steps
parameters: {word: hello}
processors:
  - id: upper
    type: python
    outputs: [success, other, failure]
    code: |
      def upper(text, ctx):
          if text == "bad":
              raise ValueError("bad text")
          ctx.log("seen")
          ctx.state["n"] = ctx.state.get("n", 0) + 1
          ctx.emit("other", {"n": ctx.state["n"], "word": ctx.params["word"]}, {"kind": "count"})
          return text.upper()
  - id: raw
    type: python
    code: "def raw(text): return text.encode() if text else 1e400"
connections:
  - {from: upper.success, to: raw.in}
auto_terminate: [upper.other, raw.success]
"""
"""Not complete: nothing feeds `upper`. A single step can be tried all the same."""


def test_outputs_are_json_lines_with_their_ports(tmp_path):
    write_flow(tmp_path, STEPS, "steps.flow.yaml")

    done = pyfi("task", "run", "steps.flow.yaml", "upper", "--data", '"a" "b"', "--data", '"bad"', cwd=tmp_path)

    assert done.returncode == 1
    made = [json.loads(line) for line in done.stdout.splitlines()]
    assert [each["content"] for each in made if each["port"] == "success"] == ["A", "B"]
    assert [each for each in made if each["port"] == "other"] == [
        {"port": "other", "content": {"n": n, "word": "hello"}, "attributes": {"kind": "count"}} for n in (1, 2)
    ]
    (failed,) = [each for each in made if each["port"] == "failure"]
    assert (failed["content"], failed["attributes"]["error.type"]) == ("bad", "ValueError")
    assert {"upper: seen", "upper: ValueError: bad text"} <= set(done.stderr.splitlines())


def test_a_shell_pipe_of_steps(tmp_path, monkeypatch):
    monkeypatch.setenv("PYFI_DATABASE_URL", f"sqlite:///{tmp_path / 'flows.db'}")
    write_flow(tmp_path, STEPS, "steps.flow.yaml")
    pyfi("import", "steps.flow.yaml", cwd=tmp_path)
    in_text = ["--lines", "--port", "success"]

    first = process("task", "run", "steps.flow.yaml", "upper", *in_text, cwd=tmp_path, stdin="ä b\r\nc")
    second = process("task", "run", "--socket", "steps.raw", *in_text, cwd=tmp_path, stdin=first.stdout)

    assert (first.returncode, first.stdout) == (0, "Ä B\nC\n")
    assert [json.loads(line)["text"] for line in second.stdout.splitlines()] == ["Ä B", "C"]


def test_a_source_is_run_for_a_few_messages(tmp_path):
    write_flow(tmp_path, CHAIN)

    done = pyfi("task", "run", "chain.flow.yaml", "make", "--limit", "3", "--port", "success", cwd=tmp_path)

    assert done.returncode == 0, done.stderr
    assert [json.loads(line) for line in done.stdout.splitlines()] == [{"n": 0}, {"n": 1}, {"n": 2}]


def test_values_that_json_lacks_are_marked(tmp_path):
    write_flow(tmp_path, STEPS, "steps.flow.yaml")

    done = pyfi("task", "run", "steps.flow.yaml", "raw", "--data", '""', "--port", "success", cwd=tmp_path)

    assert answer(done) == {"$type": "float", "value": "inf"}


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["chain.flow.yaml", "doubel", "--data", "1"], "pyfi: flow 'chain' has no processor 'doubel'; did you mean 'double'?"),
        (["chain.flow.yaml", "double", "--data", "{"], "pyfi: the data in line 1 is not JSON"),
        (["chain.flow.yaml", "double", "--data", "1", "--port", "sucess"], "pyfi: processor 'double' has no output 'sucess'"),
        (["chain.flow.yaml", "double", "--data", "1", "--input", "inn"], "pyfi: processor 'double' has no input 'inn'"),
        (["chain.flow.yaml", "make", "--data", "1"], "pyfi: processor 'make' is a source and takes no data"),
        (["chain.flow.yaml"], "pyfi: a flow and a processor are missing"),
        (["chain.flow.yaml", "make", "--limit", "-1"], "pyfi: invalid value for '--limit': -1 is not in the range x>=0"),
        (["--socket", "gone.flow.yaml.x", "--data", "1"], "pyfi: there is no flow file gone.flow.yaml"),
    ],
)
def test_wrong_use_is_one_line(tmp_path, arguments, line):
    write_flow(tmp_path, CHAIN)

    done = pyfi("task", "run", *arguments, cwd=tmp_path)

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(line)
    assert done.stderr.count("\n") == 1


def test_json_comes_in_any_pieces():
    values = [1, "two words", {"a": [1, {"b": None}]}, -2.5e3, True, [], "ü\n"]
    text = "\n".join(json.dumps(value, indent=indent) for indent, value in enumerate(values))

    for size in (1, 2, 7, 1000):
        stream = JsonStream()
        found = [value for at in range(0, len(text), size) for value in stream.feed(text[at : at + size])]
        assert [*found, *stream.feed("", is_last=True)] == values


@pytest.mark.parametrize("text", ["{'a': 1}\n" + " " * 50, "[1, 2", "nul", '"open', "{} x" + " " * 50, "[" * 100_000])
def test_what_is_no_json_is_refused(text):
    stream = JsonStream()
    with pytest.raises(UsageError, match="line"):
        _ = [*stream.feed(text), *stream.feed("", is_last=True)]


def test_help_shows_its_examples_as_lines(tmp_path):
    lines = pyfi("task", "run", "--help", cwd=tmp_path).stdout.splitlines()

    assert "  zcat access.log.gz | pyfi task run triage.flow.yaml parse --lines --port success" in lines
