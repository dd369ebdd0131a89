"""Finds every processor type: the modules beside this one, and entry points of the group `pyfi.processors`."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache
from importlib.metadata import entry_points
from types import MappingProxyType

import engine.processors as package
from engine.processors.base import ProcessorType

_NOT_TYPES = frozenset({"base", "file_check", "notation", "registry"})


@cache
def catalog() -> Mapping[str, ProcessorType]:
    """All types by name. A module declares its type as `TYPE`; an entry point loads to a ProcessorType."""
    types: dict[str, ProcessorType] = {}
    for module in pkgutil.iter_modules(package.__path__):
        if module.name in _NOT_TYPES:
            continue
        declared: ProcessorType = importlib.import_module(f"{package.__name__}.{module.name}").TYPE
        types[declared.name] = declared
    for point in entry_points(group="pyfi.processors"):
        declared = point.load()
        types.setdefault(declared.name, declared)
    return MappingProxyType(dict(sorted(types.items())))


@cache
def offered() -> Mapping[str, ProcessorType]:
    """The types that a user may choose from."""
    return MappingProxyType({name: declared for name, declared in catalog().items() if not declared.internal})
