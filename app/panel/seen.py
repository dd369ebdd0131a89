"""Seen, whether somebody can see a widget just now."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtWidgets import QDockWidget, QWidget


class Seen(QObject):
    """Watches a widget. A dock behind another tab cannot be seen, though Qt calls it visible."""

    changed = Signal(bool)
    """It can be seen from now on, or no more."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self._widget = widget
        self._dock: QDockWidget | None = None
        self.now = False
        """Whether it can be seen."""
        self._look = QTimer(self)
        self._look.setSingleShot(True)
        self._look.setInterval(0)  # docks are moved behind each other after they were told that they are shown
        self._look.timeout.connect(self._on_look_due)
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Shown, hidden, or in another dock: to be looked at when Qt is through with it."""
        if event.type() in (QEvent.Type.Show, QEvent.Type.Hide, QEvent.Type.Paint):
            self._follow_dock()
            if event.type() != QEvent.Type.Paint or not self.now:
                self._look.start()
        return False

    def _follow_dock(self) -> None:
        parent = self._widget.parentWidget()
        while parent is not None and not isinstance(parent, QDockWidget):
            parent = parent.parentWidget()
        if parent is not self._dock:
            if self._dock is not None:
                self._dock.visibilityChanged.disconnect(self._look.start)
            self._dock = parent
            if parent is not None:
                parent.visibilityChanged.connect(self._look.start)

    def _on_look_due(self) -> None:
        now = self._widget.isVisible() and not self._widget.visibleRegion().isEmpty()
        if now != self.now:
            self.now = now
            self.changed.emit(now)
