"""A subflow expanded in place: one sees and does inside what one does on the level, and all of it can be undone."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from msgspec import structs
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtWidgets import QApplication

from app.board.board import Board
from app.board.editing import Editing
from app.board.hand import Hand as BoardHand
from app.canvas.card import Kind, State
from app.canvas.paint.button_painter import button_rects, buttons_of
from app.canvas.viewer import FlowViewer
from app.document.document import Document
from engine.client.parts import Place
from engine.model import edits
from engine.model.codec import load_flow
from engine.model.flow import Flow, Header, Subflow
from tests.app.board.acts import drawn_afresh, seen
from tests.app.hand import CTRL, SHIFT, Hand

FLOW = load_flow("""
pyfi: 1
name: framed
processors:
  - {id: read, type: generate, config: {count: 3}}
  - {id: clean, flow: cleaning}
  - {id: again, flow: cleaning}
  - {id: below, type: log}
connections:
  - {from: read.success, to: clean.in}
  - {from: clean.success, to: again.in, bends: [[850, 300]]}
auto_terminate: [again.success]
labels:
  - {id: back, text: behind, size: [400, 300]}
  - {id: side, text: beside, size: [240, 120]}
subflows:
  - name: cleaning
    inputs: [in]
    outputs: [success]
    processors:
      - {id: strip, type: python, code: 'def f(x): return x'}
      - {id: deep, flow: deeper}
    connections:
      - {from: in, to: strip.in}
      - {from: strip.success, to: deep.in}
    labels:
      - {id: note, text: inside, size: [200, 100]}
    layout: {strip: [100, 50], deep: [600, 50], 'label:note': [100, 350]}
  - name: deeper
    inputs: [in]
    outputs: [success]
    processors:
      - {id: a, type: python, code: 'def f(x): return x'}
      - {id: self, flow: deeper}
    layout: {a: [0, 0], self: [0, 300]}
layout:
  read: [0, 0]
  clean: [450, 0]
  again: [900, 0]
  below: [450, 400]
  'label:back': [430, -50]
  'label:side': [900, 400]
""")


class Desk:
    """A board that a hand edits."""

    def __init__(self, flow: Flow, viewer: FlowViewer) -> None:
        self.viewer = viewer
        self.document = Document(flow, Path.cwd(), viewer)
        self.board = Board(self.document, viewer, viewer)
        self.editing = Editing(self.board, viewer)
        self.board_hand = BoardHand(self.board, self.editing)
        self.hand = Hand(viewer)
        self.refused: list[str] = []
        self.document.edit_refused.connect(self.refused.append)

    @property
    def flow(self) -> Flow:
        return self.document.flow

    def expand(self, *steps: str) -> None:
        self.viewer.select(steps)
        self.editing.expand(expanded=True)

    def collapse(self, *steps: str) -> None:
        self.viewer.select(steps)
        self.editing.expand(expanded=False)

    def rect(self, key: str) -> QRectF:
        cards = self.board.sheet.cards
        return cards.rect(cards.rows[key])

    def title(self, key: str) -> QPointF:
        """Where a card or frame is taken hold of."""
        return self.rect(key).topLeft() + QPointF(120, 18)

    def port(self, key: str, name: str, *, is_input: bool = False) -> QPointF:
        cards = self.board.sheet.cards
        return cards.spot(cards.rows[key], name, is_input=is_input)

    def position(self, key: str, definition: str = "") -> tuple[float, float]:
        level = self.flow.definitions[definition] if definition else self.flow
        found = level.labels[key[6:]].position if key.startswith("label:") else level.steps[key].position
        assert found is not None
        return found

    def look_at(self, key: str, scale: float = 0.7) -> None:
        self.viewer.look_at(self.rect(key).center(), scale)

    def undone_and_redone(self, before: Flow) -> None:
        """Undo goes back all the way, redo comes forth again, and the sheet is as if drawn from scratch."""
        after, stack = self.flow, self.document.undo_stack
        assert after != before
        while stack.canUndo():
            stack.undo()
        assert self.flow == before
        assert seen(self.board) == seen(drawn_afresh(before, self.board.base, FlowViewer()))
        while stack.canRedo():
            stack.redo()
        assert self.flow == after
        assert seen(self.board) == seen(drawn_afresh(after, self.board.base, FlowViewer()))


@pytest.fixture
def desk(qtbot) -> Desk:
    viewer = FlowViewer()
    qtbot.addWidget(viewer)
    viewer.resize(1600, 900)
    viewer.show()
    made = Desk(FLOW, viewer)
    viewer.activateWindow()
    viewer.setFocus()
    return made


def overlaps(desk: Desk, key: str) -> list[str]:
    """Cards of the sheet's level that lie under a frame."""
    cards = desk.board.sheet.cards
    others = [cards.rows.keys[row] for row in cards.rows.all().tolist() if cards.owner[row] < 0]
    return [other for other in others if other != key and desk.rect(other).intersects(desk.rect(key))]


