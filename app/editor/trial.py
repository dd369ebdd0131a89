"""Trial, one run of a processor on a sample."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from PySide6.QtCore import QObject, Signal

from app.editor.background import Work
from app.editor.bench import Bench, Subject
from engine.errors import PyfiError

if TYPE_CHECKING:
    from engine.client.debugger import Debugging

MOST_MESSAGES = 100
"""Of a source that makes more, these are taken."""
MOST_LINES = 1000
"""Of what is logged and printed, so many lines are kept."""
_FRAMES = {
    "python": (r'File "<{id}>", line (\d+)', r"does not compile: line (\d+)"),
    "node": (r"<{id}>:(\d+)",),
    "bash": (r"{id}: (?:-c: )?line (\d+)",),
}
_OUTERMOST_FIRST = ("python", "bash")


class Made(Struct, frozen=True):
    """A message that left the processor; `error` and `traceback` say why, where it failed."""

    port: str
    content: Any
    attributes: dict[str, str]
    error: str = ""
    traceback: str = ""


class Given(Struct, frozen=True):
    """What goes in: contents by their inputs, all with the same attributes."""

    inputs: tuple[tuple[str, Any], ...] = ()
    attributes: dict[str, str] = {}


class Outcome(Struct, frozen=True):
    """What came of a trial.

    `reason` says why it ended otherwise than by itself; `line` is where the code failed, 0 if it did not or nobody knows;
    `code` is what was tried.
    """

    made: tuple[Made, ...] = ()
    logged: tuple[tuple[str, str], ...] = ()
    seconds: float = 0.0
    reason: str = ""
    line: int = 0
    was_cancelled: bool = False
    code: str | None = None

    @property
    def failed(self) -> bool:
        """Whether anything went wrong."""
        return bool(self.reason) or any(made.error for made in self.made)

    @property
    def complaint(self) -> str:
        """In one line, what went wrong first."""
        return next((made.error for made in self.made if made.error), self.reason)


class Trial(QObject):
    """Runs a processor in a real host, beside the user interface. Effects outside, such as files it writes, are real."""

    ended = Signal(object)
    """The Outcome."""

    def __init__(
        self, subject: Subject, given: Given, limit_s: float, bench: Bench, parent: QObject, debugging: Debugging | None = None
    ) -> None:
        super().__init__(parent)
        self._subject = subject
        self._gathered = _Gathered()
        self._limit_s = limit_s
        self._work = Work(self)
        self._work.done.connect(self._on_done)
        self._work.failed.connect(self._on_failed)
        self._work.cancelled.connect(self._on_cancelled)
        self._work.start(_run(subject, given, limit_s, self._gathered, bench, debugging))

    def cancel(self) -> None:
        """End it."""
        self._work.cancel()

    def _on_done(self) -> None:
        self.ended.emit(self._outcome())

    def _on_failed(self, error: object) -> None:
        if isinstance(error, TimeoutError):
            self.ended.emit(self._outcome(self.tr("stopped after {0:g} s").format(self._limit_s)))
        elif isinstance(error, PyfiError):
            self.ended.emit(self._outcome(_plain(str(error), self._subject.processor.id)))
        else:
            self.ended.emit(self._outcome(f"{type(error).__name__}: {error}"))

    def _on_cancelled(self) -> None:
        self.ended.emit(self._outcome(self.tr("cancelled"), was_cancelled=True))

    def _outcome(self, reason: str = "", *, was_cancelled: bool = False) -> Outcome:
        made = tuple(self._gathered.made)
        errors = {each.error for each in made if each.error}
        # The host logs every failure, too; once is enough.
        logged = tuple(each for each in self._gathered.logged if each[1] not in errors)
        processor = self._subject.processor
        text = next((f"{each.traceback}\n{each.error}" for each in made if each.error), reason)
        line = failed_line(processor.type, processor.id, text)
        return Outcome(made, logged, self._gathered.seconds(), reason, line, was_cancelled, processor.code)


class _Gathered:
    """What has come until now; filled by the loop, read when it has ended."""

    def __init__(self) -> None:
        self.made: list[Made] = []
        self.logged: list[tuple[str, str]] = []
        self._started = time.perf_counter()
        self._ended = 0.0

    def log(self, level: str, text: str) -> None:
        """A line was logged or printed."""
        if len(self.logged) < MOST_LINES:
            self.logged.append((level, text))

    def begin(self) -> None:
        """The host is there; what counts begins."""
        self._started = time.perf_counter()

    def end(self) -> None:
        """All is made."""
        self._ended = time.perf_counter()

    def seconds(self) -> float:
        """How long it took."""
        return (self._ended or time.perf_counter()) - self._started


def failed_line(type: str, id: str, text: str) -> int:
    """The line of the user's code that an error text names, the innermost; 0: none."""
    for pattern in _FRAMES.get(type, ()):
        lines = re.findall(pattern.format(id=re.escape(id)), text)
        if lines:
            return int(lines[-1 if type in _OUTERMOST_FIRST else 0])
    return 0


async def _run(
    subject: Subject, given: Given, limit_s: float, gathered: _Gathered, bench: Bench, debugging: Debugging | None
) -> None:
    """Run the processor. A host that came to no good end is killed, any other is kept for the next trial."""
    async with asyncio.timeout(limit_s if debugging is None else None):
        held = await bench.lend(subject, gathered.log, debugging)
        try:
            gathered.begin()
            step = held.step
            await (_feed(step, given, gathered.made.append) if step.inputs else _take(step, gathered.made.append))
            gathered.end()
        except BaseException:
            await held.kill()
            raise
    await bench.give_back(held)


async def _feed(step: Any, given: Given, put: Callable[[Made], None]) -> None:
    for port, content in given.inputs:
        for message in await step.call([content], port, given.attributes):
            put(_made(message))
    for message in await step.flush():
        put(_made(message))


async def _take(step: Any, put: Callable[[Made], None]) -> None:
    count = 0
    async for message in step.source():
        put(_made(message))
        count += 1
        if count == MOST_MESSAGES:
            return


def _made(message: Any) -> Made:
    attributes = dict(message.attributes)
    if not message.failed:
        return Made(message.port, message.content, attributes)
    error = f"{attributes.pop('error.type', '')}: {attributes.pop('error.message', '')}"
    traceback = attributes.pop("error.traceback", "")
    attributes.pop("error.processor", None)
    return Made(message.port, message.content, attributes, error, traceback)


def _plain(text: str, id: str) -> str:
    """An error without the name of the processor, which is on the screen anyway."""
    return re.sub(rf"^(?:{re.escape(id)}: )?(?:processor|source) '{re.escape(id)}':? ", "", text, flags=re.MULTILINE)
