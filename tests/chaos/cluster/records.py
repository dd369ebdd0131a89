"""What is recorded of a cluster under mischief, and what must hold of it."""

from __future__ import annotations

import threading
from collections import defaultdict
from pathlib import Path
from typing import Self

import psycopg
from msgspec import Struct

_LOOK_S = 0.05


class Call(Struct, frozen=True):
    """A stage of one replica has handled a message, in the process `pid`."""

    pid: int
    number: int


def read_calls(path: Path) -> list[Call]:
    """The calls of a stage, as they came one after the other."""
    return [Call(*(int(part) for part in line.split())) for line in path.read_text().splitlines()]


def overlaps(calls: list[Call], excused: set[int]) -> list[tuple[int, int]]:
    """Processes that took turns: the one had not ended when the other began, as (position of the second call, its process).

    Who was cut off does not know it when it comes back; what such an `excused` process still does until it is ended is left
    out. Its place in the order is that of what it did before somebody else began.
    """
    left: set[int] = set()
    found: list[tuple[int, int]] = []
    now: int | None = None
    for position, call in enumerate(calls):
        if call.pid == now or (call.pid in excused and call.pid in left):
            continue
        if call.pid in left:
            found.append((position, call.pid))
        if now is not None:
            left.add(now)
        now = call.pid
    return found


class Watcher:
    """Looks at the rows of slots all the time. Use as a context manager around what is watched."""

    def __init__(self, url: str) -> None:
        self.looks = 0
        self.holders: defaultdict[tuple[str, str, int, int], set[str]] = defaultdict(set)
        """Who was seen to hold a slot, by deployment, stage, number and the number of its taking."""
        self._url = url
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="watcher of slots")

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._ended.set()
        self._thread.join()

    def doubly_held(self) -> dict[tuple[str, str, int, int], set[str]]:
        """Takings with more than one holder."""
        return {taking: holders for taking, holders in self.holders.items() if len(holders) > 1}

    def _run(self) -> None:
        while not self._ended.wait(_LOOK_S):
            try:
                with psycopg.connect(self._url, autocommit=True, connect_timeout=2) as connection:
                    while not self._ended.wait(_LOOK_S):
                        self._look(connection)
            except psycopg.Error:  # the server is just being restarted
                continue

    def _look(self, connection: psycopg.Connection) -> None:
        query = (
            "SELECT deployment_id, stage, number, epoch, agent || ' ' || worker FROM slots "
            "WHERE agent IS NOT NULL AND until > clock_timestamp()"
        )
        for *taking, holder in connection.execute(query):
            self.holders[tuple(taking)].add(holder)
        self.looks += 1