def test_what_is_inside_lies_in_the_frame_with_links_inside_and_outside(desk):
    before = desk.flow
    desk.expand("clean")
    sheet = desk.board.sheet
    frame = desk.rect("clean")
    assert sheet.cards.card(sheet.cards.rows["clean"]).kind is Kind.FRAME
    for key in ("clean/strip", "clean/deep", "clean/input:in", "clean/output:success"):
        assert frame.contains(desk.rect(key)), key
        assert sheet.owner_of(key) == "clean"
    assert frame.contains(sheet.notes["clean/label:note"].rect)
    assert desk.rect("clean/deep").topLeft() - desk.rect("clean/strip").topLeft() == QPointF(500, 0)
    assert {"clean/in->strip.in", "clean/strip.success->deep.in"} <= {
        sheet.links.rows.keys[row] for row in sheet.links.rows.all().tolist()
    }
    # Its own ports are at its edges, and connections meet it beside them.
    assert desk.rect("clean/input:in").left() == frame.left()
    assert desk.rect("clean/output:success").right() == frame.right()
    x, y = sheet.links.line[sheet.links.rows["read.success->clean.in"]][2:].tolist()
    assert (x, y) == (frame.left(), desk.rect("clean/input:in").center().y())
    desk.undone_and_redone(before)


def test_expanding_makes_room_in_the_same_step_and_collapsing_gives_it_back(desk):
    before = desk.flow
    desk.expand("clean")
    assert desk.document.undo_stack.count() == 1
    frame = desk.rect("clean")
    assert overlaps(desk, "clean") == []
    across, down = frame.width() - 300, frame.height() - before_height(desk)
    assert desk.position("read") == (0, 0)
    assert desk.position("again") == (900 + across, 0)
    assert desk.position("below") == (450, 400 + down)
    assert desk.position("label:side") == (900 + across, 400 + down)
    assert desk.flow.connections["clean.success->again.in"].bends == ((850 + across, 300 + down),)
    assert desk.board.sheet.notes["label:back"].rect.contains(frame)  # what lies behind it grows with it
    desk.document.undo_stack.undo()
    assert desk.flow == before
    desk.document.undo_stack.redo()
    desk.collapse("clean")
    assert desk.flow == before


def before_height(desk: Desk) -> float:
    """How high the card of `again`, which is a use of the same, is."""
    return desk.rect("again").height()


def test_frames_lie_in_frames_and_make_room_around_all_of_them(desk):
    before = desk.flow
    desk.expand("clean")
    width = desk.rect("clean").width()
    desk.viewer.choose(["clean/deep"], "clean")
    assert (desk.board.place, desk.board.within) == (Place(("clean",)), "cleaning")
    desk.editing.expand(expanded=True)
    assert desk.rect("clean").contains(desk.rect("clean/deep"))
    assert desk.rect("clean/deep").contains(desk.rect("clean/deep/a"))
    assert desk.rect("clean").width() > width
    assert overlaps(desk, "clean") == []
    assert desk.document.undo_stack.count() == 2
    desk.undone_and_redone(before)
    desk.expand("again")  # the other use has the same inside, expanded too
    assert desk.rect("again/deep").contains(desk.rect("again/deep/a"))
    assert overlaps(desk, "again") == overlaps(desk, "clean") == []


def test_what_holds_itself_is_expanded_once_and_not_without_end(desk):
    desk.board.show_place(Place(("clean",)))
    desk.expand("deep")
    desk.viewer.choose(["deep/self"], "deep")
    desk.editing.expand(expanded=True)
    assert desk.refused == ["'self' holds itself, so that it could be expanded without end; enter it instead."]
    # A file may say so all the same: it is drawn as a card.
    deeper = desk.flow.definitions["deeper"]
    step = structs.replace(deeper.steps["self"], expanded=True)
    endless = structs.replace(deeper, steps={**deeper.steps, "self": step})
    flow = structs.replace(FLOW, definitions={**FLOW.definitions, "deeper": endless})
    board = drawn_afresh(flow, Place(("clean", "deep")), FlowViewer())
    assert board.sheet.frames == {}


