"""Gestures on the canvas alone: what each shows, tells, and leaves as it was."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.canvas.card import Card, State
from app.canvas.link import Link
from app.canvas.sheet import Note, Sheet
from app.canvas.viewer import FlowViewer
from tests.app.hand import ALT, CTRL, MIDDLE, RIGHT, SHIFT, Hand


def small() -> Sheet:
    """`a` joined to `b`, `c` below with nothing joined, a note."""
    sheet = Sheet()
    sheet.cards.add(
        [
            (Card(key=key, name=key, inputs=("in",), outputs=("success", "failure")), x, y, State.STOPPED)
            for key, x, y in (("a", 0, 0), ("b", 600, 0), ("c", 100, 300))
        ]
    )
    sheet.links.add([Link(key="a.success->b.in", source="a", source_port="success", target="b", target_port="in")])
    sheet.notes = {"label:n": Note(key="label:n", text="note", x=600, y=300, width=200, height=100)}
    return sheet


@pytest.fixture
def viewer(qtbot) -> FlowViewer:
    made = FlowViewer()
    qtbot.addWidget(made)
    made.resize(1100, 700)
    made.show()
    made.show_sheet(small())
    made.look_at(QPointF(400, 250), 1.0)
    return made


@pytest.fixture
def hand(viewer) -> Hand:
    return Hand(viewer)


@pytest.fixture
def told(viewer) -> list[tuple[Any, ...]]:
    """What the viewer's signals told, without what is only about the view."""
    heard: list[tuple[Any, ...]] = []

    def hear(name: str) -> Callable[..., None]:
        return lambda *values: heard.append((name, *values))

    for name in (
        "parts_moved",
        "parts_nudged",
        "card_dropped_on_link",
        "link_drawn",
        "link_dropped",
        "link_reconnected",
        "bends_changed",
        "note_resized",
        "opened",
        "ground_opened",
        "menu_asked",
        "button_pressed",
        "left",
    ):
        getattr(viewer, name).connect(hear(name))
    return heard


def spots(viewer: FlowViewer) -> dict[str, tuple[float, float]]:
    cards = viewer.sheet.cards
    return {cards.rows.keys[row]: (float(cards.x[row]), float(cards.y[row])) for row in cards.rows.all().tolist()}


def port(viewer: FlowViewer, card: str, name: str, *, is_input: bool = False) -> QPointF:
    return viewer.sheet.cards.spot(viewer.sheet.cards.rows[card], name, is_input=is_input)


A, B, C, GROUND = QPointF(100, 20), QPointF(700, 20), QPointF(200, 320), QPointF(450, 250)


@pytest.mark.parametrize("button", [Qt.MouseButton.LeftButton, MIDDLE])
def test_dragging_the_ground_pans(viewer, hand, told, button):
    before = viewer.centre
    hand.drag(GROUND, GROUND + QPointF(60, -40), button)
    assert viewer.centre == before - QPointF(60, -40)
    assert told == []


def test_space_and_drag_pans_also_over_cards(viewer, hand, told):
    before, was = viewer.centre, spots(viewer)
    QTest.keyPress(viewer, Qt.Key.Key_Space)
    hand.drag(A, A + QPointF(50, 50))
    QTest.keyRelease(viewer, Qt.Key.Key_Space)
    assert viewer.centre == before - QPointF(50, 50)
    assert (spots(viewer), told) == (was, [])
    hand.drag(A - QPointF(0, 0), A + QPointF(10, 0))
    assert told[0][0] == "parts_moved"


@pytest.mark.parametrize("scale", [0.1, 0.5, 1.0, 2.0])
@pytest.mark.parametrize("turn", [120, -120, 15])
def test_the_wheel_zooms_to_the_pointer(viewer, hand, scale, turn):
    viewer.look_at(QPointF(400, 250), scale)
    pixel = viewer.viewport().rect().center() + QPointF(190, -130).toPoint()
    under = viewer.mapToScene(pixel)
    hand.wheel(under, turn)
    assert viewer.scale_factor == pytest.approx(scale * 1.0015**turn)
    away = viewer.mapToScene(pixel) - under
    assert max(abs(away.x()), abs(away.y())) * viewer.scale_factor <= 1.0


