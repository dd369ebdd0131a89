"""What the model needs to know of processor types, without importing them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Enum
from pathlib import Path
from typing import Any, Protocol

import msgspec

from engine.model.problem import did_you_mean, in_words, shown


class TypeDeclaration(Protocol):
    """The part of a built-in type's declaration that validation and ports look at."""

    @property
    def config(self) -> type[Any]:
        """The struct that a config is decoded to."""
        ...

    @property
    def inputs(self) -> Callable[[Any], tuple[str, ...]]:
        """The input ports of a decoded config."""
        ...

    @property
    def outputs(self) -> Callable[[Any], tuple[str, ...]]:
        """The output ports of a decoded config."""
        ...

    @property
    def check(self) -> Callable[[Any, Path], list[str]]:
        """The reasons why a decoded config cannot run."""
        ...

    @property
    def effect(self) -> Enum:
        """What it does to the world: `position` is a file with one writer."""
        ...

    @property
    def exclusive(self) -> bool:
        """Whether only one host may run it."""
        ...

    @property
    def final(self) -> bool:
        """Whether its `success` may stay unconnected."""
        ...

    @property
    def paths(self) -> tuple[str, ...]:
        """Config fields that hold file paths."""
        ...

    @property
    def expressions(self) -> tuple[str, ...]:
        """Config fields that hold Python expressions."""
        ...

    @property
    def partners(self) -> Mapping[str, str]:
        """Config fields that name another step, with the type that it must be of."""
        ...


Catalog = Mapping[str, TypeDeclaration]
"""Type name to declaration."""


def decode_config(declaration: TypeDeclaration, config: dict[str, Any]) -> tuple[Any, list[str]]:
    """The config as the type's struct, or None and everything that is wrong with it, a sentence each."""
    try:
        return msgspec.convert(config, declaration.config), []
    except (msgspec.ValidationError, ValueError, TypeError, RecursionError) as error:
        return None, _reasons(declaration.config, config) or [f"`config`: {_sentence(error)}"]


def _reasons(kind: type[Any], config: dict[str, Any]) -> list[str]:
    """What is wrong with each setting on its own; msgspec stops at the first."""
    fields = {field.encode_name: field for field in msgspec.structs.fields(kind)}
    reasons: list[str] = []
    for key, value in config.items():
        if key not in fields:
            cure = did_you_mean(key, fields) or f"; it knows {', '.join(fields) or 'no settings'}"
            reasons.append(f"{shown(key)} is not one of its settings{cure}")
            continue
        try:
            msgspec.convert(value, fields[key].type)
        except (msgspec.ValidationError, ValueError, TypeError, RecursionError) as error:
            reasons.append(f"`config.{key}`: {_sentence(error)}")
    reasons.extend(f"`config.{key}` is missing" for key, field in fields.items() if field.required and key not in config)
    return reasons


def _sentence(error: Exception) -> str:
    """The message of msgspec without its notation for paths."""
    text, _, path = str(error).partition(" - at `$")
    text = in_words(text[:1].lower() + text[1:])
    place = path.rstrip("`")
    return f"{text} (at {place.lstrip('.')})" if place else text
