from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPointF, QRectF

from app.canvas.card import WIDTH, Card, State
from app.canvas.card_columns import CardColumns
from app.canvas.link import LABEL_HEIGHT, LABEL_WIDTH, Link
from app.canvas.link_columns import LinkColumns, Route
from tests.app.canvas.strategies import places


def link(key: str, source: str = "a", target: str = "b", **fields: object) -> Link:
    return Link(key=key, source=source, source_port="success", target=target, target_port="in", **fields)  # pyright: ignore[reportArgumentType]


def columns_at(*spots: tuple[float, float]) -> tuple[CardColumns, LinkColumns]:
    """Cards `a`, `b` ... at places, and no links."""
    cards = CardColumns()
    names = "abcdef"[: len(spots)]
    cards.add(
        [
            (Card(key=key, inputs=("in",), outputs=("success", "failure")), x, y, State.STOPPED)
            for key, (x, y) in zip(names, spots, strict=True)
        ]
    )
    return cards, LinkColumns(cards)


@pytest.fixture
def pair() -> tuple[CardColumns, LinkColumns]:
    """Cards `a` and `b` side by side, joined by `l`."""
    cards, links = columns_at((0, 0), (800, 0))
    links.add([link("l")])
    return cards, links


def test_a_link_runs_from_port_to_port_and_follows_its_cards(pair):
    cards, links = pair
    row = links.rows["l"]
    y = cards.spot(0, "success", is_input=False).y()
    assert links.line[row].tolist() == [WIDTH, y, 800, y]
    cards.place({"b": (900, 50)})
    links.follow(links.touching(np.array([cards.rows["b"]])))
    assert links.line[row].tolist() == [WIDTH, y, 900, y + 50]


def test_a_card_with_other_ports_is_met_elsewhere(pair):
    cards, links = pair
    before = links.line[links.rows["l"]].tolist()
    cards.replace(Card(key="a", inputs=("in",), outputs=("other", "failure", "success")))
    links.refit(np.array([cards.rows["a"]]))
    after = links.line[links.rows["l"]].tolist()
    assert after[1] > before[1]
    assert after[1] == cards.spot(0, "success", is_input=False).y()


@given(places, places, st.lists(places, max_size=3).map(tuple))
def test_every_point_of_a_route_is_hit_and_lies_within_the_box(a, b, bends):
    _cards, links = columns_at(a, b)
    links.add([link("l", bends=bends)])
    row = links.rows["l"]
    box = links.bounds(row)
    for x, y in points_on(links.route(row)):
        assert links.at(QPointF(x, y), 9.0) == row
        assert box.contains(QPointF(x, y))
        assert row in links.within(QRectF(x - 1, y - 1, 2, 2)).tolist()
    assert box.contains(links.label_rect(row))


def points_on(route: Route) -> list[tuple[float, float]]:
    """Points along a route, told apart from how the columns reckon."""
    spots = np.array(route.points)
    if route.is_curve:
        found = []
        for t in np.linspace(0, 1, 33):
            level = spots
            while len(level) > 1:
                level = level[:-1] * (1 - t) + level[1:] * t
            found.append(tuple(level[0]))
        return found
    return [tuple(a * (1 - t) + b * t) for a, b in itertools.pairwise(spots) for t in (0, 0.3, 1)]


def test_nothing_is_hit_away_from_the_line_but_the_label_is(pair):
    _, links = pair
    middle = links.route(links.rows["l"]).at(0.5)
    assert links.at(QPointF(middle[0], middle[1] + 200), 9) == -1
    beside = QPointF(middle[0] + 30, middle[1] + 15)
    assert links.at(beside, 9) == links.rows["l"]
    assert links.at(beside, 9, labels=False) == -1


def test_the_nearest_of_several_links_is_hit():
    _, links = columns_at((0, 0), (800, 0), (800, 300))
    links.add([link("near"), link("far", target="c")])
    x = 500.0
    for key in ("near", "far"):
        spots = [spot for spot in points_on(links.route(links.rows[key])) if abs(spot[0] - x) < 12]
        assert links.rows.keys[links.at(QPointF(*spots[0]), 30, labels=False)] == key


