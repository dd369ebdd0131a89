"""Tickets within one process: sending one calls the servers of its stage at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from engine.dispatch.base import Dispatcher, Ticket

Wake = Callable[[], None]


class LocalDispatcher(Dispatcher):
    """For the local target, where the engine that commits is the one that has work."""

    def __init__(self) -> None:
        self._servers: dict[Ticket, list[Wake]] = {}

    @property
    def trouble(self) -> None:
        """There is nothing that could fail."""

    def send(self, ticket: Ticket) -> None:
        """Call every server of the stage."""
        for wake in tuple(self._servers.get(ticket, ())):
            wake()

    def serve(self, ticket: Ticket, wake: Wake) -> Callable[[], None]:
        """Have `wake` called for every ticket of the stage; returns what ends that."""
        servers = self._servers.setdefault(ticket, [])
        servers.append(wake)

        def leave() -> None:
            if wake in servers:
                servers.remove(wake)
            if not servers and self._servers.get(ticket) is servers:
                del self._servers[ticket]

        return leave

    def forget(self, deployment: str, stages: Iterable[str] = ()) -> None:
        """Nothing is kept of a ticket."""

    async def close(self) -> None:
        """Wake nobody any more."""
        self._servers.clear()
