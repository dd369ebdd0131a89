"""The dispatcher's interface: it carries tickets, and nothing else.

A ticket says that a stage may find work in the ledger, or room for what it makes. It holds no user data, so nothing depends on
its arrival: a lost one delays work until the next (whoever dispatches also tells of what fell due), and a doubled one finds
nothing. Everything of worth is in the ledger.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable

from msgspec import Struct


class Ticket(Struct, frozen=True):
    """A wake-up for one stage of a deployment."""

    deployment: str
    stage: str


class Dispatcher(ABC):
    """Brings tickets to whoever serves their stages. Used from one event loop."""

    @abstractmethod
    def send(self, ticket: Ticket) -> None:
        """Wake whoever serves the stage, or nobody if none does; never blocks, never raises for a server's sake."""

    @abstractmethod
    def serve(self, ticket: Ticket, wake: Callable[[], None]) -> Callable[[], None]:
        """Have `wake` called at least once after every `send` of this ticket; several may be answered by one call.

        Returns what ends that. A stage may have several servers; each of them is woken.
        """
