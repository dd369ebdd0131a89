"""split: makes several messages of one."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any, cast

from .. import body
from ..errors import Failure
from ..rows import Attributes, Rows
from ..stage import Delivery
from .expression import evaluator


class Body(body.Body):
    """Parts carry `split.id`, `split.index` and `split.count`, by which `merge` puts them together again."""

    def __init__(self, config: Mapping[str, Any], ctx: body.BodyContext) -> None:
        super().__init__(config, ctx)
        self._items = evaluator(config["items"], ctx)

    def process(self, port: str, rows: Rows, out: Delivery) -> None:
        """Split every row."""
        found, failures = self._items(rows)
        contents: list[Any] = []
        index: list[int] = []
        attributes: list[Attributes | None] = []
        for row, value in enumerate(found):
            if row in failures:
                continue
            try:
                parts = _parts(value, self.config["separator"], self.config["size"])
            except Failure as error:
                failures[row] = error
                continue
            contents.extend(parts)
            index.extend([row] * len(parts))
            common = {**rows.attributes_of(row), "split.id": os.urandom(12).hex(), "split.count": str(len(parts))}
            attributes.extend({**common, "split.index": str(number)} for number in range(len(parts)))
        out.send("success", contents, index, attributes)
        for row in sorted(failures):
            out.fail(row, failures[row])


def _parts(value: Any, separator: str | None, size: int) -> list[Any]:
    if isinstance(value, (list, tuple)):
        items = list(cast("list[Any]", value))
        return _pieces(items, size) if size else items
    if isinstance(value, (str, bytes)):
        return _text_parts(value, separator, size)
    raise Failure(
        "TypeError",
        f"a value of type {type(value).__name__} cannot be split; name the list or text in it by `items`",
        retry=False,
    )


def _text_parts(text: Any, separator: str | None, size: int) -> list[Any]:
    """Parts of text or bytes: at the separator (then `size` of them a part), by `size`, or at line ends."""
    if separator is None:
        return _pieces(text, size) if size else text.splitlines()
    mark: Any = separator if isinstance(text, str) else separator.encode()
    parts = text.split(mark)
    if parts and not parts[-1]:
        parts.pop()  # a separator at the end ends the last part; it does not begin another
    return [mark.join(piece) for piece in _pieces(parts, size)] if size else parts


def _pieces(whole: Any, size: int) -> list[Any]:
    return [whole[start : start + size] for start in range(0, len(whole), size)]