@pytest.mark.parametrize("modifier", [SHIFT, ALT])
def test_the_wheel_with_a_key_pans_to_the_side(viewer, hand, modifier):
    before = viewer.centre
    hand.wheel(GROUND, -120, modifier)
    assert (viewer.scale_factor, viewer.centre - before) == (1.0, QPointF(120, 0))


def test_zooming_ends_at_bounds(viewer):
    for factor, end in ((10, 3.0), (0.01, 0.02)):
        for _ in range(4):
            viewer.zoom(factor)
        assert viewer.scale_factor == pytest.approx(end)


def test_a_band_selects_what_it_touches_and_escape_takes_that_back(viewer, hand, told):
    viewer.select(["c"])
    hand.drag(QPointF(-50, -20), QPointF(650, 60), modifiers=SHIFT)
    assert viewer.selected_keys() == ["a", "b"]
    hand.drag(QPointF(450, 450), QPointF(650, 330), modifiers=SHIFT | CTRL)
    assert viewer.selected_keys() == ["a", "b", "label:n"]
    hand.drag(QPointF(-50, 290), QPointF(150, 350), modifiers=SHIFT, drop=False)
    assert viewer.selected_keys() == ["c"]
    hand.key(Qt.Key.Key_Escape)
    assert viewer.selected_keys() == ["a", "b", "label:n"]
    hand.release()
    assert viewer.selected_keys() == ["a", "b", "label:n"]
    assert told == []


def test_clicks_select_one_and_with_a_key_several(viewer, hand, told):
    hand.click(A)
    assert viewer.selected_keys() == ["a"]
    hand.click(B, modifiers=CTRL)
    hand.click(C, modifiers=SHIFT)
    assert viewer.selected_keys() == ["a", "b", "c"]
    hand.click(A, modifiers=CTRL)
    assert viewer.selected_keys() == ["b", "c"]
    hand.press(C)  # one of several that are selected: they stay, to be dragged
    assert viewer.selected_keys() == ["b", "c"]
    hand.release()
    assert viewer.selected_keys() == ["c"]
    hand.click(GROUND)
    assert viewer.selected_keys() == []
    assert told == []


def test_a_drag_snaps_and_tells_once_where_everything_is(viewer, hand, told):
    was = spots(viewer)
    hand.click(A)
    hand.click(C, modifiers=CTRL)
    hand.drag(A, A + QPointF(53, 38))
    assert told == [("parts_moved", {"a": (50, 40), "c": (150, 340)}, {})]
    assert spots(viewer) == was  # until somebody has changed the model


def test_alt_ignores_the_grid(hand, told):
    hand.drag(A, A + QPointF(53, 38), modifiers=ALT)
    assert told == [("parts_moved", {"a": (53, 38)}, {})]


def test_a_hand_that_trembles_moves_nothing(viewer, hand, told):
    hand.drag(A, A + QPointF(2, 2))
    assert (told, viewer.selected_keys()) == ([], ["a"])


def test_links_follow_while_a_card_is_dragged_and_escape_puts_all_back(viewer, hand, told):
    was, line = spots(viewer), viewer.sheet.links.line[0].copy()
    hand.drag(A, A + QPointF(60, 100), drop=False)
    assert spots(viewer)["a"] == (60, 100)
    assert viewer.sheet.links.line[0].tolist() == [line[0] + 60, line[1] + 100, *line[2:]]
    hand.key(Qt.Key.Key_Escape)
    assert spots(viewer) == was
    assert viewer.sheet.links.line[0].tolist() == line.tolist()
    hand.move(A + QPointF(90, 100))
    hand.release()
    assert (spots(viewer), told) == (was, [])


def test_bends_go_along_when_both_ends_move(viewer, hand, told):
    link = "a.success->b.in"
    viewer.sheet.links.replace(
        Link(key=link, source="a", source_port="success", target="b", target_port="in", bends=((450, 200),))
    )
    viewer.select(["a", "b", "label:n"])
    hand.drag(A, A + QPointF(20, 30))
    places = {"a": (20, 30), "b": (620, 30), "label:n": (620, 330)}
    assert told == [("parts_moved", places, {link: ((470, 230),)})]
    assert viewer.sheet.links.link(0).bends == ((450, 200),)
    assert viewer.sheet.notes["label:n"].x == 600


def test_another_button_does_not_disturb_a_drag(viewer, hand, told):
    was = spots(viewer)
    hand.drag(A, A + QPointF(60, 100), drop=False)
    hand.other_button()
    assert (spots(viewer)["a"], told) == ((60, 100), [])
    hand.key(Qt.Key.Key_Escape)
    hand.release()
    assert (spots(viewer), told) == (was, [])


