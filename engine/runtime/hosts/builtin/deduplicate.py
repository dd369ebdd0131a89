"""deduplicate: lets the first message of each key pass."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .. import body
from ..rows import Rows
from ..stage import Delivery
from .expression import evaluator
from .key import key_texts
from .seen_keys import SeenKeys


class Body(body.Body):
    """Messages whose key was seen before go to `duplicate`."""

    fresh = True

    def __init__(self, config: Mapping[str, Any], ctx: body.BodyContext) -> None:
        super().__init__(config, ctx)
        self._key = evaluator(config["key"], ctx)
        self._seen = SeenKeys(ctx.state, config["count"], config["age"])

    def process(self, port: str, rows: Rows, out: Delivery) -> None:
        """Send every row one way or the other."""
        keys, failures = key_texts(self._key, rows)
        verdicts = self._seen.admit(keys)
        for output, wanted in (("success", True), ("duplicate", False)):
            members = [row for row, verdict in enumerate(verdicts) if verdict is wanted]
            out.send(output, [rows.contents[row] for row in members], members)
        for row in sorted(failures):
            out.fail(row, failures[row])
