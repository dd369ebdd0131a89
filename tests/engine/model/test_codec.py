"""Flow files: what they may hold, what they give, and how they complain."""

from __future__ import annotations

import json
import stat
from textwrap import dedent

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import FlowFileError, InvalidFlow, NotFound, StorageError
from engine.model.codec import dump_flow, dump_part, load_flow, load_part, read_flow, write_flow
from engine.model.flow import (
    Connection,
    Flow,
    Git,
    Header,
    Label,
    Limit,
    Parameter,
    Processor,
    Replicas,
    Retry,
    Sample,
    Schedule,
    Subflow,
)
from engine.model.problem import Problem
from engine.model.tree import read_tree
from tests.engine.model.strategies import connections, flows, names, processors, subflows, texts, values

EXAMPLE = """\
pyfi: 1
name: web-log-triage
parameters: {slow_ms: 500}
processors:
  - id: read
    type: read_lines
    config: {path: access.log.gz}
  - id: parse
    type: python
    code: |
      def process(line):
          ip, ms = line.split()[:2]
          return {"ip": ip, "ms": int(ms)}
    function: process
    concurrency: 2
    schedule: {every: 5s}
    retry: {attempts: 3, penalty: 10s}
  - id: slow
    type: route
    config: {rules: {slow: "content['ms'] > params['slow_ms']"}, otherwise: rest}
  - id: clean
    flow: clean-text
    parameters: {upper: "${slow_ms}"}
connections:
  - {from: read.success, to: parse.in}
  - {from: parse.success, to: slow.in, limit: {messages: 500, bytes: 2GB}, expire: 1h, priority: lifo}
  - {from: slow.slow, to: clean.in, bends: [[1, 2]], layer: 3, color: "#ff8800", label_at: 0.25}
auto_terminate: [parse.failure, slow.rest, clean.success]
subflows:
  - name: clean-text
    inputs: [in]
    outputs: [success, failure]
    parameters: {upper: null}
    processors:
      - id: strip
        type: python
        code: |
          def process(text):
              return text.strip()
    connections:
      - {from: in, to: strip.in}
      - {from: strip.success, to: success}
    layout:
      strip: [0, 0]
labels:
  - id: note
    text: |-
      # Two lines
      of *Markdown*
    size: [200, 80.5]
layout:
  read: [0, 0]
  parse: [320, 0]
  label:note: [0, -200]
expanded: [clean]
layers: {parse: 2, clean: -1}
"""


def problems(text: str, source: str = "flow.yaml") -> list[str]:
    with pytest.raises(InvalidFlow) as error:
        load_flow(dedent(text), source)
    assert str(error.value) == "\n".join(str(problem) for problem in error.value.problems)
    return [str(problem) for problem in error.value.problems]


def test_a_file_becomes_parts():
    flow = load_flow(EXAMPLE)
    assert flow.name == "web-log-triage"
    assert flow.parameters == {"slow_ms": 500}
    assert list(flow.steps) == ["read", "parse", "slow", "clean"]
    assert flow.steps["parse"] == Processor(
        id="parse",
        type="python",
        code='def process(line):\n    ip, ms = line.split()[:2]\n    return {"ip": ip, "ms": int(ms)}\n',
        function="process",
        concurrency=2,
        schedule=Schedule(every_s=5.0),
        retry=Retry(attempts=3, penalty_s=10.0),
        auto_terminate=("failure",),
        position=(320.0, 0.0),
        layer=2,
    )
    assert flow.steps["clean"] == Subflow(
        id="clean", flow="clean-text", parameters={"upper": "${slow_ms}"}, auto_terminate=("success",), expanded=True, layer=-1
    )
    assert flow.connections["parse.success->slow.in"] == Connection(
        source="parse.success", target="slow.in", limit=Limit(500, 2_000_000_000), expire_s=3600.0, priority="lifo"
    )
    drawn = flow.connections["slow.slow->clean.in"]
    assert (drawn.layer, drawn.color, drawn.label_at) == (3, "#ff8800", 0.25)
    assert flow.labels == {
        "note": Label(id="note", text="# Two lines\nof *Markdown*", position=(0.0, -200.0), size=(200.0, 80.5))
    }
    inner = flow.definitions["clean-text"]
    assert inner.header == Header(name="clean-text", inputs=("in",), outputs=("success", "failure"))
    assert inner.steps["strip"].position == (0.0, 0.0)


def test_a_file_in_the_written_form_is_written_the_same():
    assert dump_flow(load_flow(EXAMPLE)) == EXAMPLE


def test_json_with_the_same_keys_is_the_same_flow():
    as_json = json.dumps(yaml.safe_load(EXAMPLE))
    assert load_flow(as_json, "flow.json") == load_flow(EXAMPLE)
    assert load_flow(as_json.encode()) == load_flow(EXAMPLE)


