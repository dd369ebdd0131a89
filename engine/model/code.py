"""What can be known of the user's code without running it."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator
from functools import lru_cache

from msgspec import Struct

from engine.errors import UsageError
from engine.model.problem import did_you_mean, listed

DEFAULT_FUNCTION = "process"

_Function = ast.FunctionDef | ast.AsyncFunctionDef
_Callable = _Function | ast.Lambda


class CodeFacts(Struct, frozen=True):
    """A processor's function, as its source tells.

    `parameters` are all that have names, in order; `required` those of them without a default, `positional` those that can take
    the content. `is_certain` is False
    where the signature is not in the source (an import, a decorator, a class): then only `function` can be relied on.
    `makes_values` is False when no call can return or yield anything.
    """

    function: str
    parameters: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    positional: tuple[str, ...] = ()
    is_generator: bool = False
    is_async: bool = False
    wants_ctx: bool = False
    is_join: bool = False
    is_original_signature: bool = False
    takes_any: bool = False
    makes_values: bool = True
    is_certain: bool = True


@lru_cache(maxsize=20_000)
def inspect_python(code: str, function: str | None = None, inputs: tuple[str, ...] = ("in",)) -> CodeFacts:
    """The facts of the function that a processor calls.

    It is the one called `function`; without a name the one called `process`, or the only one there is, those whose names begin
    with `_` aside. A join is a function with a parameter for each of two or more input ports.

    Raises:
        UsageError: the code does not compile, or has no such function.
    """
    names: dict[str, ast.AST] = {}
    has_star = False
    for name, node in _bindings(_parse(code).body):
        names[name] = node
        has_star = has_star or name == "*"
    chosen = _choose(names, function, has_star)
    node = names.get(chosen)
    if isinstance(node, _Callable):
        return _facts(chosen, node, inputs, may_yield="yield" in code)
    return CodeFacts(chosen, is_certain=False)


def check_expression(text: str) -> str | None:
    """Why a text is no Python expression; None when it is one."""
    try:
        _quietly(text.strip(), "eval")
    except UsageError as error:
        return str(error)
    return None


def _parse(code: str) -> ast.Module:
    try:
        tree = _quietly(code, "exec")
    except UsageError as error:
        raise UsageError(f"its code does not compile: {error}") from None
    assert isinstance(tree, ast.Module)
    return tree


def _quietly(code: str, mode: str) -> ast.AST:
    """Parses and compiles without the warnings that are its author's business.

    Compiling finds what parsing lets pass, such as `return` outside a function.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree: ast.AST = compile(code, "<code>", mode, ast.PyCF_ONLY_AST, dont_inherit=True)
            compile(code, "<code>", mode, dont_inherit=True)
            return tree
    except SyntaxError as error:
        line = f"line {error.lineno}: " if error.lineno and mode == "exec" else ""
        raise UsageError(f"{line}{error.msg or 'invalid syntax'}") from None
    except (ValueError, RecursionError, MemoryError, OverflowError) as error:
        raise UsageError(str(error) or "it is nested too deeply") from None


def _bindings(body: list[ast.stmt]) -> Iterator[tuple[str, ast.AST]]:
    """The names that a module's statements bind, also inside its `if`, `try`, `with` and loops; `*` for a star import."""
    for statement in body:
        if isinstance(statement, _Function | ast.ClassDef):
            yield statement.name, statement
        elif isinstance(statement, ast.Import | ast.ImportFrom):
            for alias in statement.names:
                yield (alias.asname or alias.name).partition(".")[0], statement
        elif isinstance(statement, ast.Assign | ast.AnnAssign):
            targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
            for target in targets:
                for node in ast.walk(target):
                    if isinstance(node, ast.Name):
                        # Only `f = lambda x: ...` shows a signature; tuples and calls bind names alone.
                        is_lambda = node is target and isinstance(statement.value, ast.Lambda)
                        yield node.id, statement.value if is_lambda and statement.value else statement
        else:
            for field in ("body", "orelse", "handlers", "finalbody", "cases"):
                for inner in getattr(statement, field, ()):
                    yield from _bindings(inner.body if isinstance(inner, ast.ExceptHandler | ast.match_case) else [inner])


def _choose(names: dict[str, ast.AST], function: str | None, has_star: bool) -> str:
    functions = [name for name, node in names.items() if isinstance(node, _Callable) and not name.startswith("_")]
    if function is not None:
        if function in names or has_star:
            return function
        raise UsageError(f"no function '{function}' in its code{_cure(function, names, functions)}")
    if DEFAULT_FUNCTION in functions:
        return DEFAULT_FUNCTION
    if len(functions) == 1:
        return functions[0]
    if functions:
        raise UsageError(f"its code has several functions ({listed(functions)}); name one with `function: {functions[0]}`")
    raise UsageError("no function in its code; write one, such as `def process(content): return content`")


def _cure(function: str, names: dict[str, ast.AST], functions: list[str]) -> str:
    hint = did_you_mean(function, functions) or did_you_mean(function, names)
    if hint:
        return hint
    return f"; it has {listed(functions)}" if functions else f"; write `def {function}(content): ...`"


def _facts(name: str, node: _Callable, inputs: tuple[str, ...], *, may_yield: bool) -> CodeFacts:
    args = node.args
    positional = [*args.posonlyargs, *args.args]
    optional = len(args.defaults)
    required = [arg.arg for arg in positional[: len(positional) - optional]]
    required += [arg.arg for arg, default in zip(args.kwonlyargs, args.kw_defaults, strict=True) if default is None]
    parameters = [arg.arg for arg in [*positional, *args.kwonlyargs]]
    is_generator, returns = (False, True) if isinstance(node, ast.Lambda) else _exits(node, may_yield=may_yield)
    return CodeFacts(
        function=name,
        parameters=tuple(parameters),
        required=tuple(required),
        is_generator=is_generator,
        is_async=isinstance(node, ast.AsyncFunctionDef),
        wants_ctx="ctx" in parameters,
        is_join=len(inputs) > 1 and all(port in parameters for port in inputs),
        is_original_signature="plugs" in parameters,
        positional=tuple(arg.arg for arg in positional if arg.arg != "ctx"),
        takes_any=args.vararg is not None,
        makes_values=is_generator or returns,
        is_certain=isinstance(node, ast.Lambda) or not node.decorator_list,
    )


def _exits(function: _Function, *, may_yield: bool) -> tuple[bool, bool]:
    """Whether a function's own statements yield, and whether they return something other than None."""
    yields = returns = False
    waiting: list[ast.AST] = list(function.body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Yield | ast.YieldFrom):
            yields = True
        elif isinstance(node, ast.Return):
            value = node.value
            returns = returns or (value is not None and not (isinstance(value, ast.Constant) and value.value is None))
        if returns and (yields or not may_yield):
            break
        if not isinstance(node, _Function | ast.Lambda | ast.ClassDef):
            waiting.extend(ast.iter_child_nodes(node))
    return yields, returns
