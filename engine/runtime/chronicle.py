"""What the flows of an engine do, kept: looked at every second, written to the ledger every minute, dropped when it is old."""

from __future__ import annotations

import asyncio
import contextlib
import time
import traceback

from engine.ledger.base import DEAD, Ledger, Registration
from engine.runtime import pieces
from engine.runtime.deployment import Deployment
from engine.runtime.history import History, Seconds
from engine.runtime.lately import Lately
from engine.runtime.ledger_thread import LedgerThread
from engine.runtime.pieces import Assembly, Span
from engine.runtime.series import Parts, Table, coarser, parts_of
from engine.runtime.span import DAY_MS, Question, is_fine, span_of

KEEP_DAYS = 7
_EVERY_S = 1.0
_PRUNE_S = 3600.0


class _Known:
    """A deployment that is looked at."""

    def __init__(self, deployment: Deployment, history: History) -> None:
        self.deployment = deployment
        self.history = history
        self.is_open = True


class Chronicle:
    """One engine's. `keep_days` 0: only the last five minutes are known, and nothing is written."""

    def __init__(self, ledger: LedgerThread, keep_days: int = KEEP_DAYS) -> None:
        self._ledger = ledger
        self._keep_days = keep_days
        self._known: dict[str, _Known] = {}
        self._is_writing = False
        self._handed: dict[int, int] = {}
        """How many minutes of each deployment had ended when they were last handed over."""
        self._prune_at_s = 0.0
        self._ticking = asyncio.create_task(self._tick())

    def begin(self, deployment: Deployment) -> None:
        """A deployment was opened, and does nothing yet."""
        was = self._known.get(deployment.name)
        history = was.history if was is not None else History()
        history.begin(deployment, time.time())
        self._known[deployment.name] = _Known(deployment, history)

    def leave(self, deployment: Deployment) -> None:
        """A deployment has stopped."""
        known = self._known.get(deployment.name)
        if known is not None and known.deployment is deployment:
            known.is_open = False
            known.history.end(deployment, time.time())

    def rename(self, name: str, new_name: str) -> None:
        """A deployment is called otherwise."""
        if name in self._known:
            self._known[new_name] = self._known.pop(name)

    def forget(self, name: str) -> None:
        """A deployment was removed with all that it held."""
        self._known.pop(name, None)

    async def close(self) -> None:
        """Hand everything to the ledger."""
        self._ticking.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._ticking
        for known in self._known.values():
            known.history.end(known.deployment, time.time())
        self._is_writing = False  # or perhaps it is, but nobody comes back to what has ended since
        self._handed = {}
        self._write()

    # -- writing

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(_EVERY_S)
            try:
                self._look(time.time())
            except Exception as error:  # noqa: BLE001 - a fault in one look must not end them all
                traceback.print_exception(error)

    def _look(self, now_s: float) -> None:
        for name, known in list(self._known.items()):
            known.history.sample(known.deployment, now_s)
            # One that has stopped may still be purged, replayed or run once: it is let go when that is long ago.
            if not known.is_open and known.history.is_still and known.history.written == known.history.ended:
                del self._known[name]
        self._write()
        if now_s >= self._prune_at_s and self._keep_days:
            self._prune_at_s = now_s + _PRUNE_S
            before_ms = int(now_s * 1000) - self._keep_days * DAY_MS
            self._ledger.leave(lambda ledger: ledger.prune_history(before_ms))

    def _write(self) -> None:
        """Hand minutes that have ended to the ledger, all of them in one transaction, if the last ones have arrived."""
        histories = {
            known.deployment.registration.deployment: known.history
            for known in self._known.values()
            if known.history.ended > known.history.written
        }
        if not self._keep_days:
            for history in histories.values():
                history.written = history.ended
            return
        handed = {number: history.ended for number, history in histories.items()}
        if not histories or self._is_writing or handed == self._handed:
            return  # after a fault it is tried again with the next minute, not every second
        self._is_writing, self._handed = True, handed
        minutes = [
            (number, history, history.written, history.minutes(history.written)[:-1]) for number, history in histories.items()
        ]

        def write(ledger: Ledger) -> None:
            # At the end of the engine a second one is handed over while the first may still wait: each minute counts once.
            new = [(number, ended[max(0, history.written - first) :]) for number, history, first, ended in minutes]
            ledger.add_history([entry for number, ended in new for entry in pieces.packed(number, ended)])
            # Here and not when the loop hears of it: who reads the ledger after this learns that they are there.
            for _, history, first, ended in minutes:
                history.written = max(history.written, first + len(ended))

        self._ledger.leave(write, self._on_written)

    def _on_written(self) -> None:
        self._is_writing = False

    # -- reading

    def lately(self, name: str, known: Registration, *, of_steps: bool) -> Lately:
        """What all processors or connections of a deployment did in the last five minutes; may be read in a thread."""
        links = {key: number for key, number in known.queues.items() if not key.startswith(DEAD)}
        history = self._known[name].history if name in self._known else History()
        return history.lately(known.steps if of_steps else links, of_steps=of_steps)

    async def table(self, name: str, known: Registration, question: Question) -> Table:
        """What parts of a deployment did; `known` is how the ledger knows it.

        Raises:
            NotFound: it has no such part.
            UsageError: there is no such span, or it would be too many rows.
        """
        parts = parts_of(known, processor=question.processor, connection=question.connection)
        now_ms = int(time.time() * 1000)
        history = self._known[name].history if name in self._known else None
        if question.since_ms is None or is_fine(question, now_ms):
            seconds = history.seconds() if history is not None else Seconds([], {}, 0)
            return await asyncio.to_thread(_table_of, seconds, parts, question)
        return await self._minutes(history, known.deployment, parts, span_of(question, now_ms, self._keep_days))

    async def _minutes(self, history: History | None, deployment: int, parts: Parts, span: Span) -> Table:
        places = pieces.pieces_of(parts)
        before = await self._ledger.call(lambda ledger: pieces.read_before(ledger, deployment, places, span.since_ms))
        assembly = Assembly(parts, span, before)
        written = 0
        for stretch in pieces.stretches(parts, span):

            def ask(ledger: Ledger, since_ms: int = stretch[0], until_ms: int = stretch[1]) -> tuple[list[pieces.Piece], int]:
                found = pieces.read(ledger, deployment, places, since_ms, until_ms)
                return found, history.written if history is not None else 0

            found, written = await self._ledger.call(ask)
            await asyncio.to_thread(assembly.add, found)
        if history is not None:
            assembly.add_minutes(history.minutes(written))
        return await asyncio.to_thread(assembly.table)


def _table_of(seconds: Seconds, parts: Parts, question: Question) -> Table:
    table = seconds.table(parts)
    first_ms = table.until_ms - len(table.rows) * 1000
    since_ms, until_ms = question.since_ms or 0, question.until_ms or table.until_ms
    kept = [row for number, row in enumerate(table.rows) if since_ms <= first_ms + number * 1000 < until_ms]
    return coarser(Table(1, min(table.until_ms, until_ms // 1000 * 1000), table.columns, kept), question.every_s)