@pytest.mark.parametrize("text", [EXAMPLE.replace("\n", "\r\n"), "\ufeff" + EXAMPLE, "# comment\n---\n" + EXAMPLE + "...\n"])
def test_line_ends_byte_order_marks_and_comments_change_nothing(text):
    assert load_flow(text.encode()) == load_flow(EXAMPLE)


@settings(max_examples=40, deadline=None)
@given(flows())
def test_export_then_import_is_the_same_flow_and_the_same_bytes(flow):
    text = dump_flow(flow)
    again = load_flow(text)
    assert again == flow
    assert list(again.steps) == list(flow.steps)
    assert dump_flow(again) == text
    assert load_flow(text.encode()) == flow


@settings(max_examples=60, deadline=None)
@given(flows())
def test_every_yaml_reader_understands_a_written_file_alike(flow):
    text = dump_flow(flow)
    assert yaml.load(text, yaml.CSafeLoader) == read_tree(text, "f")[0]


@settings(max_examples=60, deadline=None)
@given(
    st.one_of(
        names.flatmap(processors),
        names.flatmap(subflows),
        connections(["a.success", "b.in", "in"]),
        st.builds(Label, id=names, text=texts),
        st.builds(Parameter, texts.filter(bool), values),
        st.builds(Header, name=texts.filter(bool), notes=texts),
    )
)
def test_one_part_survives_writing(part):
    text = dump_part(part)
    assert load_part(text, type(part)) == part
    assert dump_part(load_part(text, type(part))) == text


def test_a_part_alone_carries_what_the_file_keeps_elsewhere():
    part = Processor(id="a", type="python", code="def f(x): return x", position=(1.0, 2.5), auto_terminate=("failure",))
    assert dump_part(part) == (
        "id: a\ntype: python\ncode: |-\n  def f(x): return x\nauto_terminate: [failure]\nposition: [1, 2.5]\n"
    )


def test_a_wrong_part_has_problems_without_a_part_name():
    with pytest.raises(InvalidFlow) as error:
        load_part("id: a\ntpye: python", Processor, "part")
    assert [str(problem) for problem in error.value.problems] == [
        "part: 'tpye' is not a known key; did you mean 'type'?",
        "part: `type` is missing",
    ]


def test_defaults_are_left_out():
    flow = Flow(header=Header(name="x"), steps={"a": Processor(id="a", type="python", timeout_s=60.0, replicas=Replicas(1, 1))})
    assert dump_flow(flow) == "pyfi: 1\nname: x\nprocessors:\n  - id: a\n    type: python\n"


def test_ports_given_as_none_differ_from_no_ports():
    text = "pyfi: 1\nname: x\nprocessors:\n  - id: a\n    type: python\n    inputs: []\n"
    step = load_flow(text).steps["a"]
    assert isinstance(step, Processor)
    assert step.inputs == ()
    assert dump_flow(load_flow(text)) == text


def test_git_code_and_stored_tests():
    flow = load_flow("""
pyfi: 1
name: x
processors:
  - id: a
    type: python
    git: {repo: r, commit: "0955", module: m.n}
    tests:
      - {content: {a: [1]}, attributes: {k: v}, expect: {success: [2], failure: []}}
      - {content: null}
""")
    step = flow.steps["a"]
    assert isinstance(step, Processor)
    assert step.git == Git("r", "0955", "m.n")
    assert step.tests == (Sample({"a": [1]}, {"k": "v"}, expect={"success": [2], "failure": []}), Sample(None))
    assert load_flow(dump_flow(flow)) == flow


def test_a_file_of_something_else_is_told_in_one_sentence():
    assert problems("root: 1\nbin: 2") == [
        "flow.yaml: is no flow file: that begins with `pyfi: 1` and `name: ...`; check its path"
    ]


