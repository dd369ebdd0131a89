"""A user's Python code: loaded once, called once a message."""

from __future__ import annotations

import importlib
import inspect
import re
import sys
from collections.abc import Callable, Collection, Mapping
from enum import Enum
from types import CodeType, ModuleType
from typing import Any

from .errors import know_as, remember_source
from .fresh_yields import yields_only_fresh

_MODULE_PREFIX = "pyfi_processor_"


class Shape(Enum):
    """How a function is to be called."""

    PLAIN = "plain"
    BATCH = "batch"
    JOIN = "join"


class Code:
    """A function and how to call it.

    `takes_ctx`: pass the context by name. `takes_plugs`: it has the first PYFI's signature. `generates`: calling it makes a
    generator. `remembers`: it refers to something that outlives the call, so that what it returns may share parts with what it
    returned before. `fresh`: what it yields shares nothing with anything.
    """

    fresh = False
    takes_plugs = False

    def __init__(
        self, function: Callable[..., Any], shape: Shape, *, takes_ctx: bool, generates: bool, remembers: bool
    ) -> None:
        self.function = function
        self.shape = shape
        self.takes_ctx = takes_ctx
        self.generates = generates
        self.remembers = remembers


def load(spec: Mapping[str, Any]) -> Code:
    """The code of a step's specification. Raises whatever the user's module raises, or LookupError with the cure."""
    module = _from_git(spec) if spec.get("module") else _inline(spec)
    function = _function(module, spec.get("function"))
    names = _parameters(function)
    takes_ctx = "ctx" in names
    generates = inspect.isgeneratorfunction(_unwrapped(function))
    code = Code(function, _shape(names, spec), takes_ctx=takes_ctx, generates=generates, remembers=remembers(function))
    code.takes_plugs = "plugs" in names
    if generates and not takes_ctx and not code.takes_plugs and spec.get("code"):
        code.fresh = yields_only_fresh(spec["code"], function.__name__)
    return code


def _inline(spec: Mapping[str, Any]) -> ModuleType:
    name = f"<{spec['id']}>"
    module = ModuleType(_MODULE_PREFIX + "".join(c if c.isalnum() else "_" for c in spec["id"]))
    module.__file__ = name
    sys.modules[module.__name__] = module
    remember_source(name, spec["code"])
    program = compile(spec["code"], name, "exec", dont_inherit=True)
    if spec.get("file"):  # a debugger is to find the code; what is wrong with it is told as ever
        know_as(spec["file"], name)
        program = compile(spec["code"], spec["file"], "exec", dont_inherit=True)
    exec(program, module.__dict__)  # this is what a host is for
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


def _parameters(function: Callable[..., Any]) -> Collection[str]:
    try:
        return inspect.signature(function).parameters
    except (ValueError, TypeError):
        return ()


def _shape(parameters: Collection[str], spec: Mapping[str, Any]) -> Shape:
    if spec.get("batch"):
        return Shape.BATCH
    inputs = list(spec["inputs"])
    return Shape.JOIN if len(inputs) > 1 and all(port in parameters for port in inputs) else Shape.PLAIN


_SAFE = (str, bytes, int, float, complex, bool, type(None), ModuleType, re.Pattern, Enum)
"""Values that a function may refer to without what it returns sharing anything with them."""


def remembers(function: Any, seen: set[int] | None = None) -> bool:
    """Whether a function refers to anything that outlives its calls and could become part of what it returns.

    Looks at defaults, closures and global names, and into the user's own functions and classes; code of the standard library
    is taken to return something new. When in doubt the answer is yes, which costs a copy of every result.
    """
    seen = set() if seen is None else seen
    if id(function) in seen:
        return False
    seen.add(id(function))
    if isinstance(function, type):
        return _is_foreign(function) or any(
            remembers(member, seen) if inspect.isfunction(member) else not _is_plain_member(name, member)
            for name, member in vars(function).items()
        )
    if inspect.isbuiltin(function):
        return False
    if not inspect.isfunction(function):
        return True
    if _is_foreign(function):
        return True
    if "params" in function.__code__.co_names:
        return True
    kept = [*(function.__defaults__ or ()), *(function.__kwdefaults__ or {}).values()]
    kept += [cell.cell_contents for cell in function.__closure__ or () if _is_filled(cell)]
    kept += [function.__globals__[name] for name in _names(function.__code__) if name in function.__globals__]
    return any(not isinstance(value, _SAFE) and (not callable(value) or remembers(value, seen)) for value in kept)


def _is_foreign(value: Any) -> bool:
    """Whether something comes from a package that is neither the user's code nor the standard library."""
    top = (value.__module__ or "").partition(".")[0]
    return not (top in sys.stdlib_module_names or top.startswith(_MODULE_PREFIX))


def _is_plain_member(name: str, member: Any) -> bool:
    return (name.startswith("__") and name.endswith("__")) or isinstance(member, (*_SAFE, property, staticmethod, classmethod))


def _is_filled(cell: Any) -> bool:
    try:
        return cell.cell_contents is not None
    except ValueError:
        return False


def _names(code: CodeType) -> set[str]:
    """Every global name that a function, or one defined inside it, refers to."""
    inner = [constant for constant in code.co_consts if isinstance(constant, CodeType)]
    return set(code.co_names).union(*map(_names, inner))
