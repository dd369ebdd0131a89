"""The graph as NodeGraphQt's own functions see it, whenever its nodes come to be."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from pytestqt.qtbot import QtBot

from app.canvas.card import Card
from app.canvas.graph import CardNode, FlowGraph
from app.canvas.link import Link
from app.canvas.viewer import FlowViewer


def card(key: str) -> Card:
    return Card(key=key, name=key.upper(), inputs=("in",), outputs=("success", "failure"))


def link(source: str, target: str, port: str = "success") -> Link:
    return Link(key=f"{source}.{port}->{target}.in", source=source, source_port=port, target=target, target_port="in")


@pytest.fixture
def graph(qtbot: QtBot) -> FlowGraph:
    viewer = FlowViewer()
    qtbot.addWidget(viewer)
    made = FlowGraph(viewer)
    made.add_cards(map(card, "abc"))
    made.add_links([link("a", "b"), link("b", "c")])
    return made


def ends(graph: FlowGraph) -> dict[str, dict[str, dict[str, list[str]]]]:
    """Who is joined to whom, as NodeGraphQt tells it."""
    nodes: list[CardNode] = graph.all_nodes()
    return {
        node.id: {
            port.name(): {owner: list(names) for owner, names in port.model.connected_ports.items() if names}
            for port in (*node.input_ports(), *node.output_ports())
        }
        for node in nodes
    }


JOINED = {
    "a": {"in": {}, "success": {"b": ["in"]}, "failure": {}},
    "b": {"in": {"a": ["success"]}, "success": {"c": ["in"]}, "failure": {}},
    "c": {"in": {"b": ["success"]}, "success": {}, "failure": {}},
}


def test_nodes_that_nobody_looks_at_are_not_made_and_are_there_all_the_same(graph: FlowGraph) -> None:
    assert graph.nodes.made == {}
    assert sorted(graph.model.nodes) == ["a", "b", "c"]
    assert graph.nodes["b"].name() == "B"
    assert set(graph.nodes.made) == {"b"}
    assert graph.get_node_by_id("z") is None


@pytest.mark.parametrize("seen", [[], ["a"], ["b"], ["a", "b", "c"]])
def test_it_is_the_same_graph_whichever_nodes_were_made_before_it_changed(graph: FlowGraph, seen: list[str]) -> None:
    for key in seen:
        graph.get_node_by_id(key)
    assert ends(graph) == JOINED
    graph.add_links([link("a", "c", "failure")])
    graph.remove_links(["a.success->b.in"])
    after = ends(graph)
    assert after["a"] == {"in": {}, "success": {}, "failure": {"c": ["in"]}}
    assert after["c"]["in"] == {"b": ["success"], "a": ["failure"]}
    assert after["b"]["in"] == {}


@pytest.mark.parametrize("seen", [[], ["a"], ["a", "b"]])
def test_a_link_to_a_port_that_went_waits_for_it(graph: FlowGraph, seen: list[str]) -> None:
    for key in seen:
        graph.get_node_by_id(key)
    graph.replace_card(replace(card("b"), inputs=("left",)))
    assert graph.reached(["a"], upstream=False) == {"a"}
    assert ends(graph)["a"]["success"] == {}
    graph.replace_card(replace(card("b"), inputs=("left", "in")))
    assert graph.reached(["a"], upstream=False) == {"a", "b", "c"}
    assert ends(graph)["b"]["in"] == {"a": ["success"]}


def test_a_card_that_went_and_came_back_is_another_node(graph: FlowGraph) -> None:
    first = graph.get_node_by_id("c")
    graph.remove_links(["b.success->c.in"])
    graph.remove_cards(["c"])
    assert graph.get_node_by_id("c") is None
    graph.add_cards([replace(card("c"), name="again")])
    assert graph.get_node_by_id("c") is not first
    assert graph.nodes["c"].name() == "again"
