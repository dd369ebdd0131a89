"""A host as the engine sees it: a child process at the other end of a socket.

The engine hands it tasks and gets results, in order; frames are moved, never decoded beyond their heads.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from msgspec import Struct

from engine.errors import HostError
from engine.interpreter import own_python
from engine.runtime.hosts import wire
from engine.runtime.session import give_way_as_this

HOSTS = Path(wire.__file__).parent
_BUFFER_BYTES = 1 << 21
_START_S = 60.0
_STOP_S = 5.0
_HANG_GRACE_S = 5.0
_LAST_WORDS_S = 0.2
"""How long after a process's end its output is still read: what it started may hold the other end for ever."""
_MAX_FRAME = 1 << 31
EXIT_TIMEOUT = 75
EXIT_MEMORY = 76

Head = dict[str, Any]


class HostDied(Exception):
    """The process ended with work in hand. `hung`: a call never came back. `first`: this is the task to blame."""

    def __init__(self, reason: str, *, hung: bool = False, first: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.hung = hung
        self.first = first


class HostLost(HostError):
    """A host died before it was ready: perhaps its code is to blame, perhaps somebody killed it."""


class HostBroken(HostError):
    """The stage cannot be set up in a host: its code does not load."""

    def __init__(self, stage: str, head: Mapping[str, Any]) -> None:
        cure = "; name its package under `requirements`" if head["type"] == "ModuleNotFoundError" else ""
        said = f"{head['type']}: {head['message']}{cure}"
        super().__init__(f"processor '{head.get('step') or stage}' cannot start: {said}")
        self.step: str = head.get("step") or stage
        self.traceback: str = head["traceback"]


class Command(Struct, frozen=True):
    """How to start a host: the program and its environment."""

    argv: tuple[str, ...]
    environment: dict[str, str]


class HostListener(Protocol):
    """Who is told what a host says of its own accord."""

    def on_log(self, step: int, level: str, text: str) -> None:
        """A line of a step's log."""
        ...

    async def on_get(self, step: int, keys: list[str] | None, most: int) -> tuple[list[tuple[str, bytes, int]], bool]:
        """A step asks for rows of its state, for all of them if there are no more than `most`; says whether they are all."""
        ...

    def on_source(self, head: Head, body: memoryview) -> None:
        """A source made a batch, failed, or ended."""
        ...

    def on_exit(self, error: HostDied) -> None:
        """The process ended, asked to or not; tasks in hand have failed with the same error."""
        ...


def scrubbed_environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment of a host: what programs need to work, and nothing of ours."""
    kept = ("PATH", "HOME", "LANG", "LC_ALL", "LC_CTYPE", "TMPDIR", "TZ", "USER", "LOGNAME", "SSL_CERT_FILE", "SSL_CERT_DIR")
    environment = {name: os.environ[name] for name in kept if name in os.environ}
    return {**environment, "MALLOC_ARENA_MAX": "2", "PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "", **(extra or {})}


def python_command(python: str | None = None) -> Command:
    """A Python host, of PYFI's own interpreter or another."""
    return Command((python or own_python(), str(HOSTS)), scrubbed_environment())


class _Connection(asyncio.BufferedProtocol):
    """Takes frames off the socket into one buffer each, without copying."""

    def __init__(self, on_frame: Callable[[Head, memoryview], None], on_lost: Callable[[], None]) -> None:
        self._on_frame = on_frame
        self._on_lost = on_lost
        self._start = bytearray(wire.FRAME_HEAD)
        self._data: bytearray | None = None
        self._head_size = 0
        self._filled = 0
        self._writable = asyncio.Event()
        self._writable.set()

    def get_buffer(self, sizehint: int) -> memoryview:
        return memoryview(self._start if self._data is None else self._data)[self._filled :]

    def buffer_updated(self, nbytes: int) -> None:
        self._filled += nbytes
        if self._data is None:
            if self._filled < wire.FRAME_HEAD:
                return
            rest, self._head_size = wire.frame_size(self._start)
            self._data = bytearray(min(rest, _MAX_FRAME))
            self._filled = 0
        if self._filled == len(self._data):
            data = memoryview(self._data)
            self._data = None
            self._filled = 0
            self._on_frame(wire.head(data[: self._head_size]), data[self._head_size :])

    def connection_lost(self, exc: Exception | None) -> None:
        self._writable.set()
        self._on_lost()

    def pause_writing(self) -> None:
        self._writable.clear()

    def resume_writing(self) -> None:
        self._writable.set()

    async def writable(self) -> None:
        """Wait until the socket takes more."""
        await self._writable.wait()


class Host:
    """One host process. Make it with `Host.start`."""

    def __init__(self, stage: str, listener: HostListener, timeout_s: float) -> None:
        self.stage = stage
        self._listener = listener
        self._timeout_s = timeout_s
        self._ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._tasks: dict[int, asyncio.Future[tuple[Head, memoryview]]] = {}
        self._heard = time.monotonic()
        self._error: HostDied | None = None
        self._background: set[asyncio.Task[None]] = set()
        self._answers: set[asyncio.Future[None]] = set()
        """Questions of the process that wait for the ledger."""
        self._supervisor: asyncio.Future[None] | None = None
        self._stopping = False
        self._hung = False
        self._on_debug: Callable[[int], None] | None = None
        self.used = time.monotonic()
        self.process: asyncio.subprocess.Process
        self._transport: asyncio.Transport
        self._connection: _Connection
        self._output: asyncio.Future[None]

    @classmethod
    async def start(
        cls,
        command: Command,
        head: Head,
        listener: HostListener,
        timeout_s: float,
        on_debug: Callable[[int], None] | None = None,
    ) -> Host:
        """Start the process and set its stage up; raises HostBroken or HostError.

        `on_debug` hears the port on which a host that is to be debugged listens. It is ready when a debugger has come.
        """
        host = cls(head["stage"], listener, timeout_s)
        host._on_debug = on_debug
        ours, theirs = socket.socketpair()
        for end in (ours, theirs):
            end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _BUFFER_BYTES)
        # A pipe of our own: asyncio holds a process with pipes of its making for running until all it started are gone too.
        output, its_output = os.pipe()
        try:
            host.process = await asyncio.create_subprocess_exec(
                *command.argv,
                str(theirs.fileno()),
                str(os.getpid()),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=its_output,
                stderr=asyncio.subprocess.STDOUT,
                pass_fds=[theirs.fileno()],
                env=command.environment,
                start_new_session=True,
                cwd=head["folder"],
            )
        except OSError as error:
            ours.close()
            os.close(output)
            raise HostError(
                f"cannot start a host with '{command.argv[0]}': {error.strerror}; check that it is installed"
            ) from error
        except asyncio.CancelledError:
            ours.close()
            os.close(output)
            raise
        finally:
            theirs.close()
            os.close(its_output)
        host._spawn(give_way_as_this(host.process.pid))
        try:
            await host._set_up(ours, output, head)
        except asyncio.CancelledError:
            host._ready.cancel()
            host.kill()
            await host.wait()
            raise
        return host

    async def _set_up(self, connection: socket.socket, output: int, head: Head) -> None:
        """Connect with the process and have it load the user's code."""
        self._output = self._spawn(self._read_output(output))
        loop = asyncio.get_running_loop()
        self._transport, self._connection = await loop.create_unix_connection(
            lambda: _Connection(self._on_frame, self._on_lost), sock=connection
        )
        self._supervisor = self._spawn(self._supervise())
        self._write(head)
        try:
            async with asyncio.timeout(None if head.get("debug") else _START_S):
                await asyncio.shield(self._ready)
        except TimeoutError:
            self.kill()
            raise HostError(
                f"processor '{self.stage}' did not start within {_START_S:g} s; its module takes too long to load"
            ) from None
        except HostDied as error:
            raise HostLost(f"processor '{self.stage}' cannot start: its host {error.reason}") from None
        if self._error is not None:
            # It died between being ready and this; whoever was told of its end did not know it yet.
            raise HostLost(f"processor '{self.stage}' cannot start: its host {self._error.reason}")

    @property
    def pid(self) -> int:
        """The process's id."""
        return self.process.pid

    @property
    def load(self) -> int:
        """Tasks in hand."""
        return len(self._tasks)

    async def run(self, head: Head, bodies: Sequence[bytes | memoryview] = ()) -> tuple[Head, memoryview]:
        """Give the host a task and wait for its result; raises HostDied."""
        if self._error is not None:
            raise self._error
        future: asyncio.Future[tuple[Head, memoryview]] = asyncio.get_running_loop().create_future()
        if not self._tasks:
            self._heard = time.monotonic()
        self._tasks[head["id"]] = future
        self._write(head, *bodies)
        await self._connection.writable()
        return await future

    def tell(self, head: Head) -> None:
        """Send a frame that has no answer."""
        if self._error is None and not self._transport.is_closing():
            self._write(head)

    async def stop(self) -> None:
        """End in good order; by force after a few seconds."""
        self._stopping = True
        self.tell({"k": "stop"})
        try:
            async with asyncio.timeout(_STOP_S):
                await self.process.wait()
        except TimeoutError:
            self.kill()
        await self.wait()

    def kill(self) -> None:
        """End the process and everything it started."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)

    async def wait(self) -> None:
        """Until the process is gone and everybody has been told."""
        await self.process.wait()
        await asyncio.gather(*self._background, return_exceptions=True)

    def _write(self, head: Head, *bodies: bytes | memoryview) -> None:
        self.used = time.monotonic()
        self._transport.writelines(wire.frame(head, *bodies))

    def _on_frame(self, head: Head, body: memoryview) -> None:
        self._heard = self.used = time.monotonic()
        kind = head["k"]
        if kind == "result" and "source" in head:
            self._listener.on_source(head, body)
        elif kind in ("result", "refused"):
            future = self._tasks.pop(head["id"])
            if not future.done():
                future.set_result((head, body))
        elif kind == "log":
            self._listener.on_log(head["step"], head["level"], head["text"])
        elif kind == "get":
            answer = self._spawn(self._answer(head))
            self._answers.add(answer)
            answer.add_done_callback(self._answers.discard)
        elif kind == "debug":
            if self._on_debug is not None:
                self._on_debug(head["port"])
        elif kind == "ready":
            self._ready.set_result(None)
        elif kind == "broken":
            self._ready.set_exception(HostBroken(self.stage, head))
        elif kind == "source_failed":
            self._listener.on_source(head, body)

    async def _answer(self, head: Head) -> None:
        try:
            rows, complete = await self._listener.on_get(head["step"], head["keys"], head.get("most", 0))
        except Exception:
            self.kill()  # it would wait for ever; what it had in hand is tried again
            raise
        self._heard = time.monotonic()
        self.tell({"k": "state", "request": head["request"], "rows": rows, "complete": complete})

    def _on_lost(self) -> None:
        """The socket closed: the process is ending or has ended."""
        self._spawn(self._bury())

    async def _bury(self) -> None:
        try:
            async with asyncio.timeout(_STOP_S):
                await self.process.wait()
        except TimeoutError:
            self.kill()
        status = await self.process.wait()
        self.kill()  # what it started goes with it
        reason, hung = _reason(status, hung=self._hung), self._hung or status == EXIT_TIMEOUT
        # One that ran out of time while it waited for the ledger is not to blame, nor is its task.
        excused = hung and bool(self._answers)
        hung = hung and not excused
        self._error = HostDied(reason, hung=hung)
        if not self._ready.done():
            self._ready.set_exception(self._error)
        if self._supervisor is not None:
            self._supervisor.cancel()
        for answer in self._answers:
            answer.cancel()
        tasks, self._tasks = self._tasks, {}
        for position, future in enumerate(tasks.values()):
            if not future.done():
                future.set_exception(HostDied(reason, hung=hung, first=position == 0 and not excused))
        self._listener.on_exit(self._error)
        await asyncio.wait({self._output}, timeout=_LAST_WORDS_S)
        self._output.cancel()

    async def _read_output(self, output: int) -> None:
        """What is written to the process's own stdout or stderr: by C code, children, a dying interpreter."""
        stream = asyncio.StreamReader()
        transport, _ = await asyncio.get_running_loop().connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(stream), os.fdopen(output, "rb", buffering=0)
        )
        with contextlib.closing(transport):
            while True:
                try:
                    line = await stream.readline()
                except ValueError:
                    continue  # a line longer than the buffer: dropped
                if not line:
                    return
                self._listener.on_log(-1, "error", line.decode("utf-8", "replace").rstrip("\n"))

    async def _supervise(self) -> None:
        """A task from which nothing is heard for longer than any call may take: its host hangs."""
        while self._error is None and not self._transport.is_closing():
            await asyncio.sleep(1.0)
            if self._answers:
                continue  # it waits for us: for the ledger, which may wait for its disk
            limit = self._timeout_s + _HANG_GRACE_S
            if self._timeout_s and self._tasks and time.monotonic() - self._heard > limit:
                self._hung = True
                self.kill()
                return

    def _spawn(self, work: Awaitable[None]) -> asyncio.Future[None]:
        task = asyncio.ensure_future(work)
        self._background.add(task)
        task.add_done_callback(self._background.discard)
        return task


_WANT = ("SIGKILL", "SIGABRT")
"""By the system, or by a library that was refused memory."""


def _reason(status: int, *, hung: bool) -> str:
    if hung or status == EXIT_TIMEOUT:
        return "was ended because a call took longer than its timeout"
    if status == EXIT_MEMORY:
        return "ran out of memory"
    if status < 0:
        named = {each.value: each.name for each in signal.Signals}
        name = named.get(-status, f"signal {-status}")
        return f"was killed by {name}" + (" (perhaps for want of memory)" if name in _WANT else "")
    return f"exited with status {status}"
