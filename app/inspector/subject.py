"""Subject, the parts that an inspector shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from app.document.document import Document
from engine.errors import NotFound
from engine.model.flow import Connection, Header, Part, Processor, Subflow
from engine.model.level import part_of, scope_at
from engine.model.scope import Scope

FLOW = "flow:"
"""The key of what a flow says of itself."""
_PORT_CARDS = ("input:", "output:")


@dataclass(frozen=True)
class Subject:
    """Parts of one level of a document; without keys, the level itself."""

    document: Document
    within: str
    keys: tuple[str, ...]

    @classmethod
    def of(cls, document: Document, within: str, keys: Sequence[str]) -> Subject:
        """The subject of a selection; a subflow's own ports, which are drawn as cards, stand for the level."""
        own = [key for key in keys if not key.startswith(_PORT_CARDS)]
        return cls(document, within, tuple(own) or (FLOW,))

    @cached_property
    def own(self) -> frozenset[str]:
        """The keys, to look one up."""
        return frozenset(self.keys)

    @property
    def key(self) -> str:
        """The key of the only part."""
        return self.keys[0]

    @property
    def scope(self) -> Scope | None:
        """The level; None when it is gone."""
        try:
            return scope_at(self.document.flow, self.within)
        except NotFound:
            return None

    @property
    def prefix(self) -> str:
        """What stands before a part's key in a Change."""
        return f"{self.within}/" if self.within else ""

    def parts(self) -> dict[str, Part]:
        """Those of the parts that are still there, by key."""
        scope = self.scope
        found: dict[str, Part] = {}
        if scope is None:
            return found
        for key in self.keys:
            try:
                found[key] = part_of(scope.flow, key)
            except NotFound:
                continue
        return found

    def part(self) -> Part | None:
        """The only part."""
        return self.parts().get(self.key)


def called(part: Part) -> str:
    """A part's name for people."""
    if isinstance(part, Connection):
        return part.name or f"{part.source} → {part.target}"
    if isinstance(part, Header):
        return part.name
    if isinstance(part, Processor | Subflow):
        return part.name or part.id
    return getattr(part, "id", "") or getattr(part, "name", "")
