"""What a deployment on a cluster did, kept by whoever looks at it."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Sequence

from engine.cluster.chronicler import Chronicler
from engine.cluster.figures import Reading
from engine.ledger.base import Counter, HistoryEntry
from engine.ledger.memory import MemoryLedger
from engine.model.codec import load_flow
from engine.model.flatten import flatten
from engine.processors.registry import catalog
from engine.runtime.ledger_thread import LedgerThread
from engine.runtime.pieces import Span, table_of
from engine.runtime.plan import plan
from engine.runtime.series import parts_of
from tests.engine.runtime.disk import in_a_loop, until
from tests.engine.runtime.running import flow

STEP = """
- id: a
  type: python
  code: "def a(message): return message"
"""


class SlowLedger(MemoryLedger):
    """Keeps history at once, and says so only when it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.has_kept = threading.Event()
        self.goes_on = threading.Event()

    def add_history(self, entries: Sequence[HistoryEntry]) -> None:
        super().add_history(entries)
        self.has_kept.set()
        self.goes_on.wait()


@in_a_loop
async def test_a_minute_counts_once_also_where_its_keeper_is_cancelled_while_it_writes() -> None:
    made = plan(flatten(load_flow(flow(STEP, "", "auto_terminate: [a.success]\n"))), catalog())
    ledger = SlowLedger()
    known = ledger.register("flow", made.queues(), list(made.steps), "1")
    thread = LedgerThread(ledger, lambda trouble: None, lambda orphans: None)
    line, chronicler = thread.line(), Chronicler()
    for done in (0, 5):
        chronicler.look(made, known, Reading({}, {known.steps["a"]: Counter(done, 0, 1, 0, {})}, {}, {}))
    closing = asyncio.create_task(chronicler.close(line))
    await until(ledger.has_kept.is_set)
    closing.cancel()
    await asyncio.wait([closing])
    ledger.goes_on.set()
    await chronicler.close(line)
    now_ms = int(time.time() * 1000)
    span = Span(now_ms - 600_000, now_ms + 600_000)
    table = await thread.call(lambda ledger: table_of(ledger, known.deployment, parts_of(known, processor="a"), span))
    assert sum(row[table.columns.index("in")] for row in table.rows) == 5
    await thread.close()