def test_every_problem_is_told_with_file_part_and_cure():
    assert problems("""
        pyfi: 1
        name: x
        procesors: []
        processors:
          - {id: a, tpye: python, concurrency: two, retry: {atempts: 3}}
          - {id: 5, type: x, tests: [{conten: 3}]}
          - {id: b, type: python, schedule: sometimes, memory: lots, batch: 1}
          - {id: c, type: python, enabled: null}
          - just text
          - {id: d, flow: f, code: x}
        connections:
          - {from: a}
          - {from: a.x, to: b.in, limit: {messages: many}, bends: [[1, 2, 3]]}
        labels: [{text: no id}]
        layout: {a: [1, x]}
        subflows:
          - 3
          - {name: 3}
          - {name: inner, processors: [{id: q, type: t, timeout: soon}]}
    """) == [
        "flow.yaml: 'procesors' is not a known key; did you mean 'processors'?",
        "flow.yaml: processor 'a': 'tpye' is not a known key; did you mean 'type'?",
        "flow.yaml: processor 'a': `concurrency` must be a whole number, not text 'two'",
        "flow.yaml: processor 'a': `retry` 'atempts' is not a known key; did you mean 'attempts'?",
        "flow.yaml: processor 'a': `type` is missing",
        "flow.yaml: processor number 2: `id` must be text, not 5; put it in quotes",
        "flow.yaml: processor number 2: `tests.1` 'conten' is not a known key; did you mean 'content'?",
        "flow.yaml: processor number 2: `tests.1` `content` is missing",
        "flow.yaml: processor 'b': `schedule` must be once, {every: 5s} or {cron: \"*/5 * * * *\"}, not text 'sometimes'",
        "flow.yaml: processor 'b': `memory` must be a size such as 4096, 64KB, 512MB or 1GB, not 'lots'",
        "flow.yaml: processor 'b': `batch` must be true or false, not 1",
        "flow.yaml: processor 'c': `enabled` must be true or false, not empty",
        "flow.yaml: processor number 5: must be a mapping, not text 'just text'",
        "flow.yaml: subflow 'd': 'code' is not a known key; remove it",
        "flow.yaml: connection number 1: `to` is missing",
        "flow.yaml: connection 'a.x->b.in': `limit.messages` must be a whole number, not text 'many'",
        "flow.yaml: connection 'a.x->b.in': `bends.1` must be two numbers [x, y], not a list",
        "flow.yaml: label number 1: `id` is missing",
        "flow.yaml: `layout.a` must be a number, not text 'x'",
        "flow.yaml: subflow number 1: must be a mapping, not 3",
        "flow.yaml: subflow definition '2': `name` must be text, not 3; put it in quotes",
        "flow.yaml: processor 'inner/q': `timeout` must be a duration such as 500ms, 30s, 5m or 1h30m, not 'soon'",
    ]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[]", "must be a mapping that begins with `pyfi: 1` and `name: ...`"),
        ("name: x", "`pyfi: 1` is missing"),
        ("{pyfi: true, name: x}", "`pyfi` must be 1, not True"),
        ("{pyfi: 2, name: x, new: key}", "version 2 of the format, and this PYFI reads version 1; update PYFI"),
        ("pyfi: 1", "`name` is missing"),
        ("{pyfi: 1, name: ''}", "`name` must not be empty"),
        ("{pyfi: 1, name: x, processors: {a: 1}}", "`processors` must be a list, not a mapping"),
        ("{pyfi: 1, name: x, parameters: [a]}", "`parameters` must be a mapping, not a list"),
        ("{pyfi: 1, name: x, processors: [{id: a, type: t}, {id: a, type: t}]}", "processor 'a': is there twice"),
        ("{pyfi: 1, name: x, labels: [{id: a}, {id: a}]}", "label 'a': is there twice"),
        (
            "{pyfi: 1, name: x, connections: [{from: a.b, to: c.d}, {from: a.b, to: c.d}]}",
            "connection 'a.b->c.d': is there twice",
        ),
        ("{pyfi: 1, name: x, subflows: [{name: a}, {name: a}]}", "subflow definition 'a': is there twice"),
        ("{pyfi: 1, name: x, auto_terminate: [a.b]}", "holds 'a.b', but there is no processor 'a'; remove it"),
        ("{pyfi: 1, name: x, processors: [{id: parse, type: t}], auto_terminate: [prase.b]}", "did you mean 'parse'?"),
        ("{pyfi: 1, name: x, processors: [{id: a, type: t}], auto_terminate: [a.b, a.b]}", "holds 'a.b' twice"),
        ("{pyfi: 1, name: x, auto_terminate: [a]}", "holds 'a', which is no `processor.port`"),
        ("{pyfi: 1, name: x, layout: {a: [0, 0]}}", "`layout` places 'a', which is no part of the flow"),
        ("{pyfi: 1, name: x, layout: {'label:a': [0, 0]}}", "`layout` places 'label:a'"),
        ("{pyfi: 1, name: x, expanded: [a]}", "`expanded` holds 'a', which is no subflow of this flow; remove it"),
        ("{pyfi: 1, name: x, processors: [{id: a, type: t}], expanded: [a]}", "`expanded` holds 'a', which is no subflow"),
        (
            "{pyfi: 1, name: x, processors: [{id: clean, flow: f}], expanded: [claen]}",
            "`expanded` holds 'claen', which is no subflow of this flow; did you mean 'clean'?",
        ),
        ("{pyfi: 1, name: x, layers: {a: 1}}", "`layers` holds 'a', which is no processor or subflow of this flow; remove it"),
        ("{pyfi: 1, name: x, processors: [{id: read, type: t}], layers: {raed: 1}}", "did you mean 'read'?"),
        (
            "{pyfi: 1, name: x, processors: [{id: a, type: t}], layers: {a: 1000001}}",
            "`layers.a` must be a whole number from -1000000 to 1000000",
        ),
        (
            "{pyfi: 1, name: x, processors: [{id: a, type: t}], layers: {a: up}}",
            "`layers.a` must be a whole number, not text 'up'",
        ),
        ("{pyfi: 1, name: x, processors: [{id: a, type: t, flow: f}]}", "'flow' is not a known key"),
        ("{pyfi: 1, name: x, processors: [{id: a, type: t, timeout: .inf}]}", "`timeout` must be a finite number"),
        ("{pyfi: 1, name: x, processors: [{id: a, type: t, concurrency: 99999999999999999999}]}", "is too large a number"),
        (
            "{pyfi: 1, name: x, processors: [{id: a, type: t, mode: line}]}",
            "must be 'message' or 'lines', not 'line'; did you mean",
        ),
        (
            "{pyfi: 1, name: x, connections: [{from: a.b, to: c.d, label_at: 2}]}",
            "`label_at` must be a number from 0 to 1, not 2",
        ),
        ("{pyfi: 1, name: x, connections: [{from: 'a->b.c', to: d.e}]}", "an end may not hold '->'"),
    ],
)
def test_a_problem_says_what_to_do(text, reason):
    assert any(reason in problem for problem in problems(text))


