"""Breakpoints: connections at which messages are held, and how many of them may go on. Counts and does nothing else."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from engine.errors import NotFound, UsageError
from engine.model.problem import did_you_mean, shown
from engine.runtime.plan import Plan


def check_breakpoint(plan: Plan, key: str) -> None:
    """See that a connection has a breakpoint.

    Raises:
        NotFound: there is no such connection.
        UsageError: it has none.
    """
    if key not in plan.links:
        raise NotFound(f"there is no connection {shown(key)} in this flow{did_you_mean(key, plan.links)}")
    if key not in plan.held:
        raise UsageError(f"the connection {shown(key)} holds nothing back; give it a breakpoint first")


class _Hold(Struct):
    left: int = 0
    """Messages that were released and are not through yet."""
    out: int = 0
    """Of those, the ones that a task has in hand."""
    busy: bool = False


class Holds:
    """The breakpoints of a deployment, by the key of their connection.

    A release is for messages that wait just then. It is kept in memory: what has not gone on when the engine ends is held
    again.
    A task takes as many messages as are free and no more; if that is only a part of a batch, nobody else takes any until the
    rest of that batch is back in its place, so that nothing overtakes it.
    """

    def __init__(self) -> None:
        self._holds: dict[str, _Hold] = {}
        self._ahead: dict[str, int] = {}
        """Messages in hand that were taken when nothing held them: a release is not for these."""

    def set(self, keys: Iterable[str]) -> None:
        """These are the breakpoints from now on; those that stay keep what was released."""
        self._holds = {key: self._holds.get(key) or _Hold() for key in keys}

    def free(self, key: str) -> int | None:
        """How many messages may be taken now; None where nothing is held."""
        hold = self._holds.get(key)
        if hold is None:
            return None
        return 0 if hold.busy else max(0, hold.left - hold.out)

    def may_move(self, key: str) -> bool:
        """Whether any message behind a connection can still go on."""
        hold = self._holds.get(key)
        return hold is None or hold.left > 0

    def release(self, key: str, messages: int | None, waiting: int) -> int:
        """Let so many more of the `waiting` messages go (None: all that are held); returns how many these are."""
        hold = self._holds[key]
        held = max(0, waiting - hold.left - self._ahead.get(key, 0))
        released = held if messages is None else min(messages, held)
        hold.left += released
        return released

    def limit(self, key: str, waiting: int) -> None:
        """No more than what waits can go: something else has taken messages away."""
        hold = self._holds.get(key)
        if hold is not None:
            hold.left = min(hold.left, max(waiting, hold.out))

    def passed(self, key: str, messages: int) -> None:
        """So many of those that were released are through."""
        hold = self._holds.get(key)
        if hold is not None:
            hold.left = max(0, hold.left - messages)

    # -- what a task does: begins to take, has taken, has ended

    def ahead(self, key: str, messages: int) -> None:
        """So many more (or fewer) are in hand of those that nothing held when they were taken."""
        self._ahead[key] = self._ahead.get(key, 0) + messages

    def begin(self, key: str) -> None:
        """Somebody is about to take messages."""
        if key in self._holds:
            self._holds[key].busy = True

    def took(self, key: str, messages: int, *, whole: bool) -> None:
        """They were taken: `whole` batches, or none at all."""
        hold = self._holds.get(key)
        if hold is not None:
            hold.out += messages
            hold.busy = not whole

    def end(self, key: str, messages: int, *, whole: bool) -> None:
        """Whoever had taken them is done, be they through or back in their queue."""
        hold = self._holds.get(key)
        if hold is not None:
            hold.out = max(0, hold.out - messages)
            hold.busy = hold.busy and whole