def test_a_label_is_narrower_where_cards_stand_close():
    _, links = columns_at((0, 0), (WIDTH + 120, 0), (3000, 0))
    links.add([link("close"), link("wide", target="c"), link("back", source="c", target="a")])
    assert links.label_rect(links.rows["close"]).width() == 100
    assert links.label_rect(links.rows["wide"]).size().toTuple() == (LABEL_WIDTH, LABEL_HEIGHT)
    assert links.label_rect(links.rows["back"]).width() == LABEL_WIDTH


@pytest.mark.parametrize(
    ("points", "middle"),
    [
        (((0, 0), (10, 0), (10, 10)), (10, 0)),
        (((0, 0), (0, 0)), (0, 0)),
        (((0, 0), (4, 0), (4, 0), (4, 16)), (4, 6)),
        (((5, 5), (5, 5), (5, 5)), (5, 5)),
    ],
)
def test_the_middle_of_a_bent_route_is_half_its_way(points, middle):
    assert Route(points, is_curve=False).at(0.5) == pytest.approx(middle)


def test_bends_are_found_and_a_new_one_is_put_between_its_neighbours(pair):
    _, links = pair
    row = links.rows["l"]
    assert links.segment_at(row, QPointF(500, 100)) == 0
    links.replace(link("l", bends=((400, 300), (700, 300))))
    assert links.bend_at(row, QPointF(404, 297), 9) == 0
    assert links.bend_at(row, QPointF(700, 310), 9) == -1
    assert links.segment_at(row, QPointF(350, 200)) == 0
    assert links.segment_at(row, QPointF(550, 305)) == 1
    assert links.segment_at(row, QPointF(760, 200)) == 2


def test_a_link_in_the_row_of_another_starts_afresh(pair):
    cards, links = pair
    row = links.rows["l"]
    links.queued[row], links.fill[row], links.selected[row] = (5, 100), (1, 1), True
    links.replace(link("l", bends=((400, 300),)))
    links.remove(["l"])
    assert links.touching(np.array([0, 1])).tolist() == []
    links.add([link("m", source="b", target="a")])
    assert links.rows["m"] == row
    assert not links.queued[row].any()
    assert not links.selected[row]
    assert not links.bent[row]
    assert links.touching(np.array([cards.rows["a"]])).tolist() == [row]


def test_labels_that_would_cover_each_other_are_spread_and_stay():
    _cards, links = columns_at((0, 0), (1200, 0))
    links.add([link("l"), link("m"), link("n")])
    rows = links.rows.all()
    links.spread_labels(rows)
    areas = [links.label_rect(row) for row in rows.tolist()]
    assert not any(a.intersects(b) for a, b in itertools.combinations(areas, 2))
    links.spread_labels(rows[::-1])
    assert [links.label_rect(row) for row in rows.tolist()] == areas
    for row, area in zip(rows.tolist(), areas, strict=True):
        assert links.at(area.center(), 1.0) == row


def test_the_label_of_the_uppermost_link_is_hit():
    _cards, links = columns_at((0, 0), (1200, 0))
    links.add([link("l"), link("m"), link("n")])
    rows = links.rows.all()
    links.label[rows] = 0.5
    middle = links.label_rect(links.rows["l"]).center()

    def uppermost() -> str:
        found = [links.rows.keys[row] for row in links.within(QRectF(middle, middle).adjusted(-1, -1, 1, 1)).tolist()]
        assert links.rows.keys[links.at(middle, 9)] == found[-1]
        assert links.rows.keys[links.at(middle, 9, labels=False)] == found[-1]
        return "".join(found)

    assert uppermost() == "lmn"
    links.replace(link("m", layer=2))
    assert uppermost() == "lnm"
    links.replace(link("n", layer=-1))
    assert uppermost() == "nlm"
    assert links.label[rows].tolist() == [0.5] * 3  # none has gone elsewhere
    links.replace(link("m"))
    links.remove(["n"])
    links.add([link("o")])
    assert uppermost() == "lmo"
