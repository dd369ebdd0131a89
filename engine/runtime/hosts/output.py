"""What a host writes: frames to the engine, printed lines as log frames, a task's outputs as batches."""

from __future__ import annotations

import io
import os
import socket
import threading
from collections.abc import Callable, Sequence
from typing import Any

from . import claims, values, wire
from .rows import Rows
from .stage import Outgoing

MAX_BYTES = 1 << 20
_MAX_LINE = 4_000
_MAX_LINES = 200
"""Lines a step may write in one task; the rest is counted and said in one line."""


class Channel:
    """The socket to the engine, written by one thread at a time."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._process = os.getpid()
        self._lock = threading.Lock()

    def send(self, head: dict[str, Any], *body: bytes | memoryview) -> None:
        """Write one frame."""
        data = b"".join(wire.frame(head, *body))
        with self._lock:
            if os.getpid() != self._process:
                os._exit(0)  # a copy of the host, made by a fork in user code, that went on after its function
            try:
                self._connection.sendall(data)
            except OSError:
                os._exit(0)  # the engine is gone, and with it everybody who could use what is sent


class Printed(io.TextIOBase):
    """Takes the place of sys.stdout or sys.stderr: whole lines go to the log of the step that is running."""

    def __init__(self, log: Callable[[str, str], None], level: str) -> None:
        self._log = log
        self._level = level
        self._line = ""

    def writable(self) -> bool:
        """Always."""
        return True

    def finish(self) -> None:
        """The task ends: a line without an end ends here."""
        if self._line:
            self._log(self._level, self._line)
            self._line = ""

    def write(self, text: str, /) -> int:
        """Log the lines that are whole by now."""
        *lines, self._line = (self._line + text).split("\n")
        for line in lines:
            self._log(self._level, line)
        if len(self._line) > _MAX_LINE:
            self._log(self._level, self._line)
            self._line = ""
        return len(text)


class Log:
    """Log lines as frames, so many a task."""

    def __init__(self, channel: Channel, step: Callable[[], int]) -> None:
        self._channel = channel
        self._step = step
        self._lines: dict[int, int] = {}

    def end(self) -> None:
        """A task ends: tell how many lines were left out."""
        for step, count in self._lines.items():
            if count > _MAX_LINES:
                self._send(step, "warning", f"{count - _MAX_LINES:,} more lines were left out")
        self._lines.clear()

    def write(self, level: str, text: str, step: int | None = None) -> None:
        """A line of a step (default: the one that is running)."""
        if step is None:
            step = self._step()
        count = self._lines[step] = self._lines.get(step, 0) + 1
        if count <= _MAX_LINES:
            self._send(step, level, text)

    def _send(self, step: int, level: str, text: str) -> None:
        safe = text[:_MAX_LINE].encode("utf-8", "backslashreplace").decode("utf-8")
        self._channel.send({"k": "log", "step": step, "level": level, "text": safe})


def batches(outgoing: Outgoing, store: claims.Store, most: int) -> list[tuple[bytes, int, Any, list[str]]]:
    """An output as batches of `most` messages and a bearable size: (batch, messages, origins, claims).

    Large contents go to files.
    """
    rows = outgoing.rows
    packed = rows.packed
    assert packed is not None
    if len(packed) <= MAX_BYTES and len(rows) <= most:
        named = claims.named(rows.contents) if store.used else []
        return [(wire.batch(bytes(packed), len(rows), rows.attributes), len(rows), _origins(rows.origins), named)]
    return [
        (wire.batch(values.pack(contents), len(contents), attributes), len(contents), _origins(origins), claims.named(contents))
        for contents, attributes, origins in _pieces(rows, store, most)
    ]


def _pieces(rows: Rows, store: claims.Store, most: int) -> list[tuple[list[Any], list[Any] | None, list[int]]]:
    pieces: list[tuple[list[Any], list[Any] | None, list[int]]] = []
    size = MAX_BYTES
    for row, content in enumerate(rows.originals()):
        length = claims.length(content)
        if length > store.limit:
            content, length = store.put(content), 100
        if size + length > MAX_BYTES or len(pieces[-1][0]) >= most:
            pieces.append(([], None if rows.attributes is None else [], []))
            size = 0
        size += length
        contents, attributes, origins = pieces[-1]
        contents.append(content)
        origins.append(rows.origins[row])
        if attributes is not None and rows.attributes is not None:
            attributes.append(rows.attributes[row])
    return pieces


def _origins(origins: Sequence[int]) -> Any:
    """Where messages came from: [first, count] for a run, else the list."""
    n = len(origins)
    first, last = origins[0], origins[-1]
    if last - first == n - 1 and (isinstance(origins, range) or list(origins) == list(range(first, first + n))):
        return [first, n]
    return {"rows": list(origins)}
