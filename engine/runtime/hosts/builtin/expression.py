"""Expressions: Python over `content`, `attributes` and `params`, compiled once and evaluated over whole batches.

The expression is compiled into the loop over the messages, not called from it: beside its own cost a message costs some tens of
nanoseconds. It sees the built-in functions below and the modules `re`, `math`, `json` and `datetime`.
"""

from __future__ import annotations

import ast
import builtins
import datetime  # noqa: ICN001 - the name that expressions use
import json
import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, cast

from ..body import BodyContext
from ..errors import Failure, describe, remember_source
from ..rows import Rows
from ..watch import CallTimeout

_FUNCTIONS = """
    abs all any ascii bin bool bytes bytearray callable chr complex dict divmod enumerate filter float format frozenset hash hex
    int isinstance issubclass iter len list map max min next oct ord pow range repr reversed round set slice sorted str sum
    tuple type zip ArithmeticError AttributeError Exception IndexError KeyError LookupError TypeError ValueError
    ZeroDivisionError
""".split()  # noqa: SIM905 - names read better than quotes
_PURE_METHODS = """
    casefold count decode encode endswith find findall fullmatch get index isalnum isalpha isdigit isnumeric isoformat isspace
    items join keys lower lstrip match partition removeprefix removesuffix replace rfind rpartition rsplit rstrip search split
    splitlines startswith strip title upper values
""".split()  # noqa: SIM905 - names read better than quotes
_BUILTINS: dict[str, Any] = {name: getattr(builtins, name) for name in _FUNCTIONS}
_MODULES: dict[str, Any] = {"re": re, "math": math, "json": json, "datetime": datetime}
_DEEPEST = 50
"""Tests in each other's branches: Python compiles some hundreds, but not a thousand."""
_PURE_CALLS = frozenset(_FUNCTIONS) - {"filter", "iter", "map", "next"}


def parse(text: str) -> ast.expr:
    """The expression in a text; raises ValueError with the reason."""
    try:
        tree = ast.parse(text.strip(), "<expression>", mode="eval").body
    except SyntaxError as error:
        raise ValueError(f"'{text}' is not a Python expression ({error.msg})") from None
    if any(isinstance(node, (ast.Yield, ast.YieldFrom, ast.Await)) for node in ast.walk(tree)):
        raise ValueError(f"'{text}' yields or awaits; an expression has one value")
    return tree


def truth(test: ast.expr) -> ast.expr:
    """Whether an expression holds, as True or False."""
    return choice([test], [True, False])


def choice(tests: Sequence[ast.expr], values: Sequence[Any]) -> ast.expr:
    """The value beside the first test that holds; the last value, one more than tests, if none does."""
    if len(tests) > _DEEPEST:
        return _flat_choice(tests, values)
    tree: ast.expr = ast.Constant(values[-1])
    for test, value in reversed(list(zip(tests, values, strict=False))):
        tree = ast.IfExp(test, ast.Constant(value), tree)
    return tree


def _flat_choice(tests: Sequence[ast.expr], values: Sequence[Any]) -> ast.expr:
    """The same as `((a,) if test or () ... or (z,))[0]`, which is as deep for a thousand tests as for two."""
    values = [cast("Any", (value,)) for value in values]
    nothing = cast("Any", ())
    found = [ast.IfExp(test, ast.Constant(value), ast.Constant(nothing)) for test, value in zip(tests, values, strict=False)]
    either = ast.BoolOp(ast.Or(), [*found, ast.Constant(values[-1])])
    return ast.Subscript(either, ast.Constant(0), ast.Load())


def together(trees: Iterable[ast.expr]) -> ast.expr:
    """The values of several expressions as a tuple."""
    return ast.Tuple(list(trees), ast.Load())


def leaves_alone(*trees: ast.expr) -> bool:
    """Whether the expressions surely change nothing in the content they look at."""
    for node in (node for tree in trees for node in ast.walk(tree)):
        if isinstance(node, ast.Call) and not _is_pure(node.func):
            return False
    return True


def _is_pure(function: ast.expr) -> bool:
    if isinstance(function, ast.Name):
        return function.id in _PURE_CALLS
    return isinstance(function, ast.Attribute) and function.attr in _PURE_METHODS


class Evaluator:
    """An expression ready to be evaluated. `columns` names what it may use besides `content` and `attributes`, row by row."""

    def __init__(
        self,
        tree: ast.expr,
        ctx: BodyContext,
        text: str = "",
        *,
        columns: Sequence[str] = (),
        names: Mapping[str, Any] | None = None,
    ) -> None:
        used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        self._columns = tuple(name for name in ("content", "attributes", *columns) if name in used) or ("content",)
        self._ctx = ctx
        scope = {"__builtins__": _BUILTINS, **_MODULES, "params": ctx.params, **(names or {})}
        filename = f"<{ctx.step}>"
        if text:
            remember_source(filename, text.strip())
        exec(compile(_loop(tree, self._columns), filename, "exec"), scope)
        self._run = cast("Callable[[Iterable[Any], Callable[[Any], None]], None]", scope["run"])

    def __call__(
        self, rows: Rows, contents: list[Any] | None = None, **columns: Sequence[Any]
    ) -> tuple[list[Any], dict[int, Failure]]:
        """The value for every row (None where there is none), and the failures of those rows."""
        results: list[Any] = []
        failures: dict[int, Failure] = {}
        source = iter(self._source(rows, rows.contents if contents is None else contents, columns))
        self._ctx.progress(results)
        while True:
            try:
                self._run(source, results.append)
            except (Exception, CallTimeout) as error:  # what an expression raises is its message's failure
                failures[len(results)] = describe(error)
                results.append(None)
            else:
                return results, failures

    def _source(self, rows: Rows, contents: list[Any], columns: Mapping[str, Sequence[Any]]) -> Iterable[Any]:
        if self._columns == ("content",):
            return contents
        given: dict[str, Sequence[Any]] = {"content": contents, **columns}
        if "attributes" in self._columns:
            known = rows.attributes
            given["attributes"] = [each or {} for each in known] if known is not None else [{}] * len(contents)
        if len(self._columns) == 1:
            return given[self._columns[0]]
        return zip(*(given[name] for name in self._columns), strict=True)


def evaluator(text: str, ctx: BodyContext, **options: Any) -> Evaluator:
    """The evaluator of one expression as the user wrote it."""
    return Evaluator(parse(text), ctx, text, **options)


def _loop(tree: ast.expr, columns: Sequence[str]) -> ast.Module:
    """`def run(rows, append): for content in rows: append(tree)`, with names nobody can write for `rows` and `append`."""
    names: list[ast.expr] = [ast.Name(name, ast.Store()) for name in columns]
    target = names[0] if len(names) == 1 else ast.Tuple(names, ast.Store())
    call = ast.Expr(ast.Call(ast.Name("@append", ast.Load()), [tree], []))
    loop = ast.For(target, ast.Name("@rows", ast.Load()), [call], [])
    parameters = ast.arguments([], [ast.arg("@rows"), ast.arg("@append")], None, [], [], None, [])
    return ast.fix_missing_locations(ast.Module([ast.FunctionDef("run", parameters, [loop], [])], []))
