"""What is inside a subflow that is expanded in place, and how large the frame around it is. Decides and does nothing."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct, structs
from PySide6.QtCore import QRectF

from app.board.picture import INPUT, OUTPUT, Remark, card_of, joined, link_of, note_of, port_cards
from app.canvas.card import FRAME_STEP, FRAME_TOP, PORT_HEIGHT, PORT_WIDTH, Card, Kind
from app.canvas.frame import TITLE
from app.canvas.link import Link
from app.canvas.sheet import Note
from engine.model.flow import Subflow
from engine.model.scope import Scope

_MARGIN = 20.0
_PORT_GAP = 120.0
"""Between a frame's own ports and what is inside."""
_LEAST = (420.0, 200.0)
_MOST_FRAMES = 200
"""In each other, inside one."""

RemarkOf = Callable[[Scope, str], Remark]
"""What there is to say of a step of a level."""


class Inside(Struct, frozen=True, kw_only=True):
    """A level as it is drawn in a frame, in coordinates from the frame's corner.

    `x` and `y` are where the level's (0, 0) lies. `frames` are the subflows that are expanded in it, by their ids.
    """

    scope: Scope
    width: float
    height: float
    x: float
    y: float
    cards: list[tuple[Card, float, float]]
    links: list[Link]
    notes: list[Note]
    frames: dict[str, Inside]


def holds_itself(step: Subflow, scope: Scope, trail: frozenset[str]) -> bool:
    """Whether a step stands for one of the levels around it (by their paths), so that it can be expanded without end."""
    below = scope.find(step.flow)
    return below is not None and below.path in trail


def inside_of(
    step: Subflow, scope: Scope, trail: frozenset[str], remark_of: RemarkOf, spare: list[int] | None = None
) -> Inside | None:
    """What is inside a step, with what is expanded in that; None for a step that is no frame.

    `trail` holds the paths of the levels around, that of `scope` included: what holds itself is drawn as a card. So is what is
    more than `spare` counts down: a small file can nest more frames than any machine can draw.
    """
    spare = [_MOST_FRAMES] if spare is None else spare
    below = scope.find(step.flow)
    if not step.expanded or below is None or below.path in trail or not spare[0]:
        return None
    spare[0] -= 1
    trail |= {below.path}
    level = below.flow
    cards: list[tuple[Card, float, float]] = []
    frames: dict[str, Inside] = {}
    for part in level.steps.values():
        card = card_of(part, below, remark_of(below, part.id))
        found = inside_of(part, below, trail, remark_of, spare) if isinstance(part, Subflow) else None
        if found is not None:
            frames[part.id] = found
            card = as_frame(card, found)
        cards.append((card, *(part.position or (0.0, 0.0))))
    notes = [note_of(label) for label in level.labels.values()]
    area = QRectF()
    bends = [bend for connection in level.connections.values() for bend in connection.bends]
    for x, y, width, height in (
        *((x, y, *card.size) for card, x, y in cards),
        *((note.x, note.y, note.width, note.height) for note in notes),
        *((x, y, 1.0, 1.0) for x, y in bends),
    ):
        area = area.united(QRectF(x, y, width, height))
    header = level.header
    left = _MARGIN if not header.inputs else PORT_WIDTH + _PORT_GAP
    right = _MARGIN if not header.outputs else PORT_WIDTH + _PORT_GAP
    ports = max(len(header.inputs), len(header.outputs))
    width = max(_LEAST[0], left + area.width() + right)
    height = max(_LEAST[1], FRAME_TOP + area.height(), FRAME_TOP + (ports - 1) * FRAME_STEP + PORT_HEIGHT) + _MARGIN
    dx, dy = left - area.left(), FRAME_TOP - area.top()
    placed = [(card, x + dx, y + dy) for card, x, y in cards]
    own = [card for card, *_ in port_cards(header, level)]
    for kind, edge in ((Kind.INPUT, 0.0), (Kind.OUTPUT, width - PORT_WIDTH)):
        ports_of_kind = [card for card in own if card.kind is kind]
        placed += [(card, edge, FRAME_TOP + number * FRAME_STEP) for number, card in enumerate(ports_of_kind)]
    links = joined(
        {key: link_of(connection) for key, connection in level.connections.items()}, {card.key for card, *_ in placed}
    )
    return Inside(
        scope=below,
        width=width,
        height=height,
        x=dx,
        y=dy,
        cards=placed,
        links=[structs.replace(link, bends=tuple((x + dx, y + dy) for x, y in link.bends)) for link in links],
        notes=[structs.replace(note, x=note.x + dx, y=note.y + dy) for note in notes],
        frames=frames,
    )


def as_frame(card: Card, inside: Inside) -> Card:
    """A subflow's card as the frame around what is inside."""
    return structs.replace(card, kind=Kind.FRAME, extent=(inside.width, inside.height))


__all__ = ["INPUT", "OUTPUT", "TITLE", "Inside", "as_frame", "holds_itself", "inside_of"]
