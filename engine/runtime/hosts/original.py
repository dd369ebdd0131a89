"""The signature of the first PYFI: `f(message, *args, plugs={}, output={}, **kwargs)`.

There, `plugs` held a list of messages for every plug; once the call was over, each went out by the plug of that name. Here the
outputs take the place of the plugs.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterator
from types import GeneratorType
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from .context import Context
    from .python_code import Code
    from .source import SourceContext

_OWN = frozenset({"success", "failure"})
"""Outputs that the call's result and its failure go to, so that nothing is put into them."""


class Plugs(dict[str, Any]):
    """What a call puts out by name. It may be filled in any way a dict can be."""

    def __init__(self, outputs: frozenset[str]) -> None:
        super().__init__((name, []) for name in outputs - _OWN)

    def __missing__(self, name: str) -> list[Any]:
        """A plug that is no output takes messages too, so that sending them says what is wrong."""
        self[name] = []
        return cast("list[Any]", self[name])

    def send(self, emit: Callable[[str, Any], None]) -> None:
        """Emit what has been put: of a list each item, of anything else the thing itself."""
        for name, put in self.items():
            if put is None:
                continue
            for content in cast("list[Any]", put) if isinstance(put, list) else [put]:
                emit(name, content)
            self[name] = []


def bound(code: Code, context: Context | SourceContext, outputs: frozenset[str]) -> Callable[..., Any]:
    """The code's function, given whatever it asks for by name besides the contents."""
    function = functools.partial(code.function, ctx=context) if code.takes_ctx else code.function
    return _with_plugs(function, context, outputs) if code.takes_plugs else function


def _with_plugs(function: Callable[..., Any], context: Context | SourceContext, outputs: frozenset[str]) -> Callable[..., Any]:
    parameters = inspect.signature(function).parameters
    takes_any = any(parameter.kind is inspect.Parameter.VAR_KEYWORD for parameter in parameters.values())
    takes_output = takes_any or "output" in parameters

    def call(*contents: Any, **members: Any) -> Any:
        plugs = Plugs(outputs)
        named: dict[str, Any] = {"plugs": plugs, "output": {}} if takes_output else {"plugs": plugs}
        result = function(*contents, **members, **named)
        if isinstance(result, GeneratorType):
            return _yielded(cast("Iterator[Any]", result), plugs, context)
        plugs.send(context.emit)
        return result

    return call


def _yielded(made: Iterator[Any], plugs: Plugs, context: Context | SourceContext) -> Iterator[Any]:
    for content in made:
        plugs.send(context.emit)
        yield content
    plugs.send(context.emit)
