"""What a called step made of each message, put together: one message for `call`, also where the step sent nothing.

A step sends its messages by its outputs as in any flow; only the task's result tells which of them came of which call, and
which calls came to nothing. So it is here, when the result arrives, that what belongs together is put together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from engine.ledger.base import Claimed
from engine.runtime.hosts import values, wire
from engine.runtime.hosts.builtin.call import ID, WAY, claims_in
from engine.runtime.task import DEAD_LETTERS

Head = dict[str, Any]
_MARKS = (ID, WAY)


def put_together(
    head: Head, body: memoryview, done: Sequence[Claimed], ports: Mapping[int, str], entries: int
) -> tuple[Head, memoryview]:
    """A called step's result with one message for every call that it is through with.

    Args:
        head: the result.
        body: the batches that the result names.
        done: what the task has worked on.
        ports: by number of a link that leaves the step: the output that it starts at.
        entries: how many links lead into the step; the first of those that leave it has this number.
    """
    sent: dict[int, list[list[Any]]] = {}
    waiting: list[list[Any]] = []
    kept: list[memoryview] = []
    waits: set[int] = set()
    offset = 0
    for output in head["outputs"]:
        link, size, origins = output[0], output[3], _rows(output[8])
        part = body[offset : offset + size]
        offset += size
        if 0 <= link < entries:
            waiting.append(output)
            kept.append(part)
            waits.update(origins)
            continue
        port = "failure" if link == DEAD_LETTERS else ports[link]
        contents, attributes = wire.messages(part)
        for position, row in enumerate(origins):
            marks = _own(attributes[position] if attributes is not None else None)
            sent.setdefault(row, []).append([port, contents[position], marks])
    through = [(row, marks) for row, marks in enumerate(_calls(done)) if row not in waits]
    if not through:
        return {**head, "outputs": waiting, "links": []}, memoryview(b"".join(kept))
    contents = [sent.get(row, []) for row, _ in through]
    packed = wire.batch(values.pack(contents), len(contents), [marks for _, marks in through])
    named = [file for each in contents for file in claims_in(each)]
    rows = {"rows": [row for row, _ in through]}
    returned = [entries, 0, len(contents), len(packed), 0, 0.0, 0, 0, rows, named]
    links = [[entries, len(contents), len(packed)]]
    return {**head, "outputs": [*waiting, returned], "links": links}, memoryview(b"".join([*kept, packed]))


def _rows(origins: Any) -> Sequence[int]:
    """Which messages of the task each message was made of."""
    if isinstance(origins, dict):
        return cast("dict[str, list[int]]", origins)["rows"]
    first, count = origins
    return range(first, first + count)


def _calls(done: Sequence[Claimed]) -> list[dict[str, str] | None]:
    """By row of the task, the attributes that say which call a message belongs to."""
    found: list[dict[str, str] | None] = []
    for batch in done:
        _, attributes = wire.messages(batch.body)
        for row in range(batch.lo, batch.hi):
            marks = (attributes[row] if attributes is not None else None) or {}
            found.append({name: marks[name] for name in _MARKS if name in marks})
    return found


def _own(attributes: Mapping[str, str] | None) -> dict[str, str] | None:
    """Attributes without those that belong to the call."""
    return {name: value for name, value in (attributes or {}).items() if name not in _MARKS} or None
