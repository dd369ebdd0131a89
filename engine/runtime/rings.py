"""Which steps of a flow can send messages round to each other, and what that means for the limits of connections."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from engine.model.flatten import FlatLink


class Rings:
    """The rings of a flow."""

    def __init__(self, links: Collection[FlatLink]) -> None:
        onward: dict[str, list[str]] = {}
        for link in links:
            onward.setdefault(link.source, []).append(link.target)
            onward.setdefault(link.target, [])
        self._found = rings(onward, onward)
        self._links: dict[int, list[str]] = {}
        for link in links:
            if (ring := self.of(link)) is not None:
                self._links.setdefault(ring, []).append(link.key)

    def of(self, link: FlatLink) -> int | None:
        """The ring that a link is part of."""
        source, target = self._found[link.source], self._found[link.target]
        return source if source == target else None

    def holding_back(self, entry: FlatLink, beyond: Iterable[FlatLink]) -> tuple[str, ...]:
        """The keys of links whose limits hold an entry of a stage back: those beyond it, in general.

        What goes round in a ring is held back by none of the ring's links, since each would wait for the others for ever. What
        enters a ring is held back by all of them, so that they stay near their limits.
        """
        ring = self.of(entry)
        if ring is not None:
            return tuple(link.key for link in beyond if self.of(link) != ring)
        entered = self._links.get(self._found[entry.target], ())
        return tuple(dict.fromkeys((*(link.key for link in beyond), *entered)))


def rings(steps: Iterable[str], onward: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """The number of every step's ring; steps have the same one if each can be reached from the other.

    A step that no way leads back to has a number to itself. Numbers fall along every way from ring to ring. Rings are strongly
    connected components, found in one pass (Tarjan, Depth-first search and linear graph algorithms, 1972), without recursion: a
    chain may be longer than Python's stack.
    """
    found: dict[str, int] = {}
    for step in steps:
        if step not in found:
            _visit(step, onward, found)
    return found


def _visit(root: str, onward: Mapping[str, Sequence[str]], found: dict[str, int]) -> None:
    """Number the rings of everything that can be reached from a step and has no number yet."""
    entered: dict[str, int] = {}
    lowest: dict[str, int] = {}
    open_steps: list[str] = []
    way: list[tuple[str, Iterator[str]]] = []

    def enter(step: str) -> None:
        entered[step] = lowest[step] = len(entered)
        open_steps.append(step)
        way.append((step, iter(onward.get(step, ()))))

    enter(root)
    while way:
        step, targets = way[-1]
        target = next(targets, None)
        if target is None:
            way.pop()
            if way:
                lowest[way[-1][0]] = min(lowest[way[-1][0]], lowest[step])
            if lowest[step] == entered[step]:
                _close(step, open_steps, found)
        elif target not in entered and target not in found:
            enter(target)
        elif target not in found:
            lowest[step] = min(lowest[step], entered[target])


def _close(step: str, open_steps: list[str], found: dict[str, int]) -> None:
    """Everything entered since a step belongs to its ring."""
    number = len(found)
    while True:
        member = open_steps.pop()
        found[member] = number
        if member == step:
            return
