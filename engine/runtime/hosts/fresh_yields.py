"""Whether a generator yields only values that it builds anew each time, as can be read from its code.

A yielded value is packed at once, lest the generator or a later message change it. Where every `yield` is of a literal made of
numbers, text and further literals, nobody else can hold any part of it, and a whole batch may be packed together. When in doubt
the answer is no, which costs a copy of every message.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

_SCALAR_CALLS = frozenset({"abs", "bool", "chr", "float", "hex", "int", "len", "ord", "repr", "round", "str"})


def yields_only_fresh(code: str, function: str) -> bool:
    """Whether the module-level function builds everything it yields in the `yield` itself."""
    module = ast.parse(code)
    found = [node for node in module.body if isinstance(node, ast.FunctionDef) and node.name == function]
    if len(found) != 1 or any(_stores(module, name) for name in (*_SCALAR_CALLS, "range")):
        return False
    yields = [node for node in _own_nodes(found[0]) if isinstance(node, ast.Yield | ast.YieldFrom)]
    numbers = _counters(found[0])
    return bool(yields) and all(
        isinstance(node, ast.Yield) and node.value is not None and _is_fresh(node.value, numbers) for node in yields
    )


def _own_nodes(function: ast.FunctionDef) -> Iterator[ast.AST]:
    """The nodes of a function, but for those of functions inside it."""
    pending: list[ast.AST] = list(function.body)
    while pending:
        node = pending.pop()
        yield node
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef):
            pending.extend(ast.iter_child_nodes(node))


def _stores(tree: ast.AST, name: str) -> int:
    """How often a name is given a meaning."""
    names = [node for node in ast.walk(tree) if isinstance(node, ast.Name) and node.id == name]
    defined = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name == name]
    arguments = [node for node in ast.walk(tree) if isinstance(node, ast.arg) and node.arg == name]
    imported = [node for node in ast.walk(tree) if isinstance(node, ast.alias) and (node.asname or node.name) == name]
    return sum(not isinstance(node.ctx, ast.Load) for node in names) + len(defined) + len(arguments) + len(imported)


def _counters(function: ast.FunctionDef) -> set[str]:
    """Names that only ever run through a `range`: numbers, therefore."""
    loops = [node for node in _own_nodes(function) if isinstance(node, ast.For) and isinstance(node.target, ast.Name)]
    return {
        loop.target.id
        for loop in loops
        if isinstance(loop.target, ast.Name)
        and isinstance(loop.iter, ast.Call)
        and isinstance(loop.iter.func, ast.Name)
        and loop.iter.func.id == "range"
        and _stores(function, loop.target.id) == 1
    }


def _is_fresh(node: ast.expr, numbers: set[str]) -> bool:
    if isinstance(node, ast.Dict):
        keys = all(key is not None and _is_scalar(key, numbers) for key in node.keys)
        return keys and all(_is_fresh(value, numbers) for value in node.values)
    if isinstance(node, ast.List | ast.Tuple):
        return all(_is_fresh(item, numbers) for item in node.elts)
    return _is_scalar(node, numbers)


def _is_scalar(node: ast.expr, numbers: set[str]) -> bool:
    """Whether an expression can only be a number, text, bytes, a truth value or None."""
    if isinstance(node, ast.Constant | ast.JoinedStr):
        return True
    if isinstance(node, ast.Name):
        return node.id in numbers
    if isinstance(node, ast.BinOp):
        # `text % (a, b)`: the tuple is used up.
        right = node.right.elts if isinstance(node.op, ast.Mod) and isinstance(node.right, ast.Tuple) else [node.right]
        return all(_is_scalar(part, numbers) for part in (node.left, *right))
    if isinstance(node, ast.UnaryOp):
        return _is_scalar(node.operand, numbers)
    if isinstance(node, ast.IfExp):
        return _is_scalar(node.body, numbers) and _is_scalar(node.orelse, numbers)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _SCALAR_CALLS:
        return not node.keywords and all(_is_scalar(argument, numbers) for argument in node.args)
    return False