def test_a_card_inside_is_dragged_in_its_definition(desk):
    before = desk.flow
    desk.expand("clean", "again")
    desk.look_at("clean")
    spot = desk.title("clean/strip")
    desk.hand.drag(spot, spot + QPointF(60, 90))
    assert desk.position("strip", "cleaning") == (160, 140)
    assert desk.viewer.selected_keys() == ["strip"]
    # Both uses of the definition show it.
    assert desk.rect("again/strip").topLeft() - desk.rect("again").topLeft() == (
        desk.rect("clean/strip").topLeft() - desk.rect("clean").topLeft()
    )
    desk.undone_and_redone(before)


def test_a_card_dragged_beyond_the_edge_makes_the_frame_larger_and_pushes_what_is_beside_it(desk):
    desk.expand("clean")
    desk.look_at("clean", 0.6)
    was, beside = desk.rect("clean"), desk.position("again")
    spot = desk.title("clean/deep")
    desk.hand.drag(spot, spot + QPointF(200, 0))
    assert desk.document.undo_stack.count() == 2
    assert desk.rect("clean").width() == was.width() + 200
    assert desk.position("again") == (beside[0] + 200, beside[1])
    assert overlaps(desk, "clean") == []


def test_the_title_moves_the_frame_with_all_that_is_inside(desk):
    desk.expand("clean")
    desk.look_at("clean", 0.6)
    inside = desk.rect("clean/strip").topLeft() - desk.rect("clean").topLeft()
    spot = desk.title("clean")
    desk.hand.drag(spot, spot + QPointF(-100, 40), drop=False)
    assert desk.rect("clean/strip").topLeft() - desk.rect("clean").topLeft() == inside  # while it is dragged, too
    desk.hand.release()
    assert desk.position("clean") == (350, 40)
    assert desk.position("strip", "cleaning") == (100, 50)
    assert desk.rect("clean/strip").topLeft() - desk.rect("clean").topLeft() == inside


def test_ports_inside_are_joined_by_dragging_also_to_the_subflows_own(desk):
    before = desk.flow
    desk.expand("clean")
    desk.look_at("clean", 0.7)
    desk.hand.drag(desk.port("clean/strip", "failure"), desk.port("clean/output:success", "success", is_input=True))
    assert "strip.failure->success" in desk.flow.definitions["cleaning"].connections
    desk.hand.drag(desk.port("clean/input:in", "in"), desk.port("clean/deep", "in", is_input=True))
    assert "in->deep.in" in desk.flow.definitions["cleaning"].connections
    assert "clean/in->deep.in" in desk.board.sheet.links.rows
    desk.undone_and_redone(before)


def test_a_connection_does_not_lead_from_one_level_into_another(desk):
    desk.expand("clean")
    desk.look_at("clean", 0.5)
    before = desk.flow
    desk.hand.drag(desk.port("clean/strip", "failure"), desk.port("again", "in", is_input=True))
    desk.hand.drag(desk.port("read", "failure"), desk.port("clean/strip", "in", is_input=True))
    desk.hand.drag(desk.port("read", "failure"), desk.rect("clean/deep").center())
    assert desk.flow == before


def test_what_is_selected_is_of_one_level(desk):
    desk.expand("clean")
    desk.look_at("clean", 0.6)
    levels: list[str] = []
    desk.board.level_changed.connect(lambda: levels.append(desk.board.within))
    desk.hand.click(desk.title("read"))
    desk.hand.click(desk.title("clean/strip"), modifiers=CTRL)
    assert desk.board.sheet.selected() == ["clean/strip"]
    assert levels == ["cleaning"]
    desk.hand.click(desk.title("clean/deep"), modifiers=CTRL)
    assert sorted(desk.viewer.selected_keys()) == ["deep", "strip"]
    corner = desk.rect("clean").bottomRight() - QPointF(10, 10)
    desk.hand.drag(corner, desk.rect("clean/strip").topLeft() - QPointF(10, 5), modifiers=SHIFT)
    assert sorted(desk.viewer.selected_keys()) == ["deep", "label:note", "output:success", "strip"]
    desk.viewer.select_all()
    assert sorted(desk.viewer.selected_keys()) == ["deep", "input:in", "label:note", "output:success", "strip"]


