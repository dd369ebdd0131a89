"""Notations that configs share: durations, sizes, templates, expressions; read here, so that bodies get plain values.

A config turns its notations into values in `__post_init__`; what is wrong is a ValueError, which decoding makes a reason.
"""

from __future__ import annotations

import ast
from typing import Annotated, Any

from msgspec import Meta
from msgspec.structs import force_setattr

from engine.model.quantity import parse_duration, parse_size
from engine.processors.base import Config

Duration = Annotated[float | str, Meta(extra={"form": "duration"})]
"""Written `30s`; in a decoded config it is seconds. What `form` names is the editor that suits such a setting."""

Size = Annotated[int | str, Meta(extra={"form": "size"})]
"""Written `64KB`; in a decoded config it is bytes."""

Template = Annotated[str | list[Any], Meta(extra={"form": "template"})]
"""Text with `{expressions}`; in a decoded config a list of literal texts and, as lists of one, expressions."""

LongText = Annotated[str, Meta(extra={"form": "long_text"})]
"""Text of several lines, such as a statement of SQL."""

Separator = Annotated[str, Meta(extra={"form": "separator"})]
"""A few characters, often such as cannot be seen."""

FolderPath = Annotated[str, Meta(extra={"form": "folder"})]
"""The path of a folder."""

DatabaseUrl = Annotated[str, Meta(description="The database, for example sqlite:///orders.db or postgresql://host/name.")]
UrlSecret = Annotated[
    str, Meta(description="Name of a secret that holds the database's URL, instead of `url`.", extra={"form": "secret"})
]


def read_durations(config: Config, *names: str) -> None:
    """Turn settings into seconds."""
    for name in names:
        value = getattr(config, name)
        try:
            seconds = parse_duration(value) if isinstance(value, str) else float(value)
        except ValueError as error:
            raise ValueError(f"`{name}` {error}, not '{value}'") from None
        if not 0 <= seconds < float("inf"):
            raise ValueError(f"`{name}` must not be less than zero; give a duration such as 30s")
        force_setattr(config, name, seconds)


def read_sizes(config: Config, *names: str) -> None:
    """Turn settings into bytes."""
    for name in names:
        value = getattr(config, name)
        try:
            size = parse_size(value) if isinstance(value, str) else value
        except ValueError as error:
            raise ValueError(f"`{name}` {error}, not '{value}'") from None
        if size < 0:
            raise ValueError(f"`{name}` must not be less than zero; give a size such as 64KB")
        force_setattr(config, name, size)


def read_templates(config: Config, *names: str) -> None:
    """Turn texts, lists of texts and mappings to texts into templates' parts."""
    for name in names:
        force_setattr(config, name, _parts(getattr(config, name), name))


def _parts(value: Any, place: str) -> Any:
    if isinstance(value, str):
        return template_parts(value, place)
    if isinstance(value, dict):
        return {key: _parts(item, f"{place}.{key}") for key, item in value.items()}  # type: ignore[misc]
    if isinstance(value, list):
        return [_parts(item, f"{place}[{index}]") for index, item in enumerate(value)]  # type: ignore[misc]
    return value


def template_parts(text: str, place: str) -> list[Any]:
    """The parts of a template: literal texts as they are, expressions in a list of one. `{{` and `}}` are plain braces."""
    parts: list[Any] = []
    literal = ""
    at = 0
    while at < len(text):
        mark = text[at]
        if mark in "{}" and text[at : at + 2] == mark * 2:
            literal, at = literal + mark, at + 2
        elif mark == "{":
            expression, at = _expression(text, at + 1, place)
            if literal:
                parts.append(literal)
            parts.append([expression])
            literal = ""
        elif mark == "}":
            raise ValueError(f"`{place}` has a '}}' that closes nothing; write }}}} for a plain brace")
        else:
            literal, at = literal + mark, at + 1
    return [*parts, literal] if literal else parts


def _expression(text: str, start: int, place: str) -> tuple[str, int]:
    """The expression that begins at `start` and the place behind its brace: the shortest that Python can read."""
    end = text.find("}", start)
    while end >= 0:
        expression = text[start:end].strip()
        try:
            ast.parse(f"({expression})", mode="eval")
        except (SyntaxError, ValueError, MemoryError, RecursionError):
            end = text.find("}", end + 1)
        else:
            return expression, end + 1
    raise ValueError(f"`{place}` has a '{{' with no Python expression and '}}' behind it; write {{{{ for a plain brace")


def expression_problem(text: str, place: str) -> str | None:
    """Why a text is no Python expression, for settings that are expressions only sometimes."""
    try:
        ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError, MemoryError, RecursionError) as error:
        reason = error.msg if isinstance(error, SyntaxError) else error
        return f"`{place}` is not a Python expression ({reason}); write one such as content['name']"
    return None


def database_problems(url: str, url_secret: str) -> list[str]:
    """What is wrong with how a config names its database."""
    if bool(url) == bool(url_secret):
        return ["give either `url`, such as sqlite:///orders.db, or `url_secret`, the name of a secret that holds it"]
    if url and "://" not in url:
        return ["`url` must be a database's URL such as sqlite:///orders.db or postgresql://host/name"]
    return []
