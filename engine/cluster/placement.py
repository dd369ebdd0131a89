"""Which agent takes which slot. Every agent decides alone, from the same rows, and so comes to the same answer.

Where two look at different moments both may try: the database lets one of them have the slot.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence

from msgspec import Struct, structs

Key = tuple[str, str, int]


class Room(Struct, frozen=True):
    """A node that may take slots: what it has, and what its agent holds."""

    agent: str
    cpus: int
    labels: frozenset[str]
    held: frozenset[Key] = frozenset()
    most: int = 0
    """How many workers it may run; 0: any number."""
    dedicated: bool = False
    """Whether it runs only what asks for one of its labels."""

    def suits(self, labels: frozenset[str]) -> bool:
        """Whether it has every label, and is there for what has none."""
        return labels <= self.labels and (bool(labels) or not self.dedicated)

    def has_room_for(self, key: Key, more: int) -> bool:
        """Whether it may take a slot when it has got so many workers more. A keeper's slot needs no worker."""
        return not (self.most and _needs_worker(key)) or sum(map(_needs_worker, self.held)) + more < self.most


def assign(free: Mapping[Key, frozenset[str]], rooms: Sequence[Room]) -> dict[Key, str]:
    """By slot that nobody holds, the agent that is to take it; those that no node suits are left out.

    `free` has the labels that each slot asks for. A slot goes to the node with the fewest replicas of its stage, of those to
    the least loaded.
    """
    load = {room.agent: len(room.held) for room in rooms}
    begun = dict.fromkeys(load, 0)
    spread = {(room.agent, key[:2]): 0 for room in rooms for key in (*room.held, *free)}
    for room in rooms:
        for key in room.held:
            spread[room.agent, key[:2]] += 1
    found: dict[Key, str] = {}
    # Those that fewest nodes suit come first: the others still find room.
    choices = {key: [room for room in rooms if room.suits(labels)] for key, labels in free.items()}
    for key in sorted(free, key=lambda key: (len(choices[key]), key)):
        open_ = [room for room in choices[key] if room.has_room_for(key, begun[room.agent])]
        if not open_:
            continue
        best = min(
            open_, key=lambda room: (spread[room.agent, key[:2]], (load[room.agent] + 1) / max(1, room.cpus), _lot(key, room))
        )
        found[key] = best.agent
        load[best.agent] += 1
        begun[best.agent] += _needs_worker(key)
        spread[best.agent, key[:2]] += 1
    return found


def surplus(
    agent: str, labels: Mapping[Key, frozenset[str]], rooms: Sequence[Room], lasting: Collection[Key] = ()
) -> Key | None:
    """The slot that an agent should give up because another node has clearly less to do; None: it is well as it is.

    `labels` are those that each slot asks for; `lasting` slots are given up last (they are costly to move). Giving one up
    never makes the other node the busier one, so that slots do not wander.
    """
    mine = next((room for room in rooms if room.agent == agent), None)
    if mine is None:
        return None
    movable = [key for key in mine.held if key in labels and _is_better(key, labels[key], mine, rooms)]
    return min(movable, key=lambda key: (_count(mine.held, key) < 2, key in lasting, key), default=None)


def _is_better(key: Key, labels: frozenset[str], mine: Room, rooms: Sequence[Room]) -> bool:
    """Whether a slot would go to another node if it were free, and be better off there by one slot at least."""
    without = [structs.replace(room, held=room.held - {key}) if room is mine else room for room in rooms]
    to = assign({key: labels}, without).get(key)
    other = next((room for room in rooms if room.agent == to), mine)
    if other is mine:
        return False
    if _count(other.held, key) < _count(mine.held, key) - 1:
        return True
    return (len(other.held) + 1) / max(1, other.cpus) <= (len(mine.held) - 1) / max(1, mine.cpus)


def nowhere(free: Mapping[Key, frozenset[str]], rooms: Iterable[Room]) -> dict[Key, str]:
    """By slot that no node suits: the sentence that says so."""
    known = list(rooms)
    found: dict[Key, str] = {}
    for key, labels in free.items():
        if not any(room.suits(labels) for room in known):
            wanted = ", ".join(sorted(labels))
            found[key] = (
                f"no node that lives has the labels {wanted}; start an agent with --labels {','.join(sorted(labels))}"
                if labels
                else "all agents that live are dedicated; start one without --dedicated"
                if known
                else "no agent lives; start one with `pyfi agent start`"
            )
    return found


def _needs_worker(key: Key) -> bool:
    return key[1] != ""


def _count(held: Iterable[Key], key: Key) -> int:
    return sum(other[:2] == key[:2] for other in held)


def _lot(key: Key, room: Room) -> bytes:
    """Where all else is equal: the same for everybody, and different from slot to slot."""
    return hashlib.sha256(f"{key} {room.agent}".encode()).digest()
