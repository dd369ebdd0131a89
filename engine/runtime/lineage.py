"""From a message back to all it descends from, by the ledger's lineage log.

A task's entry is [stage, origin, parents, children], and a fifth part, sets, if it made messages of several. Parents are
(batch id, lo, hi); of a source's task (b"", first, last) count messages made, and `origin` names the step that made something
from nothing. A child is [queue, id, origins], and its origins say of each message what it was made of, as [first, count] or
{"rows": [...]}: a row of the parents laid end to end, or, below zero, a set (-1 is the first). A set is a list of spans, which
name messages of any task (see `hosts.origins`). A sixth part, [queue, batch id, index, who], makes an entry the record of an
edit: somebody has changed that message while it waited; it is no task, and the rest of it is empty.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from msgspec import Struct

from engine.runtime.hosts import values
from engine.runtime.hosts.origins import places


class Ancestor(Struct, frozen=True):
    """A place a message was at: a queue's batch and the index in it, or, at the beginning, a source and its nth message."""

    step: str
    batch: bytes
    index: int

    @property
    def is_source(self) -> bool:
        """Whether this is where the message began."""
        return not self.batch


class Lineage:
    """The log, indexed by child."""

    def __init__(self, entries: Iterable[bytes]) -> None:
        self._made: dict[bytes, tuple[_Task, Any]] = {}
        for entry in entries:
            stage, origin, parents, children, *sets = values.unpack(entry)
            task = _Task(origin or stage, parents, sets[0] if sets else [])
            for _, id, origins in children:
                self._made[id] = (task, origins)

    def parents(self, batch: bytes, index: int) -> list[Ancestor]:
        """What a message was made of: one place, several for one that was joined or merged, none where the log ends."""
        if (made := self._made.get(batch)) is None:
            return []
        task, origins = made
        row = _row(origins, index)
        if row >= 0:
            return [task.parent(row)]
        found = places(task.sets[-1 - row])
        return [Ancestor(task.step, id, at) if isinstance(id, bytes) else Ancestor(id, b"", at) for id, at in found]

    def ancestors(self, batch: bytes, index: int) -> list[Ancestor]:
        """Every place a message descends from, each once, none before those that were made of it."""
        ordered: list[Ancestor] = []
        seen: set[tuple[bytes, int] | Ancestor] = set()
        # Depth first, so that a place is noted when all it was made of is; turned round at the end.
        pending = [(each, False) for each in reversed(self.parents(batch, index))]
        while pending:
            place, is_left = pending.pop()
            if is_left:
                ordered.append(place)
                continue
            key = place if place.is_source else (place.batch, place.index)
            if key not in seen:
                seen.add(key)
                pending.append((place, True))
                pending += [(each, False) for each in self.parents(place.batch, place.index)]
        return ordered[::-1]

    def beginnings(self, batch: bytes, index: int) -> list[Ancestor]:
        """Where a message began: of all that it descends from, what the log knows no parents of."""
        return [each for each in self.ancestors(batch, index) if each.batch not in self._made]

    def path(self, batch: bytes, index: int) -> list[Ancestor]:
        """The places from a message back to its beginning, or as far back as the log goes.

        Of a message made of several it follows the last, which for joined messages is the one that completed the set.
        """
        found: list[Ancestor] = []
        while parents := self.parents(batch, index):
            found.append(parents[-1])
            batch, index = parents[-1].batch, parents[-1].index
        return found


class _Task(Struct, frozen=True):
    """What a task was given, and the sets it made."""

    step: str
    given: Sequence[tuple[bytes, int, int]]
    sets: Sequence[Sequence[Any]]

    def parent(self, row: int) -> Ancestor:
        """The place of a row of what was given."""
        for id, lo, hi in self.given:
            if row < hi - lo:
                return Ancestor(self.step, id, lo + row)
            row -= hi - lo
        return Ancestor(self.step, b"", row)


def _row(origins: list[int] | dict[str, list[int]], index: int) -> int:
    """What the message at `index` was made of: a row of the parents, or a set."""
    return origins["rows"][index] if isinstance(origins, dict) else origins[0] + index
