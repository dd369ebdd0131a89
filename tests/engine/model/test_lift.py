"""Parts move out of a subflow; the flow runs as before."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from engine.errors import PyfiError, UsageError
from engine.model.apply import apply
from engine.model.change import invert
from engine.model.codec import load_flow
from engine.model.flatten import FlatFlow, flatten
from engine.model.flow import Flow, Subflow
from engine.model.lift import lift
from engine.model.scope import Scope
from tests.engine.model.strategies import sound_flows

FLOW = load_flow("""
pyfi: 1
name: nested
parameters: {least: 5}
processors:
  - {id: read, type: generate, config: {count: 5}}
  - {id: clean, flow: cleaning, name: "Clean it", parameters: {most: "${least}"}}
  - {id: out, type: log}
connections:
  - {from: read.success, to: clean.in, limit: {messages: 7}}
  - {from: clean.success, to: out.in}
subflows:
  - name: cleaning
    inputs: [in]
    outputs: [success]
    parameters: {most: 9}
    processors:
      - {id: strip, type: python, code: 'def f(x): return x'}
      - {id: keep, type: filter, config: {keep: "content < ${most}"}}
      - {id: last, type: python, code: 'def f(x): return x'}
    connections:
      - {from: in, to: strip.in}
      - {from: strip.success, to: keep.in, priority: lifo}
      - {from: keep.success, to: last.in}
      - {from: last.success, to: success}
    layout: {strip: [0, 0], keep: [500, 0], last: [1000, 0]}
layout: {read: [0, 0], clean: [500, 0], out: [1000, 0]}
""")


def lifted(*keys: str, flow: Flow = FLOW) -> Flow:
    return apply(flow, lift(flow, keys, "clean"))


def ways(flat: FlatFlow) -> set[tuple[str, str, str, str]]:
    """Who sends to whom, whatever the steps are called by their levels."""
    return {
        (link.source.rpartition("/")[2], link.source_port, link.target.rpartition("/")[2], link.target_port)
        for link in flat.links.values()
    }


@pytest.mark.parametrize("keys", [["strip"], ["keep"], ["last"], ["strip", "last"], ["strip", "keep"]])
def test_what_moves_lies_beside_the_subflow_and_everything_leads_where_it_did(keys):
    made = lifted(*keys)
    assert {*keys, "read", "clean", "out"} == set(made.steps)
    assert set(made.definitions["cleaning"].steps) == {"strip", "keep", "last"} - set(keys)
    assert ways(flatten(made)) == ways(flatten(FLOW))
    stays = made.steps["clean"]
    assert isinstance(stays, Subflow)
    assert (stays.flow, stays.name, stays.position) == ("cleaning", "Clean it", (500, 0))
    keep = next(step for id, step in flatten(made).steps.items() if id.rpartition("/")[2] == "keep")
    assert keep.processor.config["keep"] == "content < 5"


def test_policies_stay_with_their_connections():
    links = flatten(lifted("strip")).links
    assert links["read.success->strip.in"].policy.limit.messages == 7
    assert links["strip.success->clean/keep.in"].policy.priority == "lifo"


def test_with_everything_moved_the_subflow_is_gone():
    made = lifted("strip", "keep", "last")
    assert set(made.steps) == {"read", "strip", "keep", "last", "out"}
    assert made.definitions == {}
    assert ways(flatten(made)) == ways(flatten(FLOW))


def test_other_uses_keep_everything():
    twice = load_flow("""
        pyfi: 1
        name: twice
        processors: [{id: a, type: generate}, {id: clean, flow: c}, {id: other, flow: c}]
        connections: [{from: a.success, to: clean.in}, {from: clean.success, to: other.in}]
        auto_terminate: [other.success]
        subflows:
          - {name: c, inputs: [in], outputs: [success], processors: [{id: x, type: log}, {id: y, type: log}],
             connections: [{from: in, to: x.in}, {from: x.success, to: y.in}, {from: y.success, to: success}]}
    """)
    made = lifted("x", flow=twice)
    assert set(made.definitions["c"].steps) == {"x", "y"}
    stays = made.steps["clean"]
    assert isinstance(stays, Subflow)
    assert set(made.definitions[stays.flow].steps) == {"y"}
    assert ways(flatten(made)) == ways(flatten(twice))


def test_what_cannot_be_is_told():
    with pytest.raises(UsageError, match="no subflow"):
        lift(FLOW, ["read"], "read")
    with pytest.raises(UsageError, match="nothing is selected"):
        lift(FLOW, [], "clean")


@given(sound_flows(), st.data())
def test_any_parts_of_any_flow_can_be_lifted_and_put_back_by_undo(flow, data):
    uses = [
        (scope.path, step.id, below.flow)
        for scope in Scope(flow).walk()
        for step in scope.flow.steps.values()
        if isinstance(step, Subflow) and (below := scope.find(step.flow)) is not None and below.flow.steps
    ]
    assume(uses)
    within, step_id, inner = data.draw(st.sampled_from(uses))
    keys = data.draw(st.lists(st.sampled_from(sorted(inner.steps)), min_size=1, unique=True))
    try:
        changes = lift(flow, keys, step_id, within)
    except PyfiError:
        return  # a parameter that means something else outside, as in unwrap
    made = apply(flow, changes)
    assert len(flatten(made).steps) == len(flatten(flow).steps)
    assert apply(made, invert(changes)) == flow
