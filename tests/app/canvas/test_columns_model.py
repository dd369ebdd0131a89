"""Cards, links and the graph stay what a naive model says they are, whatever comes, changes and goes."""

from __future__ import annotations

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from msgspec.structs import replace
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtWidgets import QApplication

from app.canvas.card import Card, Kind, State
from app.canvas.card_columns import CardColumns
from app.canvas.graph import FlowGraph
from app.canvas.link import Link
from app.canvas.link_columns import LinkColumns
from app.canvas.viewer import FlowViewer
from tests.app.canvas.strategies import cards, links, places

KEYS = [f"card{number}" for number in range(7)]


class Columns(RuleBasedStateMachine):
    """Rules are what a board does; the model is three dictionaries."""

    def __init__(self) -> None:
        super().__init__()
        assert QApplication.instance() is not None
        self.viewer = FlowViewer()
        self.cards, self.graph = CardColumns(), FlowGraph(self.viewer)
        self.links = LinkColumns(self.cards)
        self.known: dict[str, Card] = {}
        self.spots: dict[str, tuple[float, float]] = {}
        self.states: dict[str, State] = {}
        self.joined: dict[str, Link] = {}

    def teardown(self) -> None:
        self.viewer.deleteLater()

    @rule(data=st.data())
    def add_cards(self, data: st.DataObject) -> None:
        free = [key for key in KEYS if key not in self.known]
        made = [
            (data.draw(cards(key)), *data.draw(places), data.draw(st.sampled_from(State)))
            for key in data.draw(st.lists(st.sampled_from(free), unique=True) if free else st.just([]))
        ]
        self.cards.add(made)
        self.graph.add_cards(card for card, *_ in made)
        for card, x, y, state in made:
            self.known[card.key], self.spots[card.key], self.states[card.key] = card, (x, y), state

    @precondition(lambda self: self.known)
    @rule(data=st.data())
    def remove_cards(self, data: st.DataObject) -> None:
        gone = data.draw(st.lists(st.sampled_from(sorted(self.known)), unique=True, max_size=3))
        lost = [key for key, link in self.joined.items() if link.source in gone or link.target in gone]
        self.graph.remove_links(lost)
        self.links.remove(lost)
        self.graph.remove_cards(gone)
        self.cards.remove(gone)
        for key in lost:
            del self.joined[key]
        for key in gone:
            del self.known[key], self.spots[key], self.states[key]

    @precondition(lambda self: self.known)
    @rule(data=st.data())
    def replace_card(self, data: st.DataObject) -> None:
        card = data.draw(cards(data.draw(st.sampled_from(sorted(self.known)))))
        self.cards.replace(card)
        self.graph.replace_card(card)
        self.links.refit(np.array([self.cards.rows[card.key]]))
        self.known[card.key] = card

    @precondition(lambda self: self.known)
    @rule(data=st.data())
    def place(self, data: st.DataObject) -> None:
        moved = data.draw(st.dictionaries(st.sampled_from(sorted(self.known)), places, max_size=4))
        self.cards.place(moved)
        self.links.follow(self.links.touching(np.array([self.cards.rows[key] for key in moved], np.intp)))
        self.spots |= moved

    @precondition(lambda self: self.known)
    @rule(data=st.data(), state=st.sampled_from(State))
    def set_state(self, data: st.DataObject, state: State) -> None:
        key = data.draw(st.sampled_from(sorted(self.known)))
        self.cards.set_state(self.cards.rows[key], state)
        self.states[key] = state

    @precondition(lambda self: self.known)
    @rule(data=st.data())
    def add_links(self, data: st.DataObject) -> None:
        free = [key for key in ("l1", "l2", "l3", "l4", "l5") if key not in self.joined]
        ends = sorted(self.known)
        made: list[Link] = []
        for key in free[: data.draw(st.integers(0, 2))]:
            link = data.draw(links(key, ends))
            outputs, inputs = self.known[link.source].outputs, self.known[link.target].inputs
            if outputs and inputs:
                link = replace(
                    link, source_port=data.draw(st.sampled_from(outputs)), target_port=data.draw(st.sampled_from(inputs))
                )
            made.append(link)
        self.links.add(made)
        self.graph.add_links(made)
        self.joined |= {link.key: link for link in made}

    @precondition(lambda self: self.joined)
    @rule(data=st.data())
    def bend_link(self, data: st.DataObject) -> None:
        key = data.draw(st.sampled_from(sorted(self.joined)))
        link = replace(self.joined[key], bends=tuple(data.draw(st.lists(places, max_size=3))))
        self.links.replace(link)
        self.joined[key] = link

    @precondition(lambda self: self.joined)
    @rule(data=st.data())
    def remove_link(self, data: st.DataObject) -> None:
        key = data.draw(st.sampled_from(sorted(self.joined)))
        self.graph.remove_links([key])
        self.links.remove([key])
        del self.joined[key]

    @invariant()
    def cards_are_as_the_model_says(self) -> None:
        columns = self.cards
        rows = {key: columns.rows[key] for key in self.known}
        assert len(columns) == len(self.known)
        assert sorted(columns.rows.all().tolist()) == sorted(rows.values())
        for key, row in rows.items():
            card = self.known[key]
            assert columns.card(row) == card
            assert columns.rect(row) == QRectF(*self.spots[key], *card.size)
            assert columns.state[row] == self.states[key]
            assert columns.kind[row] == card.kind
        processors = [self.states[key] for key, card in self.known.items() if card.kind is Kind.PROCESSOR]
        assert columns.count() == {state: processors.count(state) for state in set(processors)}

    @invariant()
    def an_area_holds_what_the_model_says(self) -> None:
        for area in (QRectF(-500, -500, 1000, 1000), QRectF(-5000, -5000, 10_000, 10_000), QRectF(0, 0, 1, 1)):
            wanted = {key for key, (x, y) in self.spots.items() if QRectF(x, y, *self.known[key].size).intersects(area)}
            assert {self.cards.rows.keys[row] for row in self.cards.within(area).tolist()} == wanted

    @invariant()
    def links_meet_their_cards(self) -> None:
        columns, links = self.cards, self.links
        assert len(links) == len(self.joined)
        for key, link in self.joined.items():
            row = links.rows[key]
            start = columns.spot(columns.rows[link.source], link.source_port, is_input=False)
            end = columns.spot(columns.rows[link.target], link.target_port, is_input=True)
            assert links.line[row].tolist() == [start.x(), start.y(), end.x(), end.y()]
            assert links.link(row) == link
            route = links.route(row)
            assert route.points[1:-1] == link.bends if link.bends else route.is_curve
            assert links.bounds(row).contains(QPointF(*route.at(0.5)))
        for key in self.known:
            touching = {links.rows.keys[row] for row in links.touching(np.array([columns.rows[key]])).tolist()}
            assert touching == {name for name, link in self.joined.items() if key in (link.source, link.target)}

    @invariant()
    def the_graph_knows_who_is_joined_to_whom(self) -> None:
        for key in self.known:
            ahead, behind = self.reached(key, upstream=False), self.reached(key, upstream=True)
            assert self.graph.reached([key], upstream=False) == ahead
            assert self.graph.reached([key], upstream=True) == behind

    def reached(self, key: str, *, upstream: bool) -> set[str]:
        """All that can be reached, by the model: over links whose ports are there."""
        pairs = {
            (link.target, link.source) if upstream else (link.source, link.target)
            for link in self.joined.values()
            if link.source_port in self.known[link.source].outputs and link.target_port in self.known[link.target].inputs
        }
        found, before = {key}, 0
        while len(found) > before:
            before = len(found)
            found |= {end for start, end in pairs if start in found}
        return found


def test_columns_and_graph_agree_with_the_model(qapp):
    Columns.TestCase.settings = settings(max_examples=25, stateful_step_count=20)
    Columns.TestCase().runTest()
