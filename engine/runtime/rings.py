"""Which steps of a flow can send messages round to each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence


def rings(steps: Iterable[str], onward: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """The number of every step's ring; steps have the same one if each can be reached from the other.

    A step that no way leads back to has a number to itself. Rings are strongly connected components, found in one pass (Tarjan,
    Depth-first search and linear graph algorithms, 1972), without recursion: a chain may be longer than Python's stack.
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
