from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF

from app.canvas.card import HEADER, WIDTH, Card, Kind, State
from app.canvas.card_columns import NUMBERS, SPARK_POINTS, SPARKS, CardColumns


def card(key: str, **fields: object) -> Card:
    return Card(key=key, **{"inputs": ("in",), "outputs": ("success", "failure"), **fields})  # pyright: ignore[reportArgumentType]


@pytest.fixture
def columns() -> CardColumns:
    """Cards `a` and, over its right half, `b`; `c` is far away."""
    made = CardColumns()
    made.add([(card(key), x, y, State.STOPPED) for key, x, y in (("a", 0, 0), ("b", 150, 0), ("c", 5000, -3000))])
    return made


def keys(columns: CardColumns, rows: np.ndarray) -> list[str]:
    return [columns.rows.keys[row] for row in rows.tolist()]


def test_the_uppermost_card_is_hit_also_after_another_was_raised(columns):
    both = QPointF(200, 20)
    assert columns.rows.keys[columns.at(both)] == "b"
    columns.raise_to_top(np.array([columns.rows["a"]]))
    assert columns.rows.keys[columns.at(both)] == "a"
    assert columns.at(QPointF(-1, 20)) == -1
    assert columns.at(QPointF(WIDTH + 149, 20)) >= 0
    assert columns.at(QPointF(WIDTH + 151, 20)) == -1


def test_a_higher_layer_lies_over_a_lower_whoever_was_raised_and_without_it_all_is_as_before(columns):
    both, area = QPointF(200, 20), QRectF(100, 10, 100, 10)
    columns.replace(card("a", layer=1))
    assert columns.rows.keys[columns.at(both)] == "a"
    columns.raise_to_top(np.array([columns.rows["b"]]))
    assert keys(columns, columns.within(area)) == ["b", "a"]
    columns.replace(card("a", layer=-2))
    columns.raise_to_top(np.array([columns.rows["a"]]))
    assert keys(columns, columns.within(area)) == ["a", "b"]
    columns.replace(card("b", layer=-(2**63)))  # as a change from elsewhere may have it
    assert keys(columns, columns.within(area)) == ["b", "a"]
    columns.replace(card("b"))
    columns.replace(card("a"))
    assert keys(columns, columns.within(area)) == ["b", "a"]
    columns.remove(["a"])
    columns.add([(card("a", layer=-1), 0, 0, State.STOPPED), (card("d", layer=1), 100, 0, State.STOPPED)])
    assert keys(columns, columns.within(area)) == ["a", "b", "d"]


def test_a_frame_in_front_hides_another_with_all_inside_it():
    columns = CardColumns()
    wide = {"kind": Kind.FRAME, "extent": (500.0, 400.0)}
    columns.add([(card(key, **wide), x, 0, State.STOPPED) for key, x in (("f", 0), ("g", 100), ("f/in", 50))])
    columns.owner[columns.rows["f/in"]] = columns.rows["f"]
    area = QRectF(200, 100, 10, 10)
    assert [columns.rows.keys[row] for row in columns.frames_within(area)] == ["f", "f/in", "g"]
    columns.replace(card("f", layer=1, **wide))
    assert [columns.rows.keys[row] for row in columns.frames_within(area)] == ["g", "f", "f/in"]
    assert columns.rows.keys[columns.frame_at(area.center())] == "f/in"


def test_what_an_area_touches_comes_from_the_lowest_up(columns):
    columns.raise_to_top(np.array([columns.rows["a"], columns.rows["b"]]))
    assert keys(columns, columns.within(QRectF(100, 10, 100, 10))) == ["a", "b"]
    assert keys(columns, columns.within(QRectF(5000, -3000, 1, 1))) == ["c"]
    assert keys(columns, columns.within(QRectF(1000, 0, 10, 10))) == []
    columns.remove(["b"])
    assert keys(columns, columns.within(QRectF(100, 10, 100, 10))) == ["a"]


def test_the_nearest_port_within_reach_is_found(columns):
    spot = columns.spot(columns.rows["c"], "failure", is_input=False)
    assert spot.x() == 5000 + WIDTH
    assert columns.port_at(spot + QPointF(3, -2), 9) == (columns.rows["c"], "failure", False)
    assert columns.port_at(spot + QPointF(10, 0), 9) is None
    way_in = columns.spot(columns.rows["c"], "in", is_input=True)
    assert columns.port_at(way_in - QPointF(8, 0), 9) == (columns.rows["c"], "in", True)


def test_pictures_are_out_of_date_after_everything_that_shows(columns):
    row = columns.rows["a"]
    rows = np.array([row])
    for change, is_of_figures in (
        (lambda: columns.replace(card("a", name="A")), False),
        (lambda: columns.set_state(row, State.RUNNING), False),
        (lambda: columns.set_numbers(rows, np.ones((1, len(NUMBERS)), np.int64)), True),
        (lambda: columns.set_sparks(rows, np.ones((1, SPARKS, SPARK_POINTS), np.float32)), True),
        (lambda: columns.select(rows), False),
        (lambda: columns.select(np.array([], np.intp)), False),
    ):
        version, looks = columns.version[row], columns.looks[row]
        change()
        assert columns.version[row] > version
        assert (columns.looks[row] == looks) == is_of_figures
    version = columns.version[row]
    columns.set_state(row, State.RUNNING)
    columns.set_numbers(rows, np.ones((1, len(NUMBERS)), np.int64))
    columns.place({"a": (7, 7)})
    assert columns.version[row] == version


def test_a_card_in_the_row_of_another_starts_afresh(columns):
    row, version = columns.rows["a"], columns.version[columns.rows["a"]]
    columns.set_numbers(np.array([row]), np.ones((1, len(NUMBERS)), np.int64))
    columns.select(np.array([row]))
    columns.remove(["a"])
    assert columns.selected_rows().tolist() == []
    columns.add([(card("d", kind=Kind.SUBFLOW), 1, 2, State.INVALID)])
    assert columns.rows["d"] == row
    assert not columns.numbers[row].any()
    assert not columns.selected[row]
    assert columns.version[row] > version
    assert columns.rect(row) == QRectF(1, 2, WIDTH, columns.card(row).size.height)


def test_bounds_are_around_all_cards_or_some(columns):
    height = columns.card(columns.rows["a"]).size.height
    assert columns.bounds() == QRectF(0, -3000, 5000 + WIDTH, 3000 + height)
    assert columns.bounds(np.array([columns.rows["b"]])) == QRectF(150, 0, WIDTH, height)
    assert CardColumns().bounds() == QRectF()


def test_selecting_tells_what_changed(columns):
    a, b = columns.rows["a"], columns.rows["b"]
    assert columns.select(np.array([a])).tolist() == [a]
    assert sorted(columns.select(np.array([b])).tolist()) == sorted([a, b])
    assert columns.select(np.array([b])).tolist() == []
    assert columns.selected_rows().tolist() == [b]


def test_processors_are_counted_by_their_states(columns):
    columns.add([(card("s", kind=Kind.SUBFLOW), 0, 0, State.RUNNING)])
    columns.set_state(columns.rows["a"], State.RUNNING)
    assert columns.count() == {State.RUNNING: 1, State.STOPPED: 2}


def test_a_port_of_a_row_lies_where_its_card_is(columns):
    columns.place({"a": (10, 20)})
    spots = {name: (spot.x(), is_input) for name, is_input, spot in columns.ports(columns.rows["a"])}
    assert spots == {"in": (10, True), "success": (10 + WIDTH, False), "failure": (10 + WIDTH, False)}
    assert columns.spot(columns.rows["a"], "in", is_input=True).y() > 20 + HEADER
