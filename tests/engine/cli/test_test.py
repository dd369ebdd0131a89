"""`pyfi test`: what passes, what is said of what does not, and what it exits with."""

from __future__ import annotations

import json

import pytest

from engine.client.sample import Differing, same
from tests.engine.cli.command import answer, process, pyfi, write_flow

FLOW = """
pyfi: 1
name: sampled
parameters: {times: 2}
processors:
  - id: scale
    type: python
    outputs: [success, small, failure]
    code: |
      def scale(content, ctx):
          if content["n"] == 0:
              raise ValueError("nothing to scale")
          print("scaling", content["n"])
          ctx.state["seen"] = ctx.state.get("seen", 0) + 1
          if content["n"] < 3:
              ctx.emit("small", {"n": content["n"], "seen": ctx.state["seen"]}, ctx.attributes)
              return
          return {"n": content["n"] * ctx.params["times"], "by": ctx.attributes.get("by")}
    tests:
      - {name: big, content: {n: 4}, attributes: {by: ann}, expect: {success: [{n: 8, by: ann}]}}
      - {content: {n: 1}, expect: {small: [{n: 1, seen: 1}]}}
      - {name: state is empty again, content: {n: 2}, expect: {small: [{n: 2, seen: 1}]}}
      - {name: a failure that is expected, content: {n: 0}, expect: {failure: [{n: 0}]}}
      - {name: no matter what, content: {n: 5}}
  - id: pair
    type: python
    inputs: [left, right]
    code: "def pair(left, right): return [left, right]"
    tests:
      - {port: '*', content: {left: 1, right: 2}, expect: {success: [[1, 2]]}}
  - id: sub
    flow: inner
    parameters: {word: hello}
  - id: forever
    type: python
    inputs: []
    code: |
      def forever():
          n = 0
          while True:
              yield n
              n += 1
    tests: [{content: null, expect: {success: [0, 1, 2]}}]
  - {id: keep, type: filter, config: {keep: "content > 1"}, tests: [{content: 1}, {content: 2, expect: {success: [2]}}]}
  - id: shell
    type: bash
    code: tr a-z A-Z
    tests: [{content: ab, expect: {success: [AB]}}, {content: b, expect: {success: [B]}}]
subflows:
  - name: inner
    parameters: {word: nothing}
    inputs: [in]
    outputs: [success]
    processors:
      - id: say
        type: python
        code: "def say(content, ctx): return f'{ctx.params[\\"word\\"]} {content}'"
        tests: [{content: you, expect: {success: [hello you]}}]
    connections: [{from: in, to: say.in}, {from: say.success, to: success}]
connections:
  - {from: forever.success, to: keep.in}
auto_terminate: [scale.success]
"""


@pytest.fixture
def folder(tmp_path):
    write_flow(tmp_path, FLOW, "sampled.flow.yaml")
    return tmp_path


def test_all_samples_of_a_flow_pass(folder):
    done = process("test", "sampled.flow.yaml", cwd=folder)
    assert (done.returncode, done.stderr) == (0, "12 tests passed\n")
    assert done.stdout.splitlines() == [
        "ok   scale[1] big",
        "ok   scale[2]",
        "ok   scale[3] state is empty again",
        "ok   scale[4] a failure that is expected",
        "ok   scale[5] no matter what",
        "ok   pair[1]",
        "ok   sub/say[1]",
        "ok   forever[1]",
        "ok   keep[1]",
        "ok   keep[2]",
        "ok   shell[1]",
        "ok   shell[2]",
    ]


def test_what_came_otherwise_is_shown_line_by_line(folder):
    done = pyfi("test", "sampled.flow.yaml", "scale", "--set", "times=3", cwd=folder)
    assert (done.returncode, done.stderr) == (1, "5 tests, 1 failed\n")
    assert done.stdout.startswith(
        "FAIL scale[1] big\n"
        "  success: 1 message, expected 1 message\n"
        "     {\n"
        '       "by": "ann",\n'
        '    -  "n": 8\n'
        '    +  "n": 12\n'
        "     }\n"
        "  info: scaling 4\n"
        "ok   scale[2]\n"
    )


