"""The journal: log lines kept on disk, one file a deployment, `<workspace>/logs/<deployment>.jsonl`.

The first line of a file names its deployment (`{"deployment": ...}`); every other line is one entry. At 10 MB a file becomes
`….jsonl.1`, and so on; three older ones are kept. Writing happens in a thread of its own: a slow or full disk costs log lines
(they are counted, and the count is written when the disk takes data again), never messages.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import queue
import re
import threading
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, NamedTuple

import msgspec
from msgspec import Struct

from engine.bus.base import Event

LEVELS = ("debug", "info", "warning", "error")
MAX_BYTES = 10_000_000
KEPT = 3
_APPEND = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC
_MAX_WAITING = 20_000
"""Lines that may wait for the disk; more are dropped and counted."""


class Entry(Struct, frozen=True, omit_defaults=True):
    """One line of a log. `step` is empty for what the engine itself says."""

    at_ms: int
    level: str
    text: str
    step: str = ""


class _Header(Struct, frozen=True):
    deployment: str


def journal_path(logs: Path, deployment: str) -> Path:
    """The file of a deployment; its name stays readable and is unlike that of every other deployment."""
    readable = re.sub(r"[^A-Za-z0-9._-]+", "-", deployment.rsplit("/", 1)[-1]).strip("-.")[:60] or "flow"
    return logs / f"{readable}-{hashlib.sha256(deployment.encode()).hexdigest()[:8]}.jsonl"


class _Renamed(NamedTuple):
    deployment: str
    name: str


class Journal:
    """Appends log events to the journal. `journal.write` is the bus's listener; `close` writes what waits."""

    def __init__(self, logs: Path, *, max_bytes: int = MAX_BYTES, kept: int = KEPT) -> None:
        self._logs = logs
        self._max_bytes = max_bytes
        self._kept = kept
        self._waiting: queue.SimpleQueue[Event | _Renamed | None] = queue.SimpleQueue()
        self._files: dict[str, _File] = {}
        self._lost: dict[str, int] = {}
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._run, name="journal", daemon=True)
        self._thread.start()

    def write(self, event: Event) -> None:
        """Take a log event; anything else is not the journal's."""
        if event.kind != "log":
            return
        if self._waiting.qsize() >= _MAX_WAITING:
            self._lose(event.flow, 1)
            return
        self._waiting.put(event)

    def rename(self, deployment: str, name: str) -> None:
        """A deployment is called otherwise: what comes goes behind what was, in a file of the new name."""
        self._waiting.put(_Renamed(deployment, name))

    def close(self) -> None:
        """Write what waits, as far as the disk takes it, and close the files."""
        self._waiting.put(None)
        self._thread.join()

    def _run(self) -> None:
        open_ = True
        while open_:
            events, open_ = self._take()
            by_flow: dict[str, list[bytes]] = {}
            for event in events:
                if isinstance(event, _Renamed):
                    self._write(by_flow)
                    self._move(event)
                else:
                    by_flow.setdefault(event.flow, []).append(_line(event))
            self._write(by_flow)
        for file in self._files.values():
            file.close()

    def _write(self, by_flow: dict[str, list[bytes]]) -> None:
        for flow, lines in by_flow.items():
            self._append(flow, lines, int(time.time() * 1000))
        by_flow.clear()

    def _move(self, renamed: _Renamed) -> None:
        """Take a deployment's lines to the files of its new name; those that the disk does not take stay where they are."""
        for name in renamed:
            file = self._files.pop(name, None)
            if file is not None:
                file.close()
        old, new = (journal_path(self._logs, name) for name in renamed)
        header = _encoded(_Header(renamed.name))
        for number in range(self._kept + 1):
            with contextlib.suppress(OSError):
                before = _rotated(old, number)
                _, _, lines = before.read_bytes().partition(b"\n")
                _rotated(new, number).write_bytes(header + lines)
                before.unlink()

    def _take(self) -> tuple[list[Event | _Renamed], bool]:
        events: list[Event | _Renamed] = []
        event = self._waiting.get()
        while event is not None:
            events.append(event)
            try:
                event = self._waiting.get_nowait()
            except queue.Empty:
                return events, True
        return events, False

    def _append(self, flow: str, lines: list[bytes], now_ms: int) -> None:
        file = self._files.get(flow)
        if file is None:
            file = self._files[flow] = _File(journal_path(self._logs, flow), flow, self._max_bytes, self._kept)
        with self._lock:
            lost = self._lost.pop(flow, 0)
        text = f"{lost:,} lines are missing here: the disk did not take them"
        note = _encoded(Entry(now_ms, "warning", text)) if lost else b""
        try:
            file.append(note + b"".join(lines))
        except OSError:
            file.close()
            self._lose(flow, lost + len(lines))

    def _lose(self, flow: str, count: int) -> None:
        with self._lock:
            self._lost[flow] = self._lost.get(flow, 0) + count


