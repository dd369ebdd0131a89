"""Counter, a figure that a chart can show."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

_CONTEXT = "charts"


def _(text: str) -> str:
    return str(QT_TRANSLATE_NOOP(_CONTEXT, text))


class Counter(NamedTuple):
    """A column of history: `id`, what it is called, in what it is counted, and its colour.

    One that `is_rate` was counted in each row, and is shown per second; another stood so at a row's end.
    """

    id: str
    words: str
    unit: str
    is_rate: bool
    color: str

    @property
    def name(self) -> str:
        """What it is called, for people."""
        return QCoreApplication.translate(_CONTEXT, self.words)

    @property
    def unit_name(self) -> str:
        """In what it is counted."""
        return QCoreApplication.translate(_CONTEXT, self.unit)


_PER_S, _MESSAGES, _BYTES, _BYTES_PER_S = _("messages/s"), _("messages"), _("bytes"), _("bytes/s")
COUNTERS = (
    Counter("in", _("In"), _PER_S, is_rate=True, color="#4a90e2"),
    Counter("out", _("Out"), _PER_S, is_rate=True, color="#4cb782"),
    Counter("failed", _("Failed"), _PER_S, is_rate=True, color="#e5484d"),
    Counter("tasks", _("Tasks"), _("tasks/s"), is_rate=True, color="#8f6fe0"),
    Counter("seconds", _("Work time"), _("s/s"), is_rate=True, color="#d9a93f"),
    Counter("passed", _("Passed"), _PER_S, is_rate=True, color="#31a5a0"),
    Counter("queued", _("Queued"), _MESSAGES, is_rate=False, color="#e2844d"),
    Counter("bytes", _("Bytes passed"), _BYTES_PER_S, is_rate=True, color="#d567a8"),
    Counter("queued_bytes", _("Bytes queued"), _BYTES, is_rate=False, color="#8a94a3"),
)
STEP = ("in", "out", "failed", "tasks", "seconds")
LINK = ("passed", "queued", "bytes", "queued_bytes")
BY_ID = {counter.id: counter for counter in COUNTERS}
