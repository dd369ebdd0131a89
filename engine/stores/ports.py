"""Which ports a step has, as a connection of the surrounding definition sees them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from engine.model import ports as model
from engine.model.catalog import Catalog
from engine.model.flow import Flow, Header, Processor
from engine.model.scope import Scope

_NOWHERE = Scope(Flow(header=Header(name="")))


class Ports(NamedTuple):
    """Names of ports: `inputs` take messages, `outputs` give them."""

    inputs: frozenset[str]
    outputs: frozenset[str]


def processor_ports(processor: Processor, catalog: Catalog) -> Ports | None:
    """A processor's ports, always with `failure`, to which an exception leads whether it is declared or not.

    None where they cannot be told here and now: the type is not installed, its config is not right, or depends on parameters.
    That is validation's to report, and no reason to refuse to keep the flow.
    """
    found = model.ports(processor, _NOWHERE, catalog)
    return None if found is None else _ports(found.inputs, (*found.outputs, model.FAILURE))


def definition_ports(header: Header) -> Ports:
    """The ports of a subflow that uses a definition with this header."""
    return _ports(header.inputs, header.outputs)


def boundary_ports(header: Header) -> Ports:
    """A definition's own ports, seen from inside: its inputs give messages, its outputs take them."""
    return _ports(header.outputs, header.inputs)


def _ports(inputs: Iterable[str], outputs: Iterable[str]) -> Ports:
    return Ports(frozenset(inputs), frozenset(outputs))
