from __future__ import annotations

import pytest

from app.canvas.card import FUNNEL, HEADER, PORT_HEIGHT, PORT_WIDTH, WIDTH, Card, Kind


def test_a_card_has_room_for_the_longer_side_of_its_ports():
    few = Card(key="a", inputs=("in",), outputs=("success",))
    many = Card(key="a", inputs=("in",), outputs=tuple(map(str, range(9))))
    assert few.size.width == many.size.width == WIDTH
    assert many.size.height > few.size.height > HEADER


@pytest.mark.parametrize("ports", [1, 3, 20])
def test_ports_lie_on_the_card_one_below_the_other(ports):
    card = Card(key="a", inputs=("in",), outputs=tuple(map(str, range(ports))))
    spots = [card.port_y(name, is_input=False) for name in card.outputs]
    assert spots == sorted(set(spots))
    assert spots[0] > HEADER
    assert spots[-1] < card.size.height


def test_a_port_that_is_not_there_is_joined_at_the_first():
    card = Card(key="a", inputs=("in", "other"))
    assert card.port_y("none such", is_input=True) == card.port_y("in", is_input=True)


def test_ports_of_the_flow_and_funnels_are_joined_in_the_middle():
    assert Card(key="in", kind=Kind.INPUT, outputs=("in",)).size == (PORT_WIDTH, PORT_HEIGHT)
    assert Card(key="in", kind=Kind.INPUT, outputs=("in",)).port_y("in", is_input=False) == PORT_HEIGHT / 2
    assert Card(key="f", kind=Kind.FUNNEL).port_y("in", is_input=True) == FUNNEL / 2
