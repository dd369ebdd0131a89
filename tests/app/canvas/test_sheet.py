from __future__ import annotations

import pytest
from PySide6.QtCore import QPointF, QRectF

from app.canvas.card import WIDTH, Card, State
from app.canvas.link import Link
from app.canvas.sheet import Note, Sheet


@pytest.fixture
def sheet() -> Sheet:
    """Cards in a cross with `m` in the middle, a link, two notes over each other."""
    made = Sheet()
    spots = {"m": (0, 0), "l": (-600, 30), "r": (600, -20), "u": (50, -500), "d": (0, 500)}
    made.cards.add([(Card(key=key, inputs=("in",), outputs=("out",)), x, y, State.STOPPED) for key, (x, y) in spots.items()])
    made.links.add([Link(key="m.out->r.in", source="m", source_port="out", target="r", target_port="in")])
    made.notes = {key: Note(key=key, x=2000, y=x, width=100, height=100) for key, x in (("label:1", 0), ("label:2", 50))}
    return made


def test_everything_selected_is_told_by_kind_and_nothing_unknown(sheet):
    sheet.select(["label:2", "m.out->r.in", "d", "none such", "l"])
    assert sheet.selected() == ["l", "d", "m.out->r.in", "label:2"]
    sheet.select([])
    assert sheet.selected() == []


@pytest.mark.parametrize(("dx", "dy", "found"), [(-1, 0, "l"), (1, 0, "r"), (0, -1, "u"), (0, 1, "d")])
def test_arrows_lead_to_the_neighbour_in_their_direction(sheet, dx, dy, found):
    start = {key: sheet.cards.rect(sheet.cards.rows[key]).center() for key in ("m", found)}
    assert sheet.neighbour(dx, dy, QPointF(), start["m"], notes=False) == found
    assert sheet.neighbour(dx, dy, QPointF(), start[found], notes=False) == ""
    assert sheet.neighbour(-dx, -dy, QPointF(), start[found], notes=False) == "m"


def test_arrows_lead_to_notes_too_and_back(sheet):
    right = sheet.cards.rect(sheet.cards.rows["r"]).center()
    assert sheet.neighbour(1, 0, QPointF(), right) == "label:1"
    assert sheet.neighbour(-1, 0, QPointF(), sheet.notes["label:1"].rect.center()) == "r"


def test_without_a_start_the_most_central_card_is_the_neighbour(sheet):
    assert sheet.neighbour(1, 0, QPointF(600, 0)) == "r"
    assert Sheet().neighbour(1, 0, QPointF()) == ""


def test_bounds_hold_cards_and_notes(sheet):
    bounds = sheet.bounds()
    assert (bounds.left(), bounds.top(), bounds.right()) == (-600, -500, 2100)
    assert Sheet().bounds() == QRectF()
    notes = Sheet()
    notes.notes["label:1"] = Note(key="label:1", x=5, y=6, width=7, height=8)
    assert notes.bounds() == QRectF(5, 6, 7, 8)
    assert not notes.is_empty
    assert Sheet().is_empty


def test_the_uppermost_note_is_hit(sheet):
    assert sheet.note_at(QPointF(2050, 75)) == "label:2"
    assert sheet.note_at(QPointF(2050, 20)) == "label:1"
    assert sheet.note_at(QPointF(WIDTH / 2, 20)) == ""


def test_everything_is_all_cards_and_notes(sheet):
    assert sorted(sheet.everything()) == sorted(["m", "l", "r", "u", "d", "label:1", "label:2"])
