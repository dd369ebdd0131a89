"""Edits, their history, and what comes from elsewhere."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.document.document import Document, new_gesture
from engine.errors import ConflictError, PyfiError
from engine.model import edits
from engine.model.codec import dump_flow, load_flow
from engine.model.flow import Processor
from engine.model.scope import Scope
from tests.app.board.acts import acts, made
from tests.engine.model.strategies import sound_flows

FLOW = load_flow("""
pyfi: 1
name: small
processors:
  - {id: a, type: generate, config: {count: 3}}
  - {id: b, type: python, code: 'def f(x): return x'}
connections: [{from: a.success, to: b.in}]
auto_terminate: [b.success]
""")


@pytest.fixture
def document(qapp) -> Document:
    return Document(FLOW, Path.cwd())


def test_undo_and_redo_span_layout_configuration_and_code(document):
    heard: list[list[str]] = []
    document.changed.connect(lambda changes: heard.append([change.id for change in changes]))
    document.edit("Move 'a'", edits.move(document.flow, {"a": (10.0, 20.0)}))
    document.edit("Configure 'a'", edits.configure(document.flow, "a", config={"count": 5}))
    document.edit("Edit the code of 'b'", edits.edit_code(document.flow, "b", "def f(x): return 2 * x"))
    document.edit("Delete 'a'", edits.delete(document.flow, ["a"]))
    after = document.flow
    assert document.undo_stack.undoText() == "Delete 'a'"
    while document.undo_stack.canUndo():
        document.undo_stack.undo()
    assert document.flow == FLOW
    while document.undo_stack.canRedo():
        document.undo_stack.redo()
    assert document.flow == after
    assert heard[:3] == [["a"], ["a"], ["b"]]
    assert len(heard) == 12


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_undo_gives_back_the_very_file_and_redo_the_one_that_was_made(qapp, data):
    flow = data.draw(sound_flows())
    document = Document(flow, Path.cwd())
    for _ in range(4):
        _, edit = data.draw(acts(document.flow, Scope(document.flow)))
        with contextlib.suppress(PyfiError):
            document.edit("An edit", made(edit))
    after = dump_flow(document.flow)
    while document.undo_stack.canUndo():
        document.undo_stack.undo()
    assert dump_flow(document.flow) == dump_flow(flow)
    while document.undo_stack.canRedo():
        document.undo_stack.redo()
    assert dump_flow(document.flow) == after


def test_edits_of_one_gesture_are_one_step(document):
    gesture = new_gesture()
    for code in ("d", "de", "def f(x): pass"):
        document.edit("Edit the code of 'b'", edits.edit_code(document.flow, "b", code), gesture)
    document.edit("Edit the code of 'b'", edits.edit_code(document.flow, "b", "other"), new_gesture())
    assert document.undo_stack.count() == 2
    document.undo_stack.undo()
    document.undo_stack.undo()
    assert document.flow == FLOW


def test_a_gesture_that_ends_where_it_began_leaves_no_step(document):
    gesture = new_gesture()
    for code in ("d", "def f(x): return x"):
        document.edit("Edit the code of 'b'", edits.edit_code(document.flow, "b", code), gesture)
    assert document.undo_stack.count() == 0
    assert document.flow == FLOW


def test_what_comes_from_elsewhere_is_there_and_no_step(document):
    document.edit("Add 'c'", edits.add(document.flow, Processor(id="c", type="log")))
    document.merge(edits.rename(document.flow, "a", "Numbers"))
    document.undo_stack.undo()
    assert document.flow.steps["a"].name == "Numbers"
    assert "c" not in document.flow.steps


def test_a_step_whose_part_was_changed_elsewhere_drops_out_of_the_history(document):
    refused: list[str] = []
    document.edit_refused.connect(refused.append)
    document.edit("Rename 'a'", edits.rename(document.flow, "a", "Mine"))
    document.merge(edits.rename(document.flow, "a", "Theirs"))
    document.undo_stack.undo()
    assert document.flow.steps["a"].name == "Theirs"
    assert document.undo_stack.count() == 0
    assert len(refused) == 1


def test_a_conflict_from_elsewhere_changes_nothing(document):
    theirs = edits.rename(document.flow, "a", "Theirs")
    document.edit("Rename 'a'", edits.rename(document.flow, "a", "Mine"))
    with pytest.raises(ConflictError):
        document.merge(theirs)
    assert document.flow.steps["a"].name == "Mine"
