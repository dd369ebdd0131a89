"""Settings described for forms: what kind of value each takes, its default, its bounds."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any, cast

from msgspec import UNSET, Struct

from engine.errors import NotFound
from engine.model.code import check_expression
from engine.model.codec_read import PROCESSOR
from engine.model.field import FieldError
from engine.model.flow import Processor
from engine.model.parameters import references, resolve
from engine.model.problem import shown
from engine.model.processor_check import check_processor
from engine.model.quantity import format_duration, format_size, parse_duration, parse_size


class Kind(Enum):
    """What a setting holds, which decides how it is edited."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    SEPARATOR = "separator"
    """A few characters, often such as cannot be seen."""
    TEMPLATE = "template"
    """Text with `{expressions}` in it."""
    EXPRESSION = "expression"
    """A Python expression."""
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    CHOICE = "choice"
    DURATION = "duration"
    SIZE = "size"
    PATH = "path"
    """A file that is read."""
    NEW_PATH = "new_path"
    """A file that is written."""
    FOLDER = "folder"
    SECRET = "secret"  # noqa: S105 - the name of a kind, which holds the name of a secret
    """The name of a secret, never the secret."""
    COLOR = "color"
    SCHEDULE = "schedule"
    """When a processor runs, as a flow file says it."""
    LIST = "list"
    MAPPING = "mapping"
    GROUP = "group"
    """A mapping with settings of its own, `fields`."""
    GROUPS = "groups"
    """A list of such mappings."""
    EITHER = "either"
    """One of several kinds, `alternatives`."""
    ANY = "any"


class Setting(Struct, frozen=True, kw_only=True):
    """One setting, for whoever makes a form of it.

    Values are those that a flow file holds: `30s`, not 30.0. `default` is what holds where nothing is given; where `required`,
    something must be. `nullable` settings may be null. `minimum` and `maximum` bound numbers, `shortest` the length of texts
    and lists. `item` describes the items of a list or the values of a mapping. `parameters` tells whether references to the
    flow's parameters are read.
    """

    name: str
    kind: Kind
    title: str = ""
    meaning: str = ""
    required: bool = False
    default: Any = None
    nullable: bool = False
    choices: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    shortest: int = 0
    pattern: str = ""
    pattern_meaning: str = ""
    item: Setting | None = None
    fields: tuple[Setting, ...] = ()
    alternatives: tuple[Setting, ...] = ()
    parameters: bool = False
    advanced: bool = False
    """Whether most people never touch it."""


_ACRONYMS = {"url": "URL", "id": "id"}


def title_of(name: str) -> str:
    """A setting's name as a person would write it: `skip_header` is `Skip header`."""
    words = [_ACRONYMS.get(word, word) for word in name.split("_")]
    return " ".join([words[0][:1].upper() + words[0][1:], *words[1:]])


def check_setting(setting: Setting, value: Any, parameters: Mapping[str, Any] | None = None) -> str | None:
    """Why a setting cannot have a value, as the end of a sentence that begins with its name; None when it can.

    UNSET stands for a setting that is not given. `parameters` are those that references may name.
    """
    if value is UNSET:
        return "must be given" if setting.required else None
    if (setting.parameters or any(field.parameters for field in setting.fields)) and any(references(value)):
        try:
            value = resolve(value, parameters or {})
        except NotFound as error:
            return str(error)
    if value is None:
        return None if setting.nullable or setting.kind is Kind.ANY else "must not be empty"
    return _CHECKS[setting.kind](setting, value)


def _text(setting: Setting, value: Any) -> str | None:
    if not isinstance(value, str):
        return f"must be text, not {shown(value)}"
    if len(value) < setting.shortest:
        return "must not be empty" if setting.shortest == 1 else f"must have at least {setting.shortest} characters"
    if setting.pattern and not re.fullmatch(setting.pattern, value):
        return setting.pattern_meaning or f"must match {setting.pattern}"
    return None


def _expression(setting: Setting, value: Any) -> str | None:
    reason = _text(setting, value)
    if reason is None and not value.strip():
        reason = "must be a Python expression such as content['name']"
    if reason is None and (wrong := check_expression(value)):
        reason = f"is no Python expression: {wrong}"
    return reason


def _integer(setting: Setting, value: Any) -> str | None:
    if isinstance(value, bool) or not isinstance(value, int):
        return f"must be a whole number, not {shown(value)}"
    return _bounds(setting, value, str)


def _number(setting: Setting, value: Any) -> str | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return f"must be a number, not {shown(value)}"
    return _bounds(setting, value, lambda bound: f"{bound:g}")


def _bounds(setting: Setting, value: float, write: Callable[[Any], str]) -> str | None:
    low, high = setting.minimum, setting.maximum
    if (low is None or value >= low) and (high is None or value <= high):
        return None
    if low is not None and high is not None:
        return f"must be from {write(low)} to {write(high)}"
    return f"must be {write(low)} or more" if low is not None else f"must be {write(high)} or less"


