"""The flow as NodeGraphQt's graph: nodes, their ports, and who is joined to whom, for walks along connections.

Cards are painted, hit and dragged by rows of numbers (see `CardColumns`). What NodeGraphQt would put into a scene for every
node, port and connection is a plain object here. Undo belongs to the document: nothing is pushed to NodeGraphQt's stack.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Iterator, MutableMapping
from typing import Any

from PySide6.QtWidgets import QGraphicsItem

from app.canvas.card import Card
from app.canvas.link import Link
from app.canvas.node_graph_qt import AbstractNodeItem, BaseNode, NodeGraph, NodeViewer, PortTypeEnum

_IN, _OUT = PortTypeEnum.IN.value, PortTypeEnum.OUT.value


class CardPort:
    """A port as NodeGraphQt's objects see it; no graphics item."""

    __slots__ = ("connected_pipes", "display_name", "locked", "multi_connection", "name", "node", "port_type")

    def __init__(self, node: CardItem, name: str, port_type: str) -> None:
        self.node = node
        self.name = name
        self.port_type = port_type
        self.multi_connection = True
        self.display_name = True
        self.locked = False
        self.connected_pipes: list[Any] = []


class CardItem(AbstractNodeItem):
    """A node's graphics item that is never in a scene: it only keeps what NodeGraphQt asks of it."""

    def __init__(self, name: str = "node", parent: QGraphicsItem | None = None) -> None:
        QGraphicsItem.__init__(self, parent)  # the base's set-up costs more than all the rest, for a scene that is not there
        self._properties = {"id": None, "name": name, "type_": "", "selected": False, "disabled": False, "visible": True}
        self._properties |= {"layout_direction": 0, "icon": None}
        self._width = self._height = 0.0
        self._inputs: OrderedDict[CardPort, None] = OrderedDict()
        self._outputs: OrderedDict[CardPort, None] = OrderedDict()
        self.widgets: dict[str, Any] = {}

    @property
    def inputs(self) -> list[CardPort]:
        """Its input ports."""
        return list(self._inputs)

    @property
    def outputs(self) -> list[CardPort]:
        """Its output ports."""
        return list(self._outputs)

    def paint(self, painter: Any, option: Any, widget: Any = None) -> None:
        """Painted by layers; see `FlowViewer`."""

    def add_input(self, name: str = "in", *_: Any, **__: Any) -> CardPort:
        """A port for messages that come in."""
        port = CardPort(self, name, _IN)
        self._inputs[port] = None
        return port

    def add_output(self, name: str = "out", *_: Any, **__: Any) -> CardPort:
        """A port for messages that leave."""
        port = CardPort(self, name, _OUT)
        self._outputs[port] = None
        return port


class CardNode(BaseNode):
    """A card in the graph. Its id is the card's key."""

    __identifier__ = "pyfi"
    NODE_NAME = "card"

    def __init__(self) -> None:
        super().__init__(qgraphics_item=CardItem)


class Nodes(MutableMapping[str, CardNode]):
    """A graph's nodes by the keys of their cards. A node is made when it is first looked at.

    Most never are: to open, to paint and to edit a flow needs none, and NodeGraphQt's objects for a card cost more than
    everything else that is done for it.
    """

    def __init__(self, graph: FlowGraph) -> None:
        self._graph = graph
        self.cards: dict[str, Card] = {}
        self.made: dict[str, CardNode] = {}

    def __getitem__(self, key: str) -> CardNode:
        node = self.made.get(key)
        if node is None:
            node = self.made[key] = _node_of(self.cards[key], self._graph)
            self._graph.join(node)
        return node

    def __setitem__(self, key: str, node: CardNode) -> None:
        self.made[key] = node
        self.cards[key] = Card(key=key, name=node.name(), inputs=tuple(node.inputs()), outputs=tuple(node.outputs()))

    def __delitem__(self, key: str) -> None:
        del self.cards[key]
        self.made.pop(key, None)

    def __contains__(self, key: object) -> bool:
        return key in self.cards

    def __iter__(self) -> Iterator[str]:
        return iter(self.cards)

    def __len__(self) -> int:
        return len(self.cards)


