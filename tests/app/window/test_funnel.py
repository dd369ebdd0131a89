"""Funnels: put on the canvas, joined, told of, in the real window."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QApplication

from app.canvas.card import FUNNEL, Card, Kind
from app.canvas.card_columns import NUMBERS
from app.window.component_bar import ComponentButton
from engine.model.codec import load_flow
from engine.model.layout import placed
from tests.app.desk import Desk

TWO = placed(
    load_flow("""
pyfi: 1
name: two
processors:
  - {id: a, type: generate, config: {count: 3}}
  - {id: b, type: generate, config: {count: 3}}
  - {id: out, type: log}
connections:
  - {from: a.success, to: out.in}
layout: {a: [0, 0], b: [0, 300], out: [900, 0]}
""")
)


def funnel_button(desk: Desk) -> ComponentButton:
    return next(each for each in desk.window.components.findChildren(ComponentButton) if each.component.is_funnel)


def drop(desk: Desk, spot: QPointF) -> None:
    """What dragging the button of the tool bar ends with."""
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    data = funnel_button(desk).component.mime()
    event = QDropEvent(QPointF(desk.viewer.mapFromScene(spot)), Qt.DropAction.CopyAction, data, left, none)
    desk.viewer.dropEvent(event)
    QApplication.processEvents()


def centre(desk: Desk, key: str) -> QPointF:
    cards = desk.page.board.sheet.cards
    return cards.rect(cards.rows[key]).center()


def test_a_funnel_lies_where_it_is_dropped_and_takes_many_connections(told):
    def tell(desk: Desk) -> None:
        desk.open(TWO)
        drop(desk, QPointF(500, 400))
        cards = desk.page.board.sheet.cards
        row = cards.rows["funnel"]
        assert centre(desk, "funnel") == QPointF(504, 404), "in the middle of what is pointed at, on the grid"
        assert (Kind(int(cards.kind[row])), cards.width[row], cards.height[row]) == (Kind.FUNNEL, FUNNEL, FUNNEL)
        assert cards.card(row).outputs == ("success",), "it never fails"
        desk.hand.drag(desk.port("a", "success"), desk.port("funnel", "in", is_input=True))
        desk.hand.drag(desk.port("b", "success"), centre(desk, "funnel"))
        desk.hand.drag(desk.port("funnel", "success"), desk.middle("out"))
        assert {"a.success->funnel.in", "b.success->funnel.in", "funnel.success->out.in"} < set(desk.flow.connections)
        desk.key(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        assert "funnel.success->out.in" not in desk.flow.connections

    told(tell)


def test_a_funnel_goes_into_a_connection_by_its_button_and_by_the_search(told):
    def tell(desk: Desk) -> None:
        desk.open(TWO)
        links = desk.page.board.sheet.links
        drop(desk, links.label_rect(links.rows["a.success->out.in"]).center())
        assert {"a.success->funnel.in", "funnel.success->out.in"} == set(desk.flow.connections)
        desk.click(funnel_button(desk))
        assert "funnel-2" in desk.flow.steps, "a click puts it in the middle"
        desk.hand.drag(desk.port("b", "success"), QPointF(600, 500))
        desk.type("funnel")
        desk.key(Qt.Key.Key_Return)
        assert "b.success->funnel-3.in" in desk.flow.connections
        spot = desk.port("funnel-3", "in", is_input=True)
        assert (abs(spot.x() - 600) <= 5, abs(spot.y() - 500) <= 5) == (True, True), "its input is where the drag ended"

    told(tell)


def test_a_funnel_says_its_name_and_numbers_where_the_pointer_rests(told):
    def tell(desk: Desk) -> None:
        desk.open(TWO)
        drop(desk, QPointF(500, 400))
        cards = desk.page.board.sheet.cards
        numbers = np.zeros((1, len(NUMBERS)), np.int64)
        numbers[0, NUMBERS.index("in")] = numbers[0, NUMBERS.index("out")] = 1234
        cards.set_numbers(np.array([cards.rows["funnel"]], np.intp), numbers)
        desk.hand.move(QPointF(700, 500))
        desk.hand.move(centre(desk, "funnel"))
        lines = desk.viewer.viewport().toolTip().splitlines()
        assert lines[0] == "funnel (funnel), last 5 minutes"
        assert "In: 1,234 (0 bytes)" in lines

    told(tell)


def test_laid_out_a_funnel_lies_in_the_room_of_a_card_level_with_the_ports_around_it():
    flow = placed(load_flow(_CHAIN))
    (ax, ay), (fx, fy), (bx, _) = (flow.steps[key].position or (0.0, 0.0) for key in ("a", "f", "b"))
    card, funnel = Card(key="a", outputs=("success",)), Card(key="f", kind=Kind.FUNNEL)
    assert fx + FUNNEL / 2 == (ax + bx + card.size.width) / 2
    assert fy + funnel.port_y("in", is_input=True) == ay + card.port_y("success", is_input=False)


_CHAIN = """
pyfi: 1
name: chain
processors: [{id: a, type: generate}, {id: f, type: funnel}, {id: b, type: log}]
connections: [{from: a.success, to: f.in}, {from: f.success, to: b.in}]
"""
