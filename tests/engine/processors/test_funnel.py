from engine.model.codec import load_flow
from engine.model.flatten import flatten
from engine.processors.registry import catalog
from engine.runtime.hosts import values, wire
from engine.runtime.plan import plan
from tests.drive import attributes, contents
from tests.engine.processors.declared import driver, problems

_FLOW = """
pyfi: 1
name: numbers
processors:
  - {id: a, type: python, inputs: [], code: "def a():\\n    yield 1\\n"}
  - {id: b, type: python, inputs: [], code: "def b():\\n    yield 2\\n"}
  - {id: all, type: funnel}
  - {id: out, type: write_lines, config: {path: out.jsonl}}
connections:
  - {from: a.success, to: all.in}
  - {from: b.success, to: all.in}
  - {from: all.success, to: out.in}
"""


def test_passes_everything_on_as_it_came(tmp_path):
    messages = [None, {"a": [1, 2]}, "text", b"bytes", 0]
    with driver("funnel", {}, tmp_path) as host:
        result = host.task(messages, attributes=[{"n": "1"}, None, None, {"n": "4"}, None])
        assert contents(result, 1) == messages
        assert attributes(result, 1) == [{"n": "1"}, {}, {}, {"n": "4"}, {}]
        assert result["steps"][0][1:3] == [5, 0]


def test_the_batch_leaves_in_the_bytes_in_which_it_came(tmp_path):
    messages = [{"n": n, "text": "x" * 50} for n in range(5)]
    with driver("funnel", {}, tmp_path) as host:
        [body] = host.task(messages)["bodies"]
        assert bytes(wire.open_batch(body)[1]) == values.pack(messages)


def test_heads_a_stage_that_what_follows_joins():
    planned = plan(flatten(load_flow(_FLOW)), catalog())
    assert planned.stages["all"].steps == ("all", "out")


def test_has_no_settings():
    assert problems("funnel", {}) == []
    assert problems("funnel", {"keep": "1"})
