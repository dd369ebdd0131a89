from __future__ import annotations

import pytest

from engine.model.flow import Flow, Header, Processor, Subflow
from engine.model.ports import Ports, input_ports, output_ports, ports, split_end
from engine.model.scope import Scope
from tests.engine.model.types import CATALOG

INNER = Flow(header=Header(name="clean", inputs=("in", "rules"), outputs=("success",)))
SCOPE = Scope(Flow(header=Header(name="x"), parameters={"rest": "others"}, definitions={"clean": INNER}))


@pytest.mark.parametrize(
    ("step", "found"),
    [
        (Processor(id="a", type="python"), Ports(("in",), ("success", "failure"))),
        (Processor(id="a", type="node", inputs=(), outputs=("x",)), Ports((), ("x",))),
        (Processor(id="a", type="make"), Ports((), ("success", "failure"))),
        (Processor(id="a", type="route", config={"rules": {"b": "1"}}), Ports(("in",), ("b", "rest", "failure"))),
        (Processor(id="a", type="route", config={"otherwise": "${rest}"}), Ports(("in",), ("others", "failure"))),
        (Processor(id="a", type="route", config={"otherwise": "${none}"}), None),
        (Processor(id="a", type="route", config={"rules": 5}), None),
        (Processor(id="a", type="no such type"), None),
        (Subflow(id="a", flow="clean"), Ports(("in", "rules"), ("success",))),
        (Subflow(id="a", flow="none"), None),
    ],
)
def test_the_ports_of_a_step(step, found):
    assert ports(step, SCOPE, CATALOG) == found
    assert input_ports(step, SCOPE, CATALOG) == (found.inputs if found else ())
    assert output_ports(step, SCOPE, CATALOG) == (found.outputs if found else ())


def test_an_end_is_a_step_and_a_port_or_a_port_alone():
    assert split_end("parse.success") == ("parse", "success")
    assert split_end("sub/parse.success") == ("sub/parse", "success")
    assert split_end("in") == ("", "in")


def test_the_nearest_definition_of_a_name_counts():
    near = Flow(header=Header(name="b"))
    far = Flow(header=Header(name="b", notes="far"))
    middle = Flow(header=Header(name="a"), definitions={"b": near})
    root = Scope(Flow(header=Header(name="x"), definitions={"a": middle, "b": far}))
    inside = root.below("a")
    found = inside.find("b")
    assert found is not None
    assert (found.flow, found.path) == (near, "a/b")
    outside = root.find("b")
    assert outside is not None
    assert outside.flow is far
    around = inside.find("a")
    assert around is not None
    assert around.path == "a"
    assert inside.find("c") is None
    assert inside.visible() == ["b", "a"]
    assert [scope.path for scope in root.walk()] == ["", "a", "a/b", "b"]
