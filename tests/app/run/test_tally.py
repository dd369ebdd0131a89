"""The tally is that of the whole flow, whatever is done to it at whatever level."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.board.board import Board
from app.canvas.card import State
from app.canvas.viewer import FlowViewer
from app.document.document import Document
from app.run.tally import Tally
from engine.client.parts import Place, steps_below
from engine.model import edits
from engine.model.codec import load_flow
from engine.model.problem import Problem
from engine.model.scope import Scope
from tests.app.board.acts import acts, made
from tests.engine.model.strategies import sound_flows

FLOW = load_flow("""
pyfi: 1
name: nested
processors:
  - {id: numbers, type: generate, config: {count: 3}}
  - {id: off, type: log, enabled: false}
  - {id: clean, flow: cleaning}
  - {id: again, flow: cleaning}
subflows:
  - name: cleaning
    inputs: [in]
    outputs: [success]
    processors:
      - {id: strip, type: python, code: 'def f(x): return x'}
      - {id: deeper, flow: deep}
    subflows:
      - name: deep
        inputs: [in]
        processors: [{id: last, type: log}]
""")


@pytest.fixture(scope="module")
def viewer(qapp) -> FlowViewer:
    return FlowViewer()


def test_every_use_of_a_subflow_counts_with_all_that_is_inside(viewer):
    board = Board(Document(FLOW, Path.cwd()), viewer)
    tally = Tally(board)
    assert tally.counts() == {State.STOPPED: 5, State.DISABLED: 1}
    board.set_problems([Problem("processor 'last'", "is wrong", key="cleaning/deep/last")])
    assert tally.counts() == {State.STOPPED: 3, State.DISABLED: 1, State.INVALID: 2}
    board.set_states({"numbers": State.ENDED, "clean/strip": State.RUNNING, "gone": State.RUNNING})
    assert tally.counts() == {State.STOPPED: 1, State.ENDED: 1, State.RUNNING: 1, State.DISABLED: 1, State.INVALID: 2}
    board.set_states({"clean/strip": None})
    assert tally.counts()[State.STOPPED] == 2
    board.document.edit("disable", edits.configure(board.document.flow, "again", enabled=False))
    assert tally.counts()[State.DISABLED] == 3, "what is inside a disabled subflow is disabled"
    board.show_place(Place(("clean",)))
    assert tally.counts()[State.DISABLED] == 3, "whatever level is shown"


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(flow=sound_flows(), data=st.data())
def test_after_any_edits_it_is_what_a_new_one_is(viewer, flow, data):
    board = Board(Document(flow, Path.cwd()), viewer)
    tally = Tally(board)
    for _ in range(data.draw(st.integers(1, 4))):
        tally.counts()
        _, act = data.draw(acts(board.document.flow, board.scope))
        changes = made(act)
        if changes:
            board.document.edit("edit", changes)
            assert tally.counts() == Tally(board).counts()
    board.document.undo_stack.undo()
    counts = tally.counts()
    assert counts == Tally(board).counts()
    assert counts.total() == len(list(steps_below(Scope(board.document.flow))))
    assert isinstance(counts, Counter)
