"""retry_until: holds a message until a condition is met.

A message that waits is in its queue as [time it first came, content], of kind WAITING. One that goes round by `retry` carries
that time and the number of rounds as attributes, because it comes back as a message like any other.
"""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from typing import Any

from .. import body
from ..rows import Attributes, Rows
from ..stage import Delivery
from .expression import Evaluator, parse, truth

WAITING = 1
_COUNT, _SINCE = "retry.count", "retry.since"


class Body(body.Body):
    """`until` is looked at `every` so often."""

    fresh = True

    def __init__(self, config: Mapping[str, Any], ctx: body.BodyContext) -> None:
        super().__init__(config, ctx)
        self._met = Evaluator(
            truth(parse(config["until"])),
            ctx,
            config["until"],
            columns=("age", "attempt", "now"),
            names={"exists": lambda path: os.path.exists(ctx.folder / str(path))},  # type: ignore[dict-item]
        )

    def process(self, port: str, rows: Rows, out: Delivery) -> None:
        """Look at every message."""
        if rows.kind == WAITING and self.config["loop"]:
            self._send_round(rows, out)
            return
        now = time.time()
        began = [_began(rows, row, now) for row in range(len(rows))]
        contents = [held[1] for held in rows.contents] if rows.kind == WAITING else rows.contents
        verdicts, failures = self._met(
            rows,
            contents,
            age=[now - since for since in began],
            attempt=self._attempts(rows, out),
            now=[now] * len(rows),
        )
        late = [row for row, verdict in enumerate(verdicts) if verdict is False and self._is_late(now - began[row])]
        self._send("success", [row for row, verdict in enumerate(verdicts) if verdict], contents, rows, out)
        self._send("timeout", late, contents, rows, out)
        for row, verdict in enumerate(verdicts):
            if verdict is False and not self._is_late(now - began[row]):
                self._wait(row, began[row], now, rows, out)
        for row, failure in failures.items():
            if rows.kind == WAITING:
                out.give_up(row, failure, rows.original(row)[1], rows.attributes_of(row))
            else:
                out.fail(row, failure)

    def _is_late(self, age_s: float) -> bool:
        return 0 < self.config["timeout"] <= age_s

    def _attempts(self, rows: Rows, out: Delivery) -> list[int]:
        if rows.kind == WAITING:
            return out.attempts or [0] * len(rows)
        return [int(rows.attributes_of(row).get(_COUNT, "0")) for row in range(len(rows))]

    def _wait(self, row: int, since: float, now: float, rows: Rows, out: Delivery) -> None:
        due = now + self.config["every"]
        if self.config["timeout"]:
            due = min(due, since + self.config["timeout"] + 0.001)
        held = rows.original(row)
        out.wait(row, due, content=held if rows.kind == WAITING else [since, held], kind=WAITING)

    def _send(self, port: str, members: list[int], contents: list[Any], rows: Rows, out: Delivery) -> None:
        attributes = None
        if rows.attributes is not None:
            attributes = [_without_marks(rows.attributes_of(row)) for row in members]
        out.send(port, [contents[row] for row in members], members, attributes)

    def _send_round(self, rows: Rows, out: Delivery) -> None:
        """The wait is over: the message goes to have its content made anew."""
        attributes: list[Attributes | None] = []
        for row, (since, _) in enumerate(rows.contents):
            known = rows.attributes_of(row)
            attributes.append({**known, _SINCE: repr(since), _COUNT: str(int(known.get(_COUNT, "0")) + 1)})
        out.send("retry", [held[1] for held in rows.contents], None, attributes)


def _began(rows: Rows, row: int, now: float) -> float:
    """When a message first came."""
    if rows.kind == WAITING:
        return rows.contents[row][0]
    try:
        return float(rows.attributes_of(row).get(_SINCE, now))
    except ValueError:
        return now


def _without_marks(attributes: Attributes) -> Attributes | None:
    return {name: value for name, value in attributes.items() if name not in (_SINCE, _COUNT)} or None
