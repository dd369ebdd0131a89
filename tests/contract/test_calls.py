"""Calls in the ledger: begun once, whatever the ledger is."""

from __future__ import annotations

from typing import Any

import pytest

from engine.errors import NotFound
from engine.ledger.base import Claimed, ClaimRequest, Commit, Ledger, Outcome
from engine.model.calls import calls_flow
from engine.model.codec import load_flow
from engine.model.flatten import flatten
from engine.processors.registry import catalog
from engine.runtime.calls import NewCall, begin, entry_of, open_calls, strike_off
from engine.runtime.hosts import wire
from engine.runtime.hosts.builtin.call import Call, read
from engine.runtime.plan import plan

FLOW = load_flow(
    """
pyfi: 1
name: f
processors:
  - {id: a, type: python, code: "def process(x): return x"}
  - {id: b, type: python, code: "def process(x): return x"}
"""
)
NAME = "calls:f"
BOTH = ["parallel", "a", ["pipeline", "b", "a"]]


def register(ledger: Ledger):
    made = plan(flatten(calls_flow(FLOW, ["a", "b"], catalog())), catalog())
    return ledger.register(NAME, made.queues(), list(made.steps), "1")


def taken(ledger: Ledger, registration, step: str):
    queue = registration.queues[entry_of(registration, step)]
    request = ClaimRequest(registration.deployment, registration.plan, [queue], 10, 1 << 20, lease_ms=60_000, now_ms=1000)
    return ledger.exchange([], [request]).claimed[0]


def call_in(batch: Claimed) -> tuple[Any, dict[str, str], Call]:
    """The content of the only message of a batch, its attributes, and the call that they tell of."""
    (content,), attributes = wire.messages(batch.body)
    marks = attributes[0] if attributes is not None else None
    assert marks is not None
    call = read(marks)
    assert call is not None
    return content, marks, call


def test_a_call_begins_with_the_first_steps_of_its_graph(ledger):
    registration = register(ledger)
    assert len(begin(ledger, NAME, NewCall("c1", BOTH, {"n": 1}, {"color": "red"}), now_ms=1000)) == 2
    for step, place in (("a", (0,)), ("b", (1, 0))):
        (batch,) = taken(ledger, registration, step)
        content, attributes, call = call_in(batch)
        assert (content, attributes["color"]) == ({"n": 1}, "red")
        assert (call.id, call.graph, call.place) == ("c1", BOTH, place)
    (known,) = open_calls(ledger, NAME)
    assert (known.id, known.graph, known.since_ms, len(known.messages)) == ("c1", BOTH, 1000, 2)
    assert open_calls(ledger, NAME, "c1") == [known]
    assert open_calls(ledger, NAME, "c2") == []


def test_a_call_that_is_begun_twice_is_one_call(ledger):
    registration = register(ledger)
    assert begin(ledger, NAME, NewCall("c1", "a", 1), now_ms=1000)
    assert begin(ledger, NAME, NewCall("c1", "a", 1), now_ms=2000) == ()
    assert len(taken(ledger, registration, "a")) == 1
    assert [call.since_ms for call in open_calls(ledger, NAME)] == [1000]


def test_a_call_is_struck_off_by_the_commit_that_answers_it(ledger):
    registration = register(ledger)
    begin(ledger, NAME, NewCall("c1", "a", 1), now_ms=1000)
    begin(ledger, NAME, NewCall("c2", "a", 1), now_ms=1000)
    version = call_in(taken(ledger, registration, "a")[0])[2].open
    off = strike_off(registration, "call", [("c1", b"", version), ("c2", b"", 0)])
    commit = Commit(registration.deployment, registration.plan, state=off, now_ms=2000)
    assert ledger.exchange([commit], []).outcomes == [Outcome.DONE]
    assert [call.id for call in open_calls(ledger, NAME)] == ["c2"]


def test_a_call_goes_on_under_a_new_plan(ledger):
    register(ledger)
    begin(ledger, NAME, NewCall("c1", "a", 1), now_ms=1000)
    registration = register(ledger)
    assert begin(ledger, NAME, NewCall("c2", "a", 1), now_ms=1000)
    assert len(taken(ledger, registration, "a")) == 2


def test_what_is_not_there_cannot_be_called(ledger):
    with pytest.raises(NotFound, match="no deployment 'calls:f'; deploy the flow first"):
        begin(ledger, NAME, NewCall("c1", "a", 1))
    register(ledger)
    with pytest.raises(NotFound, match="'c' cannot be called here"):
        begin(ledger, NAME, NewCall("c1", ["parallel", "a", "c"], 1))
    assert open_calls(ledger, NAME) == []
    assert open_calls(ledger, "calls:other") == []
