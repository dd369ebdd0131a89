"""Status, which keeps the numbers of the status strip those of the flow in front."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, QTimer

from app.page.flow_page import FlowPage
from app.run.conductor import Conductor
from app.window.status_strip import Standing, StatusStrip

_REST_MS = 200
"""Numbers that change faster than this are shown together."""


class Status(QObject):
    """Reads the figures of a whole flow, not the level that is shown; a few times a second, however often they change."""

    def __init__(self, strip: StatusStrip, conductor: Conductor) -> None:
        super().__init__(strip)
        self._strip = strip
        self._conductor = conductor
        self._page: FlowPage | None = None
        self._heard: Any = None
        self._rest = QTimer(self, singleShot=True, interval=_REST_MS)
        self._rest.timeout.connect(self._show)
        conductor.figures_shown.connect(self.note)
        conductor.lines_logged.connect(lambda page, _: self.note(page))

    def show_page(self, page: FlowPage | None) -> None:
        """Show another page's numbers, now."""
        if self._heard is not None:
            QObject.disconnect(self._heard)
        self._page = page
        self._heard = page.board.states_changed.connect(lambda: self.note(page)) if page is not None else None
        self._show()

    def note(self, page: FlowPage) -> None:
        """The numbers of a page are others."""
        if page is self._page and not self._rest.isActive():
            self._rest.start()

    def _show(self) -> None:
        page = self._page
        overlay = self._conductor.overlay_of(page) if page is not None else None
        if page is None or overlay is None:
            return
        figures = self._conductor.figures_of(page)
        tasks = sum(each.running for each in figures.processors.values()) if figures is not None else 0
        messages = sum(each.messages for each in figures.connections.values()) if figures is not None else 0
        size = sum(each.bytes for each in figures.connections.values()) if figures is not None else 0
        self._strip.show_standing(Standing(overlay.tally.counts(), tasks, messages, size, overlay.bulletins))
