"""Everything a person does is one step of the history, and undo takes all of it back."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path

import pytest

from app.board.board import Board
from app.board.editing import Editing
from app.board.template import new_processor
from app.canvas.viewer import FlowViewer
from app.document.document import Document, new_gesture
from engine.client.parts import Place
from engine.model.codec import load_flow
from engine.model.flow import Flow, Label, Processor, Subflow
from tests.app.board.acts import drawn_afresh, seen

FLOW = load_flow("""
pyfi: 1
name: editing
processors:
  - {id: read, type: generate, config: {count: 3}}
  - {id: clean, flow: cleaning}
  - {id: write, type: log}
  - {id: loose, type: python, code: 'def f(x): return x'}
connections:
  - {from: read.success, to: clean.in, priority: lifo, bends: [[300, 250]]}
  - {from: clean.success, to: write.in}
auto_terminate: [loose.success]
labels:
  - {id: note, text: hello, size: [240, 120]}
subflows:
  - name: cleaning
    inputs: [in]
    outputs: [success]
    processors:
      - {id: strip, type: python, code: 'def f(x): return x'}
      - {id: sort, type: python, code: 'def f(x): return x'}
    connections:
      - {from: in, to: strip.in}
      - {from: strip.success, to: sort.in}
      - {from: sort.success, to: success}
    layout: {strip: [0, 0], sort: [500, 0]}
