"""An alarm: the one timer of a step, kept at the earliest of many times."""

from __future__ import annotations

import time

from ..body import BodyContext

_KEY = "alarm"
_SHARE = 20
"""A round over everything that waits may take a twentieth of the time."""


class Alarm:
    """`ask` for a time; when `timer` comes, say what is next by `set`. Kept as state, so that it survives a restart."""

    def __init__(self, ctx: BodyContext) -> None:
        self._ctx = ctx

    def ask(self, due_s: float) -> None:
        """Be woken at this time or earlier."""
        current = self._ctx.state.get(_KEY)
        if current is None or due_s < current:
            self._put(due_s)

    def set(self, due_s: float | None, round_s: float = 0.0) -> None:
        """Be woken at this time (None: not at all), and not so soon that rounds of `round_s` would keep a core busy."""
        if due_s is not None:
            self._put(max(due_s, time.time() + _SHARE * round_s))
        elif self._ctx.state.pop(_KEY, None) is not None:
            self._ctx.wake_at(None)

    def _put(self, due_s: float) -> None:
        self._ctx.state[_KEY] = due_s
        self._ctx.wake_at(due_s)