def test_a_loose_card_dropped_on_a_link_is_told_of(viewer, hand, told):
    middle = QPointF(*viewer.sheet.links.route(0).at(0.5))
    height = viewer.sheet.cards.card(viewer.sheet.cards.rows["c"]).size.height
    start = C
    goal = middle - QPointF(150, height / 2) + (start - QPointF(100, 300))
    hand.drag(start, goal)
    assert [each[:3] for each in told] == [("card_dropped_on_link", "c", "a.success->b.in")]


def test_a_connection_is_drawn_from_port_to_port_either_way(viewer, hand, told):
    hand.drag(port(viewer, "a", "failure"), port(viewer, "c", "in", is_input=True))
    hand.drag(port(viewer, "c", "in", is_input=True), port(viewer, "b", "success"))
    hand.drag(port(viewer, "a", "failure"), C)
    assert told == [
        ("link_drawn", "a", "failure", "c", "in"),
        ("link_drawn", "b", "success", "c", "in"),
        ("link_drawn", "a", "failure", "c", ""),
    ]


def test_a_connection_drawn_onto_nothing_asks_for_a_part(viewer, hand, told):
    hand.drag(port(viewer, "a", "failure"), GROUND)
    assert told == [("link_dropped", "a", "failure", False, GROUND)]
    told.clear()
    hand.click(port(viewer, "a", "failure"))
    hand.drag(port(viewer, "a", "failure"), A)
    hand.drag(port(viewer, "a", "failure"), GROUND, drop=False)
    hand.key(Qt.Key.Key_Escape)
    hand.release()
    assert told == []


def test_what_may_not_be_joined_is_not(viewer, hand, told):
    asked: list[tuple[str, ...]] = []

    def may(*ends: str) -> str:
        asked.append(ends)
        return "No."

    viewer.may_connect = may
    hand.drag(port(viewer, "a", "failure"), port(viewer, "c", "in", is_input=True))
    assert told == []
    assert ("a", "failure", "c", "in") in asked


def test_an_end_of_a_link_is_dragged_to_another_port(viewer, hand, told):
    link = "a.success->b.in"
    end, start = port(viewer, "b", "in", is_input=True), port(viewer, "a", "success")
    hand.drag(end - QPointF(22, 0), port(viewer, "c", "in", is_input=True))
    hand.drag(start + QPointF(22, 0), port(viewer, "c", "success"))
    assert told == [
        ("link_reconnected", link, "a", "success", "c", "in"),
        ("link_reconnected", link, "c", "success", "b", "in"),
    ]
    told.clear()
    hand.drag(end - QPointF(22, 0), GROUND)
    assert told == []


def test_bends_are_added_dragged_and_removed(viewer, hand, told):
    link, row = "a.success->b.in", 0
    on_line = QPointF(*viewer.sheet.links.route(row).at(0.12))
    assert not viewer.sheet.links.label_rect(row).contains(on_line)
    hand.double_click(on_line)
    assert [each[:2] for each in told] == [("bends_changed", link)]
    assert len(told[0][2]) == 1
    viewer.sheet.links.replace(
        Link(key=link, source="a", source_port="success", target="b", target_port="in", bends=((450, 240),))
    )
    told.clear()
    hand.drag(QPointF(450, 240), QPointF(473, 202))
    assert told == [("bends_changed", link, ((470, 200),))]
    assert viewer.sheet.links.link(row).bends == ((450, 240),)
    told.clear()
    hand.drag(QPointF(450, 240), QPointF(473, 202), drop=False)
    hand.key(Qt.Key.Key_Escape)
    hand.release()
    assert told == []
    assert viewer.sheet.links.link(row).bends == ((450, 240),)
    hand.double_click(QPointF(451, 240))
    assert ("bends_changed", link, ()) in told


def test_a_note_is_made_larger_by_its_corner(viewer, hand, told):
    hand.drag(QPointF(795, 395), QPointF(842, 371))
    assert told == [("note_resized", "label:n", 240, 70)]
    assert viewer.sheet.notes["label:n"].width == 200
    told.clear()
    hand.drag(QPointF(795, 395), QPointF(842, 371), drop=False)
    assert viewer.sheet.notes["label:n"].width == 240
    hand.key(Qt.Key.Key_Escape)
    hand.release()
    assert (told, viewer.sheet.notes["label:n"].width) == ([], 200)
    hand.drag(QPointF(620, 320), QPointF(650, 320))
    assert told == [("parts_moved", {"label:n": (630, 300)}, {})]


