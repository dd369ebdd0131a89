"""The settings of every processor type, derived from the struct that its config is decoded to."""

from __future__ import annotations

import types
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

import msgspec
from msgspec import NODEFAULT, Meta, structs

from engine.client.setting import Kind, Setting, title_of
from engine.errors import PyfiError
from engine.model.catalog import TypeDeclaration, decode_config
from engine.model.config_check import check_config
from engine.model.flow import Processor
from engine.model.parameters import resolve
from engine.processors.registry import catalog

_PLAIN: dict[Any, Kind] = {int: Kind.INTEGER, float: Kind.NUMBER, str: Kind.TEXT, bool: Kind.BOOLEAN, Any: Kind.ANY}
_NOWHERE = Path("/")


@cache
def type_settings(type_name: str) -> tuple[Setting, ...]:
    """The settings of a built-in type, in the order of its documentation; none for the user's own code or an unknown type."""
    declared = catalog().get(type_name)
    if declared is None:
        return ()
    hints = get_type_hints(declared.config, include_extras=True)
    return tuple(_setting(field, hints[field.name], declared) for field in structs.fields(declared.config))


def config_reasons(
    type_name: str, config: dict[str, Any], parameters: Mapping[str, Any], folder: Path | None = None
) -> list[str]:
    """Everything that is wrong with a config, a sentence each; `folder` given, with what the disk tells, too."""
    declared = catalog().get(type_name)
    if declared is None:
        return []
    try:
        if folder is not None:
            return check_config(Processor(id="it", type=type_name, config=config), declared, parameters, folder)[1]
        return decode_config(declared, resolve(config, parameters))[1]
    except PyfiError as error:
        return [str(error)]


def _setting(field: structs.FieldInfo, hint: Any, declared: TypeDeclaration) -> Setting:
    made = _described(hint, _text_kind(field.encode_name, declared))
    if field.required:
        default = None
    else:
        value = field.default_factory() if field.default is NODEFAULT else field.default
        default = msgspec.json.decode(msgspec.json.encode(value))  # lists for tuples, as in a flow file
    return structs.replace(
        made, name=field.encode_name, title=title_of(field.encode_name), required=field.required, default=default
    )


def _text_kind(name: str, declared: TypeDeclaration) -> Kind:
    """What a plain text means in a setting."""
    if name in declared.expressions:
        return Kind.EXPRESSION
    if name not in declared.paths:
        return Kind.TEXT
    return Kind.NEW_PATH if getattr(declared, "category", "") == "sinks" else Kind.PATH


def _described(hint: Any, text: Kind) -> Setting:
    """The setting that a type annotation means; `text` is what plain text in it means."""
    notes: list[Meta] = []
    while get_origin(hint) is Annotated:
        hint, *more = get_args(hint)
        notes[:0] = [note for note in more if isinstance(note, Meta)]
    made = _of_type(hint, text, next((note.extra["form"] for note in notes if note.extra and "form" in note.extra), None))
    for note in notes:
        made = _noted(made, note)
    return made


def _noted(setting: Setting, note: Meta) -> Setting:
    given = {
        "meaning": note.description,
        "minimum": note.ge,
        "maximum": note.le,
        "shortest": note.min_length,
        "pattern": note.pattern,
    }
    return structs.replace(setting, **{name: value for name, value in given.items() if value is not None})


def _of_type(hint: Any, text: Kind, form: str | None) -> Setting:
    parts = get_args(hint)
    origin = get_origin(hint)
    if form is not None:
        return Setting(name="", kind=Kind(form), parameters=True)
    if origin is Literal:
        return Setting(name="", kind=Kind.CHOICE, choices=tuple(str(part) for part in parts), parameters=True)
    if origin in (Union, types.UnionType):
        return _of_union([part for part in parts if part is not type(None)], text, nullable=type(None) in parts)
    if origin in (list, tuple, set, frozenset):
        return Setting(name="", kind=Kind.LIST, item=_described(parts[0], text), parameters=True)
    if origin is dict:
        if parts[1] is Any:  # a tree of its own rather than rows
            return Setting(name="", kind=Kind.ANY, parameters=True)
        return Setting(name="", kind=Kind.MAPPING, item=_described(parts[1], text), parameters=True)
    kind = _PLAIN.get(hint, Kind.ANY)
    return Setting(name="", kind=text if kind is Kind.TEXT else kind, parameters=True)


def _of_union(parts: list[Any], text: Kind, *, nullable: bool) -> Setting:
    made = [_described(part, text) for part in parts]
    if len(made) == 1:
        return structs.replace(made[0], nullable=nullable)
    if all(each.kind not in (Kind.LIST, Kind.MAPPING) for each in made):
        return Setting(name="", kind=Kind.ANY, nullable=nullable, parameters=True)
    return Setting(name="", kind=Kind.EITHER, alternatives=tuple(made), nullable=nullable, parameters=True)
