"""Which ledger a URL means."""

from __future__ import annotations

from engine.ledger.base import Ledger


def open_ledger(url: str) -> Ledger:
    """The ledger behind a URL: `memory:`, `sqlite:///PATH`, or `postgresql://...`."""
    if url == "memory:":
        from engine.ledger.memory import MemoryLedger  # by URL, imported late

        return MemoryLedger()
    from engine.ledger.sql import SqlLedger

    return SqlLedger(url)
