"""The graph of a call: which steps, in which order. Decides and does nothing.

A graph is a step's id (text), `["pipeline", graph, ...]`: each gets what the one before it gave, or `["parallel", graph, ...]`:
each gets the same, and together they give the list of what each gave. A place in it is a list of positions: `[2, 1]` is the
second part of the third part.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

PIPELINE, PARALLEL = "pipeline", "parallel"
Graph = str | list[Any]
Place = tuple[int, ...]


class Start(NamedTuple):
    """A step that is to begin."""

    place: Place
    step: str


class Join(NamedTuple):
    """A place where so many `parts` come together; what is known now is that of number `part`."""

    place: Place
    part: int
    parts: int


def steps(graph: Graph) -> Iterator[str]:
    """Every step that the graph names, in order."""
    if isinstance(graph, str):
        yield graph
        return
    for part in graph[1:]:
        yield from steps(part)


def part_at(graph: Graph, place: Sequence[int]) -> Graph:
    """What is at a place."""
    for position in place:
        graph = graph[position + 1]
    return graph


def begin(graph: Graph, place: Place = ()) -> list[Start]:
    """The steps that begin when what is at a place begins."""
    part = part_at(graph, place)
    if isinstance(part, str):
        return [Start(place, part)]
    if part[0] == PIPELINE:
        return begin(graph, (*place, 0))
    return [start for position in range(len(part) - 1) for start in begin(graph, (*place, position))]


def after(graph: Graph, place: Place, *, failed: bool) -> list[Start] | Join | None:
    """What comes when what is at a place has given something: steps, a join, or nothing any more, since that was all.

    What is behind a part that has `failed` never begins.
    """
    while place:
        *above, position = place
        around = part_at(graph, above)
        if around[0] == PARALLEL:
            return Join(tuple(above), position, len(around) - 1)
        if position + 2 < len(around) and not failed:
            return begin(graph, (*above, position + 1))
        place = tuple(above)
    return None
