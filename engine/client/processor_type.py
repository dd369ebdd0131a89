"""The processor types, described for people."""

from __future__ import annotations

import json
import types
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

import msgspec
from msgspec import NODEFAULT, Meta, Struct, structs

from engine.errors import NotFound
from engine.model.flow import CODE_TYPES
from engine.model.ports import CODE_INPUTS, CODE_OUTPUTS
from engine.model.problem import did_you_mean
from engine.processors.registry import catalog, offered
from engine.resource import resource_path

_WORDS: dict[Any, str] = {int: "integer", float: "number", str: "text", bool: "true or false", bytes: "bytes", Any: "any value"}
_CODE = {
    "python": "A function of your own in Python.",
    "node": "A function of your own in Node.js.",
    "bash": "A script of your own in bash.",
}


class Setting(Struct, frozen=True):
    """One setting of a type. `default` is None where it must be given, otherwise the default as JSON."""

    name: str
    type: str
    default: str | None
    meaning: str


class TypeDescription(Struct, frozen=True):
    """What there is to know of a type before it is used. `manual` is the path of its page, "" where it has none.

    Ports may depend on the settings; then these are those of the defaults, or empty where there are required settings.
    """

    name: str
    title: str
    category: str
    summary: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    settings: tuple[Setting, ...] = ()
    manual: str = ""


def describe_types() -> list[TypeDescription]:
    """Every type: the user's own code first, then the built-in ones by name."""
    code = [
        TypeDescription(name, name, "code", _CODE[name], CODE_INPUTS, CODE_OUTPUTS, (), _manual(name)) for name in CODE_TYPES
    ]
    return [*code, *(_describe(name) for name in offered())]


def describe_type(name: str) -> TypeDescription:
    """One type.

    Raises:
        NotFound: there is none of that name.
    """
    if name in CODE_TYPES:
        return next(each for each in describe_types() if each.name == name)
    if name not in offered():
        cure = did_you_mean(name, [*CODE_TYPES, *offered()]) or "; `pyfi ls types` shows those there are"
        raise NotFound(f"there is no processor type '{name}'{cure}")
    return _describe(name)


def _describe(name: str) -> TypeDescription:
    declared = catalog()[name]
    hints = get_type_hints(declared.config, include_extras=True)
    settings = tuple(_setting(field, hints[field.name]) for field in structs.fields(declared.config))
    try:
        config = msgspec.convert({}, declared.config)
        inputs, outputs = declared.inputs(config), declared.outputs(config)
    except (msgspec.ValidationError, ValueError, TypeError):
        inputs, outputs = _constant(declared.inputs), _constant(declared.outputs)
    return TypeDescription(
        declared.name, declared.title, declared.category, declared.summary, inputs, outputs, settings, _manual(name)
    )


def _constant(ports: Any) -> tuple[str, ...]:
    """Ports that depend on no setting; none when they do."""
    try:
        return ports(None)
    except (AttributeError, TypeError):
        return ()


def _setting(field: structs.FieldInfo, hint: Any) -> Setting:
    meaning = ""
    while get_origin(hint) is Annotated:
        hint, *notes = get_args(hint)
        meaning = next((note.description for note in notes if isinstance(note, Meta) and note.description), meaning)
    if field.required:
        default = None
    else:
        value = field.default_factory() if field.default is NODEFAULT else field.default
        default = json.dumps(msgspec.to_builtins(value), ensure_ascii=False)
    return Setting(field.encode_name, type_words(hint), default, meaning)


def type_words(hint: Any) -> str:
    """A type as a person would say it."""
    origin, parts = get_origin(hint), get_args(hint)
    name = str(getattr(hint, "__name__", hint))
    if origin is Annotated:
        return type_words(parts[0])
    if origin is Literal:
        return " or ".join(json.dumps(part) for part in parts)
    if origin in (Union, types.UnionType):
        return " or ".join("nothing" if part is type(None) else type_words(part) for part in parts)
    if origin in (list, tuple, set, frozenset):
        return f"list of {type_words(parts[0])}" if parts else "list"
    if origin is dict:
        return f"mapping to {type_words(parts[1])}"
    if isinstance(hint, type) and issubclass(hint, Struct):
        names = ", ".join(field.encode_name for field in structs.fields(hint))
        return f"mapping with {names}"
    return _WORDS.get(hint, name)


def _manual(name: str) -> str:
    page = resource_path("manual", "processors", f"{name}.md")
    return str(page) if page.is_file() else ""
