"""The canvas is always equal to the level of the document that it shows."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPointF

from app.board.board import Board
from app.canvas.card import State
from app.canvas.viewer import FlowViewer
from app.document.document import Document
from engine.client.parts import Place
from engine.model import edits
from engine.model.change import Change
from engine.model.codec import load_flow
from engine.model.flow import Connection, Processor, Subflow
from engine.model.layout import placed
from engine.model.problem import Problem
from tests.app.board.acts import acts, all_places, drawn_afresh, made, seen
from tests.app.hand import Hand
from tests.engine.model.strategies import sound_flows

FLOW = placed(
    load_flow("""
pyfi: 1
name: nested
processors:
  - {id: numbers, type: generate, config: {count: 3}}
  - {id: clean, flow: cleaning}
  - {id: again, flow: cleaning}
connections:
  - {from: numbers.success, to: clean.in}
  - {from: clean.success, to: again.in}
subflows:
  - name: cleaning
    inputs: [in]
    outputs: [success]
    processors:
      - {id: strip, type: python, code: 'def f(x): return x'}
    connections:
      - {from: in, to: strip.in}
      - {from: strip.success, to: success}
""")
)


@pytest.fixture(scope="module")
def viewers(qapp) -> list[FlowViewer]:
    """Two for all examples: one follows, one is drawn afresh."""
    return [FlowViewer(), FlowViewer()]


@pytest.fixture
def board(qtbot) -> Board:
    viewer = FlowViewer()
    qtbot.addWidget(viewer)
    viewer.resize(900, 600)
    viewer.show()
    document = Document(FLOW, Path.cwd())
    made = Board(document, viewer)
    document.setParent(viewer)
    return made


@settings(max_examples=80)
@given(data=st.data())
def test_the_sheet_is_as_if_drawn_from_scratch_after_any_edits(viewers, data):
    flow = data.draw(st.just(FLOW) | sound_flows().map(placed))
    document = Document(flow, Path.cwd())
    board = Board(document, viewers[0])
    board.show_place(data.draw(st.sampled_from(all_places(flow))))
    for _ in range(data.draw(st.integers(3, 12))):
        what = data.draw(st.sampled_from(["edit", "edit", "edit", "edit", "undo", "redo", "go", "merge", "states", "work"]))
        if what == "edit":
            name, edit = data.draw(acts(document.flow, board.scope))
            document.edit(name, made(edit))
        elif what == "merge":
            document.merge(made(data.draw(acts(document.flow, board.scope))[1]))
        elif what == "go":
            board.show_place(data.draw(st.sampled_from(all_places(document.flow))))
        elif what == "states":
            scopes = [(place, place.scope(document.flow)) for place in all_places(document.flow)]
            ids = [place.prefix + id for place, scope in scopes if scope is not None for id in scope.flow.steps]
            states = st.sampled_from([State.RUNNING, State.BROKEN, None])
            board.set_states(data.draw(st.dictionaries(st.sampled_from(ids or ["x"]), states, max_size=3)))
        elif what == "work":
            board.viewer.choose([], data.draw(st.sampled_from(["", *board.sheet.frames])))
        elif what == "undo":
            document.undo_stack.undo()
        else:
            document.undo_stack.redo()
        fresh = drawn_afresh(document.flow, board.base, viewers[1])
        fresh.set_states(board.condition.states)
        assert seen(board) == seen(fresh)
    while document.undo_stack.canUndo():
        document.undo_stack.undo()
    fresh = drawn_afresh(document.flow, board.base, viewers[1])
    fresh.set_states(board.condition.states)
    assert seen(board) == seen(fresh)


def test_a_connection_appears_with_the_end_that_it_lacked(board):
    lost = Connection(source="numbers.success", target="late.in")
    board.document.merge([Change(lost.id, None, lost)])
    assert lost.id not in board.sheet.links.rows
    board.document.edit("Add 'late'", edits.add(board.document.flow, Processor(id="late", type="log", position=(0, 900))))
    assert board.sheet.links.rows.get(lost.id) >= 0
    board.document.merge([Change("late", board.document.flow.steps["late"], None)])
    assert board.sheet.links.rows.get(lost.id) == -1


def test_one_goes_down_and_comes_back_to_where_one_was(board):
    board.viewer.look_at(QPointF(700, 200), 0.8)
    board.viewer.select(["again"])
    board.enter("clean")
    assert (board.place, board.within) == (Place(("clean",)), "cleaning")
    assert sorted(board._card_keys()) == ["input:in", "output:success", "strip"]
    board.document.edit("Move", edits.move(board.document.flow, {"strip": (50.0, 700.0)}, "cleaning"))
    board.leave()
    assert (board.viewer.scale_factor, board.viewer.centre) == (0.8, QPointF(700, 200))
    assert board.viewer.selected_keys() == ["clean"]
    board.enter("numbers")
    assert board.place == Place()


def test_both_uses_of_a_subflow_show_an_edit_of_it(board):
    board.enter("clean")
    board.document.edit("Add", edits.add(board.document.flow, Processor(id="more", type="log", position=(0, 300)), "cleaning"))
    board.show_place(Place(("again",)))
    assert "more" in board.sheet.cards.rows
    board.show_place(Place())
    assert {board.sheet.cards.card(board.sheet.cards.rows[key]).badge for key in ("clean", "again")} == {"2 inside"}


def test_a_level_that_goes_leads_up_to_what_is_left(board):
    places: list[Place] = []
    board.place_changed.connect(places.append)
    board.enter("clean")
    board.document.edit("Delete", edits.delete(board.document.flow, ["clean"]))
    assert places == [Place(("clean",)), Place()]
    assert "clean" not in board.sheet.cards.rows


def test_states_that_came_while_elsewhere_are_shown_on_return(board):
    board.enter("clean")
    board.set_states({"numbers": State.RUNNING, "clean/strip": State.BROKEN, "again/strip": State.RUNNING})
    assert board.sheet.cards.state[board.sheet.cards.rows["strip"]] == State.BROKEN
    board.leave()
    shown = {key: State(int(board.sheet.cards.state[board.sheet.cards.rows[key]])) for key in ("numbers", "clean", "again")}
    assert shown == {"numbers": State.RUNNING, "clean": State.BROKEN, "again": State.RUNNING}
    board.enter("clean")
    board.set_states({"clean/strip": None, "again/strip": State.RUNNING})
    board.leave()
    assert board.sheet.cards.state[board.sheet.cards.rows["clean"]] == State.STOPPED
    board.clear_states()
    assert board.sheet.cards.count() == {State.STOPPED: 1}


def problem(key: str, reason: str) -> Problem:
    return Problem(f"processor '{key}'", reason, key=key)


def test_problems_are_shown_where_they_are_and_on_the_subflow_around(board):
    board.set_problems([problem("cleaning/strip", "no code"), problem("numbers", "too few"), problem("numbers", "too slow")])
    cards = board.sheet.cards
    shown = {key: (State(int(cards.state[cards.rows[key]])), cards.card(cards.rows[key]).hint) for key in ("numbers", "again")}
    assert shown["numbers"] == (State.INVALID, "too few\ntoo slow")
    assert shown["again"] == (State.INVALID, "Something inside it is not valid.")
    board.enter("again")
    assert board.sheet.cards.card(board.sheet.cards.rows["strip"]).hint == "no code"
    board.set_problems([])
    board.leave()
    assert board.sheet.cards.count() == {State.STOPPED: 1}


def test_a_drag_under_way_is_put_back_when_the_level_changes(board):
    hand = Hand(board.viewer)
    row = board.sheet.cards.rows["numbers"]
    start = board.sheet.cards.rect(row).topLeft() + QPointF(100, 20)
    hand.drag(start, start + QPointF(50, 80), drop=False)
    board.document.merge(edits.delete(board.document.flow, ["numbers"]))
    board.document.merge(edits.add(board.document.flow, Processor(id="other", type="log", position=(7, 7))))
    hand.move(start)
    hand.release()
    fresh = FlowViewer()
    assert seen(board) == seen(drawn_afresh(board.document.flow, Place(), fresh))
    fresh.deleteLater()


def test_a_flow_with_faults_is_drawn(qtbot, viewers):
    flow = load_flow("""
pyfi: 1
name: faulty
processors:
  - {id: a, type: no-such-type}
  - {id: s, flow: no-such-flow}
  - {id: r, flow: round}
connections: [{from: a.success, to: s.in}]
subflows:
  - {name: round, processors: [{id: r, flow: round}]}
""")
    board = Board(Document(flow, Path.cwd()), viewers[0])
    assert sorted(board._card_keys()) == ["a", "r", "s"]
    assert len(board.sheet.links) == 1
    for _ in range(5):
        board.enter("r")
    assert board.place.steps == ("r",) * 5
    assert isinstance(board.level.steps["r"], Subflow)
