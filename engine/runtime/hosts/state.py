"""State: what a step keeps across tasks and restarts, as rows of key and value.

Values are read from the ledger when first asked for, then kept here. A task's writes leave with its result, each with the
version it is based on; a write the ledger refuses makes the engine drop the task and have this cache forgotten.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, MutableMapping, Sequence
from typing import Any

from . import values

Fetch = Callable[[list[str] | None, int], tuple[list[tuple[str, bytes, int]], bool]]
"""Rows of the given keys, or of all; of all too, if there are no more than the number given. And whether it was all."""
_SMALL = 10_000
"""A state of no more rows is fetched whole when it is first asked for: one question instead of one a key."""
_ABSENT = b""
_CACHED_KEYS = 100_000
_RECENT_TASKS = 8
"""Keys written by this many last tasks stay cached: their commits may still be under way."""


def new_version() -> int:
    """A version for a value: random, so that it can be known before the ledger has it, and never comes twice."""
    return int.from_bytes(os.urandom(7), "big") + 1


class _Entry:
    __slots__ = ("files", "packed", "task", "value", "version")

    def __init__(self, packed: bytes, version: int, task: int, files: Sequence[str] = ()) -> None:
        self.packed = packed
        self.version = version
        self.task = task
        self.files = files
        self.value: Any = values.unpack(packed) if packed else None

    def read(self) -> Any:
        """The value; a fresh one where somebody could change it in place."""
        return self.value if type(self.value) in values.IMMUTABLE else values.unpack(self.packed)


class State(MutableMapping[str, Any]):
    """A mapping from text to values. Only assignment writes: changing a value in place does nothing until it is assigned."""

    def __init__(self, fetch: Fetch) -> None:
        self._fetch = fetch
        self._entries: dict[str, _Entry] = {}
        self._complete = False
        self._asked = False
        self._before_call: dict[str, _Entry] = {}
        self._before_task: dict[str, _Entry] = {}
        self._task = 0

    def _entry(self, key: str) -> _Entry:
        entry = self._entries.get(key)
        if entry is None:
            packed, version = _ABSENT, 0
            if not self._complete:
                self._load([key])
                if (loaded := self._entries.get(key)) is not None:
                    return loaded
            entry = self._entries[key] = _Entry(packed, version, 0)
        return entry

    def __getitem__(self, key: str) -> Any:
        entry = self._entry(key)
        if not entry.packed:
            raise KeyError(key)
        return entry.read()

    def __setitem__(self, key: str, value: Any) -> None:
        if type(key) is not str:
            raise TypeError(f"a state key must be text, not {type(key).__name__}")
        self._write(key, values.pack(value))

    def hold(self, key: str, value: Any, files: Sequence[str]) -> None:
        """Set a value that refers to files of the claims folder: they stay for as long as it does."""
        self._write(key, values.pack(value), files)

    def __delitem__(self, key: str) -> None:
        if not self._entry(key).packed:
            raise KeyError(key)
        self._write(key, _ABSENT)

    def __iter__(self) -> Iterator[str]:
        if not self._complete:
            self._load(None)
        return iter([key for key, entry in self._entries.items() if entry.packed])

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def _load(self, keys: list[str] | None) -> None:
        rows, self._complete = self._fetch(keys, 0 if self._asked else _SMALL)
        self._asked = True
        for key, packed, version in rows:
            if key not in self._entries:
                self._entries[key] = _Entry(packed, version, 0)

    def _write(self, key: str, packed: bytes, files: Sequence[str] = ()) -> None:
        old = self._entry(key)
        if old.packed == packed:
            return
        self._before_call.setdefault(key, old)
        self._before_task.setdefault(key, old)
        self._entries[key] = _Entry(packed, old.version, self._task, files)

    def begin(self) -> None:
        """A task begins."""
        self._task += 1
        self._before_task.clear()
        self._before_call.clear()
        if len(self._entries) > _CACHED_KEYS:
            self._trim()

    def keep(self) -> None:
        """The call went well."""
        self._before_call.clear()

    def undo(self) -> None:
        """The call raised: take back what it wrote."""
        self._entries.update(self._before_call)
        self._before_call.clear()

    def writes(self) -> list[list[Any]]:
        """What the task wrote: [key, value in bytes or None, version it is based on, its version]; it counts as committed.

        Behind those come the files that the value refers to, if there are any.
        """
        written: list[list[Any]] = []
        for key, old in self._before_task.items():
            entry = self._entries[key]
            if entry.packed != old.packed:
                entry.version = new_version() if entry.packed else 0
                write = [key, entry.packed or None, old.version, entry.version]
                written.append([*write, list(entry.files)] if entry.files else write)
        self._before_task.clear()
        return written

    def forget(self) -> None:
        """Drop everything cached: the ledger knows better."""
        self._entries.clear()
        self._before_call.clear()
        self._before_task.clear()
        self._complete = self._asked = False

    def _trim(self) -> None:
        """Drop the older half of what no recent task wrote."""
        self._complete = False
        recent = self._task - _RECENT_TASKS
        for key in list(self._entries)[: _CACHED_KEYS // 2]:
            if self._entries[key].task <= recent:
                del self._entries[key]
