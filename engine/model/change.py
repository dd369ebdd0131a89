"""Change, the only currency of edits."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from engine.model.flow import Part


class Change(Struct, frozen=True):
    """One edit: the part called `id` was `before` and is `after`; None is absence.

    `id` is the part's key, behind the names of the definitions that hold it: `clean-text/strip`. A key is a processor's or
    subflow's id, a connection's `a.p->b.q`, `label:ID`, `parameter:NAME`, or `flow:` for the header (whose appearance makes the
    definition, whose disappearance removes it).

    `ahead_of` is for parts that come or go: the name of the part of the same kind that follows it in the file; empty, it is the
    last one.
    """

    id: str
    before: Part | None
    after: Part | None
    ahead_of: str = ""

    def inverse(self) -> Change:
        """The change that takes this one back."""
        return Change(self.id, self.after, self.before, self.ahead_of)


def invert(changes: Iterable[Change]) -> list[Change]:
    """The changes that take `changes` back, in the order in which they must be applied."""
    return [change.inverse() for change in reversed(list(changes))]
