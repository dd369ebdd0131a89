"""Scope: a flow or definition together with what is visible around it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engine.model.flow import Flow


@dataclass(frozen=True, slots=True)
class Scope:
    """A flow, where it stands, and the scope that holds its definition.

    `path` holds the names of the definitions that lead here, joined by `/`; it is empty for the flow of the file. A definition
    is visible in the flow that holds it and in everything below; the nearest of equal names counts.
    """

    flow: Flow
    path: str = ""
    parent: Scope | None = None

    @property
    def prefix(self) -> str:
        """What stands before a part's key to make it unique in the file."""
        return f"{self.path}/" if self.path else ""

    def below(self, name: str) -> Scope:
        """The scope of one of the flow's own definitions."""
        return Scope(self.flow.definitions[name], f"{self.prefix}{name}", self)

    def find(self, name: str) -> Scope | None:
        """The definition that a subflow here means by `name`."""
        scope: Scope | None = self
        while scope is not None:
            if name in scope.flow.definitions:
                return scope.below(name)
            scope = scope.parent
        return None

    def visible(self) -> list[str]:
        """The names of all definitions that a subflow here may use."""
        names: dict[str, None] = {}
        scope: Scope | None = self
        while scope is not None:
            names.update(dict.fromkeys(scope.flow.definitions))
            scope = scope.parent
        return list(names)

    def walk(self) -> Iterator[Scope]:
        """This scope and all below it, outer ones first."""
        waiting: list[Scope] = [self]
        while waiting:
            scope = waiting.pop()
            yield scope
            waiting.extend(scope.below(name) for name in reversed(scope.flow.definitions))