class _File:
    """One deployment's file and its older ones."""

    def __init__(self, path: Path, deployment: str, max_bytes: int, kept: int) -> None:
        self._path = path
        self._header = _encoded(_Header(deployment))
        self._max_bytes = max_bytes
        self._kept = kept
        self._file: IO[bytes] | None = None
        self._size = 0

    def append(self, data: bytes) -> None:
        file = self._file or self._open()
        if self._size > len(self._header) and self._size + len(data) > self._max_bytes:
            self._rotate()
            file = self._open()
        _write_all(file, data)
        self._size += len(data)

    def close(self) -> None:
        file, self._file = self._file, None
        if file is not None:
            file.close()

    def _open(self) -> IO[bytes]:
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        # Without a buffer: what was accepted is there, and a full disk says so at once.
        file = self._file = os.fdopen(os.open(self._path, _APPEND, 0o600), "ab", buffering=0)
        self._size = file.tell()
        if self._size and _ends_torn(self._path):
            file.write(b"\n")
        if not self._size:
            _write_all(file, self._header)
            self._size = len(self._header)
        return file

    def _rotate(self) -> None:
        self.close()
        for number in range(self._kept, 0, -1):
            older = _rotated(self._path, number - 1)
            if older.exists():
                older.replace(_rotated(self._path, number))


def _write_all(file: IO[bytes], data: bytes) -> None:
    """A disk that is nearly full takes a part and only then complains."""
    view = memoryview(data)
    while view:
        view = view[file.write(view) :]


def _ends_torn(path: Path) -> bool:
    """Whether the last line was cut off by a crash or a full disk."""
    with path.open("rb") as file:
        file.seek(-1, 2)
        return file.read(1) != b"\n"


def _rotated(path: Path, number: int) -> Path:
    return path if number == 0 else path.with_name(f"{path.name}.{number}")


def _line(event: Event) -> bytes:
    data = event.data
    return _encoded(Entry(event.at_ms, data["level"], data["text"], data["step"]))


def _encoded(line: Entry | _Header) -> bytes:
    return msgspec.json.encode(line) + b"\n"


# -- reading


def journals(logs: Path) -> dict[str, Path]:
    """The file of every deployment that has one, by the deployment's name."""
    found: dict[str, Path] = {}
    for path in sorted(logs.glob("*.jsonl")):
        try:
            with path.open("rb") as file:
                header = msgspec.json.decode(file.readline(), type=_Header)
        except (OSError, msgspec.DecodeError):
            continue
        found[header.deployment] = path
    return found


class Wanted(Struct, frozen=True):
    """Which entries: of a processor (or a subflow that holds it), at a level or above."""

    processor: str = ""
    level: str = "debug"

    def takes(self, entry: Entry) -> bool:
        """Whether an entry is one of them."""
        if self.processor and entry.step != self.processor and not entry.step.startswith(f"{self.processor}/"):
            return False
        return _rank(entry.level) >= _rank(self.level)


ALL = Wanted()


def _rank(level: str) -> int:
    return LEVELS.index(level) if level in LEVELS else 1


def read(path: Path, wanted: Wanted = ALL, last: int = 200, *, older: bool = False) -> list[Entry]:
    """The last entries that are wanted, oldest first, from a file and its older ones (`older`: only those)."""
    found: list[Entry] = []
    number = int(older)
    while len(found) < last and (file := _rotated(path, number)).exists():
        found = [*_entries(file.read_bytes().splitlines(), wanted), *found]
        number += 1
    return found[-last:] if last else []


class Tail:
    """What is appended to a file from now on (`whole`: from its beginning). Follows when the file is put aside."""

    def __init__(self, path: Path, *, whole: bool = False) -> None:
        self._path = path
        self._file: IO[bytes] | None = None
        self._rest = b""
        if path.exists() and not whole:
            self._file = path.open("rb")
            self._file.seek(0, 2)

    def read(self, wanted: Wanted = ALL) -> list[Entry]:
        """Entries that came since the last call."""
        found: list[Entry] = []
        while True:
            if self._file is None:
                if not self._path.exists():
                    return found
                self._file = self._path.open("rb")
            moved = self._is_moved()
            *lines, self._rest = (self._rest + self._file.read()).split(b"\n")
            found.extend(_entries(lines, wanted))
            if not moved:
                return found
            self.close()

    def close(self) -> None:
        """Let go of the file."""
        if self._file is not None:
            self._file.close()
        self._file = None
        self._rest = b""

    def _is_moved(self) -> bool:
        assert self._file is not None
        try:
            return self._path.stat().st_ino != os.fstat(self._file.fileno()).st_ino
        except FileNotFoundError:
            return False


def _entries(lines: Iterable[bytes], wanted: Wanted) -> Iterator[Entry]:
    for line in lines:
        try:
            entry = msgspec.json.decode(line, type=Entry)
        except msgspec.DecodeError:  # the header, or a line that a crash cut off
            continue
        if wanted.takes(entry):
            yield entry
