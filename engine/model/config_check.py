"""Checks of what a processor's config says, once the parameters are filled in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, cast

from engine.model.catalog import TypeDeclaration, decode_config
from engine.model.code import check_expression
from engine.model.flow import Processor
from engine.model.parameters import references, resolve
from engine.model.ports import FAILURE, Ports, built_in_ports
from engine.model.problem import listed


def check_config(
    step: Processor, declaration: TypeDeclaration, parameters: Mapping[str, Any], folder: Path
) -> tuple[Ports | None, list[str]]:
    """A built-in processor's ports (None when its config cannot be decoded) and what is wrong with its config."""
    settings = {key: value for key, value in step.config.items() if all(name in parameters for name in references(value))}
    config, reasons = decode_config(declaration, resolve(settings, parameters))
    if len(settings) < len(step.config):
        # What refers to parameters that there are not is reported as such; the other settings are checked all the same.
        unknown = [f"`config.{key}` is missing" for key in step.config if key not in settings]
        return None, [reason for reason in reasons if reason not in unknown]
    if config is None:
        return None, reasons
    ports = built_in_ports(declaration.inputs(config), declaration.outputs(config))
    reasons = [*_check_expressions(declaration, config), *_check_own_ports(step, ports)]
    try:
        reasons.extend(declaration.check(config, folder))
    except (OSError, ValueError) as error:
        # A path too long for the system or with a NUL in it, met by a check that looks at the disk.
        reasons.append(f"its config cannot be checked ({error}); correct it")
    return ports, reasons


def _check_expressions(declaration: TypeDeclaration, config: Any) -> Iterator[str]:
    for field in declaration.expressions:
        for place, expression in _texts(getattr(config, field), f"config.{field}"):
            reason = check_expression(expression)
            if reason:
                yield f"`{place}` is no Python expression: {reason}; correct it"


def _texts(value: Any, place: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield place, value
    elif isinstance(value, Mapping):
        for key, item in cast("Mapping[str, Any]", value).items():
            yield from _texts(item, f"{place}.{key}")
    elif isinstance(value, list | tuple):
        for index, item in enumerate(cast("list[Any]", value)):
            yield from _texts(item, f"{place}.{index}")


def _check_own_ports(step: Processor, ports: Ports) -> Iterator[str]:
    """A built-in type names its own ports; repeating them is allowed, changing them is not."""
    for word, given, own in (("inputs", step.inputs, ports.inputs), ("outputs", step.outputs, ports.outputs)):
        if given is not None and {*given, FAILURE} != {*own, FAILURE}:
            yield f"type '{step.type}' has the {word} {listed(own) or 'none'}; remove `{word}`"
