"""When a ticket is sent: at once while all is calm, seldom while there is a swell."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from engine.dispatch.base import Ticket

_MOST_KNOWN = 10_000
"""Stages whose last ticket is remembered before those that are quiet are forgotten."""


class _Pause(Struct, frozen=True):
    """After a ticket was sent: how long the next of its stage is held back, and until when."""

    long_s: float
    until_s: float


class _Waiting(Struct, frozen=True):
    """A ticket that is to be sent: when, and whether a pause holds it back until then."""

    due_s: float
    held: bool


class Pace:
    """Decides when tickets go; knows no broker and no clock.

    A ticket goes at once when its stage's last was sent long enough ago, else when that is so; what comes while one waits is
    one with it. The pause is `least_s`, and doubles up to `most_s` with every ticket that it held back.
    """

    def __init__(self, least_s: float, most_s: float) -> None:
        self._least_s = least_s
        self._most_s = most_s
        self._waiting: dict[Ticket, _Waiting] = {}
        self._pauses: dict[Ticket, _Pause] = {}

    def add(self, ticket: Ticket, now_s: float, delay_s: float = 0.0) -> bool:
        """A ticket is to go, after the delay at the earliest. Returns whether one goes sooner than was planned."""
        pause, waiting = self._pauses.get(ticket), self._waiting.get(ticket)
        due_s = now_s + delay_s
        held = pause is not None and pause.until_s > due_s
        if held:
            assert pause is not None
            due_s = pause.until_s
        if waiting is not None and waiting.due_s <= due_s:
            return False
        self._waiting[ticket] = _Waiting(due_s, held)
        return True

    def take(self, now_s: float) -> list[Ticket]:
        """The tickets that go now."""
        taken = [ticket for ticket, waiting in self._waiting.items() if waiting.due_s <= now_s]
        for ticket in taken:
            held = self._waiting.pop(ticket).held
            long_s = min(2 * self._pauses[ticket].long_s, self._most_s) if held else self._least_s
            self._pauses[ticket] = _Pause(long_s, now_s + long_s)
        if len(self._pauses) > _MOST_KNOWN:
            self._pauses = {ticket: pause for ticket, pause in self._pauses.items() if pause.until_s > now_s}
        return taken

    def put_back(self, tickets: Iterable[Ticket], now_s: float) -> None:
        """Tickets that were taken could not be sent: they go next time."""
        self._waiting.update({ticket: _Waiting(now_s, held=False) for ticket in tickets})

    def wait_s(self, now_s: float) -> float | None:
        """How long until a ticket goes; None when none waits."""
        return max(0.0, min(waiting.due_s for waiting in self._waiting.values()) - now_s) if self._waiting else None

    def forget(self, deployment: str) -> None:
        """Send none of a deployment's tickets that wait."""
        self._waiting = {ticket: waiting for ticket, waiting in self._waiting.items() if ticket.deployment != deployment}
