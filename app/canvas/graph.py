"""The flow as NodeGraphQt's graph: nodes, their ports, and who is joined to whom, for walks along connections.

Cards are painted, hit and dragged by rows of numbers (see `CardColumns`). What NodeGraphQt would put into a scene for every
node, port and connection is a plain object here. Undo belongs to the document: nothing is pushed to NodeGraphQt's stack.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Iterator
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


class FlowGraph(NodeGraph):
    """Nodes by the keys of their cards."""

    def __init__(self, viewer: NodeViewer) -> None:
        super().__init__(viewer=viewer)
        self.register_node(CardNode)
        self._links: dict[str, Link] = {}

    def add_cards(self, cards: Iterable[Card]) -> None:
        """Make nodes, many at once: nobody is told, nothing is undone by NodeGraphQt."""
        model = self.model
        for card in cards:
            node = CardNode()
            node.model.id = node.view.id = card.key
            node.model.name = card.name
            _adopt(node, self)
            _set_ports(node, card)
            model.nodes[card.key] = node

    def replace_card(self, card: Card) -> None:
        """Another name, or other ports; connections stay as `Link` says."""
        node = self.model.nodes[card.key]
        node.model.name = card.name
        if (tuple(node.inputs()), tuple(node.outputs())) != (card.inputs, card.outputs):
            kept = [link for link in self._links.values() if card.key in (link.source, link.target)]
            self.remove_links([link.key for link in kept])
            _clear_ports(node)
            _set_ports(node, card)
            self.add_links(kept)

    def remove_cards(self, keys: Iterable[str]) -> None:
        """Take nodes away; their links must have gone before."""
        for key in keys:
            self.model.nodes.pop(key)

    def add_links(self, links: Iterable[Link]) -> None:
        """Join ports."""
        for link in links:
            self._links[link.key] = link
            self._note(link, add=True)

    def remove_links(self, keys: Iterable[str]) -> None:
        """Part them."""
        for key in keys:
            self._note(self._links.pop(key), add=False)

    def _note(self, link: Link, *, add: bool) -> None:
        source, target = self.model.nodes[link.source], self.model.nodes[link.target]
        output, entry = source.outputs().get(link.source_port), target.inputs().get(link.target_port)
        if output is None or entry is None:  # an end that the card does not have, which validation reports
            return
        for port, node, name in ((output, link.target, link.target_port), (entry, link.source, link.source_port)):
            joined = port.model.connected_ports[node]
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


def _adopt(node: Any, graph: FlowGraph) -> None:
    """What NodeGraph.add_node does, without its signals and commands."""
    node._graph = graph  # noqa: SLF001
    node.model._graph_model = graph.model  # noqa: SLF001


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
