"""A flow drawn from nothing with mouse and keys, in the real window; undone, redone, saved."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QDropEvent, QGuiApplication
from PySide6.QtWidgets import QApplication, QToolButton

from app.page.component import Component, processors
from app.window.component_bar import ComponentButton
from engine.client.parts import Place
from engine.model.codec import load_flow
from engine.model.flow import Flow, Subflow
from engine.model.layout import placed
from tests.app.desk import Desk, until
from tests.app.hand import ALT, CTRL, SHIFT

CHAIN = placed(
    load_flow("""
pyfi: 1
name: chain
processors:
  - {id: a, type: generate, config: {count: 3}}
  - {id: b, type: python, code: 'def f(x): return x'}
  - {id: c, type: log}
  - {id: d, type: python, code: 'def f(x): return x'}
connections:
  - {from: a.success, to: b.in}
  - {from: b.success, to: c.in}
layout: {a: [0, 0], b: [450, 0], c: [900, 0], d: [450, 350]}
""")
)


def undone_and_redone(desk: Desk, before: Flow) -> None:
    """Everything that was done goes with Ctrl+Z and comes back with Ctrl+Y, in the database too."""
    after = desk.flow
    assert after != before
    steps = desk.page.document.undo_stack.count()
    for _ in range(steps):
        desk.key(Qt.Key.Key_Z, CTRL)
    assert desk.flow == before
    assert desk.saved() == before
    for _ in range(steps):
        desk.key(Qt.Key.Key_Y, CTRL)
    assert desk.flow == after
    assert desk.saved() == after


def test_a_flow_is_drawn_from_nothing_with_the_mouse(told):
    def tell(desk: Desk) -> None:
        desk.new()
        before = desk.flow
        desk.hand.double_click(QPointF(200, 0))
        desk.type("generate")
        desk.key(Qt.Key.Key_Return)
        assert (list(desk.flow.steps), desk.chosen) == (["generate"], ["generate"])
        assert desk.place("generate") == (200, 0)
        desk.look()
        desk.hand.drag(desk.port("generate", "success"), QPointF(600, 100))
        desk.type("python")
        desk.key(Qt.Key.Key_Return)
        assert "generate.success->python.in" in desk.flow.connections
        desk.look()
        desk.hand.move(QPointF(500, 450))
        desk.key(Qt.Key.Key_Tab)
        desk.type("log")
        desk.key(Qt.Key.Key_Return)
        assert desk.place("log") == (500, 450)
        desk.hand.drag(desk.port("python", "success"), desk.middle("log"))
        assert "python.success->log.in" in desk.flow.connections
        undone_and_redone(desk, before)

    told(tell)


def test_what_is_offered_at_a_connection_fits_and_escape_adds_nothing(told):
    def tell(desk: Desk) -> None:
        desk.open(CHAIN)
        before = desk.flow
        desk.hand.drag(desk.port("d", "in", is_input=True), desk.port("d", "in", is_input=True) - QPointF(150, 0))
        popup = QApplication.activePopupWidget()
        assert popup is not None
        desk.type("write lines")
        desk.key(Qt.Key.Key_Escape)
        assert QApplication.activePopupWidget() is None
        assert desk.flow == before
        desk.hand.drag(desk.port("d", "in", is_input=True), desk.port("d", "in", is_input=True) - QPointF(150, 0))
        desk.type("generate")
        desk.key(Qt.Key.Key_Return)
        assert "generate.success->d.in" in desk.flow.connections

    told(tell)


def test_cards_are_dragged_with_their_bends_and_only_once_in_the_history(told):
    def tell(desk: Desk) -> None:
        desk.open(CHAIN)
        before = desk.flow
        desk.hand.drag(desk.middle("d"), desk.middle("d") + QPointF(33, 47))
        assert desk.place("d") == (480, 400)
        desk.hand.drag(desk.middle("d"), desk.middle("d") + QPointF(3, 7), modifiers=ALT)
        assert desk.place("d") == (483, 407)
        desk.hand.drag(desk.middle("d"), desk.middle("d") + QPointF(80, 0), drop=False)
        desk.key(Qt.Key.Key_Escape)
        desk.hand.release()
        assert desk.place("d") == (483, 407)
        assert desk.page.document.undo_stack.count() == 2
        desk.hand.click(desk.middle("a"))
        desk.hand.click(desk.middle("b"), modifiers=CTRL)
        desk.hand.drag(desk.middle("a"), desk.middle("a") + QPointF(0, 50))
        assert (desk.place("a"), desk.place("b")) == ((0, 50), (450, 50))
        assert desk.page.document.undo_stack.undoText() == "move of 2 processors"
        for _ in range(3):
            desk.key(Qt.Key.Key_Down, CTRL)
        assert desk.place("a") == (0, 80)
        assert desk.page.document.undo_stack.count() == 4
        undone_and_redone(desk, before)

    told(tell)


def test_connections_are_drawn_moved_bent_and_deleted(told):
    def tell(desk: Desk) -> None:
        desk.open(CHAIN)
        before = desk.flow
        desk.hand.drag(desk.port("a", "success"), desk.port("d", "in", is_input=True))
        assert "a.success->d.in" in desk.flow.connections
        desk.hand.drag(desk.port("a", "success"), desk.port("d", "in", is_input=True))
        assert len(desk.flow.connections) == 3
        end = desk.port("c", "in", is_input=True)
        desk.hand.drag(end - QPointF(18, 0), desk.port("d", "in", is_input=True))
        assert "b.success->d.in" in desk.flow.connections
        links = desk.page.board.sheet.links
        row = links.rows["a.success->d.in"]
        spots = [QPointF(*links.route(row).at(part / 50)) for part in range(51)]
        free = next(
            spot for spot in spots[10:] if desk.viewer.key_at(spot) == "a.success->d.in" and not covered(desk, row, spot)
        )
        desk.hand.double_click(free)
        (bend,) = desk.flow.connections["a.success->d.in"].bends
        desk.hand.drag(QPointF(*bend), QPointF(*bend) + QPointF(-20, 60))
        assert desk.flow.connections["a.success->d.in"].bends == ((bend[0] - 20, bend[1] + 60),)
        desk.hand.double_click(QPointF(bend[0] - 20, bend[1] + 60))
        assert desk.flow.connections["a.success->d.in"].bends == ()
        desk.viewer.select(["a.success->d.in"])
        desk.key(Qt.Key.Key_Delete)
        assert "a.success->d.in" not in desk.flow.connections
        undone_and_redone(desk, before)

    told(tell)


def covered(desk: Desk, row: int, spot: QPointF) -> bool:
    return desk.page.board.sheet.links.label_rect(row).contains(spot)


@pytest.mark.parametrize("heal", [False, True])
def test_deleting_heals_if_it_is_to(told, heal):
    def tell(desk: Desk) -> None:
        desk.open(CHAIN)
        before = desk.flow
        desk.hand.click(desk.middle("b"))
        desk.key(Qt.Key.Key_Delete, SHIFT if heal else Qt.KeyboardModifier.NoModifier)
        assert set(desk.flow.steps) == {"a", "c", "d"}
        assert list(desk.flow.connections) == (["a.success->c.in"] if heal else [])
        undone_and_redone(desk, before)

    told(tell)


def test_a_loose_card_and_a_new_one_are_put_into_a_connection(told):
    def tell(desk: Desk) -> None:
        desk.open(CHAIN)
        before = desk.flow
        links = desk.page.board.sheet.links
        label = links.label_rect(links.rows["b.success->c.in"]).center()
        card = desk.page.board.sheet.cards.rect(desk.page.board.sheet.cards.rows["d"])
        desk.hand.drag(desk.middle("d"), desk.middle("d") + (label - card.center()))
        assert {"b.success->d.in", "d.success->c.in"} <= set(desk.flow.connections)
        label = links.label_rect(links.rows["a.success->b.in"]).center()
        button = next(b for b in desk.window.components.findChildren(ComponentButton) if b.component.kind == "processor")
        drop(desk, button.component, label)
        assert {"a.success->python.in", "python.success->b.in"} <= set(desk.flow.connections)
        fitting = {each.type: each for each in processors()}
        drop(desk, fitting["delay"], links.label_rect(links.rows["a.success->python.in"]).center())
        assert {"a.success->delay.in", "delay.success->python.in"} <= set(desk.flow.connections)
        drop(desk, fitting["delay"], QPointF(100, 500))
        assert "delay-2" in desk.flow.steps
        undone_and_redone(desk, before)

    told(tell)


def drop(desk: Desk, component: Component, spot: QPointF) -> None:
    """What dragging from the tool bar ends with."""
    data = component.mime()
    event = QDropEvent(
        QPointF(desk.viewer.mapFromScene(spot)),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    desk.viewer.dropEvent(event)
    QApplication.processEvents()


def test_parts_are_copied_cut_pasted_and_duplicated_also_to_another_flow(told):
    def tell(desk: Desk) -> None:
        first = desk.open(CHAIN)
        before = desk.flow
        desk.key(Qt.Key.Key_A, CTRL)
        assert sorted(desk.chosen) == ["a", "b", "c", "d"]
        desk.key(Qt.Key.Key_C, CTRL)
        assert QGuiApplication.clipboard().text().startswith("pyfi: 1")
        desk.new()
        desk.key(Qt.Key.Key_V, CTRL)
        assert set(desk.flow.steps) == {"a", "b", "c", "d"}
        assert len(desk.flow.connections) == 2
        desk.key(Qt.Key.Key_Z, CTRL)
        assert desk.flow.steps == {}
        QGuiApplication.clipboard().setText("no flow at all")
        desk.key(Qt.Key.Key_V, CTRL)
        assert "clipboard holds no part" in desk.window.strip.message
        desk.window._tabs.setCurrentIndex(0)
        assert desk.page is first
        desk.viewer.setFocus()
        desk.hand.click(desk.middle("b"))
        desk.key(Qt.Key.Key_D, CTRL)
        assert desk.chosen == ["b-2"]
        desk.key(Qt.Key.Key_X, CTRL)
        assert "b-2" not in desk.flow.steps
        desk.hand.move(QPointF(100, 500))
        desk.key(Qt.Key.Key_V, CTRL)
        assert "b-2" in desk.flow.steps
        undone_and_redone(desk, before)

    told(tell)


def test_subflows_are_wrapped_entered_left_and_dissolved(told):
    def tell(desk: Desk) -> None:
        desk.open(CHAIN)
        before = desk.flow
        desk.hand.click(desk.middle("b"))
        desk.hand.click(desk.middle("c"), modifiers=CTRL)
        desk.answer("tail")
        desk.key(Qt.Key.Key_G, CTRL)
        (step,) = desk.chosen
        assert isinstance(desk.flow.steps[step], Subflow)
        desk.hand.double_click(desk.middle(step))
        assert desk.page.board.place == Place((step,))
        assert desk.page.breadcrumbs.isVisible()
        desk.hand.drag(desk.middle("b"), desk.middle("b") + QPointF(0, 100))
        assert desk.flow.definitions["tail"].steps["b"].position == (450, 100)
        desk.hand.click(QPointF(desk.middle("b") + QPointF(0, 300)))
        desk.key(Qt.Key.Key_Escape)
        assert (desk.page.board.place, desk.chosen) == (Place(), [step])
        desk.key(Qt.Key.Key_Left, ALT)
        assert desk.page.board.place == Place((step,))
        desk.key(Qt.Key.Key_Up, ALT)
        assert desk.page.board.place == Place()
        desk.key(Qt.Key.Key_Left, ALT)
        desk.key(Qt.Key.Key_Left, ALT)
        assert desk.page.board.place == Place()
        desk.key(Qt.Key.Key_Right, ALT)
        assert desk.page.board.place == Place((step,))
        desk.click(next(b for b in desk.page.breadcrumbs.findChildren(QToolButton) if b.text() == "chain"))
        assert desk.page.board.place == Place()
        desk.viewer.setFocus()
        desk.viewer.select([step])
        desk.key(Qt.Key.Key_G, CTRL | SHIFT)
        assert set(desk.flow.steps) == {"a", "b", "c", "d"}
        assert not desk.page.can_go(-1) or desk.page._way[desk.page._ahead(-1)] != Place()
        undone_and_redone(desk, before)

    told(tell)


def test_back_skips_levels_that_are_gone(told):
    def tell(desk: Desk) -> None:
        desk.open(CHAIN)
        desk.viewer.select(["b"])
        desk.answer("one")
        desk.key(Qt.Key.Key_G, CTRL)
        (step,) = desk.chosen
        desk.page.board.enter(step)
        desk.page.board.leave()
        desk.key(Qt.Key.Key_Delete)
        assert step not in desk.flow.steps
        assert not desk.page.can_go(-1)
        for _ in range(3):
            desk.key(Qt.Key.Key_Left, ALT)
        assert desk.page.board.place == Place()

    told(tell)


def test_parts_are_named_coloured_disabled_aligned_and_laid_out(told):
    def tell(desk: Desk) -> None:
        desk.open(CHAIN)
        before = desk.flow
        desk.hand.click(desk.middle("b"))
        desk.answer("Parse it")
        desk.key(Qt.Key.Key_F2)
        assert desk.flow.steps["b"].name == "Parse it"
        actions = desk.window.actions_by_id
        actions["disable"].trigger()
        assert not desk.flow.steps["b"].enabled
        desk.page.editing.set_color("#ff8800")
        assert desk.flow.steps["b"].color == "#ff8800"
        desk.hand.click(desk.middle("d"), modifiers=CTRL)
        actions["align_left"].trigger()
        assert desk.place("b")[0] == desk.place("d")[0]
        desk.hand.click(desk.middle("c"), modifiers=CTRL)
        actions["distribute_across"].trigger()
        desk.key(Qt.Key.Key_Escape)
        desk.key(Qt.Key.Key_L, CTRL)
        undone_and_redone(desk, before)

    told(tell)


def test_labels_are_added_and_made_larger(told):
    def tell(desk: Desk) -> None:
        desk.new()
        before = desk.flow
        button = next(b for b in desk.window.components.findChildren(ComponentButton) if b.component.kind == "label")
        desk.click(button)
        assert desk.chosen == ["label:label"]
        note = desk.page.board.sheet.notes["label:label"]
        corner = note.rect.bottomRight()
        desk.hand.drag(corner - QPointF(4, 4), corner + QPointF(56, 36))
        assert desk.flow.labels["label"].size == (300, 160)
        undone_and_redone(desk, before)

    told(tell)


def test_ports_belong_to_subflows(told):
    def tell(desk: Desk) -> None:
        desk.new()
        before = desk.flow
        buttons = {b.component.kind: b for b in desk.window.components.findChildren(ComponentButton)}
        desk.click(buttons["input"])
        assert desk.flow == before
        assert "enter one first" in desk.window.strip.message
        desk.click(buttons["subflow"])
        desk.key(Qt.Key.Key_Return)
        assert desk.page.board.place.steps == ("subflow",)
        desk.click(buttons["input"])
        desk.click(buttons["output"])
        header = desk.flow.definitions["subflow"].header
        assert (header.inputs, header.outputs) == (("in", "in-2"), ("success", "failure", "out"))
        assert {"input:in-2", "output:out"} <= set(desk.page.board.sheet.everything())
        desk.hand.drag(desk.middle("input:in"), desk.middle("input:in") + QPointF(60, 60))
        place = desk.place("input:in")
        desk.page.board.show_place(Place())
        desk.page.board.enter("subflow")
        assert desk.place("input:in") == place
        undone_and_redone(desk, before)

    told(tell)


def test_everything_is_there_again_after_closing_and_opening(told):
    def tell(desk: Desk) -> None:
        page = desk.open(CHAIN)
        desk.hand.drag(desk.middle("d"), desk.middle("d") + QPointF(50, 50))
        desk.hand.drag(desk.port("b", "failure"), desk.port("d", "in", is_input=True))
        was, id = desk.flow, page.book.id
        desk.key(Qt.Key.Key_W, CTRL)
        desk.key(Qt.Key.Key_W, CTRL)
        until(lambda: not desk.window.pages())
        assert desk.window.page is None
        desk.open_again(id)
        assert desk.flow == was
        assert desk.page.document.undo_stack.count() == 0

    told(tell)


def test_the_pointer_decides_where_things_go(told):
    def tell(desk: Desk) -> None:
        desk.open(CHAIN)
        desk.hand.move(QPointF(100, 500))
        assert desk.viewer.underMouse()
        at = desk.viewer.mapToScene(desk.viewer.pointer)
        assert abs(at.x() - 100) <= 1
        assert desk.viewer.viewport().mapFromGlobal(QPoint(0, 0)) != QPoint(1, 1)

    told(tell)
