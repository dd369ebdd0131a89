"""Messages that wait in groups, as state rows: one short row a group, and one row for what each task brought, only ever added.

`group:KEY` is [messages, bytes, since, next part, label]; `part:N:KEY` is [contents, attributes].
"""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping, Sequence
from typing import Any, NamedTuple

from ..rows import Attributes

_GROUP = "group:"


class Group(NamedTuple):
    """What is known of a group without reading it: `since` is when its first message came, in seconds since the epoch."""

    messages: int
    size: int
    since: float
    parts: int
    label: str


class Waiting:
    """The groups in a step's state."""

    def __init__(self, state: MutableMapping[str, Any]) -> None:
        self._state = state

    def group(self, key: str) -> Group | None:
        """A group, if anything waits in it."""
        found = self._state.get(_GROUP + key)
        return None if found is None else Group(*found)

    def groups(self) -> Iterator[tuple[str, Group]]:
        """Every group by its key."""
        for name in list(self._state):
            if name.startswith(_GROUP):
                yield name[len(_GROUP) :], Group(*self._state[name])

    def add(
        self,
        key: str,
        contents: list[Any],
        attributes: Sequence[Attributes | None],
        *,
        size: int = 0,
        now: float = 0.0,
        label: str = "",
    ) -> Group:
        """Have messages wait; `size` is their length in bytes, if that counts."""
        old = self.group(key) or Group(0, 0, now, 0, label)
        new = Group(old.messages + len(contents), old.size + size, old.since, old.parts + 1, old.label)
        self._state[f"part:{old.parts}:{key}"] = [contents, list(attributes) if any(attributes) else None]
        self._state[_GROUP + key] = list(new)
        return new

    def take(self, key: str) -> tuple[list[Any], list[Attributes | None]]:
        """All that waits in a group, in the order in which it came; then nothing does."""
        contents: list[Any] = []
        attributes: list[Attributes | None] = []
        group = self.group(key)
        if group is not None:
            for number in range(group.parts):
                more, known = self._state.pop(f"part:{number}:{key}")
                contents.extend(more)
                attributes.extend(known if known is not None else [None] * len(more))
            del self._state[_GROUP + key]
        return contents, attributes
