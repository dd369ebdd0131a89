"""counter: how many messages came, by key."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping
from typing import Any, cast

from ..body import Body as Base
from ..body import BodyContext
from ..rows import Rows
from ..stage import Delivery
from .alarm import Alarm
from .expression import evaluator
from .json_text import to_json
from .key import key_text

_COUNT = "count:"
_ALL = "all"


class Body(Base):
    """State: `count:KEY` is [label, messages]; `news` is there while counts have changed since they were sent."""

    fresh = True

    def __init__(self, config: Mapping[str, Any], ctx: BodyContext) -> None:
        super().__init__(config, ctx)
        self._key = evaluator(config["key"], ctx) if config["key"] else None
        self._alarm = Alarm(ctx)

    def process(self, port: str, rows: Rows, out: Delivery) -> None:
        """Count, and pass on."""
        if self._key is None:
            self._count(_ALL, _ALL, len(rows))
            good = None
        else:
            good = self._by_key(rows, out)
        if self.config["every"]:
            self._alarm.ask(time.time() + self.config["every"])
        self.ctx.state["news"] = True
        if good is None:
            out.send("success", rows.contents, packed=cast("bytes | None", rows.packed))
        else:
            out.send("success", [rows.contents[row] for row in good], good)

    def timer(self, out: Delivery) -> None:
        """It is time to send the counts."""
        self._send(out)

    def flush(self, out: Delivery) -> None:
        """The run ends: send the last counts."""
        self._send(out)

    def _by_key(self, rows: Rows, out: Delivery) -> list[int] | None:
        """Count by key; the rows that have one, or None if all have."""
        assert self._key is not None
        found, failures = self._key(rows)
        labels: dict[str, str] = {}
        counts: Counter[str] = Counter()
        for row, value in enumerate(found):
            if row not in failures:
                key = key_text(value)
                labels[key] = labels.get(key) or _label(value)
                counts[key] += 1
        for key, n in counts.items():
            self._count(key, labels[key], n)
        for row, failure in failures.items():
            out.fail(row, failure)
        return [row for row in range(len(rows)) if row not in failures] if failures else None

    def _count(self, key: str, label: str, n: int) -> None:
        known = self.ctx.state.get(_COUNT + key)
        self.ctx.state[_COUNT + key] = [label, n + (known[1] if known else 0)]

    def _send(self, out: Delivery) -> None:
        state = self.ctx.state
        self._alarm.set(None)
        if state.pop("news", None) is None:
            return
        names = sorted(name for name in state if name.startswith(_COUNT))
        counts: dict[str, int] = {}
        for name in names:
            label, n = state[name]
            counts[label] = counts.get(label, 0) + n
            if self.config["reset"]:
                del state[name]
        out.send("counts", [counts], [0])


def _label(value: Any) -> str:
    """A key as text."""
    if isinstance(value, str):
        return value
    try:
        return to_json(value).decode().strip('"')
    except (TypeError, ValueError):
        return repr(value)
