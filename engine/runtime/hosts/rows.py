"""Rows: messages on their way through a stage, column by column."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from . import values

Attributes = dict[str, str]


class Rows:
    """Messages that cross one connection together.

    `contents[i]` with `attributes[i]` came from row `origins[i]` of the task's input. `packed` is `values.pack(contents)` as
    the contents left the step that made them: from it a step that changed a message in place and then failed gets the message
    back as it was, and a second branch gets its own copy. `kind` other than 0 marks contents that are a step's own.
    Contents that are `entangled` may share parts with each other or with what their step remembers.
    """

    __slots__ = ("_unpacked", "_whole", "attributes", "contents", "entangled", "kind", "origins", "packed")

    def __init__(
        self,
        contents: list[Any],
        origins: Sequence[int],
        attributes: Sequence[Attributes | None] | None = None,
        packed: bytes | memoryview | None = None,
        kind: int = 0,
    ) -> None:
        self.contents = contents
        self.origins = origins
        self.attributes = attributes
        self.packed = packed
        self.kind = kind
        self.entangled = False
        self._unpacked: list[Any] | None = None
        self._whole: tuple[Rows, int] | None = None

    def __len__(self) -> int:
        return len(self.contents)

    @property
    def size(self) -> int | None:
        """At least as many bytes as all contents take; None if that is not known."""
        packed = self._whole[0].packed if self._whole is not None else self.packed
        return None if packed is None else len(packed)

    def attributes_of(self, row: int) -> Attributes:
        """A message's attributes, not to be changed in place."""
        return (self.attributes[row] if self.attributes is not None else None) or {}

    def original(self, row: int) -> Any:
        """A message's content as it arrived, whatever has been done to it since."""
        if self._unpacked is None:
            self._unpacked = self.originals()
        return self._unpacked[row]

    def originals(self) -> list[Any]:
        """Every content as it arrived."""
        if self._whole is not None:
            rows, lo = self._whole
            return rows.originals()[lo : lo + len(self)]
        if self.packed is None:
            return self.contents
        return values.unpack(self.packed)

    def part(self, lo: int, hi: int) -> Rows:
        """The rows from `lo` up to `hi`."""
        attributes = None if self.attributes is None else self.attributes[lo:hi]
        part = Rows(self.contents[lo:hi], self.origins[lo:hi], attributes, None, self.kind)
        part._whole = (self, lo)
        return part

    def copy(self) -> Rows:
        """The same messages, so that what is done to the one's contents is not seen in the other's."""
        contents = self.contents if values.is_shareable(self.contents) else self.originals()
        return Rows(contents, self.origins, self.attributes, self.packed)

    def take(self, rows: Sequence[int]) -> Rows:
        """Some of the messages, as they arrived."""
        originals = self.originals()
        return Rows(
            [originals[row] for row in rows],
            [self.origins[row] for row in rows],
            None if self.attributes is None else [self.attributes[row] for row in rows],
        )


def concatenate(parts: Iterable[Rows]) -> Rows:
    """Several rows as one, in order. The result does not know how it looked when packed."""
    parts = list(parts)
    if len(parts) == 1:
        return parts[0]
    attributes: list[Attributes | None] | None = None
    if any(part.attributes is not None for part in parts):
        attributes = []
        for part in parts:
            attributes.extend(part.attributes if part.attributes is not None else [None] * len(part))
    return Rows(
        [content for part in parts for content in part.contents],
        [origin for part in parts for origin in part.origins],
        attributes,
    )
