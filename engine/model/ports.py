"""The ports that a step has."""

from __future__ import annotations

from msgspec import Struct

from engine.errors import PyfiError
from engine.model.catalog import Catalog, decode_config
from engine.model.flow import CODE_TYPES, Processor, Subflow
from engine.model.parameters import resolve
from engine.model.scope import Scope

CODE_INPUTS = ("in",)
CODE_OUTPUTS = ("success", "failure")
FAILURE = "failure"
"""Every processor has this output; unconnected, it leads to the dead letters."""


class Ports(Struct, frozen=True):
    """The names of a step's ports, in the order in which they are shown."""

    inputs: tuple[str, ...]
    outputs: tuple[str, ...]


def ports(step: Processor | Subflow, scope: Scope, catalog: Catalog) -> Ports | None:
    """A step's ports; None when they cannot be told, because its type, definition or config is wrong."""
    if isinstance(step, Subflow):
        definition = scope.find(step.flow)
        return Ports(definition.flow.header.inputs, definition.flow.header.outputs) if definition else None
    if step.type in CODE_TYPES:
        return code_ports(step)
    declaration = catalog.get(step.type)
    if declaration is None:
        return None
    try:
        config, _ = decode_config(declaration, resolve(step.config, scope.flow.parameters))
    except PyfiError:
        return None
    return built_in_ports(declaration.inputs(config), declaration.outputs(config)) if config is not None else None


def code_ports(step: Processor) -> Ports:
    """The ports of a processor that runs the user's code."""
    return Ports(
        CODE_INPUTS if step.inputs is None else step.inputs,
        CODE_OUTPUTS if step.outputs is None else step.outputs,
    )


def built_in_ports(inputs: tuple[str, ...], outputs: tuple[str, ...]) -> Ports:
    """A built-in type's ports: its own and `failure`."""
    return Ports(inputs, outputs if FAILURE in outputs else (*outputs, FAILURE))


def input_ports(step: Processor | Subflow, scope: Scope, catalog: Catalog) -> tuple[str, ...]:
    """A step's inputs; empty when they cannot be told."""
    found = ports(step, scope, catalog)
    return found.inputs if found else ()


def output_ports(step: Processor | Subflow, scope: Scope, catalog: Catalog) -> tuple[str, ...]:
    """A step's outputs; empty when they cannot be told."""
    found = ports(step, scope, catalog)
    return found.outputs if found else ()


def split_end(end: str) -> tuple[str, str]:
    """An end of a connection as (step, port); the step of a subflow's own port is empty."""
    step, dot, port = end.rpartition(".")
    return (step, port) if dot else ("", end)
