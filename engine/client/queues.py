"""Queues of a workspace: through the engine that owns it, or straight from the ledger when nobody does."""

from __future__ import annotations

import builtins
import contextlib
from abc import ABC, abstractmethod
from collections.abc import Callable, Generator
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import to_builtins

from engine.api.address import find_engine
from engine.client.answer import Purged
from engine.client.place import workspace_folder
from engine.errors import NotFound
from engine.ledger.base import Ledger
from engine.ledger.url import open_ledger
from engine.model.problem import shown
from engine.runtime import queues
from engine.runtime.editing import Edit
from engine.runtime.kept_state import StepState, clear_state, read_state
from engine.runtime.queues import Message, Page, Queue
from engine.runtime.trace import Trace, trace
from engine.runtime.workspace import Workspace
from engine.targets import Targets

if TYPE_CHECKING:
    from engine.api.remote import EngineClient

__all__ = ["Edit", "Message", "Page", "Queue", "Queues", "StepState", "Trace", "open_queues"]


class Queues(ABC):
    """What can be done with the queues of a workspace, and with what steps keep.

    `flow` is a flow's name or file; "" means the only one there is.
    """

    @abstractmethod
    def list(self, flow: str = "") -> list[Queue]:
        """The queues of a flow, or of all."""

    @abstractmethod
    def peek(self, flow: str, key: str, *, limit: int = 20, at: str = "") -> Page:
        """The next messages of a queue, from a place on."""

    def find(self, flow: str, key: str, id: str) -> Message:
        """A message of a queue.

        Raises:
            NotFound: it is not there.
        """
        at: str | None = ""
        while at is not None:
            page = self.peek(flow, key, limit=queues.LONGEST_PAGE, at=at)
            for message in page.messages:
                if message.id == id:
                    return message
            at = page.next
        raise NotFound(f"there is no message {shown(id)} in the queue {shown(key)}; `pyfi queue peek` shows those that are")

    @abstractmethod
    def edit(self, flow: str, key: str, wanted: Edit) -> None:
        """Give a message that waits other content or other attributes.

        Raises:
            NotFound: it has moved on.
            ConflictError: it is being worked on, or was edited meanwhile.
        """

    @abstractmethod
    def purge(self, flow: str, key: str) -> int:
        """Delete the messages of a queue that nobody is working on; returns how many there were."""

    @abstractmethod
    def purge_all(self, flow: str, within: str = "") -> dict[str, int]:
        """The same for all connections of a flow, or of a subflow in it; returns how many, by connection that held any."""

    @abstractmethod
    def state(self, flow: str, step: str, *, limit: int = 1000) -> StepState:
        """The rows that a step keeps, in the order of their keys."""

    @abstractmethod
    def clear_state(self, flow: str, step: str) -> int:
        """Have a step forget what it keeps; returns how many rows.

        Raises:
            ConflictError: it is running.
        """

    @abstractmethod
    def trace(self, flow: str, message: str) -> Trace:
        """Where a message came from, and what became of it."""

    @abstractmethod
    def replay(self, flow: str, step: str, *, to: str = "", limit: int | None = None) -> dict[str, int]:
        """Give dead letters of a step another try; returns messages by the queue they went to."""


@contextlib.contextmanager
def open_queues(workspace: Path | None = None, *, write: bool = False, target: str = "") -> Generator[Queues]:
    """The queues of a workspace, or of a cluster. `write` takes the workspace for as long as this lasts, if no engine owns it.

    Raises:
        NotFound: no flow has run there, or there is no such target.
        WorkspaceBusy: something owns the workspace that cannot be asked, such as `pyfi run`.
    """
    if target:
        with contextlib.closing(open_ledger(Targets().find(target).database)) as ledger:
            # Files that all nodes share are for the nodes to delete, and to make.
            yield LedgerQueues(ledger, lambda orphans: None, None)
        return
    place = Workspace(workspace_folder(workspace))
    address = find_engine(place.folder)
    if address is not None:
        from engine.api.remote import EngineClient

        with EngineClient(address) as client:
            yield RemoteQueues(client)
        return
    if not (place.folder / "ledger.db").exists():
        raise NotFound(f"no flow has run in the workspace {place.folder}; choose another with --workspace")
    if write:
        place.open()
    try:
        with contextlib.closing(open_ledger(place.ledger_url)) as ledger:
            if write:
                ledger.void()  # whoever held a lease is dead: the workspace was free
            yield LedgerQueues(ledger, place.remove_claims, place.claims)
    finally:
        place.close()


