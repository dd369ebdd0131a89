"""Which queues a connection that meets a subflow stands for: those that the engine knows the flow by."""

from __future__ import annotations

from hypothesis import given, settings

from app.run.crossing import crossing, queues_of
from engine.model.codec import load_flow
from engine.model.flatten import flatten
from engine.model.flow import Flow, Subflow
from engine.model.scope import Scope
from tests.engine.model.strategies import sound_flows

FLOW = load_flow("""
pyfi: 1
name: crossing
processors:
  - {id: read, type: generate}
  - {id: first, flow: outer}
  - {id: second, flow: outer}
  - {id: write, type: log}
connections:
  - {from: read.success, to: first.in}
  - {from: first.success, to: second.in}
  - {from: second.success, to: write.in}
subflows:
  - name: outer
    inputs: [in]
    outputs: [success]
    processors:
      - {id: a, type: python}
      - {id: deep, flow: inner}
    connections:
      - {from: in, to: a.in}
      - {from: in, to: deep.in}
      - {from: deep.success, to: success}
  - name: inner
    inputs: [in]
    outputs: [success]
    processors: [{id: b, type: python}]
    connections:
      - {from: in, to: b.in}
      - {from: b.success, to: success}
""")


def test_a_connection_to_a_subflow_stands_for_those_to_what_is_inside():
    scope = Scope(FLOW)
    assert queues_of(scope, "read.success->first.in", "") == [
        "read.success->first/a.in",
        "read.success->first/deep/b.in",
    ]
    assert queues_of(scope, "first.success->second.in", "x/") == [
        "x/first/deep/b.success->x/second/a.in",
        "x/first/deep/b.success->x/second/deep/b.in",
    ]
    assert queues_of(scope, "second.success->write.in", "") == ["second/deep/b.success->write.in"]
    assert crossing(FLOW) == list(FLOW.connections)
    assert crossing(FLOW.definitions["outer"]) == ["in->deep.in", "deep.success->success"]
    assert crossing(FLOW.definitions["inner"]) == []


def shown(scope: Scope, prefix: str, within: frozenset[str]) -> list[str]:
    """The queues of all connections between the cards of a level, and of the levels inside it."""
    found: list[str] = []
    level: Flow = scope.flow
    for key, connection in level.connections.items():
        if "." in connection.source and "." in connection.target:
            found += queues_of(scope, key, prefix)
    for step in level.steps.values():
        below = scope.find(step.flow) if isinstance(step, Subflow) else None
        if below is not None and below.path not in within:
            found += shown(below, f"{prefix}{step.id}/", within | {below.path})
    return found


@settings(max_examples=100)
@given(flow=sound_flows())
def test_every_queue_that_is_shown_is_one_of_the_running_flow(flow):
    keys = set(flatten(flow).links)
    assert set(shown(Scope(flow), "", frozenset({""}))) <= keys
