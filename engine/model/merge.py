"""Three-way merge of flows: what two sides made of the same flow, put together part by part and field by field.

Where both sides changed the same field to different values, there is a Conflict, and a choice is asked for. Places on the
canvas never conflict: there, ours are kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from difflib import SequenceMatcher
from typing import Any, Literal, cast

from msgspec import UNSET, Struct, structs

from engine.model.apply import HEADER_KEY, apply, diff, same, split_key
from engine.model.change import Change
from engine.model.flow import Connection, Flow, Header, Part, Subflow
from engine.model.ports import split_end

Side = Literal["base", "ours", "theirs"]
Choices = Mapping[tuple[str, str], Side]
"""By part and field (see `Conflict`): whose value is taken."""

_LAYOUT = frozenset({"position", "layer", "bends", "label_at", "size", "expanded"})
WHOLE = ""


class Conflict(Struct, frozen=True):
    """What both sides changed differently: the part `id` (as in a Change) and its field, with all three values.

    A field is `retry`, or `config.path` inside a mapping. The field is empty where one side removed the part that the other
    changed; then the values are parts, or None. A value that is not there is UNSET.
    """

    id: str
    field: str
    base: Any
    ours: Any
    theirs: Any


class Merged(Struct, frozen=True):
    """The flow that came of it, with ours where there are conflicts without a choice; and all conflicts."""

    flow: Flow
    conflicts: tuple[Conflict, ...]


def merge(base: Flow, ours: Flow, theirs: Flow, choices: Choices | None = None) -> Merged:
    """What ours and theirs made of base, together."""
    merger = _Merger(choices or {})
    before, own, other = parts_of(base), parts_of(ours), parts_of(theirs)
    parts = {key: merger.part(key, before.get(key), own.get(key), other.get(key)) for key in {**own, **other}}
    kept = {key: part for key, part in parts.items() if part is not None}
    _Homes(merger, kept, {"base": before, "ours": own, "theirs": other}).settle()
    return Merged(_flow_of(kept), tuple(merger.conflicts))


def parts_of(flow: Flow) -> dict[str, Part]:
    """Every part of a flow and of the definitions in it, by the id that a Change of it would have."""
    found: dict[str, Part] = {HEADER_KEY: flow.header}
    for change in diff(Flow(header=flow.header), flow):
        if change.after is not None:
            found[change.id] = change.after
    return found


def _flow_of(parts: Mapping[str, Part]) -> Flow:
    header = parts[HEADER_KEY]
    assert isinstance(header, Header)
    headers = [key for key, part in parts.items() if isinstance(part, Header) and key != HEADER_KEY]
    others = [key for key, part in parts.items() if not isinstance(part, Header)]
    # A definition comes before what is in it.
    ordered = [*sorted(headers, key=lambda key: len(split_key(key)[0])), *others]
    return apply(Flow(header=header), [Change(key, None, parts[key]) for key in ordered])


class _Merger:
    """Merges parts, gathering conflicts."""

    def __init__(self, choices: Choices) -> None:
        self._choices = choices
        self.conflicts: list[Conflict] = []

    def part(self, key: str, base: Part | None, ours: Part | None, theirs: Part | None) -> Part | None:
        """The part that comes of three; None when it is gone."""
        if same(theirs, ours) or same(theirs, base):
            return ours
        if same(ours, base):
            return theirs
        if ours is None or theirs is None or type(ours) is not type(theirs) or _kind(ours) != _kind(theirs):
            return cast("Part | None", self._chosen(key, WHOLE, base, ours, theirs))
        known = base if base is not None and type(base) is type(ours) else None
        fields = {
            name: self._field(key, name, UNSET if known is None else getattr(known, name), mine, getattr(theirs, name))
            for name, mine in structs.asdict(ours).items()
        }
        return structs.replace(ours, **fields)

    def _field(self, key: str, name: str, base: Any, ours: Any, theirs: Any) -> Any:
        if same(ours, theirs) or same(theirs, base):
            return ours
        if same(ours, base):
            return theirs
        if name in _LAYOUT:
            return ours
        if isinstance(ours, dict) and isinstance(theirs, dict):
            return self._mapping(key, name, base if isinstance(base, dict) else {}, ours, theirs)  # pyright: ignore[reportUnknownArgumentType]
        if isinstance(base, str) and isinstance(ours, str) and isinstance(theirs, str):
            together = merged_text(base, ours, theirs)
            if together is not None:
                return together
        return self._chosen(key, name, base, ours, theirs)

    def _mapping(self, key: str, name: str, base: Any, ours: Any, theirs: Any) -> dict[str, Any]:
        values = {
            each: self._field(key, f"{name}.{each}", base.get(each, UNSET), ours.get(each, UNSET), theirs.get(each, UNSET))
            for each in {**ours, **theirs}
        }
        return {each: value for each, value in values.items() if value is not UNSET}

    def side(self, key: str, field: str, otherwise: Side = "ours") -> Side:
        """Whose value is chosen."""
        return self._choices.get((key, field), otherwise)

    def whole_choices(self) -> list[str]:
        """The parts that are chosen as a whole."""
        return [key for key, field in self._choices if field == WHOLE]

    def _chosen(self, key: str, field: str, base: Any, ours: Any, theirs: Any) -> Any:
        self.conflicts.append(Conflict(key, field, base, ours, theirs))
        side = self.side(key, field)
        value = {"base": base, "ours": ours, "theirs": theirs}[side]
        # What was not there before has no value of its own to go back to, unless it is a key of a mapping.
        return ours if value is UNSET and "." not in field else value


class _Homes:
    """Finds parts whose home is gone by the word of the other side: the step at an end, the definition around or used.

    The home is what conflicts then. Where it is chosen, it comes back, a definition with all that is in it; where it is not,
    the parts that need it go as well.
    """

    def __init__(self, merger: _Merger, parts: dict[str, Part], sides: Mapping[Side, Mapping[str, Part]]) -> None:
        self._merger = merger
        self._parts = parts
        self._sides = sides
        self._asked = {each.id for each in merger.conflicts if each.field == WHOLE}
        self._settled = set(self._asked)

    def settle(self) -> None:
        """Bring back or take out, until every part has its homes."""
        for key in self._merger.whole_choices():
            if key not in self._settled and key not in self._parts:
                self._ask(key, key)
        while homeless := [(key, lost) for key, part in self._parts.items() if (lost := self._lost(key, part))]:
            for key, lost in homeless:
                unsettled = [home for home in lost if home not in self._settled]
                for home in unsettled:
                    self._ask(home, key)
                if not unsettled:
                    del self._parts[key]
                    self._settled.add(key)

    def _lost(self, key: str, part: Part) -> list[str]:
        """The homes that a part lacks. What a side with the part does without is not missed: it was wrong there."""
        lost: list[str] = []
        holders = [each for side in ("ours", "theirs") if key in (each := self._sides[side])]
        for places in _homes(key, part):
            if any(place in self._parts for place in places):
                continue
            if any(not any(place in each for place in places) for each in holders):
                continue
            lost += [place for place in places if any(place in each and key in each for each in self._sides.values())][:1]
        return lost

    def _ask(self, home: str, dependent: str) -> None:
        """Settle whether a home comes back. Whoever chose a side for what depends on it means that side here, too."""
        self._settled.add(home)
        base, ours, theirs = (self._sides[side].get(home) for side in ("base", "ours", "theirs"))
        self._merger.conflicts.append(Conflict(home, WHOLE, base, ours, theirs))
        chosen = self._sides[self._merger.side(home, WHOLE, self._merger.side(dependent, WHOLE))]
        inside = home.removesuffix(HEADER_KEY) if home.endswith(f"/{HEADER_KEY}") else None
        for key, part in chosen.items():
            if key == home or (inside is not None and key.startswith(inside) and key not in self._asked):
                self._parts.setdefault(key, part)


def _homes(key: str, part: Part) -> Iterator[tuple[str, ...]]:
    """What a part cannot be without: of each tuple, one."""
    path, own = split_key(key)
    if own == HEADER_KEY:
        path = path[:-1]
    if path:
        yield ("/".join((*path, HEADER_KEY)),)
    if isinstance(part, Subflow):
        # A definition is visible from where it stands downwards.
        yield tuple("/".join((*path[:depth], part.flow, HEADER_KEY)) for depth in range(len(path), -1, -1))
    if isinstance(part, Connection):
        for step, _ in map(split_end, (part.source, part.target)):
            if step:
                yield ("/".join((*path, step)),)


def _kind(part: Part) -> str:
    return str(getattr(part, "type", ""))


def merged_text(base: str, ours: str, theirs: str) -> str | None:
    """What two sides made of a text, line by line; None where they changed the same lines, or lines beside each other."""
    lines = base.splitlines(keepends=True)
    changes = sorted({*_changed_lines(lines, ours), *_changed_lines(lines, theirs)})
    made: list[str] = []
    at = 0
    for number, (start, end, put) in enumerate(changes):
        if number and start <= changes[number - 1][1]:
            return None
        made += [*lines[at:start], *put]
        at = end
    return "".join([*made, *lines[at:]])


def _changed_lines(base: list[str], text: str) -> Iterable[tuple[int, int, tuple[str, ...]]]:
    lines = text.splitlines(keepends=True)
    for tag, start, end, low, high in SequenceMatcher(None, base, lines, autojunk=False).get_opcodes():
        if tag != "equal":
            yield start, end, tuple(lines[low:high])
