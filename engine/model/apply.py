"""Changes to flows and flows to Changes: `apply` carries edits out, `diff` finds them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from msgspec import Struct

from engine.errors import ConflictError, UsageError
from engine.model.change import Change
from engine.model.flow import Flow, Header, Label, Parameter, Part
from engine.model.order import Order
from engine.model.problem import shown

HEADER_KEY = "flow:"
_MARKED = re.compile(r"((?:[^/:]+/)*)((?:label|parameter|flow):.*)", re.DOTALL)


def key_of(part: Part) -> str:
    """The key of a part in its own flow, without the names of definitions around it."""
    if isinstance(part, Header):
        return HEADER_KEY
    if isinstance(part, Label):
        return f"label:{part.id}"
    return f"parameter:{part.name}" if isinstance(part, Parameter) else part.id


def split_key(key: str) -> tuple[tuple[str, ...], str]:
    """A change's id as the names of the definitions that hold the part, and the part's key there."""
    marked = _MARKED.fullmatch(key) if ":" in key else None
    path, own = (marked[1], marked[2]) if marked else (key[: key.rfind("/") + 1], key[key.rfind("/") + 1 :])
    return tuple(path.split("/")[:-1]), own


def apply(flow: Flow, changes: Iterable[Change]) -> Flow:
    """The flow with changes carried out in their order; all of them or none.

    Raises:
        ConflictError: a part is not as the change found it, because somebody else changed it meanwhile.
        UsageError: a change contradicts itself.
    """
    root = _Draft(flow)
    for change in changes:
        path, key = split_key(change.id)
        after = change.after
        if after is not None and key_of(after) != key:
            raise UsageError(f"a change of {shown(change.id)} holds another part, {shown(key_of(after))}; change its key")
        if key == HEADER_KEY and path:
            root.at(path[:-1], change.id).change_definition(path[-1], change)
        else:
            root.at(path, change.id).change(key, change)
    return root.frozen()


def located(flow: Flow, changes: Iterable[Change]) -> list[Change]:
    """Changes of a flow that know of every part that goes what follows it, so that it comes back to its place."""
    orders: dict[tuple[tuple[str, ...], str], Order] = {}
    found: list[Change] = []
    for change in changes:
        if (change.before is None) is (change.after is None):
            found.append(change)
            continue
        path, field, name = home_of(change.id)
        order = orders.get((path, field))
        if order is None:
            order = orders[path, field] = Order(_names(flow, path, field))
        if change.after is not None:
            order.insert(name, change.ahead_of)
            found.append(change)
        elif name in order:
            found.append(Change(change.id, change.before, None, order.remove(name)))
        else:  # it is not there, which whoever makes the change is told
            found.append(change)
    return found


def home_of(id: str) -> tuple[tuple[str, ...], str, str]:
    """The flow and its mapping that hold what a change is about, and the name there."""
    path, key = split_key(id)
    return (path[:-1], "definitions", path[-1]) if key == HEADER_KEY and path else (path, *_place(key))


def _names(flow: Flow, path: tuple[str, ...], field: str) -> Iterable[str]:
    for name in path:
        if name not in flow.definitions:
            return ()
        flow = flow.definitions[name]
    return getattr(flow, field)


class _Draft:
    """A flow being changed; copies only the mappings that change."""

    def __init__(self, flow: Flow) -> None:
        self._flow = flow
        self.header = flow.header
        self._copies: dict[str, dict[str, Any]] = {}
        self._below: dict[str, _Draft] = {}
        self._comes: dict[str, list[tuple[str, str]]] = {}
        """By mapping: names of parts that came, each with the one in front of which it belongs."""

    def at(self, path: tuple[str, ...], key: str) -> _Draft:
        """The draft of a definition below."""
        draft = self
        for name in path:
            below = draft._below.get(name)
            if below is None:
                definition = draft._mapping("definitions").get(name)
                if definition is None:
                    raise ConflictError(f"the definition that holds {shown(key)} was removed meanwhile; load the flow again")
                below = draft._below[name] = _Draft(definition)
            draft = below
        return draft

    def change(self, key: str, change: Change) -> None:
        """Changes one part of this flow."""
        if key == HEADER_KEY:
            if change.after is None or not isinstance(change.after, Header):
                raise UsageError("the flow's own header cannot be removed; delete the flow")
            self._expect(change, self.header)
            self.header = change.after
            return
        field, name = _place(key)
        parts = self._mapping(field)
        present: Any = parts.get(name)
        if field == "parameters" and name in parts:
            present = Parameter(name, parts[name])
        self._expect(change, present)
        if change.after is None:
            self._owned(field).pop(name, None)
        else:
            self._owned(field)[name] = change.after.value if isinstance(change.after, Parameter) else change.after
            self._note(field, name, change)

    def change_definition(self, name: str, change: Change) -> None:
        """Makes, renames inside or removes a definition of this flow."""
        after = change.after
        if after is None:
            definition = self.at((name,), change.id).frozen()
            self._expect(change, definition.header)
            if definition != Flow(header=definition.header):
                raise ConflictError(f"definition '{name}' still has parts, so it cannot be removed; load the flow again")
            self._owned("definitions").pop(name)
            self._below.pop(name)
            return
        if not isinstance(after, Header) or after.name != name:
            raise UsageError(f"definition '{name}' cannot be called {shown(getattr(after, 'name', ''))}; its name is its key")
        if name in self._mapping("definitions"):
            self.at((name,), change.id).change(HEADER_KEY, change)
        else:
            self._expect(change, None)
            self._owned("definitions")[name] = Flow(header=after)
            self._note("definitions", name, change)

    def _note(self, field: str, name: str, change: Change) -> None:
        """Remember where a part belongs that has come."""
        if change.before is None and change.ahead_of:
            self._comes.setdefault(field, []).append((name, change.ahead_of))

    def _bring_to_places(self) -> None:
        for field, moves in self._comes.items():
            parts = self._owned(field)
            order = Order(parts)
            for name, ahead_of in moves:
                if name in order:
                    order.remove(name)
                    order.insert(name, ahead_of)
            self._copies[field] = {name: parts[name] for name in order}

    def frozen(self) -> Flow:
        """The changed flow."""
        for name, draft in self._below.items():
            self._owned("definitions")[name] = draft.frozen()
        self._bring_to_places()
        if not self._copies and self.header is self._flow.header:
            return self._flow
        return Flow(
            header=self.header,
            parameters=self._mapping("parameters"),
            steps=self._mapping("steps"),
            connections=self._mapping("connections"),
            labels=self._mapping("labels"),
            definitions=self._mapping("definitions"),
        )

    def _mapping(self, field: str) -> dict[str, Any]:
        return self._copies[field] if field in self._copies else getattr(self._flow, field)

    def _owned(self, field: str) -> dict[str, Any]:
        if field not in self._copies:
            self._copies[field] = dict(getattr(self._flow, field))
        return self._copies[field]

    @staticmethod
    def _expect(change: Change, present: Part | None) -> None:
        before = change.before
        if before is present or before == present:
            return
        what = "was removed" if present is None else ("is there already, added" if before is None else "was changed")
        raise ConflictError(f"{shown(change.id)} {what} meanwhile; load the flow again and repeat the edit")


def _place(key: str) -> tuple[str, str]:
    """The mapping of a flow that holds a key, and the name there."""
    if key.startswith("label:"):
        return "labels", key[6:]
    if key.startswith("parameter:"):
        return "parameters", key[10:]
    return ("connections" if "->" in key else "steps"), key


def same(first: Any, second: Any) -> bool:
    """Whether two values are the same to the last, however deep: 1, 1.0 and true are three."""
    if first is second:
        return True
    if type(first) is not type(second) or first != second:
        return False
    if isinstance(first, Struct):
        return all(same(getattr(first, name), getattr(second, name)) for name in first.__struct_fields__)
    if isinstance(first, dict):
        return all(same(value, second[key]) for key, value in first.items())  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]
    if isinstance(first, list | tuple):
        return all(map(same, first, second))  # pyright: ignore[reportUnknownArgumentType]
    return True


def diff(old: Flow, new: Flow) -> list[Change]:
    """The changes that make `new` of `old`, in an order in which no connection ever lacks an end.

    The order of parts in a file is not part of a flow's identity.
    """
    return list(_diff(old, new, ""))


def _diff(old: Flow, new: Flow, prefix: str) -> Iterator[Change]:
    if old is new:
        return
    yield from _removed(old.connections, new.connections, prefix)
    yield from _removed(old.steps, new.steps, prefix)
    yield from _removed(old.labels, new.labels, prefix)
    for name, definition in old.definitions.items():
        if name not in new.definitions:
            yield from _diff(definition, Flow(header=definition.header), f"{prefix}{name}/")
            yield Change(f"{prefix}{name}/{HEADER_KEY}", definition.header, None)
    if not same(old.header, new.header):
        yield Change(f"{prefix}{HEADER_KEY}", old.header, new.header)
    yield from _changed_parameters(old.parameters, new.parameters, prefix)
    for name, definition in new.definitions.items():
        if name not in old.definitions:
            yield Change(f"{prefix}{name}/{HEADER_KEY}", None, definition.header)
        yield from _diff(old.definitions.get(name) or Flow(header=definition.header), definition, f"{prefix}{name}/")
    yield from _changed(old.steps, new.steps, prefix)
    yield from _changed(old.connections, new.connections, prefix)
    yield from _changed(old.labels, new.labels, prefix)


def _removed(old: Any, new: Any, prefix: str) -> Iterator[Change]:
    """Removals come first, so that nothing is ever there twice."""
    for key, part in old.items():
        if key not in new:
            yield Change(prefix + key_of(part), part, None)


def _changed(old: Any, new: Any, prefix: str) -> Iterator[Change]:
    for key, part in new.items():
        before = old.get(key)
        if not same(before, part):
            yield Change(prefix + key_of(part), before, part)


def _changed_parameters(old: dict[str, Any], new: dict[str, Any], prefix: str) -> Iterator[Change]:
    for name in {**old, **new}:
        before = Parameter(name, old[name]) if name in old else None
        after = Parameter(name, new[name]) if name in new else None
        if not same(before, after):
            yield Change(f"{prefix}parameter:{name}", before, after)
