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
    """

    id: str
    before: Part | None
    after: Part | None

    def inverse(self) -> Change:
        """The change that takes this one back."""
        return Change(self.id, self.after, self.before)


def invert(changes: Iterable[Change]) -> list[Change]:
    """The changes that take `changes` back, in the order in which they must be applied."""
    return [change.inverse() for change in reversed(list(changes))]
