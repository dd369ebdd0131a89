"""What parts of deployments on a cluster did: minutes by the ledger, the last seconds by looking every time one asks."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec

from engine.client.answer import History, HistoryPart
from engine.cluster.chronicler import Chronicler
from engine.cluster.figures import read
from engine.cluster.planning import planned
from engine.errors import NotFound
from engine.runtime.chronicle import KEEP_DAYS
from engine.runtime.pieces import table_of
from engine.runtime.series import Table, parts_of
from engine.runtime.span import Question, span_of

if TYPE_CHECKING:
    from engine.client.cluster import Cluster
    from engine.ledger.base import Registration

_NOTHING = History(1, 0, (), [])
_GAP_S = 10.0
"""Who has not looked for so long begins anew: what was done meanwhile was not done in one second."""


class ClusterPast:
    """Of one target. Seconds are known for as long as somebody goes on asking; may be asked in any thread."""

    def __init__(self) -> None:
        self._seen: dict[str, Chronicler] = {}
        self._looked_s: dict[str, float] = {}
        self._lock = threading.Lock()

    def histories(self, cluster: Cluster, name: str, parts: Sequence[HistoryPart], since_ms: int | None) -> list[History]:
        """What several parts did, in rows of the same times; one that the flow does not have has none.

        `since_ms` None: in the last five minutes, by the second; 0: in all the time that is kept, by the minute or longer.

        Raises:
            NotFound: there is no such deployment.
        """
        found = cluster.ask(lambda ledger: ledger.registration(name))
        if found is None:
            raise NotFound(f"the cluster has no deployment '{name}'")
        known, revision = found
        seen = self._look(cluster, name, known, revision) if since_ms is None else None
        return [self._history(cluster, known, part, since_ms, seen) for part in parts]

    def _look(self, cluster: Cluster, name: str, known: Registration, revision: str) -> Chronicler:
        made = planned(cluster.order(name))
        with self._lock:
            if time.monotonic() - self._looked_s.get(name, -math.inf) >= _GAP_S:
                self._seen[name] = Chronicler()
            seen = self._seen[name]
            self._looked_s[name] = time.monotonic()
            if made.revision == revision:  # else it is just being deployed: what was done meanwhile is seen with the next look
                seen.look(made.plan, known, cluster.ask(lambda ledger: read(ledger, known.deployment)))
        return seen

    def _history(
        self, cluster: Cluster, known: Registration, part: HistoryPart, since_ms: int | None, seen: Chronicler | None
    ) -> History:
        try:
            asked = parts_of(known, processor=part.processor, connection=part.connection)
        except NotFound:
            return _NOTHING
        if seen is not None:
            with self._lock:
                return _as_history(seen.seconds().table(asked))
        span = span_of(Question(part.processor, part.connection, since_ms), int(time.time() * 1000), KEEP_DAYS)
        return _as_history(cluster.ask(lambda ledger: table_of(ledger, known.deployment, asked, span)))


def _as_history(table: Table) -> History:
    return msgspec.convert(table, History, from_attributes=True)
