"""The label of a connection, dragged along its line."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from PySide6.QtCore import QPointF, Qt

from app.canvas.link_columns import Route
from app.canvas.viewer import FlowViewer
from tests.app.canvas.showing import JOINED as LINK
from tests.app.canvas.showing import joined
from tests.app.canvas.strategies import places
from tests.app.hand import ALT, CTRL, Hand


@pytest.fixture
def viewer(qtbot) -> FlowViewer:
    """`a` and `b` far from each other, joined."""
    made = joined(qtbot)
    made.grab()
    return made


@pytest.fixture
def told(viewer) -> list[tuple[str, float]]:
    heard: list[tuple[str, float]] = []
    viewer.label_moved.connect(lambda key, part: heard.append((key, part)))
    viewer.label_nudged.connect(lambda key, part: heard.append((key, part)))
    return heard


def label(viewer: FlowViewer) -> QPointF:
    return viewer.sheet.links.label_rect(0).center()


def test_a_label_is_dragged_along_its_line_and_told_once(viewer, told):
    hand, start = Hand(viewer), label(viewer)
    hand.drag(start + QPointF(60, 8), start + QPointF(180, 90), drop=False)
    shown = label(viewer)
    assert shown.x() > start.x() + 60
    assert told == []
    hand.release()
    [(key, part)] = told
    assert key == LINK
    assert 0.5 < part < 1
    assert label(viewer) == start  # nothing changes before somebody changes the sheet
    viewer.sheet.links.replace(replace(viewer.sheet.links.link(0), label_at=part))
    assert math.dist(label(viewer).toTuple(), shown.toTuple()) < 1


def test_it_does_not_jump_when_it_is_gripped_at_its_edge_and_a_click_moves_nothing(viewer, told):
    hand, start = Hand(viewer), label(viewer)
    hand.click(start + QPointF(70, 10))
    hand.drag(start + QPointF(70, 10), start + QPointF(72, 11))
    assert told == []
    assert viewer.selected_keys() == [LINK]


def test_near_the_middle_it_snaps_there_unless_alt_is_held(viewer, told):
    hand, start = Hand(viewer), label(viewer)
    hand.drag(start, start + QPointF(5, 2))
    hand.drag(start, start + QPointF(5, 2), modifiers=ALT)
    assert told[0] == (LINK, 0.5)
    assert 0.5 < told[1][1] < 0.52


def test_escape_puts_it_back(viewer, told):
    hand, start = Hand(viewer), label(viewer)
    hand.drag(start, start + QPointF(150, 60), drop=False)
    assert label(viewer) != start
    hand.key(Qt.Key.Key_Escape)
    hand.release()
    assert label(viewer) == start
    assert told == []


def test_a_label_whose_place_is_not_decided_yet_has_none_after_a_click_either(viewer, told):
    hand, links = Hand(viewer), viewer.sheet.links
    links.put_label(0, None)
    hand.click(label(viewer))
    assert links.label_part(0) == 0.5
    assert told == []


def test_from_further_away_than_labels_are_drawn_there_is_none_to_drag(viewer, told):
    viewer.look_at(QPointF(600, 200), 0.5)
    hand, start = Hand(viewer), label(viewer)
    hand.drag(start, start + QPointF(200, 80))
    assert told == []


def test_keys_move_it_too(viewer, told):
    Hand(viewer).click(label(viewer))
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Left):
        Hand(viewer).key(key, CTRL)
    right, left = (part for _, part in told)
    assert left < 0.5 < right


def test_a_label_that_has_a_place_keeps_it_when_its_cards_move(viewer):
    links = viewer.sheet.links
    links.replace(replace(links.link(0), label_at=0.25))
    viewer.sheet.cards.place({"b": (950, 260)})
    links.refit(viewer.sheet.cards.rows.all())
    viewer.grab()
    assert links.label_part(0) == 0.25
    links.replace(replace(links.link(0), label_at=0.0))
    viewer.grab()
    assert links.label_part(0) < 0.001
    links.replace(replace(links.link(0), label_at=None))
    viewer.grab()
    assert links.label_part(0) == 0.5


@given(st.lists(places, min_size=2, max_size=4, unique=True), st.floats(0, 1))
def test_a_point_of_a_straight_route_is_found_again(spots, part):
    route = Route(tuple(spots), is_curve=False)
    found = route.part_near(QPointF(*route.at(part)))
    assert math.dist(route.at(found), route.at(part)) < 1e-3


@given(st.floats(0, 1))
def test_a_point_of_a_curve_is_found_again(part):
    route = Route(((0, 0), (200, 0), (300, 250), (500, 250)), is_curve=True)
    found = route.part_near(QPointF(*route.at(part)))
    assert math.dist(route.at(found), route.at(part)) < 1
