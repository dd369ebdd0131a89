"""From a message back to the source message it descends from, by the ledger's lineage log.

A task's entry is [stage, origin, parents, children]: parents are (batch id, lo, hi); of a source's task (b"", first, last)
count messages made, and `origin` names the step that made something from nothing. A child is [queue, id, origins], and its
origins say of each message which row of the parents, laid end to end, it was made of: [first, count] or {"rows": [...]}.
A joined or merged message descends from the message that completed it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from msgspec import Struct

from engine.runtime.hosts import values


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
        self._made: dict[bytes, tuple[str, str, list[tuple[bytes, int, int]], Any]] = {}
        for entry in entries:
            stage, origin, parents, children = values.unpack(entry)
            for _, id, origins in children:
                self._made[id] = (stage, origin, parents, origins)

    def path(self, batch: bytes, index: int) -> list[Ancestor]:
        """Every place from the given message back to its beginning, or as far back as the log goes."""
        found: list[Ancestor] = []
        while (entry := self._made.get(batch)) is not None:
            stage, origin, parents, origins = entry
            row = _row(origins, index)
            for id, lo, hi in parents:
                if row < hi - lo:
                    batch, index = id, lo + row
                    break
                row -= hi - lo
            else:
                batch, index = b"", row
            found.append(Ancestor(origin or stage, batch, index))
        return found


def _row(origins: list[int] | dict[str, list[int]], index: int) -> int:
    """The row of the parents that the message at `index` was made of."""
    return origins["rows"][index] if isinstance(origins, dict) else origins[0] + index
