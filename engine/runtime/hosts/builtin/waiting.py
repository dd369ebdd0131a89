"""Messages that wait in groups, as state rows: one short row a group, and one row for what each task brought, only ever added.

`group:KEY` is [messages, bytes, since, next part, label]; `part:N:KEY` is [contents, attributes, where they came from]. Large
contents wait in their files.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from ..body import BodyContext
from ..rows import Attributes

_GROUP = "group:"


class Group(NamedTuple):
    """What is known of a group without reading it: `since` is when its first message came, in seconds since the epoch."""

    messages: int
    size: int
    since: float
    parts: int
    label: str


class Part(NamedTuple):
    """Messages of a group that wait together; `origins` as `Delivery.kept` tells (None: an older version did not)."""

    contents: list[Any]
    attributes: list[Attributes | None]
    origins: list[Any] | None


class Waiting:
    """The groups in a step's state."""

    def __init__(self, ctx: BodyContext) -> None:
        self._ctx = ctx
        self._state = ctx.state

    def group(self, key: str) -> Group | None:
        """A group, if anything waits in it."""
        found = self._state.get(_GROUP + key)
        return None if found is None else Group(*found)

    def groups(self) -> Iterator[tuple[str, Group]]:
        """Every group by its key."""
        for name in list(self._state):
            if name.startswith(_GROUP):
                yield name[len(_GROUP) :], Group(*self._state[name])

    def add(self, key: str, part: Part, *, size: int = 0, now: float = 0.0, label: str = "") -> Group:
        """Have messages wait; `size` is their length in bytes, if that counts."""
        old = self.group(key) or Group(0, 0, now, 0, label)
        new = Group(old.messages + len(part.contents), old.size + size, old.since, old.parts + 1, old.label)
        attributes = part.attributes if any(part.attributes) else None
        self._ctx.hold(f"part:{old.parts}:{key}", [part.contents, attributes, part.origins], part.contents)
        self._state[_GROUP + key] = list(new)
        return new

    def take(self, key: str) -> list[Part]:
        """All that waits in a group, in the order in which it came; then nothing does."""
        group = self.group(key)
        if group is None:
            return []
        del self._state[_GROUP + key]
        return [_part(*self._state.pop(f"part:{number}:{key}")) for number in range(group.parts)]


def _part(contents: list[Any], attributes: list[Attributes | None] | None, origins: list[Any] | None = None) -> Part:
    return Part(contents, attributes if attributes is not None else [None] * len(contents), origins)
