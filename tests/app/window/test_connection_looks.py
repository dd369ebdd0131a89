"""What a connection looks like, in the real window: its label dragged, its colour, its bends by keys; undone and kept."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QImage

from app.theme.theme import DARK, LIGHT
from engine.model.codec import load_flow
from engine.model.flow import Connection
from tests.app.desk import Desk
from tests.app.hand import CTRL, SHIFT
from tests.app.window.test_by_mouse import choose_color, of_menu, when_asked

LINK = "a.success->b.in"
FLOW = load_flow("""
pyfi: 1
name: looks
processors:
  - {id: a, type: generate, config: {count: 3}}
  - {id: b, type: log}
connections:
  - {from: a.success, to: b.in}
layout: {a: [0, 0], b: [900, 260]}
""")


def connection(desk: Desk) -> Connection:
    return desk.flow.connections[LINK]


def label(desk: Desk) -> QPointF:
    links = desk.page.board.sheet.links
    desk.viewer.grab()
    return links.label_rect(links.rows[LINK]).center()


def opened(desk: Desk) -> None:
    desk.open(FLOW)
    desk.viewer.look_at(QPointF(600, 200), 1.0)


def test_a_label_is_dragged_in_one_step_and_is_there_again(told):
    def tell(desk: Desk) -> None:
        opened(desk)
        start = label(desk)
        desk.hand.drag(start, start + QPointF(120, 90))
        part = connection(desk).label_at
        assert part is not None
        assert part > 0.5
        there = label(desk)
        assert desk.page.document.undo_stack.count() == 1
        assert desk.page.document.undo_stack.undoText() == "move of a connection's label"
        desk.key(Qt.Key.Key_Z, CTRL)
        assert connection(desk).label_at is None
        assert label(desk) == start
        desk.key(Qt.Key.Key_Y, CTRL)
        assert label(desk) == there
        desk.hand.drag(desk.middle("b"), desk.middle("b") + QPointF(0, 40))
        assert connection(desk).label_at == part
        assert desk.saved().connections[LINK].label_at == part
        desk.open_again(desk.page.book.id)
        assert connection(desk).label_at == part

    told(tell)


def test_a_connection_is_coloured_by_its_menu_in_both_themes(told):
    def tell(desk: Desk) -> None:
        opened(desk)
        links = desk.page.board.sheet.links
        when_asked(lambda dialog: choose_color(desk, dialog, "#e5484d"))
        of_menu(desk, label(desk), "Colour …")
        assert connection(desk).color == "#e5484d"
        assert desk.page.document.undo_stack.undoText() == "colour of 'a.success → b.in'"
        desk.viewer.select([])
        for theme in (LIGHT, DARK):
            desk.page.set_theme(theme)
            for scale in (1.0, 0.3, 0.1):
                desk.viewer.look_at(QPointF(600, 200), scale)
                at = links.route(0).at(0.08) if scale > 0.2 else middle_of(links.line[0].tolist())
                spot = desk.viewer.mapFromScene(QPointF(*at))
                assert is_red(desk.viewer.viewport().grab().toImage(), spot)
        assert desk.saved().connections[LINK].color == "#e5484d"
        desk.key(Qt.Key.Key_Z, CTRL)
        assert connection(desk).color is None

    told(tell)


def middle_of(line: list[float]) -> tuple[float, float]:
    """The middle of the straight line that stands for a connection from far away."""
    ax, ay, bx, by = line
    return (ax + bx) / 2, (ay + by) / 2


def is_red(image: QImage, spot: QPoint) -> bool:
    """Whether the line that runs through a pixel is red there, be it as thin as it likes."""
    seen = [image.pixelColor(spot + QPoint(dx, dy)) for dx in (-1, 0, 1) for dy in (-1, 0, 1)]
    return any(each.red() - max(each.green(), each.blue()) > 25 for each in seen)


def test_bends_and_label_are_moved_by_the_keyboard_alone(told):
    def tell(desk: Desk) -> None:
        opened(desk)
        stack = desk.page.document.undo_stack
        for key in (Qt.Key.Key_Right, Qt.Key.Key_L):
            desk.key(key)
        assert desk.chosen == [LINK]
        desk.key(Qt.Key.Key_Right, CTRL)
        desk.key(Qt.Key.Key_Right, CTRL)
        assert (connection(desk).label_at or 0) > 0.5
        assert stack.count() == 1
        desk.key(Qt.Key.Key_B, SHIFT)
        [(x, y)] = connection(desk).bends
        for _ in range(3):
            desk.key(Qt.Key.Key_Down, CTRL)
        assert connection(desk).bends == ((x, y + 30),)
        assert stack.count() == 3
        desk.key(Qt.Key.Key_Z, CTRL)
        assert connection(desk).bends == ((x, y),)
        desk.key(Qt.Key.Key_Y, CTRL)
        desk.key(Qt.Key.Key_Delete)
        assert connection(desk).bends == ()
        assert desk.chosen == [LINK]
        desk.key(Qt.Key.Key_Delete)
        assert not desk.flow.connections
        for _ in range(stack.count()):
            desk.key(Qt.Key.Key_Z, CTRL)
        assert desk.flow == FLOW

    told(tell)
