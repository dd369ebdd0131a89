from __future__ import annotations

import pytest

from engine.client.parts import Place, ports, steps_below, usual_ports, why_not
from engine.model.codec import load_flow
from engine.model.flow import Processor
from engine.model.scope import Scope
from engine.processors.registry import offered

FLOW = load_flow("""
pyfi: 1
name: parts
processors:
  - {id: new, type: write_lines}
  - {id: odd, type: no-such-type}
  - {id: sub, flow: inner}
connections:
  - {from: odd.left, to: new.in}
  - {from: new.more, to: odd.right}
subflows:
  - {name: inner, inputs: [in], outputs: [done], processors: [{id: a, type: log}]}
""")


def test_a_processor_that_is_not_configured_yet_has_the_usual_ports():
    found = ports(Processor(id="free", type="write_lines"), Scope(FLOW))
    assert (found.inputs, found.outputs) == (("in",), ("success", "failure"))


def test_ports_that_only_connections_name_are_shown_too():
    scope = Scope(FLOW)
    assert ports(FLOW.steps["new"], scope).outputs == ("success", "failure", "more")
    odd = ports(FLOW.steps["odd"], scope)
    assert (odd.inputs, odd.outputs) == (("right",), ("left",))
    assert ports(FLOW.steps["sub"], scope).outputs == ("done",)


@pytest.mark.parametrize("name", sorted(offered()))
def test_every_type_can_be_joined_to_something_before_it_is_configured(name):
    found = usual_ports(name)
    assert found.outputs
    assert found.inputs or name in ("generate", "http_listen", "read_csv", "read_files", "read_lines", "sql_query", "join")


def test_what_cannot_be_joined_is_said_in_a_sentence():
    scope = Scope(FLOW)
    assert why_not(scope, "sub.done", "new.in") == ""
    assert why_not(scope, "odd.left", "new.in") == "They are connected already."
    assert why_not(scope, "sub.done", "new.out") == "'new' has no input 'out'."
    assert why_not(scope, "gone.out", "new.in") == "There is no 'gone' here."


def test_a_place_leads_into_subflows_as_long_as_they_are_there():
    place = Place().below("sub")
    assert (place.prefix, place.above) == ("sub/", Place())
    scope = place.scope(FLOW)
    assert scope is not None
    assert scope.path == "inner"
    assert Place(("new",)).scope(FLOW) is None
    assert Place(("sub", "a")).scope(FLOW) is None


def test_the_processors_below_are_those_of_every_use_of_a_subflow():
    inner = "{name: inner, processors: [{id: a, type: log}]}"
    text = f"pyfi: 1\nname: twice\nprocessors: [{{id: x, flow: inner}}, {{id: y, flow: inner}}]\nsubflows: [{inner}]"
    assert list(steps_below(Scope(load_flow(text)))) == ["x/a", "y/a"]
    assert list(steps_below(Scope(load_flow(text)), ["y"])) == ["y/a"]


def test_a_subflow_that_holds_itself_is_gone_into_once():
    flow = load_flow("""
pyfi: 1
name: endless
processors: [{id: top, flow: one}]
subflows:
  - {name: one, processors: [{id: a, type: log}, {id: deeper, flow: two}]}
  - {name: two, processors: [{id: b, type: log}, {id: back, flow: one}, {id: self, flow: two}]}
""")
    assert list(steps_below(Scope(flow))) == ["top/a", "top/deeper/b"]
