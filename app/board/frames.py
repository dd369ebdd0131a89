"""What is inside the frames of a sheet, with the keys and at the places it has there; and how a sheet takes it over."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from msgspec import structs

from app.board.inside import Inside
from app.canvas.card import Card, State
from app.canvas.frame import Frame
from app.canvas.graph import FlowGraph
from app.canvas.link import Link
from app.canvas.sheet import Note, Sheet, rows_of
from engine.client.parts import Place
from engine.model.scope import Scope

StateOf = Callable[[Place, Scope, str], State]


class Level(NamedTuple):
    """A level on a sheet: what the keys of its parts begin with there, where it is in the flow, and what it is."""

    prefix: str
    place: Place
    scope: Scope


class Drawn(NamedTuple):
    """Everything inside frames, by its keys on the sheet; of a card also where it is, how it is, and in which frame."""

    cards: dict[str, tuple[Card, float, float, State, str]]
    links: dict[str, Link]
    notes: dict[str, Note]
    frames: dict[str, Frame]
    levels: dict[str, Level]


def drawn(insides: Mapping[str, Inside], sheet: Sheet, place: Place, state_of: StateOf) -> Drawn:
    """What is inside the frames of a sheet that shows a place; their own cards are where they are to be."""
    found = Drawn({}, {}, {}, {}, {})
    for key, inside in insides.items():
        corner = sheet.cards.rect(sheet.cards.rows[key]).topLeft()
        _add(found, key, (key,), inside, corner.x(), corner.y(), place.below(key), state_of)
    return found


def _add(
    found: Drawn, key: str, steps: tuple[str, ...], inside: Inside, x: float, y: float, place: Place, state_of: StateOf
) -> None:
    frame = Frame(key=key, steps=steps, x=x + inside.x, y=y + inside.y)
    prefix = frame.prefix
    found.frames[key] = frame
    found.levels[key] = Level(prefix, place, inside.scope)
    for card, dx, dy in inside.cards:
        state = state_of(place, inside.scope, card.key)
        found.cards[prefix + card.key] = (structs.replace(card, key=prefix + card.key), x + dx, y + dy, state, key)
    for link in inside.links:
        found.links[prefix + link.key] = structs.replace(
            link,
            key=prefix + link.key,
            source=prefix + link.source,
            target=prefix + link.target,
            bends=tuple((x + dx, y + dy) for dx, dy in link.bends),
        )
    for note in inside.notes:
        found.notes[prefix + note.key] = structs.replace(note, key=prefix + note.key, x=x + note.x, y=y + note.y)
    places = {card.key: (dx, dy) for card, dx, dy in inside.cards}
    for id, below in inside.frames.items():
        dx, dy = places[id]
        _add(found, prefix + id, (*steps, id), below, x + dx, y + dy, place.below(id), state_of)


def take_over(sheet: Sheet, graph: FlowGraph, wanted: Drawn) -> tuple[bool, list[int]]:
    """Make what is inside the frames of a sheet equal to what is wanted.

    Returns whether anything came or went, and the rows that were given up.
    """
    cards, links = sheet.cards, sheet.links
    before = {cards.rows.keys[row] for row in cards.rows.all().tolist() if cards.owner[row] >= 0}
    gone = [key for key in before if key not in wanted.cards]
    prefixes = tuple(frame.prefix for frame in {**sheet.frames, **wanted.frames}.values())
    inner = [key for row in links.rows.all().tolist() if (key := links.rows.keys[row]).startswith(prefixes)]
    loose = [key for key in inner if key not in wanted.links]
    graph.remove_links(loose)
    links.remove(loose)
    rows = [cards.rows[key] for key in gone]
    graph.remove_cards(gone)
    cards.remove(gone)
    new = [key for key in wanted.cards if key not in before]
    cards.add([wanted.cards[key][:4] for key in new])
    graph.add_cards(wanted.cards[key][0] for key in new)
    touched: list[int] = []
    for key, (card, x, y, state, frame) in wanted.cards.items():
        row = cards.rows[key]
        cards.owner[row] = cards.rows[frame]
        if key in before:
            touched += _change(sheet, graph, row, card, (x, y), state)
    for key, link in wanted.links.items():
        if key in links.rows and links.link(links.rows[key]) != link:
            links.replace(link)
    links.refit(rows_of(touched))
    came = [link for key, link in wanted.links.items() if key not in links.rows]
    links.add(came)
    graph.add_links(came)
    _take_over_notes(sheet, wanted)
    sheet.frames = wanted.frames
    return bool(gone or loose or new or came), rows


def _change(sheet: Sheet, graph: FlowGraph, row: int, card: Card, spot: tuple[float, float], state: State) -> list[int]:
    """Make a card what it is to be; its row if its links must meet it elsewhere."""
    cards = sheet.cards
    touched: list[int] = []
    if cards.card(row) != card:
        cards.replace(card)
        graph.replace_card(card)
        touched.append(row)
    if (float(cards.x[row]), float(cards.y[row])) != spot:
        cards.place({card.key: spot})
        touched.append(row)
    cards.set_state(row, state)
    return touched


def _take_over_notes(sheet: Sheet, wanted: Drawn) -> None:
    prefixes = tuple(frame.prefix for frame in sheet.frames.values())
    kept = {key: note for key, note in sheet.notes.items() if not key.startswith(prefixes)}
    sheet.notes = {**kept, **wanted.notes}
    sheet.selected_notes &= sheet.notes.keys()
