"""What went wrong in user code, as attributes of the message it went wrong with."""

from __future__ import annotations

import linecache
import os
import traceback
from types import TracebackType

_HERE = os.path.dirname(os.path.abspath(__file__)) + os.sep
_BODIES = os.path.join(_HERE, "builtin", "")
_MAX_TRACEBACK = 8_000
_MAX_FRAMES = 50
_MAX_MESSAGE = 2_000
_names: dict[str, str] = {}


class Failure(Exception):
    """A message failed: a type, a sentence, a traceback. `retry` False means that another try cannot help."""

    def __init__(self, type: str, message: str, traceback: str = "", *, retry: bool = True) -> None:
        super().__init__(message)
        self.type = type
        self.message = message[:_MAX_MESSAGE]
        self.traceback = traceback[-_MAX_TRACEBACK:]
        self.retry = retry

    def attributes(self, processor: str) -> dict[str, str]:
        """The attributes that a failed message carries."""
        return {
            "error.type": self.type,
            "error.message": self.message,
            "error.traceback": self.traceback,
            "error.processor": processor,
        }


class NotNow(Exception):
    """Raised by a body: the outside is not ready (a full disk, a closed door). The task is put back and tried again later."""

    def __init__(self, reason: str, delay_s: float = 1.0) -> None:
        super().__init__(reason)
        self.reason = reason
        self.delay_s = delay_s


def describe(error: BaseException) -> Failure:
    """The failure behind an exception; its traceback has the frames of the user's code, and none of the host's."""
    if isinstance(error, Failure):
        return error
    frames = _first_frames_skipped(error.__traceback__)
    shown = traceback.TracebackException(type(error), error, frames, limit=_MAX_FRAMES, compact=True)
    _leave_out_own_frames(shown)
    return Failure(type(error).__name__, _text(error), _clean("".join(shown.format())))


def _text(error: BaseException) -> str:
    try:
        return _clean(str(error))
    except BaseException as second:  # whatever the user's __str__ does, the message failed already
        return f"(no text: its __str__ raised {type(second).__name__})"


def _clean(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _first_frames_skipped(frames: TracebackType | None) -> TracebackType | None:
    """What lies before the user's code, so that it does not count among the frames that are shown."""
    first = frames
    while frames is not None and frames.tb_frame.f_code.co_filename.startswith(_HERE):
        frames = frames.tb_next
    return frames if frames is not None else first


def _leave_out_own_frames(shown: traceback.TracebackException) -> None:
    """Leave out what the user's code called of the host, such as where a timeout was raised.

    Where nothing is the user's, what is left are the frames of a built-in body, which is to blame then.
    """
    pending = [shown]
    while pending:
        each = pending.pop()
        users = [frame for frame in each.stack if not frame.filename.startswith(_HERE)]
        for frame in users:
            frame.filename = _names.get(frame.filename, frame.filename)
        each.stack[:] = users or [frame for frame in each.stack if frame.filename.startswith(_BODIES)]
        around = (each.__cause__, each.__context__, *(getattr(each, "exceptions", None) or ()))
        pending += [other for other in around if other is not None]


def know_as(filename: str, name: str) -> None:
    """Let tracebacks call a file by a name that has a remembered source."""
    _names[filename] = name


def remember_source(filename: str, code: str) -> None:
    """Let tracebacks show the lines of code that has no file."""
    linecache.cache[filename] = (len(code), None, code.splitlines(keepends=True), filename)