def _boolean(setting: Setting, value: Any) -> str | None:
    return None if isinstance(value, bool) else f"must be true or false, not {shown(value)}"


def _choice(setting: Setting, value: Any) -> str | None:
    return None if value in setting.choices else f"must be one of {', '.join(setting.choices)}"


def _duration(setting: Setting, value: Any) -> str | None:
    return _quantity(setting, value, parse_duration, format_duration, "a duration such as 30s")


def _size(setting: Setting, value: Any) -> str | None:
    return _quantity(setting, value, parse_size, lambda size: format_size(int(size)), "a size such as 64KB")


def _quantity(
    setting: Setting, value: Any, parse: Callable[[str], float], write: Callable[[float], str], expected: str
) -> str | None:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return f"must be {expected}, not {shown(value)}"
    try:
        amount = parse(value) if isinstance(value, str) else value
    except ValueError as error:
        return str(error)
    least = setting.minimum or 0
    return f"must not be less than {write(least)}" if amount < least else None


def _color(setting: Setting, value: Any) -> str | None:
    fits = isinstance(value, str) and re.fullmatch("#[0-9a-fA-F]{6}", value)
    return None if fits else "must be a colour such as #31975b"


def _schedule(setting: Setting, value: Any) -> str | None:
    try:
        schedule = PROCESSOR["schedule"][1](value)
    except FieldError as error:
        return "; ".join(f"{path} {reason}".strip() for path, reason in error.reasons)
    # Only what is wrong with the schedule: the rest of this processor is none.
    reasons = check_processor(Processor(id="it", type="log", schedule=schedule), None)
    return next((reason.partition("` ")[2] for reason in reasons if reason.startswith("`schedule")), None)


def _list(setting: Setting, value: Any) -> str | None:
    if not isinstance(value, list):
        return f"must be a list, not {shown(value)}"
    items = cast("list[Any]", value)
    if len(items) < setting.shortest:
        return "must not be empty" if setting.shortest == 1 else f"must have at least {setting.shortest} items"
    return _each(setting, enumerate(items, start=1))


def _mapping(setting: Setting, value: Any) -> str | None:
    if not isinstance(value, dict):
        return f"must be a mapping, not {shown(value)}"
    items = cast("dict[Any, Any]", value)
    if any(not isinstance(key, str) or not key for key in items):
        return "has a row without a name"
    return _each(setting, items.items())


def _each(setting: Setting, items: Any) -> str | None:
    if setting.item is None:
        return None
    reasons = ((key, check_setting(setting.item, item)) for key, item in items)
    return next((f"{_called(key)} {reason}" for key, reason in reasons if reason), None)


def _called(key: Any) -> str:
    return f"item {key}" if isinstance(key, int) else f"'{key}'"


def _group(setting: Setting, value: Any) -> str | None:
    if not isinstance(value, dict):
        return f"must be a mapping, not {shown(value)}"
    given = cast("dict[str, Any]", value)
    reasons = ((field, check_setting(field, given.get(field.name, UNSET))) for field in setting.fields)
    return next((f"{field.title.lower()} {reason}" for field, reason in reasons if reason), None)


def _groups(setting: Setting, value: Any) -> str | None:
    if not isinstance(value, list):
        return f"must be a list, not {shown(value)}"
    reasons = ((number, _group(setting, item)) for number, item in enumerate(cast("list[Any]", value), start=1))
    return next((f"{_called(number)}: {reason}" for number, reason in reasons if reason), None)


def _either(setting: Setting, value: Any) -> str | None:
    return check_setting(alternative(setting, value), value)


def alternative(setting: Setting, value: Any) -> Setting:
    """Which of several kinds a value is meant to be: the one of its shape, otherwise the first."""
    shape = Kind.LIST if isinstance(value, list) else Kind.MAPPING if isinstance(value, dict) else None
    fits = [each for each in setting.alternatives if (each.kind if each.kind in (Kind.LIST, Kind.MAPPING) else None) is shape]
    return fits[0] if fits else setting.alternatives[0]


def _any(setting: Setting, value: Any) -> str | None:
    return None


_CHECKS: dict[Kind, Callable[[Setting, Any], str | None]] = {
    Kind.TEXT: _text,
    Kind.LONG_TEXT: _text,
    Kind.SEPARATOR: _text,
    Kind.TEMPLATE: _text,
    Kind.EXPRESSION: _expression,
    Kind.INTEGER: _integer,
    Kind.NUMBER: _number,
    Kind.BOOLEAN: _boolean,
    Kind.CHOICE: _choice,
    Kind.DURATION: _duration,
    Kind.SIZE: _size,
    Kind.PATH: _text,
    Kind.NEW_PATH: _text,
    Kind.FOLDER: _text,
    Kind.SECRET: _text,
    Kind.COLOR: _color,
    Kind.SCHEDULE: _schedule,
    Kind.LIST: _list,
    Kind.MAPPING: _mapping,
    Kind.GROUP: _group,
    Kind.GROUPS: _groups,
    Kind.EITHER: _either,
    Kind.ANY: _any,
}
