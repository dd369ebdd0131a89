"""Templates: texts with expressions in them, evaluated over whole batches like any expression.

A template's parts come from the declaration: literal texts, and expressions in lists of one.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Callable, Sequence
from typing import Any

from ..body import BodyContext
from .expression import Evaluator, parse, together

Parts = list[Any]
_TEXT, _QUOTED = "@text", "@quoted"


def as_text(value: Any) -> str:
    """A value within a text: text as it is, nothing for None, anything else as JSON."""
    if type(value) is str:
        return value
    if type(value) is bytes:
        return value.decode("utf-8", "replace")
    return "" if value is None else json.dumps(value, ensure_ascii=False, default=str)


def templates(all_parts: Sequence[Parts], ctx: BodyContext, quote: Callable[[str], str] | None = None) -> Evaluator:
    """Evaluates to a tuple with every template's text.

    `quote` is applied to what expressions put into a text; not to a template that is nothing but an expression.
    """
    trees = [_tree(parts) for parts in all_parts]
    quoted = (lambda value: quote(as_text(value))) if quote is not None else as_text  # type: ignore[misc]
    return Evaluator(together(trees), ctx, names={_TEXT: as_text, _QUOTED: quoted, "secrets": ctx.secrets})


def _tree(parts: Parts) -> ast.expr:
    if len(parts) == 1 and not isinstance(parts[0], str):
        return _call(_TEXT, parts[0][0])
    pieces: list[ast.expr] = [
        ast.Constant(part) if isinstance(part, str) else ast.FormattedValue(_call(_QUOTED, part[0]), -1, None) for part in parts
    ]
    return ast.JoinedStr(pieces)


def _call(function: str, text: str) -> ast.expr:
    return ast.Call(ast.Name(function, ast.Load()), [parse(text)], [])
