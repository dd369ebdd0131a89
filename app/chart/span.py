"""Span, how much time a chart shows."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

_CONTEXT = "charts"


def _(text: str) -> str:
    return str(QT_TRANSLATE_NOOP(_CONTEXT, text))


class Span(NamedTuple):
    """The last `seconds` (0: all that is kept), asked for anew every `refresh_ms`."""

    id: str
    words: str
    seconds: int
    refresh_ms: int

    @property
    def name(self) -> str:
        """What it is called, for people."""
        return QCoreApplication.translate(_CONTEXT, self.words)

    @property
    def is_fine(self) -> bool:
        """Whether it is shown second by second."""
        return self.id == "5m"

    def since_ms(self, now_s: float) -> int | None:
        """From when on it is asked for; None: by the second."""
        if self.is_fine:
            return None
        return int((now_s - self.seconds) * 1000) if self.seconds else 0


SPANS = (
    Span("5m", _("5 min"), 300, 1000),
    Span("1h", _("1 h"), 3600, 5000),
    Span("24h", _("24 h"), 86_400, 15_000),
    Span("all", _("All"), 0, 30_000),
)
