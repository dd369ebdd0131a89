"""The flow or definition that an edit works in, and fresh names there."""

from __future__ import annotations

from collections.abc import Container, Mapping
from typing import Any

from msgspec import structs

from engine.errors import NotFound, UsageError
from engine.model.flow import Connection, Flow, Header, Label, Part, Processor, Subflow
from engine.model.problem import did_you_mean, shown
from engine.model.processor_check import NAME, NAME_RULE
from engine.model.scope import Scope


def scope_at(flow: Flow, within: str) -> Scope:
    """The scope of the definition that `within` names, by the names that lead there joined by `/`; the flow's own if empty.

    Raises:
        NotFound: there is no such definition.
    """
    scope = Scope(flow)
    for name in within.split("/") if within else ():
        if name not in scope.flow.definitions:
            raise NotFound(
                f"flow '{scope.flow.name}' has no definition {shown(name)}{did_you_mean(name, scope.flow.definitions)}"
            )
        scope = scope.below(name)
    return scope


def headers_to(flow: Flow, within: str) -> list[Header]:
    """What the flow and the definitions that lead to `within` say of themselves, the flow first.

    Raises:
        NotFound: there is no such definition.
    """
    names = within.split("/") if within else []
    return [scope_at(flow, "/".join(names[:count])).flow.header for count in range(len(names) + 1)]


def with_level(flow: Flow, within: str, level: Flow) -> Flow:
    """The flow with another flow in the place of one of its definitions, or of itself."""
    if not within:
        return level
    name, _, rest = within.partition("/")
    return structs.replace(flow, definitions={**flow.definitions, name: with_level(flow.definitions[name], rest, level)})


def step_of(level: Flow, step_id: str) -> Processor | Subflow:
    """A step by its id.

    Raises:
        NotFound: there is no such step.
    """
    return _found(level.steps, step_id, "processor or subflow")


def connection_of(level: Flow, connection_id: str) -> Connection:
    """A connection by its id.

    Raises:
        NotFound: there is no such connection.
    """
    return _found(level.connections, connection_id, "connection")


def label_of(level: Flow, label_id: str) -> Label:
    """A label by its id.

    Raises:
        NotFound: there is no such label.
    """
    return _found(level.labels, label_id, "label")


def part_of(level: Flow, key: str) -> Part:
    """A step, connection or label (`label:ID`) by its key, or the header by `flow:`.

    Raises:
        NotFound: there is no such part.
    """
    if key == "flow:":
        return level.header
    if key.startswith("label:"):
        return label_of(level, key[6:])
    return connection_of(level, key) if "->" in key else step_of(level, key)


def _found(parts: Mapping[str, Any], key: str, kind: str) -> Any:
    part = parts.get(key)
    if part is None:
        raise NotFound(f"there is no {kind} {shown(key)}{did_you_mean(key, parts)}")
    return part


def check_name(name: str, what: str, taken: Container[str]) -> None:
    """Refuses a name that is malformed or taken.

    Raises:
        UsageError: it is.
    """
    if not NAME.fullmatch(name):
        raise UsageError(f"{shown(name)} cannot name a {what}; use {NAME_RULE}")
    if name in taken:
        raise UsageError(f"there is a {what} '{name}' already; choose another name")


def free_name(wanted: str, taken: Container[str]) -> str:
    """A name that is not taken: the wanted one, or it with the first free number behind."""
    if wanted not in taken:
        return wanted
    stem, dash, digits = wanted.rpartition("-")
    if not dash or not stem or not digits.isdecimal():
        stem = wanted
    number = 2
    while f"{stem}-{number}" in taken:
        number += 1
    return f"{stem}-{number}"
