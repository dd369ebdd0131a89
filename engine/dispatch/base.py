"""The dispatcher's interface: it carries tickets, and nothing else.

A ticket says that a stage may find work in the ledger, or room for what it makes. It holds no user data, so nothing depends on
its arrival: a lost one delays work until the next (whoever dispatches also tells of what fell due), and a doubled one finds
nothing. Everything of worth is in the ledger.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable

from msgspec import Struct


class Ticket(Struct, frozen=True):
    """A wake-up for one stage of a deployment."""

    deployment: str
    stage: str


class Dispatcher(ABC):
    """Brings tickets to whoever serves their stages. Used from one event loop."""

    @property
    @abstractmethod
    def trouble(self) -> str | None:
        """Why no tickets go or come just now, in a sentence with the cure; None while all is well."""

    @abstractmethod
    def send(self, ticket: Ticket) -> None:
        """Wake whoever serves the stage, or nobody if none does; never blocks, never raises for a server's sake."""

    @abstractmethod
    def serve(self, ticket: Ticket, wake: Callable[[], None]) -> Callable[[], None]:
        """Have `wake` called at least once after every `send` of this ticket; several may be answered by one call.

        Returns what ends that. A stage may have several servers: each of those in one process is woken; of several processes
        that serve it, at least one is.
        """

    @abstractmethod
    def forget(self, deployment: str, stages: Iterable[str] = ()) -> None:
        """A deployment has ended for good: keep nothing of its tickets. `stages` are those it has had, as far as known."""

    @abstractmethod
    async def close(self) -> None:
        """Send what waits, if that is soon done, and let go of everything; nobody is woken any more."""
