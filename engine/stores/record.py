"""Parts as plain documents, for what is kept as a whole: the audit, frozen deployments, samples.

Only fields that differ from their defaults are written, so that a record says what somebody chose.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import fields

from engine.model.flow import Connection, Flow, Header, Label, Parameter, Part, Processor, Subflow

_KINDS: dict[str, type[Part]] = {
    kind.__name__.lower(): kind for kind in (Processor, Subflow, Connection, Label, Parameter, Header)
}
_KIND = "kind"


def write_part(part: Part | None) -> dict[str, Any] | None:
    """The document of a part; None of none."""
    return None if part is None else {_KIND: type(part).__name__.lower(), **write_struct(part)}


def read_part(document: dict[str, Any] | None) -> Part | None:
    """The part of a document."""
    if document is None:
        return None
    values = dict(document)
    return msgspec.convert(values, _KINDS[values.pop(_KIND)])


def write_struct(struct: Struct) -> dict[str, Any]:
    """Fields that differ from their defaults, by name."""
    written: dict[str, Any] = {}
    for name, is_needed, default in _fields(type(struct)):
        value = getattr(struct, name)
        if is_needed or value != default:
            written[name] = _written(value)
    return written


@cache
def _fields(kind: type[Struct]) -> tuple[tuple[str, bool, Any], ...]:
    """Name of every field, whether it has no default, and the default. Worth keeping: msgspec evaluates annotations for it."""
    return tuple(
        (each.name, each.required, each.default if each.default_factory is msgspec.NODEFAULT else each.default_factory())
        for each in fields(kind)
    )


def _written(value: Any) -> Any:
    if isinstance(value, Struct):
        return write_struct(value)
    if isinstance(value, tuple):
        return [_written(item) for item in value]  # pyright: ignore[reportUnknownVariableType] - of strings, numbers or structs
    return value


def write_flow(flow: Flow) -> dict[str, Any]:
    """The document of a whole flow."""
    return {
        "header": write_struct(flow.header),
        "parameters": flow.parameters,
        "steps": [write_part(step) for step in flow.steps.values()],
        "connections": [write_struct(connection) for connection in flow.connections.values()],
        "labels": [write_struct(label) for label in flow.labels.values()],
        "definitions": [write_flow(definition) for definition in flow.definitions.values()],
    }


def read_flow(document: dict[str, Any]) -> Flow:
    """The flow of a document."""
    steps = [_read_step(step) for step in document["steps"]]
    connections = msgspec.convert(document["connections"], list[Connection])
    labels = msgspec.convert(document["labels"], list[Label])
    definitions = [read_flow(definition) for definition in document["definitions"]]
    return Flow(
        header=msgspec.convert(document["header"], Header),
        parameters=document["parameters"],
        steps={step.id: step for step in steps},
        connections={connection.id: connection for connection in connections},
        labels={label.id: label for label in labels},
        definitions={definition.name: definition for definition in definitions},
    )


def _read_step(document: dict[str, Any]) -> Processor | Subflow:
    part = read_part(document)
    assert isinstance(part, (Processor, Subflow))
    return part
