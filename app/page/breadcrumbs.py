"""Breadcrumbs, the way from the flow down to the subflow that is shown."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from app.theme.icon import icon
from app.theme.icon_label import IconLabel
from app.theme.style_sheet import set_look
from engine.client.parts import Place


class Breadcrumbs(QWidget):
    """A button for every level; `chosen` tells which was clicked."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Levels"))
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(8, 2, 8, 2)
        self._row.setSpacing(2)

    def show_place(self, title: str, place: Place) -> None:
        """Show the way to a level of the flow `title`."""
        while (item := self._row.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        names = (title, *place.steps)
        for number, name in enumerate(names):
            if number:
                self._row.addWidget(IconLabel(icon("chevron_right"), 12))
            button = QToolButton()
            button.setText(name)
            button.setAutoRaise(True)
            button.setEnabled(number < len(names) - 1)
            button.setAccessibleName(self.tr("Level {}").format(name))
            if number == len(names) - 1:
                set_look(button, "current")
            level = Place(place.steps[:number])
            button.clicked.connect(lambda _=False, level=level: self.chosen.emit(level))
            self._row.addWidget(button)
        self._row.addStretch()
