"""QueueCommands, the actions for what waits in connections."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QInputDialog

from app.window.command.command_group import CommandGroup
from engine.model.flow import Processor

_CHART = 300
"""Pixels of height in which a chart can be read."""
_MOST_DIALOGS = 5
"""A connection to a subflow may stand for many queues; so many are shown at once."""


class QueueCommands(CommandGroup):
    """Queues are looked into, breakpoints let go."""

    def release_one(self) -> None:
        """Let one message of the selected breakpoint go."""
        self.go(self._window.conductor.release(self._page, self._chosen_links(), 1))

    def release_some(self) -> None:
        """Ask how many messages of the selected breakpoint are to go."""
        number, chosen = QInputDialog.getInt(
            self._window, self.tr("Release messages"), self.tr("How many:"), value=10, minValue=1, maxValue=1_000_000_000
        )
        if chosen:
            self.go(self._window.conductor.release(self._page, self._chosen_links(), number))

    def release_all(self) -> None:
        """Let all messages that the selected breakpoint holds go."""
        self.go(self._window.conductor.release(self._page, self._chosen_links(), None))

    def list_queue(self) -> None:
        """What waits in the selected connection."""
        for key in self._chosen_links():
            for queue in self._window.conductor.queues_of(self._page, key)[:_MOST_DIALOGS]:
                self._show_queue(queue)

    def show_history(self) -> None:
        """What the selected parts, or all of the flow, did over time."""
        docks, dock = self._window.docks, self._window.docks.dock("charts")
        docks.show("charts")
        if dock.height() < _CHART and not dock.isFloating():
            self._window.resizeDocks([dock], [_CHART], Qt.Orientation.Vertical)

    def list_dead_letters(self) -> None:
        """What failed for good in the selected step."""
        for key in self._page.viewer.selected_keys():
            if isinstance(self._page.board.level.steps.get(key), Processor):
                self._show_queue(f"dead:{self._page.board.place.prefix}{key}")

    def _show_queue(self, queue: str) -> None:
        from app.results.queue_dialog import QueueDialog

        if self._has_its_name():
            self._show(QueueDialog(self._window.conductor.door_of(self._page), self._page.title, queue, self._window))
