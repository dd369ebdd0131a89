"""The pulse of a window's event loop: how late its beats are, and what its thread waited for when they were.

A thread that is late was busy itself, was ready while the kernel gave it no core, or waited: for the interpreter, which another
thread held, for a lock, or for the disk. The kernel counts the first two (`schedstat`), how often it waited (`getrusage`), and
for how long the cores of a virtual machine were none; a thread beside it looks at what each thread does and how much it works.
"""

from __future__ import annotations

import contextlib
import os
import resource
import sys
import threading
import time
from collections import deque
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any, NamedTuple

BEAT_MS = 4
LATE_MS = 30.0
_LOOK_S = 0.005
_TICKS_MS = 1000 / os.sysconf("SC_CLK_TCK")
_TASKS = Path("/proc/self/task")


class _Moment(NamedTuple):
    """The clocks and counters of a thread."""

    wall_s: float
    cpu_s: float
    queued_ns: int
    waits: int
    reads: int
    stolen_ms: float


@dataclass(frozen=True)
class Gap:
    """Time between two beats, in milliseconds beyond the usual."""

    wall_ms: float
    cpu_ms: float
    """The thread was busy."""
    queued_ms: float
    """It was ready, and the kernel gave it no core."""
    waits: int
    """How often it waited of its own accord."""
    reads: int
    """Pages that it waited for until the disk had them."""
    stolen_ms: float
    """For how long cores of a virtual machine were none, in all: its host ran something else. In ticks of 10 ms."""
    looks: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    """Of a long one: what the threads did."""

    def told(self) -> list[str]:
        """For people, in lines."""
        share = self.queued_ms / self.wall_ms if self.wall_ms else 0.0
        taken = f"the machine's host took {self.stolen_ms:.0f} ms from its cores"
        lines = [
            f"worst: {self.wall_ms:.1f} ms, {self.cpu_ms:.1f} ms busy, {self.queued_ms:.1f} ms ({share:.0%}) given no core",
            f"  it waited {self.waits} times, and for {self.reads} pages from the disk; {taken}",
        ]
        for look in self.looks:
            lines.append(
                f"  after {look['after_ms']:.0f} ms (the watcher itself was {look['late_ms']:.0f} ms late): {look['window']}"
            )
            lines += [f"    {name}: {cpu_ms:.1f} ms busy, {stack}" for name, cpu_ms, stack in look["others"]]
        return lines


class Pulse:
    """Beats on the event loop of the thread that makes it. `watched`: with a thread that looks on, which costs a little."""

    def __init__(self, *, watched: bool) -> None:
        from PySide6.QtCore import Qt, QTimer

        self.gaps: list[Gap] = []
        self._window = threading.current_thread()
        self._schedule = os.open(_TASKS / str(threading.get_native_id()) / "schedstat", os.O_RDONLY)
        self._machine = os.open("/proc/stat", os.O_RDONLY)
        self._last = self._now()
        self._looks: deque[tuple[float, dict[str, Any]]] = deque(maxlen=40)
        self._timer = QTimer(interval=BEAT_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)
        self._timer.start()
        if watched:
            threading.Thread(target=self._watch, name="watcher", daemon=True).start()

    def begin(self) -> None:
        """Forget what was."""
        self.gaps.clear()

    @property
    def worst(self) -> Gap:
        """The longest."""
        return max(self.gaps, key=lambda gap: gap.wall_ms)

    def _now(self) -> _Moment:
        used = resource.getrusage(resource.RUSAGE_THREAD)
        queued_ns = int(os.pread(self._schedule, 100, 0).split()[1])
        stolen_ms = int(os.pread(self._machine, 200, 0).split(b"\n", 1)[0].split()[8]) * _TICKS_MS
        return _Moment(time.perf_counter(), time.thread_time(), queued_ns, used.ru_nvcsw, used.ru_majflt, stolen_ms)

    def _beat(self) -> None:
        last, now = self._last, self._now()
        self._last = now
        wall_ms = (now.wall_s - last.wall_s) * 1000 - BEAT_MS
        looks = [look for at_s, look in list(self._looks) if at_s > last.wall_s] if wall_ms > LATE_MS else []
        self.gaps.append(
            Gap(
                wall_ms=wall_ms,
                cpu_ms=(now.cpu_s - last.cpu_s) * 1000,
                queued_ms=(now.queued_ns - last.queued_ns) / 1e6,
                waits=now.waits - last.waits,
                reads=now.reads - last.reads,
                stolen_ms=now.stolen_ms - last.stolen_ms,
                looks=looks,
            )
        )

    def _watch(self) -> None:
        """Look at all threads whenever a beat is late."""
        before, due_s = _busy_ns(), time.perf_counter()
        while True:
            time.sleep(_LOOK_S)
            at_s = time.perf_counter()
            late_ms, due_s = (at_s - due_s - _LOOK_S) * 1000, at_s
            after_ms = (at_s - self._last.wall_s) * 1000
            if after_ms > LATE_MS / 2 or late_ms > LATE_MS / 2:
                self._looks.append((at_s, self._look(after_ms, late_ms, before)))
            else:
                before = _busy_ns()

    def _look(self, after_ms: float, late_ms: float, before: dict[int, int]) -> dict[str, Any]:
        frames, busy = sys._current_frames(), _busy_ns()
        own = threading.get_native_id()
        known = {thread.native_id: thread for thread in threading.enumerate()}
        others = []
        for task, ns in busy.items():
            if task in (self._window.native_id, own):
                continue
            thread = known.get(task)
            cpu_ms = (ns - before.get(task, 0)) / 1e6
            if thread is not None or cpu_ms > 0.5:
                name = thread.name if thread is not None else _text(task, "comm")
                others.append((name, cpu_ms, _told(frames.get(thread.ident or 0) if thread is not None else None)))
        window, task = frames.get(self._window.ident or 0), self._window.native_id or 0
        where = f"{_told(window)} [{_state(task)} {_text(task, 'wchan')}]"
        return {"after_ms": after_ms, "late_ms": late_ms, "window": where, "others": others}


def packed(gap: Gap) -> dict[str, Any]:
    """A gap as JSON has it."""
    return asdict(gap)


def _busy_ns() -> dict[int, int]:
    """How long each thread of this process has worked."""
    found = {}
    for task in _TASKS.iterdir():
        with contextlib.suppress(OSError, IndexError):  # it has ended
            found[int(task.name)] = int((task / "schedstat").read_bytes().split()[0])
    return found


def _text(task: int, what: str) -> str:
    with contextlib.suppress(OSError):
        return (_TASKS / str(task) / what).read_text().strip()
    return "?"


def _state(task: int) -> str:
    """R: it works or is ready to; S: it waits; D: it waits for the disk."""
    return _text(task, "stat").rpartition(")")[2].split()[:1][0] if _text(task, "stat") != "?" else "?"


def _told(frame: FrameType | None) -> str:
    """The innermost calls of a thread."""
    calls = []
    while frame is not None and len(calls) < 7:
        calls.append(f"{Path(frame.f_code.co_filename).name}:{frame.f_lineno} {frame.f_code.co_name}")
        frame = frame.f_back
    return " < ".join(calls) or "not in Python"