def test_delete_copy_and_paste_work_inside(desk):
    before = desk.flow
    desk.expand("clean")
    desk.look_at("clean", 0.6)
    desk.hand.click(desk.title("clean/strip"))
    text = desk.editing.copy()
    desk.editing.delete()
    assert list(desk.flow.definitions["cleaning"].steps) == ["deep"]
    assert "clean/strip" not in desk.board.sheet.cards.rows
    assert desk.editing.paste(text, (300.0, 500.0))
    assert desk.position("strip", "cleaning") == (300, 500)
    assert desk.viewer.selected_keys() == ["strip"]
    desk.hand.click(desk.title("read"))
    assert desk.editing.paste(text, (0.0, 1500.0))
    assert "strip" in desk.flow.steps
    desk.undone_and_redone(before)


def test_escape_leads_out_of_the_frame_and_then_out_of_the_level(desk):
    desk.board.show_place(Place(("clean",)))
    desk.expand("deep")
    desk.look_at("deep", 0.6)
    desk.hand.click(desk.title("deep/a"))
    desk.hand.key(Qt.Key.Key_Escape)
    assert (desk.viewer.selected_keys(), desk.board.place) == ([], Place(("clean", "deep")))
    desk.hand.key(Qt.Key.Key_Escape)
    assert (desk.viewer.selected_keys(), desk.board.place) == (["deep"], Place(("clean",)))
    desk.hand.key(Qt.Key.Key_Escape)
    desk.hand.key(Qt.Key.Key_Escape)
    assert desk.board.place == Place()


def test_a_double_click_opens_what_is_inside_and_enters_by_the_title(desk):
    desk.expand("clean")
    desk.look_at("clean", 0.6)
    opened: list[str] = []
    places: list[tuple[QPointF, str]] = []
    desk.board_hand.part_opened.connect(opened.append)
    desk.board_hand.search_wanted.connect(lambda spot, *_: places.append((spot, desk.board.within)))
    desk.hand.double_click(desk.title("clean/strip"))
    assert (opened, desk.board.within) == (["strip"], "cleaning")
    desk.hand.double_click(desk.rect("clean/strip").bottomLeft() + QPointF(0, 30))
    spot, within = places[0]
    assert within == "cleaning"
    assert (spot - QPointF(100, desk.rect("clean/strip").height() + 80)).manhattanLength() < 4
    desk.hand.double_click(desk.title("clean"))
    assert desk.board.base == Place(("clean",))


def test_the_buttons_over_it_expand_and_collapse(desk):
    desk.viewer.look_at(QPointF(700, 200), 0.8)
    pressed: list[tuple[str, str]] = []
    desk.viewer.button_pressed.connect(lambda key, name: pressed.append((key, name)))

    def press(kind: Kind, name: str) -> None:
        names = buttons_of(kind, State.STOPPED)
        desk.hand.move(desk.title("clean"))
        desk.hand.click(dict(button_rects(desk.rect("clean"), names))[name].center())

    press(Kind.SUBFLOW, "expand")
    assert pressed == [("clean", "expand")]
    desk.expand("clean")
    desk.viewer.look_at(QPointF(desk.rect("clean").right() - 500, 200), 0.8)
    names = buttons_of(Kind.FRAME, State.STOPPED)
    desk.hand.move(desk.rect("clean").topRight() + QPointF(-60, 18))
    desk.hand.click(dict(button_rects(desk.rect("clean"), names))["collapse"].center())
    assert pressed[1:] == [("clean", "collapse")]
    # The right end of the bar may be out of sight: the buttons are not.
    desk.viewer.look_at(desk.rect("clean").topLeft() + QPointF(500, 200), 1.2)
    desk.hand.move(desk.title("clean"))
    bar = QRectF(desk.rect("clean").topLeft(), QPointF(desk.viewer.seen.right() - 8, desk.rect("clean").top() + 40))
    desk.hand.click(dict(button_rects(bar, names))["collapse"].center())
    assert pressed[2:] == [("clean", "collapse")]


def test_one_goes_to_a_part_in_a_frame_without_leaving_the_sheet(desk):
    desk.expand("clean")
    desk.board.show_part(Place(("clean",)), "strip")
    assert (desk.board.base, desk.board.sheet.selected()) == (Place(), ["clean/strip"])
    desk.board.show_part_within("cleaning", "deep")
    assert (desk.board.base, desk.board.sheet.selected()) == (Place(), ["clean/deep"])
    desk.board.show_part(Place(("again",)), "strip")
    assert (desk.board.base, desk.viewer.selected_keys()) == (Place(("again",)), ["strip"])


