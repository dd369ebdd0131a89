"""DiffOverlay, differences drawn over the canvas: green what came, red what went, amber what changed."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from app.canvas.viewer import FlowViewer
from app.theme.current import current_theme
from engine.client.flow import Difference
from engine.errors import PyfiError
from engine.model.codec import load_part
from engine.model.flow import Processor, Subflow

_REACH = 5.0
_WIDTH = 3.0
_POINTS = 24
"""Of a line that stands for a curve."""
_GHOST = (240.0, 120.0)
"""The size of what is no more, in units of the canvas."""


class DiffOverlay(QWidget):
    """Lies over a viewer and lets every click through. Shows the level that the viewer shows."""

    def __init__(self, viewer: FlowViewer) -> None:
        super().__init__(viewer)  # not in the viewport, whose children move when it scrolls
        self._viewer = viewer
        self._found: list[tuple[Difference, QRectF]] = []
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        viewer.viewport().installEventFilter(self)
        viewer.view_changed.connect(self.update)
        self.setGeometry(viewer.viewport().geometry())

    def show_differences(self, found: Sequence[Difference]) -> None:
        """Mark these; none: nothing is marked."""
        self._found = [(each, _ghost(each)) for each in found if not each.moved]
        self.setVisible(bool(self._found))
        self.raise_()
        self.update()

    def marks(self) -> dict[str, str]:
        """By key of what is seen here: the colour that it is marked with."""
        return {each.key: color_of(each) for each, ghost in self._found if self._is_here(each, ghost)}

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Be as large as what it lies over."""
        if event.type() is QEvent.Type.Resize:
            self.setGeometry(self._viewer.viewport().geometry())
        return False

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw the marks."""
        painter = QPainter(self)
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for each, ghost in self._found:
                self._paint(painter, each, ghost)
        finally:
            painter.end()

    def _is_here(self, each: Difference, ghost: QRectF) -> bool:
        sheet = self._viewer.sheet
        key = each.key.removeprefix("label:")
        there = sheet.cards.rows.get(each.key) >= 0 or sheet.links.rows.get(each.key) >= 0 or key in sheet.notes
        return there or not ghost.isNull()

    def _paint(self, painter: QPainter, each: Difference, ghost: QRectF) -> None:
        sheet, view = self._viewer.sheet, self._viewer.viewportTransform()
        color = QColor(color_of(each))
        painter.setPen(QPen(color, _WIDTH))
        color.setAlpha(28)
        painter.setBrush(color)
        if (row := sheet.cards.rows.get(each.key)) >= 0:
            area = view.mapRect(sheet.cards.rect(row))
            painter.drawRoundedRect(area.adjusted(-_REACH, -_REACH, _REACH, _REACH), 8, 8)
        elif (row := sheet.links.rows.get(each.key)) >= 0:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            route = sheet.links.route(row)
            points = [view.map(QPointF(*route.at(step / _POINTS))) for step in range(_POINTS + 1)]
            painter.drawPolyline(QPolygonF(points))
        elif each.key in sheet.notes:
            painter.drawRect(view.mapRect(sheet.notes[each.key].rect))
        elif not ghost.isNull():
            painter.setPen(QPen(QColor(color_of(each)), _WIDTH, Qt.PenStyle.DashLine))
            area = view.mapRect(ghost)
            painter.drawRoundedRect(area, 8, 8)
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter, each.key)


def color_of(difference: Difference) -> str:
    """Green for what came, red for what went, amber for what changed."""
    theme = current_theme()
    return theme.running if not difference.before else theme.error if not difference.after else theme.warning


def _ghost(each: Difference) -> QRectF:
    """Where a step was that is no more; nothing for all else, and for steps inside subflows."""
    if each.after or "/" in each.key or "->" in each.key or ":" in each.key:
        return QRectF()
    for kind in (Processor, Subflow):
        try:
            part = load_part(each.before, kind)
        except PyfiError:
            continue
        if isinstance(part, Processor | Subflow) and part.position is not None:
            return QRectF(QPointF(*part.position), QSizeF(*_GHOST))
    return QRectF()
