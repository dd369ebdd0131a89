"""What parts of flows did over time: through the engine that owns a workspace, or from the ledger when nobody does."""

from __future__ import annotations

import contextlib
import time
from abc import ABC, abstractmethod
from collections.abc import Generator
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from engine.api.address import find_engine
from engine.client.answer import History, HistoryPart
from engine.client.place import workspace_folder
from engine.errors import NotFound
from engine.ledger.base import Ledger
from engine.ledger.url import open_ledger
from engine.runtime.pieces import table_of
from engine.runtime.queues import find_registration
from engine.runtime.series import parts_of
from engine.runtime.span import Question, span_of
from engine.runtime.workspace import Workspace
from engine.settings import read_settings
from engine.targets import Targets

if TYPE_CHECKING:
    from engine.api.remote import EngineClient

__all__ = ["History", "HistoryPart", "Stats", "open_stats"]


class Stats(ABC):
    """What can be asked of the past. `flow` is a flow's name or file; "" means the only one there is."""

    @abstractmethod
    def history(self, flow: str, part: HistoryPart, *, since_ms: int, until_ms: int = 0, every_s: int = 0) -> History:
        """What a part did in rows of `every_s` seconds (0: a handy number of rows), from `since_ms` to `until_ms` (0: now).

        `since_ms` 0 is as far back as is kept. Seconds are only known to the engine that the flow runs in, and only the last
        five minutes of them.

        Raises:
            NotFound: there is no such flow, or no such part in it.
            UsageError: it would be too many rows.
        """


@contextlib.contextmanager
def open_stats(workspace: Path | None = None, *, target: str = "") -> Generator[Stats]:
    """What is known in a workspace, or on a cluster (its name in `target`).

    Raises:
        NotFound: no flow has run there.
    """
    if target:
        with contextlib.closing(open_ledger(Targets().find(target).database)) as ledger:
            yield LedgerStats(ledger)
        return
    place = Workspace(workspace_folder(workspace))
    address = find_engine(place.folder)
    if address is not None:
        from engine.api.remote import EngineClient

        with EngineClient(address) as client:
            yield RemoteStats(client)
        return
    if not (place.folder / "ledger.db").exists():
        raise NotFound(f"no flow has run in the workspace {place.folder}; choose another with --workspace")
    with contextlib.closing(open_ledger(place.ledger_url)) as ledger:
        yield LedgerStats(ledger)


class LedgerStats(Stats):
    """Straight from the ledger."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def history(self, flow: str, part: HistoryPart, *, since_ms: int, until_ms: int = 0, every_s: int = 0) -> History:
        _, known = find_registration(self._ledger, flow)
        parts = parts_of(known, processor=part.processor, connection=part.connection)
        question = Question(part.processor, part.connection, since_ms, until_ms, every_s)
        span = span_of(question, int(time.time() * 1000), read_settings().history_days)
        return msgspec.convert(table_of(self._ledger, known.deployment, parts, span), History, from_attributes=True)


class RemoteStats(Stats):
    """Through the engine that owns the workspace."""

    def __init__(self, client: EngineClient) -> None:
        self._client = client

    def history(self, flow: str, part: HistoryPart, *, since_ms: int, until_ms: int = 0, every_s: int = 0) -> History:
        shared = str(Path(flow).absolute()) if flow and Path(flow).is_file() else flow
        asked: dict[str, str | int] = {"flow": shared, "processor": part.processor, "connection": part.connection}
        times = {"until": until_ms, "every_s": every_s}
        asked |= {"since": since_ms} | {name: value for name, value in times.items() if value}
        return self._client.get("/history", History, **asked)
