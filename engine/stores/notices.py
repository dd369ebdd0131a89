"""Notices, what PostgreSQL tells those who listen to changes of a cluster's rows."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress

from sqlalchemy import exc

from engine.database.connect import Database
from engine.stores.cluster import CHANNEL

_LOOK_S = 5.0
_AGAIN_S = 1.0


class Notices:
    """A connection of its own, which is made anew whenever it is lost. `listen` runs in a thread until `close`."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._closed = threading.Event()

    def listen(self, tell: Callable[[], None]) -> None:
        """Call `tell` after every change, and whenever changes may have been missed."""
        while not self._closed.is_set():
            with suppress(exc.SQLAlchemyError, OSError):
                self._listen(tell)
            self._closed.wait(_AGAIN_S)

    def close(self) -> None:
        """Have `listen` return soon."""
        self._closed.set()

    def _listen(self, tell: Callable[[], None]) -> None:
        pooled = self._database.engine.raw_connection()
        try:
            connection = pooled.driver_connection
            assert connection is not None
            connection.autocommit = True
            connection.execute(f"LISTEN {CHANNEL}")
            tell()
            while not self._closed.is_set():
                for _ in connection.notifies(timeout=0.5, stop_after=1):
                    tell()
        finally:
            pooled.invalidate()
            pooled.close()
