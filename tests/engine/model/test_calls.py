from __future__ import annotations

from pathlib import Path

import pytest
from msgspec import structs

from engine.errors import NotFound, UsageError
from engine.model.calls import called_steps, calls_flow, port_of
from engine.model.codec import dump_flow, load_flow
from engine.model.flatten import flatten
from engine.model.validation import validate
from engine.processors.registry import catalog, offered

FLOW = load_flow(
    """
pyfi: 1
name: numbers
parameters: {n: 3}
processors:
  - {id: make, type: generate, config: {count: 2}}
  - {id: double, type: python, schedule: {every: 5s}, enabled: false, code: "def process(x): return x * 2"}
  - {id: odd, type: route, config: {rules: {odd: "content % 2"}, otherwise: even}}
  - {id: pair, type: python, inputs: [left, right], code: "def pair(left, right): return [left, right]"}
  - {id: all, type: merge}
  - {id: deep, flow: outer, parameters: {k: "${n}"}}
connections:
  - {from: make.success, to: double.in}
subflows:
  - name: outer
    parameters: {k: 1}
    inputs: [in]
    outputs: [success]
    processors:
      - {id: inner, flow: times, parameters: {by: "${k}"}}
      - {id: minus, type: python, code: "def process(x, ctx): return x - ctx.params['k']"}
    connections:
      - {from: in, to: inner.in}
      - {from: inner.success, to: minus.in}
      - {from: minus.success, to: success}
    subflows:
      - name: times
        parameters: {by: 1}
        inputs: [in]
        outputs: [success]
        processors: [{id: times, type: python, code: "def process(x, ctx): return x * ctx.params['by']"}]
        connections: [{from: in, to: times.in}, {from: times.success, to: success}]
"""
)


def made(*steps: str, flow=FLOW):
    return calls_flow(flow, steps, catalog())


def test_it_is_a_sound_flow_that_survives_being_written(tmp_path):
    flow = load_flow(dump_flow(made("double", "odd", "deep/minus", "deep/inner/times")))
    assert flow == made("double", "odd", "deep/minus", "deep/inner/times")
    assert [str(problem) for problem in validate(flow, catalog(), tmp_path, {"python"})] == []
    assert set(called_steps(flow)) == {"double", "odd", "deep/minus", "deep/inner/times"}


def test_a_step_whose_outputs_leave_failure_out_fails_by_it_all_the_same(tmp_path):
    step = FLOW.steps["double"]
    narrow = structs.replace(FLOW, steps=FLOW.steps | {"double": structs.replace(step, outputs=("success",))})
    flow = made("double", flow=narrow)
    assert "double.failure->call.returned" in flow.connections
    assert [str(problem) for problem in validate(flow, catalog(), tmp_path, {"python"})] == []


def test_every_called_step_is_reached_from_call_and_comes_back_to_it_by_all_its_outputs():
    flat = flatten(made("odd", "deep/inner/times"))
    assert {key: (link.source, link.target) for key, link in flat.links.items()} == {
        "call.odd->odd.in": ("call", "odd"),
        "odd.odd->call.returned": ("odd", "call"),
        "odd.even->call.returned": ("odd", "call"),
        "odd.failure->call.returned": ("odd", "call"),
        "call.deep_-inner_-times->deep/inner/times.in": ("call", "deep/inner/times"),
        "deep/inner/times.success->call.returned": ("deep/inner/times", "call"),
        "deep/inner/times.failure->call.returned": ("deep/inner/times", "call"),
    }
    assert set(flat.steps) == {"call", "call-open", "odd", "deep/inner/times"}


def test_steps_keep_the_parameters_that_they_have_in_their_flow():
    known = flatten(FLOW).steps
    flat = flatten(made("deep/minus", "deep/inner/times")).steps
    assert flat["deep/minus"].parameters == known["deep/minus"].parameters == {"k": 3}
    assert flat["deep/inner/times"].parameters == known["deep/inner/times"].parameters == {"by": 3}


def test_a_called_step_runs_whenever_it_is_called_and_for_nothing_else():
    step = flatten(made("double")).steps["double"].processor
    assert step.enabled
    assert step.schedule.every_s is None
    assert step.replicas.min == 0


def test_a_step_that_is_called_later_changes_nothing_for_the_others():
    first, second = flatten(made("double")), flatten(made("odd", "double"))
    assert first.links.items() <= second.links.items()
    assert first.steps["double"] == second.steps["double"]


def test_its_own_steps_make_way_for_those_of_the_flow():
    text = "pyfi: 1\nname: f\nprocessors:\n" + "\n".join(
        f"  - {{id: {id}, type: python, code: 'def process(x): return x'}}" for id in ("call", "call_-open")
    )
    flow = made("call", "call_-open", flow=load_flow(text))
    assert set(flow.steps) == {"call", "call_-open", "call__", "call__-open"}


@pytest.mark.parametrize(
    ("step", "kind", "told"),
    [
        ("make", UsageError, "'make' is a source: nothing can be sent to it"),
        ("pair", UsageError, "'pair' puts messages of several inputs together"),
        ("all", UsageError, "'all' holds messages until others come"),
        ("duble", NotFound, "no processor 'duble'; did you mean 'double'"),
        ("deep", NotFound, "'deep' is a subflow; call a processor in it, such as 'deep/NAME'"),
        ("deep/minu", NotFound, "no processor 'minu'; did you mean 'minus'"),
        ("double/x", NotFound, "no processor 'double'"),
    ],
)
def test_what_cannot_be_called_is_refused_with_the_reason(step, kind, told):
    with pytest.raises(kind, match=told):
        made(step)


def test_different_ids_have_different_ports():
    ids = ["a", "a_b", "a/b", "a__b", "a_-b", "a/_b", "a_/b", "a-b", "a/b/c", "a_-b/c"]
    ports = [port_of(id) for id in ids]
    assert len(set(ports)) == len(ids)
    assert not any("/" in port for port in ports)


def test_nobody_is_offered_the_type_behind_it():
    assert "call" in catalog()
    assert "call" not in offered()
    assert not (Path(__file__).parents[3] / "resources" / "manual" / "processors" / "call.md").exists()
