"""The bends of a connection, by keys alone."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPointF, Qt

from app.canvas.viewer import FlowViewer
from tests.app.canvas.showing import JOINED as LINK
from tests.app.canvas.showing import joined, pixels
from tests.app.hand import CTRL, NONE, SHIFT, Hand

_Key = Qt.Key


@pytest.fixture
def viewer(qtbot) -> FlowViewer:
    """`a` and `b`, joined; the sheet takes over what is told of bends, as a board would."""
    made = joined(qtbot)
    made.bends_changed.connect(lambda key, bends: take_over(made, bends))
    made.bends_nudged.connect(lambda key, number, bends: take_over(made, bends))
    made.setFocus()
    made.select([LINK])
    return made


def take_over(viewer: FlowViewer, bends: tuple[Any, ...]) -> None:
    viewer.sheet.links.replace(replace(viewer.sheet.links.link(0), bends=bends))
    viewer.refresh()


def bends(viewer: FlowViewer) -> tuple[tuple[float, float], ...]:
    return viewer.sheet.links.link(0).bends


def keys(viewer: FlowViewer, *pressed: tuple[Qt.Key, Qt.KeyboardModifier] | Qt.Key) -> None:
    for each in pressed:
        key, modifiers = each if isinstance(each, tuple) else (each, NONE)
        Hand(viewer).key(key, modifiers)


def test_a_bend_is_added_and_moved(viewer):
    keys(viewer, (_Key.Key_B, SHIFT))
    [(x, y)] = bends(viewer)
    assert (x % 10, y % 10) == (0, 0)
    keys(viewer, (_Key.Key_Down, CTRL), (_Key.Key_Down, CTRL), (_Key.Key_Right, CTRL | SHIFT))
    assert bends(viewer) == ((x + 1, y + 20),)
    keys(viewer, (_Key.Key_B, SHIFT))
    assert bends(viewer)[0] == (x + 1, y + 20)
    assert viewer.keyboard.bend.number == 1


def test_bends_are_chosen_one_after_the_other_and_then_none(viewer):
    take_over(viewer, ((400, 300), (700, 300)))
    chosen = []
    for _ in range(4):
        keys(viewer, _Key.Key_B)
        chosen.append(viewer.keyboard.bend.number)
    assert chosen == [0, 1, -1, 0]
    plain = pixels(viewer.grab().toImage())
    keys(viewer, _Key.Key_Escape)
    assert viewer.selected_keys() == [LINK]  # Escape lets go of the bend first
    assert (pixels(viewer.grab().toImage()) != plain).any()
    keys(viewer, _Key.Key_Escape)
    assert viewer.selected_keys() == []


def test_the_chosen_bend_is_removed_and_the_next_is_chosen(viewer):
    take_over(viewer, ((400, 300), (700, 300)))
    keys(viewer, _Key.Key_B)
    assert viewer.keyboard.bend.remove()
    assert bends(viewer) == ((700, 300),)
    assert viewer.keyboard.bend.number == 0
    assert viewer.keyboard.bend.remove()
    assert not viewer.keyboard.bend.remove()


def test_a_bend_that_is_out_of_sight_comes_into_view(viewer):
    take_over(viewer, ((400, 3000),))
    keys(viewer, _Key.Key_B)
    assert viewer.seen.contains(QPointF(400, 3000))


def test_without_a_connection_alone_nothing_is_chosen(viewer):
    take_over(viewer, ((400, 300),))
    viewer.select([LINK, "a"])
    keys(viewer, _Key.Key_B, (_Key.Key_B, SHIFT))
    assert viewer.keyboard.bend.number == -1
    assert bends(viewer) == ((400, 300),)


def test_a_bend_is_no_longer_chosen_when_the_mouse_or_another_selection_comes_between(viewer):
    take_over(viewer, ((400, 300), (700, 300)))
    keys(viewer, _Key.Key_B)
    viewer.select(["a"])
    viewer.select([LINK])
    assert viewer.keyboard.bend.number == -1
    keys(viewer, _Key.Key_B)
    # A menu at the connection is one of the connection.
    Hand(viewer).click(viewer.sheet.links.label_rect(0).center(), Qt.MouseButton.RightButton)
    assert viewer.selected_keys() == [LINK]
    assert not viewer.keyboard.bend.remove()