layout: {read: [0, 0], clean: [500, 10], write: [1000, 30], loose: [400, 600], 'label:note': [0, 600]}
""")


class Desk:
    """A board with its editing, and a pair of eyes."""

    def __init__(self, flow: Flow, viewer: FlowViewer) -> None:
        self.document = Document(flow, Path.cwd(), viewer)
        self.board = Board(self.document, viewer, viewer)
        self.editing = Editing(self.board, viewer)
        self.refused: list[str] = []
        self.document.edit_refused.connect(self.refused.append)

    @property
    def flow(self) -> Flow:
        return self.document.flow

    def select(self, *keys: str) -> None:
        self.board.viewer.select(keys)
        assert sorted(self.board.viewer.selected_keys()) == sorted(keys)

    @property
    def chosen(self) -> list[str]:
        return self.board.viewer.selected_keys()

    def place(self, key: str) -> tuple[float, float]:
        cards = self.board.sheet.cards
        return float(cards.x[cards.rows[key]]), float(cards.y[cards.rows[key]])


@pytest.fixture
def desk(qtbot) -> Desk:
    viewer = FlowViewer()
    qtbot.addWidget(viewer)
    return Desk(FLOW, viewer)


def test_the_flow_of_these_tests_is_laid_out_as_it_says(desk):
    assert desk.place("clean") == (500, 10)
    assert desk.flow.definitions["cleaning"].steps["sort"].position == (500, 0)


ACTS: dict[str, tuple[tuple[str, ...], str, Callable[[Desk], object]]] = {
    "add": ((), "", lambda desk: desk.editing.add(new_processor("python", (10.0, 20.0)), ("read.success", "{}.in"))),
    "add a label": ((), "", lambda desk: desk.editing.add_label((5.0, 6.0))),
    "add a subflow": ((), "", lambda desk: desk.editing.add_subflow("cleaning", (5.0, 6.0))),
    "add a port": ((), "clean", lambda desk: desk.editing.add_port("in", is_input=True)),
    "delete": (("read", "write", "label:note"), "", lambda desk: desk.editing.delete()),
    "delete and heal": (("clean",), "", lambda desk: desk.editing.delete(heal=True)),
    "delete a link": (("read.success->clean.in",), "", lambda desk: desk.editing.delete()),
    "cut": (("read", "clean"), "", lambda desk: desk.editing.cut()),
    "paste": (("read", "clean"), "", lambda desk: desk.editing.paste(desk.editing.copy(), (70.0, 80.0))),
    "duplicate": (("read", "clean", "label:note"), "", lambda desk: desk.editing.duplicate()),
    "move": ((), "", lambda desk: desk.editing.move({"read": (7.0, 8.0), "label:note": (1.0, 1.0)}, {})),
    "move with bends": (
        (),
        "",
        lambda desk: desk.editing.move({"read": (7.0, 8.0)}, {"read.success->clean.in": ((300.0, 260.0),)}),
    ),
    "bend": ((), "", lambda desk: desk.editing.bend("read.success->clean.in", ())),
    "resize": ((), "", lambda desk: desk.editing.resize_note("label:note", 90.0, 50.0)),
    "arrange": ((), "", lambda desk: desk.editing.arrange()),
    "arrange some": (("read", "write"), "", lambda desk: desk.editing.arrange()),
    "align": (("read", "clean", "write"), "", lambda desk: desk.editing.align("left")),
    "distribute": (("read", "clean", "loose"), "", lambda desk: desk.editing.distribute("y")),
    "to the front": (("read", "clean", "read.success->clean.in"), "", lambda desk: desk.editing.bring_to_front()),
    "to the back": (("sort",), "clean", lambda desk: desk.editing.send_to_back()),
    "join": ((), "", lambda desk: desk.editing.join("loose", "success", "write", "in")),
    "join a port of the subflow": (
        (),
        "clean",
        lambda desk: desk.editing.join("strip", "failure", "output:success", "success"),
    ),
    "reconnect": ((), "", lambda desk: desk.editing.reconnect("clean.success->write.in", "read", "success", "write", "in")),
    "insert": ((), "", lambda desk: desk.editing.insert_into("loose", "clean.success->write.in", {"loose": (700.0, 0.0)})),
    "add into": ((), "", lambda desk: desk.editing.add_into(new_processor("delay", (1.0, 1.0)), "clean.success->write.in")),
    "insert what nothing goes through": (
        (),
        "",
        lambda desk: desk.editing.insert_into("read", "clean.success->write.in", {"read": (5.0, 5.0)}),
    ),
    "add into what takes nothing": (
        (),
        "",
        lambda desk: desk.editing.add_into(new_processor("generate", (1.0, 1.0)), "clean.success->write.in"),
    ),
    "drop an output": ((), "", lambda desk: desk.editing.drop_output("read", "success", dropped=True)),
    "no longer drop": ((), "", lambda desk: desk.editing.drop_output("loose", "success", dropped=False)),
    "configure links": (
        (),
        "",
        lambda desk: desk.editing.configure_connections(list(desk.flow.connections), "limits", breakpoint=True),
    ),
    "disable": (("read", "clean"), "", lambda desk: desk.editing.set_enabled(enabled=False)),
    "colour": (("read", "label:note"), "", lambda desk: desk.editing.set_color("#ff8800")),
    "rename": ((), "", lambda desk: desk.editing.rename("read", "Numbers")),
    "wrap": (("read", "clean"), "", lambda desk: desk.editing.wrap("both")),
    "wrap inside": (("strip", "sort"), "clean", lambda desk: desk.editing.wrap("both")),
    "dissolve": ((), "", lambda desk: desk.editing.unwrap("clean")),
}


@pytest.mark.parametrize("name", ACTS)
def test_it_is_one_step_that_undo_takes_back_and_redo_makes_again(desk, name):
    selection, into, act = ACTS[name]
    if into:
        desk.board.enter(into)
    desk.select(*selection)
    before = desk.flow
    act(desk)
    assert desk.refused == []
    assert desk.document.undo_stack.count() == 1
    assert desk.document.undo_stack.undoText()
    after = desk.flow
    assert after != before
    fresh = drawn_afresh(after, desk.board.place, FlowViewer())
    assert seen(desk.board) == seen(fresh)
    desk.document.undo_stack.undo()
    assert desk.flow == before
    assert seen(desk.board) == seen(drawn_afresh(before, desk.board.place, fresh.viewer))
    desk.document.undo_stack.redo()
    assert desk.flow == after
    fresh.viewer.deleteLater()


NOTHING: dict[str, tuple[tuple[str, ...], Callable[[Desk], object]]] = {
    "delete nothing": ((), lambda desk: desk.editing.delete()),
    "copy nothing": ((), lambda desk: desk.editing.copy()),
    "duplicate nothing": ((), lambda desk: desk.editing.duplicate()),
    "move to where it is": ((), lambda desk: desk.editing.move({"read": (0.0, 0.0)}, {})),
    "align one": (("read",), lambda desk: desk.editing.align("left")),
    "distribute two": (("read", "clean"), lambda desk: desk.editing.distribute("x")),
    "colour nothing": ((), lambda desk: desk.editing.set_color("#ffffff")),
    "enable what is": (("read",), lambda desk: desk.editing.set_enabled(enabled=True)),
    "the name it has": ((), lambda desk: desk.editing.rename("read", "")),
    "paste what is no flow": ((), lambda desk: desk.editing.paste("hello", (0.0, 0.0))),
    "paste a flow with nothing in it": ((), lambda desk: desk.editing.paste("{pyfi: 1, name: x}", (0.0, 0.0))),
}


@pytest.mark.parametrize("name", NOTHING)
def test_what_changes_nothing_leaves_no_step(desk, name):
    selection, act = NOTHING[name]
    desk.select(*selection)
    assert not act(desk)
    assert (desk.document.undo_stack.count(), desk.flow, desk.refused) == (0, FLOW, [])


REFUSED: dict[str, tuple[tuple[str, ...], Callable[[Desk], object]]] = {
    "join twice": ((), lambda desk: desk.editing.join("clean", "success", "write", "in")),
    "a bad name": (("read",), lambda desk: desk.editing.wrap("a/b")),
    "wrap nothing": ((), lambda desk: desk.editing.wrap("empty")),
    "dissolve a processor": ((), lambda desk: desk.editing.unwrap("read")),
    "an end that is not there": (
        (),
        lambda desk: desk.editing.add(new_processor("python", (0.0, 0.0)), ("none.success", "{}.in")),
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_is_told_in_a_sentence_and_nothing_is_done(desk, name):
    selection, act = REFUSED[name]
    desk.select(*selection)
    assert not act(desk)
    assert (desk.document.undo_stack.count(), desk.flow) == (0, FLOW)
    assert len(desk.refused) == 1
    assert desk.refused[0]


def test_a_new_part_has_a_free_id_and_is_selected(desk):
    first = desk.editing.add(new_processor("python", (0.0, 0.0)))
    second = desk.editing.add(new_processor("python", (0.0, 300.0)), ("read.success", "{}.in"), ("{}.failure", "write.in"))
    assert (first, second) == ("python", "python-2")
    assert desk.chosen == ["python-2"]
    assert {"read.success->python-2.in", "python-2.failure->write.in"} <= set(desk.flow.connections)


def test_what_is_pasted_lies_where_it_should_and_is_selected(desk):
    desk.select("read", "clean", "label:note")
    text = desk.editing.copy()
    assert desk.editing.paste(text, (1000.0, 2000.0))
    assert sorted(desk.chosen) == ["clean-2", "label:note-2", "read-2"]
    assert desk.place("read-2") == (1000, 2000)
    assert desk.place("clean-2") == (1500, 2010)
    assert desk.flow.connections["read-2.success->clean-2.in"].priority == "lifo"


def test_a_flow_without_layout_is_not_pasted_as_a_heap(desk):
    """Text from a file or a chat may say nothing of places."""
    text = "{pyfi: 1, name: x, processors: [{id: a, type: log}, {id: b, type: log}, {id: c, type: log}]}"
    assert desk.editing.paste(text, (1000.0, 2000.0))
    places = [desk.place(key) for key in "abc"]
    assert len(set(places)) == 3
    assert min(x for x, _ in places) == 1000
    assert min(y for _, y in places) == 2000


def test_parts_go_from_one_flow_to_another_as_text(desk, qtbot):
    desk.select("read", "clean")
    text = desk.editing.cut()
    assert set(desk.flow.steps) == {"write", "loose"}
    viewer = FlowViewer()
    qtbot.addWidget(viewer)
    other = Desk(load_flow("{pyfi: 1, name: other}"), viewer)
    assert other.editing.paste(text, (0.0, 0.0))
    assert set(other.flow.steps) == {"read", "clean"}
    assert set(other.flow.definitions) == {"cleaning"}
    other.document.undo_stack.undo()
    assert other.flow == load_flow("{pyfi: 1, name: other}")


def test_duplicates_walk_on(desk):
    desk.select("read")
    desk.editing.duplicate()
    desk.editing.duplicate()
    assert desk.chosen == ["read-3"]
    assert (desk.place("read-2"), desk.place("read-3")) == ((40, 40), (80, 80))


@pytest.mark.parametrize(
    ("edge", "axis", "wanted"),
    [
        ("left", 0, lambda x, width: x),
        ("right", 0, lambda x, width: x + width),
        ("centre", 0, lambda x, width: x + width / 2),
        ("top", 1, lambda y, height: y),
        ("bottom", 1, lambda y, height: y + height),
        ("middle", 1, lambda y, height: y + height / 2),
    ],
)
def test_aligning_brings_edges_in_line(desk, edge, axis, wanted):
    desk.select("read", "clean", "loose")
    desk.editing.align(edge)
    cards = desk.board.sheet.cards
    rects = [cards.rect(cards.rows[key]).getRect() for key in desk.chosen]
    lines = [wanted(rect[axis], rect[axis + 2]) for rect in rects]
    assert max(lines) - min(lines) <= 1.0


@pytest.mark.parametrize("axis", ["x", "y"])
def test_distributing_makes_gaps_equal_and_leaves_the_outer_ones(desk, axis):
    desk.select("read", "clean", "write", "loose")
    number = 0 if axis == "x" else 1
    before = sorted(desk.place(key)[number] for key in desk.chosen)
    desk.editing.distribute(axis)
    cards = desk.board.sheet.cards
    spans = sorted((_rect := cards.rect(cards.rows[key]).getRect())[number : number + 3 : 2] for key in desk.chosen)
    gaps = [after[0] - sum(first) for first, after in itertools.pairwise(spans)]
    assert max(gaps) - min(gaps) <= 2.0
    assert (spans[0][0], spans[-1][0]) == (before[0], before[-1])


def test_laying_out_a_selection_leaves_the_rest_alone(desk):
    desk.select("clean", "write")
    desk.editing.arrange()
    assert desk.place("loose") == (400, 600)
    assert desk.place("read") == (0, 0)
    assert desk.place("clean") == (500, 10)
    assert desk.flow.connections["read.success->clean.in"].bends == ((300, 250),)


def test_nudges_of_one_gesture_are_one_step(desk):
    gesture = new_gesture()
    for x in (10.0, 20.0, 30.0):
        desk.editing.move({"read": (x, 0.0)}, {}, gesture)
    assert desk.document.undo_stack.count() == 1
    desk.document.undo_stack.undo()
    assert desk.place("read") == (0, 0)


def test_a_step_put_into_a_connection_keeps_its_policy(desk):
    desk.editing.insert_into("loose", "read.success->clean.in", {"loose": (250.0, 0.0)})
    assert desk.flow.connections["read.success->loose.in"].priority == "lifo"
    assert "loose.success->clean.in" in desk.flow.connections
    assert desk.flow.steps["loose"].auto_terminate == ()
    assert desk.place("loose") == (250, 0)


def test_a_step_that_is_not_configured_yet_can_be_put_into_a_connection(desk):
    desk.editing.add_into(new_processor("delay", (750.0, 0.0)), "clean.success->write.in")
    assert {"clean.success->delay.in", "delay.success->write.in"} <= set(desk.flow.connections)
    desk.editing.add_into(new_processor("generate", (750.0, 0.0)), "clean.success->delay.in")
    assert "clean.success->delay.in" in desk.flow.connections


def test_the_own_ports_of_a_subflow_are_neither_moved_nor_deleted(desk):
    desk.board.enter("clean")
    desk.select("input:in", "output:success", "strip")
    desk.editing.move({"input:in": (0.0, 0.0), "strip": (10.0, 0.0)}, {})
    assert desk.refused == []
    desk.editing.delete()
    assert (set(desk.board.level.steps), desk.board.level.header.inputs) == ({"sort"}, ("in",))


def test_a_wrapped_selection_can_be_entered_and_dissolved(desk):
    desk.select("clean", "write")
    assert desk.editing.wrap("tail")
    (step,) = desk.chosen
    assert isinstance(desk.flow.steps[step], Subflow)
    desk.board.enter(step)
    assert set(desk.board.level.steps) == {"clean", "write"}
    desk.board.leave()
    desk.editing.unwrap(step)
    assert set(desk.flow.steps) == {"read", "clean", "write", "loose"}
    assert desk.board.place == Place()


def test_the_history_calls_parts_by_name_or_counts_them(desk):
    assert desk.editing.named(["read"]) == "'read'"
    assert desk.editing.named(["read", "write"]) == "2 processors"
    assert desk.editing.named(["read", "label:note"]) == "2 parts"


@pytest.mark.parametrize("type", ["python", "node", "bash", "filter"])
def test_a_new_processor_holds_what_it_needs_to_begin(type):
    made = new_processor(type, (1.0, 2.0))
    assert isinstance(made, Processor)
    assert (made.type, made.position) == (type, (1.0, 2.0))
    assert bool(made.code) == (type != "filter")


def test_labels_have_keys_of_their_own(desk):
    assert desk.editing.add_label((0.0, 0.0)) == "label:label"
    assert desk.editing.add_label((0.0, 0.0)) == "label:label-2"
    assert desk.flow.labels["label"] == Label(id="label", text="**Label**", position=(0.0, 0.0), size=(240.0, 120.0))
    assert desk.chosen == ["label:label-2"]