class LedgerQueues(Queues):
    """Straight from the ledger. `store` is the folder for large content; None: it stays in its row."""

    def __init__(self, ledger: Ledger, remove_claims: Callable[[builtins.list[str]], None], store: Path | None) -> None:
        self._ledger = ledger
        self._store = store
        self._remove_claims = remove_claims

    def list(self, flow: str = "") -> list[Queue]:
        names = [self._name(flow)] if flow else sorted(self._ledger.deployments())
        return [queue for name in names for queue in queues.list_queues(self._ledger, name)]

    def peek(self, flow: str, key: str, *, limit: int = 20, at: str = "") -> Page:
        return queues.peek(self._ledger, self._name(flow), key, limit=limit, at=at)

    def edit(self, flow: str, key: str, wanted: Edit) -> None:
        self._remove_claims(queues.edit(self._ledger, self._store, self._name(flow), key, wanted))

    def purge(self, flow: str, key: str) -> int:
        count, orphans = queues.purge(self._ledger, self._name(flow), key)
        self._remove_claims(orphans)
        return count

    def purge_all(self, flow: str, within: str = "") -> dict[str, int]:
        counts, orphans = queues.purge_all(self._ledger, self._name(flow), within)
        self._remove_claims(orphans)
        return counts

    def state(self, flow: str, step: str, *, limit: int = 1000) -> StepState:
        return read_state(self._ledger, self._name(flow), step, limit=limit)

    def clear_state(self, flow: str, step: str) -> int:
        count, orphans = clear_state(self._ledger, self._name(flow), step)
        self._remove_claims(orphans)
        return count

    def trace(self, flow: str, message: str) -> Trace:
        return trace(self._ledger, self._name(flow), message)

    def replay(self, flow: str, step: str, *, to: str = "", limit: int | None = None) -> dict[str, int]:
        return queues.replay(self._ledger, self._name(flow), step, to=to, limit=limit)

    def _name(self, flow: str) -> str:
        return queues.find_deployment(self._ledger, flow)


class RemoteQueues(Queues):
    """Through the engine that owns the workspace."""

    def __init__(self, client: EngineClient) -> None:
        self._client = client

    def list(self, flow: str = "") -> list[Queue]:
        return self._client.get("/queues", builtins.list[Queue], flow=_shared(flow))

    def peek(self, flow: str, key: str, *, limit: int = 20, at: str = "") -> Page:
        return self._client.get("/queues/messages", Page, flow=_shared(flow), queue=key, limit=limit, at=at)

    def edit(self, flow: str, key: str, wanted: Edit) -> None:
        self._client.post("/queues/edit", dict[str, str], flow=_shared(flow), queue=key, **to_builtins(wanted))

    def purge(self, flow: str, key: str) -> int:
        return self._client.post("/queues/purge", dict[str, int], flow=_shared(flow), queue=key)["messages"]

    def purge_all(self, flow: str, within: str = "") -> dict[str, int]:
        return self._client.post("/queues/purge", Purged, flow=_shared(flow), all=True, within=within).queues

    def state(self, flow: str, step: str, *, limit: int = 1000) -> StepState:
        return self._client.get("/state", StepState, flow=_shared(flow), processor=step, limit=limit)

    def clear_state(self, flow: str, step: str) -> int:
        return self._client.post("/state/clear", dict[str, int], flow=_shared(flow), step=step)["rows"]

    def trace(self, flow: str, message: str) -> Trace:
        return self._client.get("/lineage", Trace, flow=_shared(flow), message=message)

    def replay(self, flow: str, step: str, *, to: str = "", limit: int | None = None) -> dict[str, int]:
        return self._client.post("/queues/replay", dict[str, int], flow=_shared(flow), step=step, to=to, limit=limit)


def _shared(flow: str) -> str:
    """A flow as the engine, which runs in another folder, would call it."""
    return str(Path(flow).absolute()) if flow and Path(flow).is_file() else flow
