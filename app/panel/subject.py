"""Every part of a flow, at every place where it is used, as the search sees it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from app.board.board import Board
from app.canvas.card import State
from app.panel.query import Query, Subject, folded, matches
from engine.client.parts import Place, title_of
from engine.model.flow import Connection, Flow, Label, Processor, Subflow
from engine.model.scope import Scope

Part = Processor | Subflow | Connection | Label
IsFull = Callable[[str, Connection], bool]
"""Whether the queue of a connection, by its key in the running flow, is at its limit."""
_MARKS = re.compile(r"^[#>\-+ ]+|[*`]+")
_STATES = {
    State.RUNNING: "running",
    State.STOPPED: "stopped",
    State.INVALID: "invalid",
    State.BROKEN: "invalid",
    State.DISABLED: "disabled",
}


class Found(NamedTuple):
    """A part, and where it is. `key` is its key on the canvas."""

    place: Place
    key: str
    part: Part
    scope: Scope


def never_full(key: str, connection: Connection) -> bool:
    """Where nothing runs, nothing is full."""
    return False


def parts(flow: Flow) -> Iterator[Found]:
    """All parts of a flow, outer ones first. A definition that uses itself, which validation reports, is entered once."""
    waiting: list[tuple[Scope, Place, frozenset[str]]] = [(Scope(flow), Place(), frozenset({""}))]
    while waiting:
        scope, place, trail = waiting.pop()
        level = scope.flow
        yield from (Found(place, key, step, scope) for key, step in level.steps.items())
        yield from (Found(place, key, connection, scope) for key, connection in level.connections.items())
        yield from (Found(place, f"label:{key}", label, scope) for key, label in level.labels.items())
        for step in reversed(level.steps.values()):
            below = scope.find(step.flow) if isinstance(step, Subflow) else None
            if below is not None and below.path not in trail:
                waiting.append((below, place.below(step.id), trail | {below.path}))


def title_of_label(label: Label) -> str:
    """The first line of a label, without the marks of Markdown; empty if it says nothing."""
    return next((title for line in label.text.splitlines() if (title := _MARKS.sub("", line).strip())), "")


class Index:
    """The texts of parts, kept as long as the parts are the same: typing on costs no more than comparing."""

    def __init__(self) -> None:
        self._texts: dict[tuple[str, str], tuple[Part, str, str]] = {}
        self._groups: dict[tuple[str, ...], tuple[str, ...]] = {(): ()}

    def find(self, query: Query, board: Board, is_full: IsFull = never_full) -> Iterator[Found]:
        """The parts of a board's flow that a query means."""
        here = board.place.steps
        self._groups = {(): ()}
        for found in parts(board.document.flow):
            if matches(query, self._subject(found, board, is_full), here):
                yield found

    def _subject(self, found: Found, board: Board, is_full: IsFull) -> Subject:
        place, key, part, scope = found
        _, names, properties = self._texts_of(found)
        groups = self._groups[place.steps]
        if isinstance(part, Subflow):
            groups = (*groups, folded((part.id, part.name, part.flow)))
            self._groups[(*place.steps, part.id)] = groups
        if isinstance(part, Connection):
            traits = _traits_of_connection(part, is_full=is_full(_running_key(place, part), part))
        elif isinstance(part, Label):
            traits = frozenset[str]()
        else:
            traits = _traits_of_step(part, board.state_at(place, scope, key))
        return Subject(names=names, properties=properties, traits=traits, groups=groups, place=place.steps)

    def _texts_of(self, found: Found) -> tuple[Part, str, str]:
        known = self._texts.get((found.scope.path, found.key))
        if known is not None and known[0] is found.part:
            return known
        made = (found.part, *_texts(found.part))
        self._texts[found.scope.path, found.key] = made
        return made


def _texts(part: Part) -> tuple[str, str]:
    """Its names and notes, and its settings and code."""
    match part:
        case Processor():
            names = folded((part.id, part.name, part.type, title_of(part.type), part.notes))
            git = (part.git.repo, part.git.commit, part.git.module) if part.git else ()
            return names, folded((part.config, part.code, *git, *part.requires, *part.requirements, part.schedule.cron))
        case Subflow():
            return folded((part.id, part.name, part.flow, part.notes)), folded((part.parameters,))
        case Connection():
            return folded((part.name, part.id)), folded((part.priority,))
        case Label():
            return folded((part.text,)), ""


def _traits_of_step(step: Processor | Subflow, state: State) -> frozenset[str]:
    traits = {_STATES.get(state, "")}
    if isinstance(step, Processor):
        if step.schedule.cron is not None:
            traits.add("cron")
        elif step.schedule.every_s:
            traits.add("timer")
    return frozenset(traits)


def _traits_of_connection(connection: Connection, *, is_full: bool) -> frozenset[str]:
    traits = {"expires"} if connection.expire_s else set[str]()
    return frozenset(traits | {"back pressure"} if is_full else traits)


def _running_key(place: Place, connection: Connection) -> str:
    """A connection's key in the running flow."""
    return f"{place.prefix}{connection.source}->{place.prefix}{connection.target}"