def test_states_inside_are_those_of_their_own_processors(desk):
    desk.expand("clean")
    desk.board.set_states({"clean/strip": State.RUNNING, "again/strip": State.BROKEN})
    cards = desk.board.sheet.cards

    def state(key: str) -> State:
        return State(int(cards.state[cards.rows[key]]))

    assert (state("clean/strip"), state("clean"), state("again")) == (State.RUNNING, State.RUNNING, State.BROKEN)
    desk.board.clear_states()
    assert state("clean/strip") is State.STOPPED


def test_arrows_go_and_move_inside_the_frame(desk):
    desk.expand("clean")
    desk.look_at("clean", 0.6)
    desk.hand.click(desk.title("clean/strip"))
    desk.hand.key(Qt.Key.Key_Right)
    assert desk.board.sheet.selected() == ["clean/deep"]
    desk.hand.key(Qt.Key.Key_Down, CTRL)
    assert desk.position("deep", "cleaning") == (600, 60)


def test_bends_and_notes_inside_are_changed_in_their_definition(desk):
    desk.expand("clean")
    desk.look_at("clean", 0.55)  # from here labels are not in the way
    links = desk.board.sheet.links
    row = links.rows["clean/strip.success->deep.in"]
    x, y = links.route(row).at(0.2)
    desk.hand.double_click(QPointF(x, y))
    bends = desk.flow.definitions["cleaning"].connections["strip.success->deep.in"].bends
    assert len(bends) == 1
    origin = desk.board.sheet.origin
    assert (QPointF(*bends[0]) + origin - QPointF(x, y)).manhattanLength() <= 12
    note = desk.board.sheet.notes["clean/label:note"].rect
    desk.hand.click(note.center())
    desk.hand.drag(note.bottomRight() - QPointF(3, 3), note.bottomRight() + QPointF(47, 37))
    size = desk.flow.definitions["cleaning"].labels["note"].size
    assert size is not None
    assert size[0] > 200


def test_arranging_leaves_room_for_frames(desk):
    desk.expand("clean")
    desk.viewer.select([])
    desk.editing.arrange()
    assert overlaps(desk, "clean") == []
    before = desk.flow
    desk.viewer.choose(["clean/strip", "clean/deep"], "clean")
    desk.editing.align("top")
    desk.editing.align("bottom")
    assert desk.board.sheet.cards.rect(desk.board.sheet.cards.rows["clean/strip"]).bottom() == desk.rect("clean/deep").bottom()
    assert set(before.steps) == set(desk.flow.steps)
    assert isinstance(desk.flow.steps["clean"], Subflow)


def test_a_frame_that_goes_while_one_works_in_it_leaves_one_on_the_level(desk):
    desk.expand("clean")
    desk.look_at("clean", 0.6)
    desk.hand.click(desk.title("clean/strip"))
    desk.document.undo_stack.undo()
    assert (desk.board.place, desk.viewer.selected_keys(), desk.board.sheet.frames) == (Place(), [], {})
    QApplication.processEvents()


def test_an_edit_by_another_hand_makes_room_too(desk):
    desk.expand("clean")
    before, below, height = desk.flow, desk.position("below"), desk.rect("clean").height()
    names = tuple(f"port-{number}" for number in range(40))
    desk.document.edit("ports", edits.configure(desk.flow, "strip", "cleaning", outputs=names))
    grown = desk.rect("clean").height() - height
    assert grown > 300
    assert desk.position("below") == (below[0], below[1] + grown)
    desk.document.undo_stack.undo()
    assert desk.flow == before
    # What makes the document equal to something else makes it so exactly.
    desk.document.replace("as it was", FLOW)
    assert desk.flow == FLOW


def test_what_lay_on_the_card_lies_below_the_frame(desk):
    desk.document.edit("move", edits.move(desk.flow, {"below": (500.0, 60.0)}))
    desk.expand("clean")
    assert overlaps(desk, "clean") == []


def test_more_frames_in_each_other_than_can_be_drawn_are_cards(desk):
    names = [f"d{number}" for number in range(40)]
    definitions = {
        name: Flow(header=Header(name=name), steps={key: Subflow(id=key, flow=after, expanded=True) for key in "ab"})
        for name, after in itertools.pairwise(names)
    }
    definitions[names[-1]] = Flow(header=Header(name=names[-1]))
    flow = Flow(header=Header(name="many"), steps={"s": Subflow(id="s", flow="d0", expanded=True)}, definitions=definitions)
    board = drawn_afresh(flow, Place(), FlowViewer())
    assert len(board.sheet.frames) == 200
    board.document.edit("rename", edits.rename(flow, "a", "A", "d1"))
    assert seen(board) == seen(drawn_afresh(board.document.flow, Place(), FlowViewer()))
