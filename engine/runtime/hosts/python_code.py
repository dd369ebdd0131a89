"""A user's Python code: loaded once, called once a message."""

from __future__ import annotations

import importlib
import inspect
import sys
from collections.abc import Callable, Mapping
from enum import Enum
from types import ModuleType
from typing import Any

from .errors import remember_source


class Shape(Enum):
    """How a function is to be called."""

    PLAIN = "plain"
    BATCH = "batch"
    JOIN = "join"
    ORIGINAL = "original"
    """`f(message, *args, plugs={}, output={}, **kwargs)`, as the first PYFI called its processors."""


class Code:
    """A function and how to call it. `takes_ctx`: pass the context by name; `generates`: calling it makes a generator."""

    def __init__(self, function: Callable[..., Any], shape: Shape, *, takes_ctx: bool, generates: bool) -> None:
        self.function = function
        self.shape = shape
        self.takes_ctx = takes_ctx
        self.generates = generates


def load(spec: Mapping[str, Any]) -> Code:
    """The code of a step's specification. Raises whatever the user's module raises, or LookupError with the cure."""
    module = _from_git(spec) if spec.get("module") else _inline(spec)
    function = _function(module, spec.get("function"))
    takes_ctx, shape = _shape(function, spec)
    return Code(function, shape, takes_ctx=takes_ctx, generates=inspect.isgeneratorfunction(_unwrapped(function)))


def _inline(spec: Mapping[str, Any]) -> ModuleType:
    name = f"<{spec['id']}>"
    module = ModuleType("pyfi_processor_" + "".join(c if c.isalnum() else "_" for c in spec["id"]))
    module.__file__ = name
    sys.modules[module.__name__] = module
    remember_source(name, spec["code"])
    exec(compile(spec["code"], name, "exec", dont_inherit=True), module.__dict__)  # noqa: S102 - this is what a host is for
    return module


def _from_git(spec: Mapping[str, Any]) -> ModuleType:
    if spec["checkout"] not in sys.path:
        sys.path.insert(0, spec["checkout"])
    return importlib.import_module(spec["module"])


def _function(module: ModuleType, name: str | None) -> Callable[..., Any]:
    if name is not None:
        found = getattr(module, name, None)
        if not callable(found):
            raise LookupError(f"there is no function '{name}' in the code")
        return found
    own = {
        key: value
        for key, value in vars(module).items()
        if inspect.isfunction(value) and value.__module__ == module.__name__ and not key.startswith("_")
    }
    if "process" in own:
        return own["process"]
    if len(own) != 1:
        raise LookupError(f"the code has {len(own)} functions; name the one to call `process`, or set `function`")
    return next(iter(own.values()))


def _unwrapped(function: Callable[..., Any]) -> Any:
    return inspect.unwrap(function)


def _shape(function: Callable[..., Any], spec: Mapping[str, Any]) -> tuple[bool, Shape]:
    try:
        parameters = inspect.signature(function).parameters
    except (ValueError, TypeError):
        return False, Shape.BATCH if spec.get("batch") else Shape.PLAIN
    takes_ctx = "ctx" in parameters
    if spec.get("batch"):
        return takes_ctx, Shape.BATCH
    if "plugs" in parameters:
        return takes_ctx, Shape.ORIGINAL
    inputs = list(spec["inputs"])
    if len(inputs) > 1 and all(port in parameters for port in inputs):
        return takes_ctx, Shape.JOIN
    return takes_ctx, Shape.PLAIN