def test_a_problem_carries_the_key_of_its_part():
    with pytest.raises(InvalidFlow) as error:
        load_flow(
            "{pyfi: 1, name: x, subflows: [{name: in, labels: [{id: l, txt: x}], connections: [{from: a, to: b, x: 1}]}]}"
        )
    assert [problem.key for problem in error.value.problems if isinstance(problem, Problem)] == ["in/a->b", "in/label:l"]


def test_trees_with_problems_of_their_own_are_still_looked_through():
    assert problems("pyfi: 1\nname: x\nname: y\nfoo: 1") == [
        "flow.yaml: line 3, 'x': the key 'name' is given twice; keep one",
        "flow.yaml: 'foo' is not a known key; remove it",
    ]


@pytest.mark.parametrize(
    "value", [{"a": object()}, {"a": {1, 2}}, {"a": "\ud800"}, {"a": __import__("datetime").date(2024, 1, 1)}]
)
def test_what_no_file_can_hold_is_one_clear_error(value):
    flow = Flow(header=Header(name="x"), parameters=value)
    with pytest.raises(FlowFileError, match=r"has no place in a flow file|half a surrogate pair"):
        dump_flow(flow)


def test_a_value_that_holds_itself_is_one_clear_error():
    endless: dict[str, object] = {}
    endless["a"] = endless
    with pytest.raises(FlowFileError, match="nested too deeply"):
        dump_flow(Flow(header=Header(name="x"), parameters=endless))


def test_files_are_read_and_replaced_whole(tmp_path):
    path = tmp_path / "x.flow.yaml"
    flow = load_flow(EXAMPLE)
    write_flow(flow, path)
    assert read_flow(path) == flow
    path.chmod(0o640)
    write_flow(flow, path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert [each.name for each in tmp_path.iterdir()] == ["x.flow.yaml"]


def test_a_link_to_a_file_stays_a_link(tmp_path):
    (tmp_path / "link").symlink_to(tmp_path / "real")
    write_flow(load_flow(EXAMPLE), tmp_path / "link")
    assert (tmp_path / "link").is_symlink()
    assert read_flow(tmp_path / "real") == load_flow(EXAMPLE)


def test_files_that_cannot_be_read_or_written_are_named(tmp_path):
    with pytest.raises(NotFound, match="no flow file"):
        read_flow(tmp_path / "none")
    with pytest.raises(FlowFileError, match="cannot be read"):
        read_flow(tmp_path)
    with pytest.raises(FlowFileError, match="cannot be read"):
        read_flow(tmp_path / "a\0b")
    with pytest.raises(StorageError, match="cannot be written"):
        write_flow(load_flow(EXAMPLE), tmp_path / "none" / "x")


def test_problems_of_a_file_are_told_under_its_name(tmp_path):
    (tmp_path / "bad.flow.yaml").write_text("pyfi: 1")
    with pytest.raises(InvalidFlow, match=r"^bad.flow.yaml: `name` is missing"):
        read_flow(tmp_path / "bad.flow.yaml")
