"""map: makes a new content, fields or attributes by expressions."""

from __future__ import annotations

import ast
import json
from collections.abc import Mapping, Sequence
from typing import Any

from .. import body
from ..errors import Failure
from ..rows import Attributes, Rows
from ..stage import Delivery
from .expression import Evaluator, parse, together


class Body(body.Body):
    """`content`, or `set` and `remove`, make the content; `attributes` are set from the content as it arrived."""

    def __init__(self, config: Mapping[str, Any], ctx: body.BodyContext) -> None:
        super().__init__(config, ctx)
        tree = _content(config["content"], config["set"], config["remove"])
        self._content = Evaluator(tree, ctx, config["content"] or "") if tree is not None else None
        self._names: list[str] = list(config["attributes"])
        self._attributes = Evaluator(together(map(parse, config["attributes"].values())), ctx) if self._names else None

    def process(self, port: str, rows: Rows, out: Delivery) -> None:
        """Map every row."""
        failures: dict[int, Failure] = {}
        attributes: Sequence[Attributes | None] | None = rows.attributes
        contents = rows.contents
        # Attributes first: an expression for the content may change parts of the content that arrived.
        if self._attributes is not None:
            found, failures = self._attributes(rows)
            attributes = [self._merged(rows.attributes_of(row), values) for row, values in enumerate(found)]
        if self._content is not None:
            contents, more = self._content(rows)
            failures = {**failures, **more}
            for field in self.config["remove"]:
                for content in contents:
                    if content is not None:
                        content.pop(field, None)
        if not failures:
            out.send("success", contents, None, attributes)
            return
        good = [row for row in range(len(rows)) if row not in failures]
        kept = None if attributes is None else [attributes[row] for row in good]
        out.send("success", [contents[row] for row in good], good, kept)
        for row in sorted(failures):
            out.fail(row, failures[row])

    def _merged(self, old: Attributes, values: Sequence[Any] | None) -> Attributes | None:
        merged = dict(old)
        for name, value in zip(self._names, values or (), strict=False):
            if value is None:
                merged.pop(name, None)
            else:
                merged[name] = value if type(value) is str else json.dumps(value, ensure_ascii=False, default=str)
        return merged or None


def _content(content: str | None, fields: Mapping[str, str], remove: Sequence[str]) -> ast.expr | None:
    """The whole content as one expression; for `set`, `{**content, field: value, ...}`."""
    if content:
        return parse(content)
    if not fields and not remove:
        return None
    keys: list[ast.expr | None] = [None, *map(ast.Constant, fields)]
    return ast.Dict(keys, [ast.Name("content", ast.Load()), *map(parse, fields.values())])
