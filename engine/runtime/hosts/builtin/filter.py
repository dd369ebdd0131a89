"""filter: lets messages pass for which an expression holds."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import compress
from typing import Any

from .. import body
from ..rows import Rows
from ..stage import Delivery
from .expression import Evaluator, leaves_alone, parse, truth


class Body(body.Body):
    """`keep` decides; with `dropped`, what does not pass goes to that output."""

    fresh = True

    def __init__(self, config: Mapping[str, Any], ctx: body.BodyContext) -> None:
        super().__init__(config, ctx)
        test = parse(config["keep"])
        self._keeps = Evaluator(truth(test), ctx, config["keep"])
        self._harmless = leaves_alone(test)

    def process(self, port: str, rows: Rows, out: Delivery) -> None:
        """Send what is to be kept, in order."""
        verdicts, failures = self._keeps(rows)
        kept = list(compress(range(len(rows)), verdicts))
        if len(kept) == len(rows):
            packed = bytes(rows.packed) if self._harmless and rows.packed is not None else None
            out.send("success", rows.contents, packed=packed)
            return
        out.send("success", list(compress(rows.contents, verdicts)), kept)
        if self.config["dropped"]:
            others = [row for row, verdict in enumerate(verdicts) if verdict is False]
            out.send("dropped", [rows.contents[row] for row in others], others)
        for row, failure in failures.items():
            out.fail(row, failure)