def test_an_error_that_nobody_expects_shows_its_traceback(folder):
    write_flow(folder, FLOW.replace("expect: {failure: [{n: 0}]}", "expect: {success: [1]}"), "sampled.flow.yaml")
    done = pyfi("test", "sampled.flow.yaml", "scale", cwd=folder)
    assert done.returncode == 1
    failed = done.stdout.partition("FAIL scale[4]")[2]
    assert 'File "<scale>", line 3, in scale' in failed
    assert "ValueError: nothing to scale" in failed


def test_a_host_that_dies_fails_its_sample_alone(folder):
    code = "import os\\ndef f(n):\\n    if n == 1: os._exit(3)\\n    return n"
    write_flow(
        folder,
        f"""
pyfi: 1
name: dying
processors:
  - id: die
    type: python
    code: "{code}"
    tests: [{{content: 0, expect: {{success: [0]}}}}, {{content: 1}}, {{content: 2, expect: {{success: [2]}}}}]
""",
        "dying.flow.yaml",
    )
    done = pyfi("test", "dying.flow.yaml", "--json", cwd=folder)
    tests = answer(done)["tests"]
    assert (done.returncode, [each["passed"] for each in tests]) == (1, [True, False, True])
    assert "its host" in tests[1]["error"]


def test_code_that_does_not_load_fails_all_of_its_samples(folder):
    write_flow(folder, FLOW.replace("def pair(", "import nothing_of_the_kind\\ndef pair("), "sampled.flow.yaml")
    done = pyfi("test", "sampled.flow.yaml", "pair", "keep", "--json", cwd=folder)
    tests = answer(done)["tests"]
    assert (done.returncode, [each["passed"] for each in tests]) == (1, [False, True, True])
    assert "ModuleNotFoundError: No module named 'nothing_of_the_kind'" in tests[0]["error"]


def test_the_report_for_programs_has_both_sides(folder):
    done = pyfi("test", "sampled.flow.yaml", "scale", "--set", "times=3", "--json", cwd=folder)
    made = answer(done)
    assert (made["flow"], made["failed"], len(made["tests"])) == ("sampled", 1, 5)
    assert made["tests"][0]["differences"] == [
        {"port": "success", "expected": [{"n": 8, "by": "ann"}], "made": [{"n": 12, "by": "ann"}]}
    ]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("sampled.flow.yaml", "scal"), "pyfi: flow 'sampled' has no processor 'scal'; did you mean 'scale'?"),
        (("none.flow.yaml",), "pyfi: flow 'none' has no tests; keep one in the desktop, below the code, or write"),
        (("gone.flow.yaml",), "pyfi: there is no flow file gone.flow.yaml"),
    ],
)
def test_wrong_use_is_said_in_a_line(folder, arguments, said):
    write_flow(folder, "pyfi: 1\nname: none\nprocessors: [{id: a, type: log}]\n", "none.flow.yaml")
    done = pyfi("test", *arguments, cwd=folder)
    assert done.returncode == 2
    assert done.stderr.startswith(said)


def test_contents_are_compared_by_what_they_mean():
    assert same([1, {"a": (2, 3.0)}], [1.0, {"a": [2, 3]}])
    assert same(float("nan"), float("nan"))
    assert not same(1, True)  # noqa: FBT003 - the very question
    assert not same({"a": 1}, {"a": 1, "b": 2})
    assert not same([1], [1, 1])
    assert not same("1", 1)


def test_messages_that_are_missing_and_that_are_too_many_are_lines_of_a_difference():
    assert Differing("success", [1], []).lines() == ["-1"]
    assert Differing("success", ["a"], ["a", {"b": b"\xff"}]).lines()[0] == ' "a"'
    assert json.loads("".join(line[1:] for line in Differing("x", [], [b"hi"]).lines())) == {
        "$type": "bytes",
        "size": 2,
        "text": "hi",
    }
