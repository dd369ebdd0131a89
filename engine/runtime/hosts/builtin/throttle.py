"""throttle: lets so many messages pass in each period."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from .. import body
from ..rows import Rows
from ..stage import Delivery

_LATE_US = 1000
"""Due times are whole milliseconds: a message that waits for a period comes back just after its beginning, never before."""


class Body(body.Body):
    """Periods are counted by the clock. A message for which this one has no room gets a place in the next that has.

    State `pace` is [period, how many have passed in it, the latest period with places given away, how many those are].
    """

    fresh = True
    lazy = True

    def __init__(self, config: Mapping[str, Any], ctx: body.BodyContext) -> None:
        super().__init__(config, ctx)
        self._most: int = config["messages"]
        self._period_us = round(config["period"] * 1_000_000)

    def process(self, port: str, rows: Rows, out: Delivery) -> None:
        """Send what there is room for, in order; have the rest wait for its place."""
        now, passed, latest, given = self._pace()
        sent: list[int] = []
        attempts = out.attempts or [0] * len(rows)
        for row, attempt in enumerate(attempts):
            # One that comes back may pass as soon as there is room; a new one only when nobody waits for a place.
            if passed < self._most and (attempt or (latest == now and given < self._most)):
                passed += 1
                given += 0 if attempt else 1
                sent.append(row)
                continue
            if latest == now or given >= self._most:
                latest, given = latest + 1, 0
            given += 1
            out.wait(row, (latest * self._period_us + _LATE_US) / 1_000_000)
        self.ctx.state["pace"] = [now, passed, latest, given]
        out.send("success", [rows.contents[row] for row in sent], sent)

    def _pace(self) -> tuple[int, int, int, int]:
        period, passed, latest, given = self.ctx.state.get("pace", [0, 0, 0, 0])
        now = int(time.time() * 1_000_000) // self._period_us
        if now != period:
            passed = 0
        if now > latest:
            latest, given = now, 0
        return now, passed, latest, given
