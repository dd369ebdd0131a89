"""ColorEditor, a row of colours to choose from."""

from __future__ import annotations

import re
from typing import Any

from msgspec import UNSET
from PySide6.QtCore import QPointF, QSize
from PySide6.QtGui import QColor, QIcon, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QColorDialog, QToolButton, QWidget

from app.form.context import FormContext
from app.form.editor import Editor, edits
from app.theme.current import current_theme
from app.theme.icon import icon
from app.theme.theme import SWATCHES
from engine.client.setting import Kind, Setting


@edits(Kind.COLOR)
class ColorEditor(Editor):
    """None, one of a few colours that go well together, or any other."""

    def __init__(self, setting: Setting, context: FormContext, parent: QWidget | None = None) -> None:
        super().__init__(setting, context, parent)
        self._value: Any = UNSET
        self._none = Swatch(None, self.tr("No colour"), self)
        self._swatches = [Swatch(color, color, self) for color in SWATCHES]
        self._other = Swatch(None, self.tr("Another colour…"), self)
        self._other.setIcon(icon("plus"))
        layout = self._row(self._none, *self._swatches, self._other, stretch=99)
        layout.setSpacing(0)
        layout.addStretch(1)
        for swatch in (self._none, *self._swatches):
            swatch.clicked.connect(lambda _checked=False, swatch=swatch: self._choose(swatch.color))
        self._other.clicked.connect(self._on_other_clicked)
        self.set_value(UNSET)

    def value(self) -> Any:
        """`#rrggbb`, or UNSET."""
        return self._value

    def set_value(self, value: Any) -> None:
        """Show it."""
        self._value = value
        color = None if value is UNSET else value
        for swatch in (self._none, *self._swatches):
            swatch.setChecked(swatch.color == color)
        is_other = color is not None and color not in SWATCHES
        self._other.color = color if is_other else None
        self._other.setIcon(QIcon() if is_other else icon("plus"))
        self._other.setChecked(is_other)

    def fits(self, value: Any) -> bool:
        """Only colours."""
        return value in (UNSET, None) or (isinstance(value, str) and re.fullmatch("#[0-9a-fA-F]{6}", value) is not None)

    def inputs(self) -> list[QWidget]:
        """The swatches."""
        return [self._none, *self._swatches, self._other]

    def swatch(self, color: str | None) -> Swatch:
        """The button of a colour; of none, the one that takes the colour away."""
        return next(each for each in (self._none, *self._swatches) if each.color == color)

    def _choose(self, color: str | None) -> None:
        self.set_value(UNSET if color is None else color)
        self.edited.emit()

    def _on_other_clicked(self) -> None:
        dialog = QColorDialog(QColor(self._other.color or SWATCHES[0]), self)
        dialog.setWindowTitle(self.tr("Choose a colour"))
        dialog.colorSelected.connect(lambda color: self._choose(color.name()))
        dialog.finished.connect(lambda _result: self.set_value(self._value))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()


class Swatch(QToolButton):
    """A button that is a disc of a colour, with a ring when it is chosen."""

    def __init__(self, color: str | None, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.color = color
        self.setCheckable(True)
        self.setToolTip(name)
        self.setAccessibleName(name)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Small enough for a row of them."""
        return QSize(23, 24)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw the disc; without a colour, a ring with a stroke through it."""
        if not self.icon().isNull():
            super().paintEvent(event)
            return
        theme = current_theme()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle = self.rect().toRectF().center()
        if self.color:
            painter.setBrush(QColor(self.color))
            painter.setPen(QPen(QColor(self.color), 1))
            painter.drawEllipse(middle, 6.5, 6.5)
        else:
            painter.setPen(QPen(QColor(theme.muted), 1.5))
            painter.drawEllipse(middle, 6.5, 6.5)
            painter.drawLine(middle + QPointF(-4.5, 4.5), middle + QPointF(4.5, -4.5))
        if self.isChecked() or self.hasFocus():
            painter.setBrush(QColor(0, 0, 0, 0))
            painter.setPen(QPen(QColor(theme.focus if self.hasFocus() else theme.text), 1.6))
            painter.drawEllipse(middle, 9.5, 9.5)
        painter.end()
