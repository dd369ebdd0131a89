"""LiveTab, the page beside the result on which a processor of the running flow is debugged."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QTabWidget, QToolButton

from app.editor.debug_page import DebugPage
from app.editor.live_debug import LiveDebug, OpenStep

Key = tuple[str, str]
"""A step, as (within, id)."""


class LiveTab(QObject):
    """One processor at a time is debugged, whichever is shown; its page is there while it is the one that is shown."""

    requested = Signal()
    """The processor that is shown is to be debugged in its flow: answer with `start`."""
    ended = Signal(str)
    """The flow has its processor back; says why, if nobody here wished it."""

    def __init__(self, tabs: QTabWidget, button: QToolButton, parent: QObject) -> None:
        super().__init__(parent)
        self._tabs = tabs
        self._button = button
        self._live: LiveDebug | None = None
        self._key: Key = ("", "")
        self._shown: Key = ("", "")
        self.page = DebugPage(tabs)
        self.page.hide()
        button.clicked.connect(self._on_clicked)

    @property
    def is_shown(self) -> bool:
        """Whether the processor that is debugged is the one that is shown."""
        return self._live is not None and self._key == self._shown

    def start(self, open_step: OpenStep, lines: list[int]) -> None:
        """Debug the processor that is shown, with breakpoints at some lines; nothing while another is debugged."""
        if self._live is not None:
            return
        from app.editor.debug_session import DebugSession  # with all that a debugger takes

        self._key = self._shown
        session = DebugSession(lines, self)
        self.page.show_session(session)
        self._live = LiveDebug(open_step, session, self)
        self._live.ended.connect(self._on_ended)
        self.show_key(self._shown)
        self._tabs.setCurrentWidget(self.page)

    @property
    def other(self) -> str:
        """The id of the processor that is debugged, if it is not the one that is shown."""
        return self._key[1] if self._live is not None and not self.is_shown else ""

    def toggle(self) -> bool:
        """Debug what is shown, or give it back; whether that can be."""
        can = self._button.isEnabled() and not self._button.isHidden()
        if can:
            self._button.click()
        return can

    def end(self) -> None:
        """Give the processor back."""
        if self._live is not None:
            self._live.end()

    async def settled(self, seconds: float) -> None:
        """Give the processor back, and wait until it is, but no longer than that."""
        if self._live is not None:
            self._live.end()
            await self._live.settled(seconds)

    def show_key(self, key: Key) -> None:
        """Another processor is shown, or the same once more."""
        self._shown = key
        at = self._tabs.indexOf(self.page)
        if self.is_shown and at < 0:
            self._tabs.addTab(self.page, self.tr("In the flow"))
        elif not self.is_shown and at >= 0:
            self._tabs.removeTab(at)
        self._button.setChecked(self.is_shown)
        self._button.setEnabled(self._live is None or self.is_shown)
        if self.is_shown:
            self.page.show_line()

    def set_lines(self, lines: list[int]) -> None:
        """Stop at these lines of the processor that is shown from now on."""
        if self.is_shown:
            self.page.set_lines(lines)

    def _on_clicked(self) -> None:
        self._button.setChecked(self.is_shown)  # it is when it is, not when it is clicked
        if self._live is None:
            self.requested.emit()
        elif self.is_shown:
            self.end()

    def _on_ended(self, reason: str) -> None:
        live, self._live = self._live, None
        self.page.end()
        self.show_key(self._shown)
        if live is not None:
            live.deleteLater()
        self.ended.emit(reason)
