"""Patterns: made of a selection, put into flows as a subflow or as loose parts."""

from __future__ import annotations

import pytest
from hypothesis import assume, given

from engine.errors import UsageError
from engine.model import edits
from engine.model.apply import apply
from engine.model.codec import dump_flow, load_flow
from engine.model.flow import Flow, Subflow
from engine.model.pattern import as_parts, as_use, id_of, inside_of, pattern_of, use_of
from engine.processors.registry import catalog
from tests.engine.model.strategies import sound_flows

FLOW = load_flow("""
pyfi: 1
name: triage
parameters: {least: 3, other: 1}
processors:
  - {id: read, type: generate, config: {count: 5}}
  - {id: keep, type: filter, config: {keep: "content > ${least}", dropped: true}}
  - {id: work, type: python, code: 'def f(x): return x'}
  - {id: out, type: write_lines, config: {path: out.jsonl}}
  - {id: clean, flow: cleaning}
connections:
  - {from: read.success, to: keep.in}
  - {from: keep.success, to: work.in}
  - {from: work.success, to: out.in}
  - {from: work.failure, to: clean.in}
auto_terminate: [keep.dropped]
subflows:
  - {name: cleaning, inputs: [in], outputs: [success], processors: [{id: log, type: log}],
     connections: [{from: in, to: log.in}, {from: log.success, to: success}]}
layout: {read: [100, 50], keep: [600, 50], work: [1100, 50], out: [1600, 50], clean: [1600, 300]}
""")


def made(*keys: str, flow: Flow = FLOW) -> Flow:
    return pattern_of(flow, keys, "Keep & work", "Notes", catalog())


def test_a_selection_has_ports_where_it_was_connected_to_the_rest():
    pattern = made("keep", "work")
    definition = inside_of(pattern)
    assert (pattern.name, pattern.header.notes, use_of(pattern)) == (
        "Keep & work",
        "Notes",
        Subflow(id="keep-work", flow="keep-work", position=(0.0, 0.0)),
    )
    assert (definition.header.inputs, definition.header.outputs) == (("in",), ("success", "failure"))
    assert set(definition.connections) == {
        "in->keep.in",
        "keep.success->work.in",
        "work.success->success",
        "work.failure->failure",
    }
    assert definition.parameters == {"least": 3}, "only what it refers to"
    assert {key: step.position for key, step in definition.steps.items()} == {"keep": (0, 0), "work": (500, 0)}
    assert definition.steps["keep"].auto_terminate == ("dropped",)


def test_what_is_open_becomes_a_port_too_and_a_sink_needs_none():
    loose = load_flow("""
        pyfi: 1
        name: loose
        processors:
          - {id: a, type: python, code: 'def f(x): return x'}
          - {id: b, type: route, config: {rules: {slow: "content"}, otherwise: rest}}
          - {id: c, type: log}
          - {id: d, type: write_lines, config: {path: x}}
        connections: [{from: a.success, to: b.in}, {from: b.rest, to: d.in}]
    """)
    header = inside_of(pattern_of(loose, list(loose.steps), "p", "", catalog())).header
    assert header.inputs == ("in", "c-in")
    assert header.outputs == ("slow",)


def test_a_subflow_is_kept_as_it_is_under_the_patterns_name():
    pattern = made("clean")
    assert list(pattern.definitions) == ["keep-work"]
    assert inside_of(pattern).steps == FLOW.definitions["cleaning"].steps
    assert use_of(pattern) == Subflow(id="keep-work", flow="keep-work", position=(0.0, 0.0))


def test_a_subflow_among_others_brings_its_definition():
    pattern = made("work", "clean")
    assert set(pattern.definitions) == {"keep-work", "cleaning"}
    assert inside_of(pattern).steps["clean"] == Subflow(id="clean", flow="cleaning", position=(500.0, 250.0))


def test_nothing_makes_no_pattern():
    with pytest.raises(UsageError, match="select some"):
        made()


def test_loose_parts_are_those_that_were_selected():
    parts = as_parts(made("keep", "work"))
    assert set(parts.steps) == {"keep", "work"}
    assert set(parts.connections) == {"keep.success->work.in"}
    assert parts.definitions == {}


def test_any_flow_can_be_used_as_a_pattern():
    use = as_use(FLOW, catalog())
    assert use_of(use) is not None
    assert inside_of(use).steps.keys() == FLOW.steps.keys()
    assert as_parts(FLOW) == FLOW
    assert as_use(use, catalog()) == use


@given(sound_flows())
def test_every_selection_can_be_written_read_and_pasted_either_way(flow):
    assume(flow.steps)
    pattern = pattern_of(flow, list(flow.steps), "It", "", catalog())
    assert load_flow(dump_flow(pattern)) == pattern
    pasted = apply(flow, edits.paste(flow, as_use(pattern, catalog())))
    assert len(pasted.steps) == len(flow.steps) + 1
    parts = as_parts(pattern)
    loose = apply(flow, edits.paste(flow, parts))
    assert len(loose.steps) == len(flow.steps) + len(parts.steps)


@pytest.mark.parametrize(
    ("name", "id"), [("Retry, then give up", "retry-then-give-up"), ("  A_b 2 ", "a_b-2"), ("日本", "pattern"), ("", "pattern")]
)
def test_names_for_people_become_names_for_files(name, id):
    assert id_of(name) == id
