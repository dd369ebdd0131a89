"""Notes, written where they lie on the canvas of the real window."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QApplication

from app.page.note_editor import NoteEditor
from engine.model import edits
from engine.model.codec import load_flow
from tests.app.desk import Desk
from tests.app.hand import CTRL, NONE, SHIFT

NOTE = "label:n"
FLOW = load_flow("""
pyfi: 1
name: noted
processors:
  - {id: a, type: generate, config: {count: 3}}
  - {id: s, flow: inside}
subflows:
  - name: inside
    outputs: [success]
    processors: [{id: b, type: generate, config: {count: 1}}]
    connections: [{from: b.success, to: success}]
    labels: [{id: n, text: deep, size: [200, 90]}]
    layout: {b: [0, 0], 'label:n': [0, 260]}
labels:
  - {id: n, text: old, size: [240, 120]}
layout: {a: [0, 0], s: [420, 0], 'label:n': [0, 300]}
""")
_SPOT = QPointF(120, 390)


def opened(desk: Desk) -> None:
    desk.open(FLOW)
    desk.viewer.look_at(QPointF(400, 250), 1.0)


def text(desk: Desk) -> str:
    return desk.flow.labels["n"].text


def editor(desk: Desk) -> NoteEditor:
    found = desk.viewer.findChild(NoteEditor)
    assert found is not None
    return found


def test_a_double_click_writes_in_place_as_one_step_of_the_history(told):
    def tell(desk: Desk) -> None:
        opened(desk)
        stack = desk.page.document.undo_stack
        desk.hand.double_click(_SPOT)
        area = editor(desk).geometry()
        assert area.topLeft() == desk.viewer.mapFromScene(QPointF(0, 300))
        assert (area.width(), area.height()) == (241, 121)
        desk.type("new words")
        assert text(desk) == "new words"  # a crash would lose nothing
        desk.key(Qt.Key.Key_Escape)
        assert not editor(desk).isVisible()
        assert QApplication.focusWidget() is desk.viewer
        assert desk.chosen == [NOTE]
        assert (stack.count(), stack.undoText()) == (1, "text of a label")
        desk.key(Qt.Key.Key_Z, CTRL)
        assert text(desk) == "old"
        desk.key(Qt.Key.Key_Y, CTRL)
        assert desk.saved().labels["n"].text == "new words"

    told(tell)


def test_the_keyboard_alone_finds_the_note_writes_in_it_and_ends(told):
    def tell(desk: Desk) -> None:
        opened(desk)
        desk.viewer.select(["a"])
        desk.key(Qt.Key.Key_Down)
        assert desk.chosen == [NOTE]
        desk.key(Qt.Key.Key_Return)
        desk.key(Qt.Key.Key_End, CTRL)
        desk.key(Qt.Key.Key_Return)
        desk.type("- more")
        desk.key(Qt.Key.Key_Return, CTRL)
        assert not editor(desk).isVisible()
        assert text(desk) == "old\n- more"
        desk.key(Qt.Key.Key_Right, CTRL)
        assert desk.flow.labels["n"].position == (10.0, 300.0)
        desk.key(Qt.Key.Key_Up)
        assert desk.chosen == ["a"]

    told(tell)


def test_a_click_elsewhere_ends_it_and_the_editor_follows_the_view(told):
    def tell(desk: Desk) -> None:
        opened(desk)
        desk.hand.double_click(_SPOT)
        for scale in (0.3, 2.0):
            desk.viewer.look_at(QPointF(120, 360), scale)
            corner = desk.viewer.mapFromScene(QPointF(0, 300))
            assert editor(desk).pos() == corner
        assert editor(desk).font().pixelSize() == 22
        desk.type("x")
        desk.hand.click(QPointF(-60, 250))
        assert not editor(desk).isVisible()
        assert text(desk) == "x"

    told(tell)


def test_keys_make_a_note_larger_and_smaller_as_one_step_of_the_history(told):
    def tell(desk: Desk) -> None:
        opened(desk)
        stack = desk.page.document.undo_stack
        desk.hand.click(_SPOT)
        desk.key(Qt.Key.Key_Right, CTRL)
        for key, modifiers in ((Qt.Key.Key_W, NONE), (Qt.Key.Key_W, NONE), (Qt.Key.Key_W, SHIFT), (Qt.Key.Key_H, NONE)):
            desk.key(key, modifiers)
        assert desk.flow.labels["n"].size == (250, 130)
        assert desk.chosen == [NOTE]
        for _ in range(30):
            desk.key(Qt.Key.Key_H, SHIFT)
        assert desk.flow.labels["n"].size == (250, 40), "no smaller than one can read"
        desk.key(Qt.Key.Key_Left, CTRL)
        assert [stack.text(number) for number in range(stack.count())][1] == "size of a label"
        assert stack.count() == 3
        for _ in range(2):
            desk.key(Qt.Key.Key_Z, CTRL)
        assert desk.flow.labels["n"].size == (240, 120)

    told(tell)


def test_what_others_do_to_the_note_is_seen_and_a_note_that_goes_takes_the_editor_along(told):
    def tell(desk: Desk) -> None:
        opened(desk)
        document = desk.page.document
        desk.hand.double_click(_SPOT)
        document.merge(edits.configure(desk.flow, NOTE, text="theirs"))
        assert editor(desk).toPlainText() == "theirs"
        document.merge(edits.delete(desk.flow, [NOTE]))
        assert not editor(desk).isVisible()
        assert document.undo_stack.count() == 0

    told(tell)


def test_a_note_inside_a_frame_is_written_in_its_definition(told):
    def tell(desk: Desk) -> None:
        opened(desk)
        desk.viewer.select(["s"])
        desk.window.actions_by_id["expand"].trigger()
        desk.viewer.fit()
        note = desk.page.board.sheet.notes["s/" + NOTE]
        desk.hand.double_click(note.rect.center())
        desk.type("deeper")
        desk.key(Qt.Key.Key_Escape)
        assert desk.flow.definitions["inside"].labels["n"].text == "deeper"
        assert text(desk) == "old"
        desk.hand.double_click(desk.page.board.sheet.notes["s/" + NOTE].rect.center())
        desk.page.board.show_place(desk.page.board.place.below("s"))
        assert not editor(desk).isVisible()

    told(tell)
