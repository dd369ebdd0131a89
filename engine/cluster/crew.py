"""Crew, the workers of one agent: forked from a server that has everything imported, so that one more costs little."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from collections.abc import Callable
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext, ForkServerProcess
from typing import Any

from engine.cluster.job import Job, Line, NewOrder, State, ToWorker
from engine.cluster.worker import work
from engine.stores.cluster import Wanted
from engine.stores.slots import Key

_PRELOADED = ["engine.cluster.preload"]


class Member:
    """One worker: its process, what it was last told, and how it does."""

    def __init__(self, key: Key, job: Job, process: ForkServerProcess, connection: Connection, hold: Any) -> None:
        self.key = key
        self.job = job
        self.change = job.order.wanted.change
        self.process = process
        self.connection = connection
        self.state = State("starting")
        self.steps: tuple[str, ...] = ()
        """The steps that it runs, by the order that it was last told."""
        self.is_ending = False
        self.was_terminated = False
        """Whether it was killed because somebody wanted that."""
        self.is_gone = False
        self.was_called_off = False
        """Whether it was killed because its slot was not its own any more."""
        self.lines: list[Line] = []
        self._hold = hold

    @property
    def name(self) -> str:
        """The worker's name."""
        return self.job.worker

    def is_ended_by(self, wanted: Wanted) -> bool:
        """Whether a step that it runs was to end at once after it was told anything last."""
        return any(wanted.terminated.get(step, 0) > self.change for step in self.steps)

    def tell(self, word: ToWorker) -> None:
        """Give it an order; nothing happens if it is gone."""
        if isinstance(word, NewOrder):
            self.change = word.order.wanted.change
        with contextlib.suppress(OSError, ValueError):
            self.connection.send(word)

    def hold(self, until_s: float) -> None:
        """Let it live on until then, by `steady_s`."""
        self._hold.value = until_s

    def call_off(self) -> None:
        """End it at once: its slot is somebody else's, or may soon be."""
        self.was_called_off = True
        self.kill()

    def kill(self) -> None:
        """End it at once; its hosts die with it."""
        if self.process.pid is not None and not self.is_gone:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.process.pid, signal.SIGKILL)

    @property
    def reason(self) -> str:
        """How it ended."""
        code = self.process.exitcode
        if code is None:
            return "is running"
        return f"was killed by {signal.Signals(-code).name}" if code < 0 else f"exited with status {code}"


class Crew:
    """Starts workers and hears of them, on one event loop. `changed` is called when one says something, or is gone."""

    def __init__(self, changed: Callable[[Member], None]) -> None:
        self._changed = changed
        self._context: ForkServerContext = get_context("forkserver")
        self._context.set_forkserver_preload(_PRELOADED)
        self.members: dict[Key, Member] = {}

    async def start(self, key: Key, job: Job, until_s: float) -> Member:
        """Start a worker for a slot. It ends itself at `until_s`, by `steady_s`, unless it is given more."""
        member = self.members[key] = await asyncio.to_thread(self._start, key, job, until_s)
        loop = asyncio.get_running_loop()
        loop.add_reader(member.connection.fileno(), self._on_word, member)
        loop.add_reader(member.process.sentinel, self._on_exit, member)
        return member

    async def warm_up(self) -> None:
        """Have the server ready before the first worker is wanted."""
        process = self._context.Process(target=_nothing)
        await asyncio.to_thread(process.start)
        await asyncio.to_thread(process.join)

    def drop(self, member: Member) -> None:
        """Forget a worker that is gone."""
        if self.members.get(member.key) is member:
            del self.members[member.key]

    def _start(self, key: Key, job: Job, until_s: float) -> Member:
        ours, theirs = self._context.Pipe()
        # In memory that both share: a pipe could be full of words that nobody reads.
        hold: Any = self._context.RawValue("d", until_s)
        process = self._context.Process(target=work, args=(theirs, job, hold), name=job.worker, daemon=False)
        process.start()
        theirs.close()
        return Member(key, job, process, ours, hold)

    def _on_word(self, member: Member) -> None:
        try:
            while member.connection.poll():
                word: State | Line = member.connection.recv()
                if isinstance(word, State):
                    member.state = word
                else:
                    member.lines.append(word)
        except (EOFError, OSError):
            asyncio.get_running_loop().remove_reader(member.connection.fileno())
            return
        self._changed(member)

    def _on_exit(self, member: Member) -> None:
        loop = asyncio.get_running_loop()
        loop.remove_reader(member.process.sentinel)
        self._on_word(member)  # its last words
        with contextlib.suppress(OSError, ValueError):
            loop.remove_reader(member.connection.fileno())
            member.connection.close()
        member.process.join()
        member.is_gone = True
        self._changed(member)


def _nothing() -> None:
    """What the first process does, for whose sake the server is started."""