class FlowGraph(NodeGraph):
    """Nodes by the keys of their cards."""

    def __init__(self, viewer: NodeViewer) -> None:
        super().__init__(viewer=viewer)
        self.register_node(CardNode)
        self.nodes = Nodes(self)
        model: Any = self.model
        model.nodes = self.nodes
        self._links: dict[str, Link] = {}
        self._touching: dict[str, dict[str, None]] = {}
        """Keys of the links that begin or end at a card."""

    def add_cards(self, cards: Iterable[Card]) -> None:
        """Add nodes, many at once: nobody is told, nothing is undone by NodeGraphQt."""
        self.nodes.cards.update((card.key, card) for card in cards)

    def replace_card(self, card: Card) -> None:
        """Another name, or other ports; connections stay as `Link` says."""
        before = self.nodes.cards[card.key]
        kept = self._links_of(card.key) if (before.inputs, before.outputs) != (card.inputs, card.outputs) else []
        for link in kept:
            self._note(link, add=False)
        self.nodes.cards[card.key] = card
        node = self.nodes.made.get(card.key)
        if node is not None:
            node.model.name = card.name
            if (tuple(node.inputs()), tuple(node.outputs())) != (card.inputs, card.outputs):
                _clear_ports(node)
                _set_ports(node, card)
        for link in kept:
            self._note(link, add=True)

    def remove_cards(self, keys: Iterable[str]) -> None:
        """Take nodes away; their links must have gone before."""
        for key in keys:
            del self.nodes[key]
            self._touching.pop(key, None)

    def add_links(self, links: Iterable[Link]) -> None:
        """Join ports."""
        for link in links:
            self._links[link.key] = link
            for card in (link.source, link.target):
                self._touching.setdefault(card, {})[link.key] = None
            self._note(link, add=True)

    def remove_links(self, keys: Iterable[str]) -> None:
        """Part them."""
        for key in keys:
            link = self._links.pop(key)
            for card in (link.source, link.target):
                self._touching[card].pop(key, None)
            self._note(link, add=False)

    def join(self, node: CardNode) -> None:
        """Tell a node that was just made which links begin and end at it."""
        for link in self._links_of(node.id):
            self._note(link, add=True, only=node.id)

    def _links_of(self, card: str) -> list[Link]:
        return [self._links[key] for key in self._touching.get(card, ())]

    def _note(self, link: Link, *, add: bool, only: str = "") -> None:
        """Have those ends of a link know of it, or no more, that have nodes; `only` that one."""
        made, cards = self.nodes.made, self.nodes.cards
        if not made or link.source_port not in cards[link.source].outputs or link.target_port not in cards[link.target].inputs:
            return  # nobody to tell, or an end that the card does not have, which validation reports
        for here, port, there, name, is_input in (
            (link.source, link.source_port, link.target, link.target_port, False),
            (link.target, link.target_port, link.source, link.source_port, True),
        ):
            node = made.get(here)
            if node is None or (only and here != only):
                continue
            joined = (node.inputs() if is_input else node.outputs())[port].model.connected_ports[there]
            if add:
                joined.append(name)
            elif name in joined:
                joined.remove(name)

    def following(self, key: str) -> list[str]:
        """Keys of the cards that a card's outputs lead to, by the order of its ports."""
        return list(dict.fromkeys(_joined(self.model.nodes[key].output_ports())))

    def preceding(self, key: str) -> list[str]:
        """Keys of the cards that lead into a card."""
        return list(dict.fromkeys(_joined(self.model.nodes[key].input_ports())))

    def reached(self, keys: Iterable[str], *, upstream: bool) -> set[str]:
        """Every card that can be reached from some, along connections or against them, those themselves included."""
        step = self.preceding if upstream else self.following
        seen, pending = set(keys), list(keys)
        while pending:
            for key in step(pending.pop()):
                if key not in seen:
                    seen.add(key)
                    pending.append(key)
        return seen


def _node_of(card: Card, graph: FlowGraph) -> CardNode:
    """A card's node, adopted as NodeGraph.add_node does it, without its signals and commands."""
    node: Any = CardNode()
    node.model.id = node.view.id = card.key
    node.model.name = card.name
    node._graph = graph  # noqa: SLF001
    node.model._graph_model = graph.model  # noqa: SLF001
    _set_ports(node, card)
    return node


def _set_ports(node: CardNode, card: Card) -> None:
    for name in card.inputs:
        node.add_input(name, multi_input=True)
    for name in card.outputs:
        node.add_output(name, multi_output=True)


def _clear_ports(node: CardNode) -> None:
    node._inputs.clear()  # noqa: SLF001 - NodeGraphQt deletes ports one by one, with undo
    node._outputs.clear()  # noqa: SLF001
    node.view._inputs.clear()  # noqa: SLF001
    node.view._outputs.clear()  # noqa: SLF001
    node.model.inputs.clear()
    node.model.outputs.clear()


def _joined(ports: Iterable[Any]) -> Iterator[str]:
    for port in ports:
        yield from (key for key, names in port.model.connected_ports.items() if names)
