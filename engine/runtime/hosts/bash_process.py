"""One run of a user's bash code: its process group, what goes in and what comes out."""

from __future__ import annotations

import contextlib
import os
import selectors
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO

from .errors import Failure

_PIECE = 1 << 16
_STDERR_KEPT = 16_000
MOST_OUTPUT = 256 << 20
"""One run may write this much; what writes more most likely never ends."""


class Keeper:
    """Ends the process group at work when this process is gone."""

    def __init__(self, bash: str) -> None:
        script = str(Path(__file__).with_name("host.sh"))
        self._process = subprocess.Popen(
            [bash, script],
            stdin=subprocess.PIPE,
            start_new_session=True,
            env={},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def watch(self, group: int | None) -> None:
        """This group is at work now (None: no more)."""
        assert self._process.stdin is not None
        with contextlib.suppress(BrokenPipeError):
            os.write(self._process.stdin.fileno(), b"%d\n" % group if group is not None else b"\n")


class Result:
    """How a run ended."""

    __slots__ = ("status", "stderr", "stdout")

    def __init__(self, status: int, stdout: bytes, stderr: bytes) -> None:
        self.status = status
        self.stdout = stdout
        self.stderr = stderr

    @property
    def errors(self) -> str:
        """What was written to stderr (the last of it)."""
        return self.stderr.decode("utf-8", "backslashreplace")

    def failure(self) -> Failure | None:
        """What the exit status says."""
        if not self.status:
            return None
        how = f"was ended by signal {-self.status}" if self.status < 0 else f"ended with status {self.status}"
        lines = self.errors.strip().splitlines()
        return Failure("ExitStatus", f"the command {how}{': ' + lines[-1] if lines else ''}", self.errors)


class Command:
    """How to start the user's code."""

    def __init__(self, bash: str, arguments: list[str], environment: Mapping[str, str], folder: str) -> None:
        self._arguments = [bash, *arguments]
        self._environment = environment
        self._folder = folder
        self._keeper = Keeper(bash)

    def run(self, data: bytes, extra: Mapping[str, str], timeout_s: float) -> Result:
        """Run once: `data` on stdin, everything that comes out. Raises Failure when it takes too long or writes too much."""
        process = self._start(extra)
        try:
            exchange = _Exchange(process, data, time.monotonic() + timeout_s if timeout_s else None)
            stdout, stderr = exchange.run()
            status = exchange.wait()
        except TimeoutError:
            raise Failure("CallTimeout", f"the call took longer than {timeout_s:g} s") from None
        finally:
            self._end(process)
        return Result(status, stdout, stderr)

    def lines(self, log_errors: IO[bytes]) -> Iterator[bytes]:
        """Run once without input, line by line as they come; raises Failure for the exit status."""
        process = self._start({}, stderr=log_errors)
        try:
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.close()
            yield from process.stdout
            failure = Result(process.wait(), b"", b"").failure()
        finally:
            self._end(process)
        if failure is not None:
            raise failure

    def _start(self, extra: Mapping[str, str], stderr: IO[bytes] | int = subprocess.PIPE) -> subprocess.Popen[bytes]:
        try:
            process = subprocess.Popen(
                self._arguments,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=stderr,
                env={**self._environment, **extra},
                cwd=self._folder,
                process_group=0,
            )
        except (OSError, ValueError) as error:
            raise Failure(type(error).__name__, f"bash could not be started: {error}") from error
        self._keeper.watch(process.pid)
        return process

    def _end(self, process: subprocess.Popen[bytes]) -> None:
        """Leave nothing of the run behind, not even what it started in the background."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        self._keeper.watch(None)
        for pipe in (process.stdin, process.stdout, process.stderr):
            if pipe is not None:
                with contextlib.suppress(BrokenPipeError):
                    pipe.close()


class _Exchange:
    """Feeds a process and takes what it writes, both at once, until it has closed its outputs."""

    def __init__(self, process: subprocess.Popen[bytes], data: bytes, deadline_s: float | None) -> None:
        self._process = process
        self._data = memoryview(data)
        self._deadline_s = deadline_s
        self._stdout: list[bytes] = []
        self._stderr = b""
        self._size = 0

    def run(self) -> tuple[bytes, bytes]:
        """What was written to stdout, and the last of what was written to stderr."""
        process = self._process
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        with selectors.PollSelector() as selector:
            for pipe, events in (
                (process.stdin, selectors.EVENT_WRITE),
                (process.stdout, selectors.EVENT_READ),
                (process.stderr, selectors.EVENT_READ),
            ):
                os.set_blocking(pipe.fileno(), False)
                selector.register(pipe, events)
            if not self._data:
                self._drop(selector, process.stdin)
            while selector.get_map():
                # A child in the background may hold the pipes open: the command itself decides when it is over.
                ready = selector.select(self._patience())
                if not ready and process.poll() is not None:
                    break
                for key, _ in ready:
                    self._turn(selector, key.fileobj)  # type: ignore[arg-type]
        return b"".join(self._stdout), self._stderr

    def wait(self) -> int:
        """The exit status."""
        left = None if self._deadline_s is None else max(0.0, self._deadline_s - time.monotonic())
        try:
            return self._process.wait(left)
        except subprocess.TimeoutExpired:
            raise TimeoutError from None

    def _patience(self) -> float:
        if self._deadline_s is None:
            return 1.0
        left = self._deadline_s - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return min(left, 1.0)

    def _turn(self, selector: selectors.BaseSelector, pipe: IO[bytes]) -> None:
        if pipe is self._process.stdin:
            try:
                self._data = self._data[os.write(pipe.fileno(), self._data[:_PIECE]) :]
            except BrokenPipeError:  # it does not want to know everything
                self._data = self._data[:0]
            if not self._data:
                self._drop(selector, pipe)
            return
        piece = os.read(pipe.fileno(), _PIECE)
        if not piece:
            self._drop(selector, pipe)
        elif pipe is self._process.stderr:
            self._stderr = (self._stderr + piece)[-_STDERR_KEPT:]
        else:
            self._stdout.append(piece)
            self._size += len(piece)
            if self._size > MOST_OUTPUT:
                raise Failure("OutputTooLarge", f"one run may write {MOST_OUTPUT:,} bytes; write less, or make it a source")

    @staticmethod
    def _drop(selector: selectors.BaseSelector, pipe: IO[bytes]) -> None:
        selector.unregister(pipe)
        pipe.close()