def test_a_double_click_opens_what_is_there(viewer, hand, told):
    hand.double_click(A)
    hand.double_click(viewer.sheet.links.label_rect(0).center())
    hand.double_click(QPointF(700, 350))
    hand.double_click(GROUND)
    assert told == [("opened", "a"), ("opened", "a.success->b.in"), ("opened", "label:n"), ("ground_opened", GROUND)]


def test_buttons_appear_over_the_card_under_the_pointer(viewer, hand, told):
    hand.move(A)
    above = QPointF(300 - 11, -16)
    hand.click(above)
    hand.click(above - QPointF(26, 0))
    assert told == [("button_pressed", "a", "chart"), ("button_pressed", "a", "code")]
    told.clear()
    hand.move(A)
    hand.double_click(above)
    assert told == [("button_pressed", "a", "chart")]


def test_buttons_that_are_not_painted_are_not_pressed(viewer, hand, told):
    viewer.look_at(QPointF(400, 250), 0.4)
    hand.move(A)
    hand.click(QPointF(300 - 11, -16))
    assert told == []


def test_a_button_is_gone_with_its_card(viewer, hand, told):
    hand.move(A)
    hand.move(QPointF(300 - 11, -16))
    viewer.show_sheet(small())
    viewer.look_at(QPointF(400, 250), 1.0)
    QTest.mouseClick(viewer.viewport(), Qt.MouseButton.LeftButton, pos=viewer.mapFromScene(QPointF(450, 500)))
    assert told == []


def test_escape_lets_go_of_the_selection_then_leaves(viewer, hand, told):
    hand.click(A)
    hand.key(Qt.Key.Key_Escape)
    assert (viewer.selected_keys(), told) == ([], [])
    hand.key(Qt.Key.Key_Escape)
    assert told == [("left",)]


def test_arrows_go_from_card_to_card_and_with_ctrl_move(viewer, hand, told):
    viewer.setFocus()
    hand.click(A)
    hand.key(Qt.Key.Key_Right)
    assert viewer.selected_keys() == ["b"]
    hand.key(Qt.Key.Key_Left)
    hand.key(Qt.Key.Key_Down)
    assert viewer.selected_keys() == ["c"]
    hand.key(Qt.Key.Key_Right, CTRL)
    hand.key(Qt.Key.Key_Up, CTRL | SHIFT)
    assert told == [("parts_nudged", {"c": (110, 300)}), ("parts_nudged", {"c": (100, 299)})]


def test_tab_asks_for_a_part_and_return_opens(viewer, hand, told):
    viewer.setFocus()
    hand.move(GROUND)
    hand.key(Qt.Key.Key_Tab)
    hand.click(A)
    hand.key(Qt.Key.Key_Return)
    assert told == [("ground_opened", GROUND), ("opened", "a")]


def test_the_menu_is_asked_for_what_is_under_the_pointer(viewer, hand, told):
    viewer.select(["a", "b"])
    for spot, key, chosen in ((A, "a", ["a", "b"]), (C, "c", ["c"]), (GROUND, "", [])):
        hand.click(spot, RIGHT)
        if not told:  # not every platform makes one of a click
            pixel = viewer.mapFromScene(spot)
            event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, pixel, viewer.viewport().mapToGlobal(pixel))
            QApplication.sendEvent(viewer.viewport(), event)
        assert [(each[0], each[1], each[3]) for each in told] == [("menu_asked", key, spot)]
        assert viewer.selected_keys() == chosen
        told.clear()


def test_what_is_held_is_put_back_before_the_sheet_changes(viewer, hand, told):
    was = spots(viewer)
    hand.drag(A, A + QPointF(60, 100), drop=False)
    viewer.let_go()
    assert spots(viewer) == was
    hand.move(A + QPointF(90, 100))
    hand.release()
    assert told == []
    before = viewer.centre
    hand.press(GROUND)
    viewer.let_go()  # a pan holds nothing of the sheet
    hand.move(GROUND + QPointF(10, 0))
    hand.release()
    assert viewer.centre == before - QPointF(10, 0)
