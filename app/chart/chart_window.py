"""ChartWindow, a chart of one part in a window of its own, which opens beside the part's card."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.chart.chart_panel import ChartPanel
from app.chart.subject import Subject

_SIZE = (680, 320)
_GAP = 14


class ChartWindow(QWidget):
    """Stays with its part, whatever is selected. Escape closes it."""

    def __init__(self, subject: Subject, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Tool)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(subject.name)
        self.setAccessibleName(self.tr("Chart of {}").format(subject.name))
        self.subject = subject
        self.panel = ChartPanel(lambda _: subject.door)
        self.panel.pin.setChecked(True)
        self.panel.pin.hide()
        self.panel.show_subjects([subject])
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.panel)
        self.resize(*_SIZE)

    def place_beside(self, card: QRect) -> None:
        """Stand beside a card, which lies at this place of the screen: on the right, or where there is room."""
        room = self.screen().availableGeometry()
        x = card.right() + _GAP
        if x + self.width() > room.right():
            x = card.left() - _GAP - self.width()
        y = min(max(card.top(), room.top()), room.bottom() - self.height())
        self.move(min(max(x, room.left()), room.right() - self.width()), y)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Escape, if nothing in it wants it."""
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        else:
            super().keyPressEvent(event)
