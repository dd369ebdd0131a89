"""DiffOverlay, differences drawn over the canvas: green what came, red what went, amber what changed."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from app.board.board import Board
from app.theme.current import current_theme
from engine.client.flow import Difference
from engine.errors import PyfiError
from engine.model.apply import split_key
from engine.model.codec import load_part
from engine.model.flow import Processor, Subflow

_REACH = 5.0
_WIDTH = 3.0
_TINT = 28
"""How opaque what is marked is filled, of 255."""
_POINTS = 24
"""Of a line that stands for a curve."""
_GHOST = (240.0, 120.0)
"""The size of what is no more, in units of the canvas."""


class DiffOverlay(QWidget):
    """Lies over a board's viewer and lets every click through. Shows the levels that the board shows."""

    def __init__(self, board: Board) -> None:
        viewer = board.viewer
        super().__init__(viewer)  # not in the viewport, whose children move when it scrolls
        self._board = board
        self._viewer = viewer
        self._found: list[tuple[Difference, QRectF]] = []
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        viewer.viewport().installEventFilter(self)
        viewer.view_changed.connect(self.update)
        board.place_changed.connect(self.update)
        board.redrawn.connect(self.update)
        self.setGeometry(viewer.viewport().geometry())

    def show_differences(self, found: Sequence[Difference]) -> None:
        """Mark these; none: nothing is marked."""
        self._found = [(each, _ghost(each)) for each in found if not each.moved]
        self.setVisible(bool(self._found))
        self.raise_()
        self.update()

    def marks(self) -> dict[str, str]:
        """By key on the sheet of what is seen here: the colour that it is marked with."""
        found: dict[str, str] = {}
        for each, ghost in self._found:
            is_ghost = not self._ghost_here(each, ghost).isNull()
            keys = self._here(each) or ([split_key(each.key)[1]] if is_ghost else [])
            found |= dict.fromkeys(keys, color_of(each))
        return found

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

    def _here(self, each: Difference) -> list[str]:
        """The keys on the sheet of a part that differs: one for each level there that its definition is drawn at."""
        path, own = split_key(each.key)
        keys = [level.prefix + own for level in self._board.levels() if level.scope.path == "/".join(path)]
        sheet = self._board.sheet
        return [key for key in keys if key in sheet.cards.rows or key in sheet.links.rows or key in sheet.notes]

    def _ghost_here(self, each: Difference, ghost: QRectF) -> QRectF:
        """Where what is no more was, if that was at the level that the sheet shows as a whole: frames have made room since."""
        return ghost if "/".join(split_key(each.key)[0]) == self._board.base_scope.path else QRectF()

    def _paint(self, painter: QPainter, each: Difference, ghost: QRectF) -> None:
        color = QColor(color_of(each))
        here = self._here(each)
        for key in here:
            self._mark(painter, key, QColor(color))
        ghost = self._ghost_here(each, ghost)
        if not here and not ghost.isNull():
            painter.setBrush(QColor(color.red(), color.green(), color.blue(), _TINT))
            painter.setPen(QPen(color, _WIDTH, Qt.PenStyle.DashLine))
            area = self._viewer.viewportTransform().mapRect(ghost)
            painter.drawRoundedRect(area, 8, 8)
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter, split_key(each.key)[1])

    def _mark(self, painter: QPainter, key: str, color: QColor) -> None:
        sheet, view = self._viewer.sheet, self._viewer.viewportTransform()
        painter.setPen(QPen(color, _WIDTH))
        color.setAlpha(_TINT)
        painter.setBrush(color)
        if (row := sheet.cards.rows.get(key)) >= 0:
            area = view.mapRect(sheet.cards.rect(row))
            painter.drawRoundedRect(area.adjusted(-_REACH, -_REACH, _REACH, _REACH), 8, 8)
        elif (row := sheet.links.rows.get(key)) >= 0:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            route = sheet.links.route(row)
            points = [view.map(QPointF(*route.at(step / _POINTS))) for step in range(_POINTS + 1)]
            painter.drawPolyline(QPolygonF(points))
        else:
            painter.drawRect(view.mapRect(sheet.notes[key].rect))


def color_of(difference: Difference) -> str:
    """Green for what came, red for what went, amber for what changed."""
    theme = current_theme()
    return theme.running if not difference.before else theme.error if not difference.after else theme.warning


def _ghost(each: Difference) -> QRectF:
    """Where a step was in its level that is no more; nothing for all else."""
    own = split_key(each.key)[1]
    if each.after or "->" in own or ":" in own:
        return QRectF()
    for kind in (Processor, Subflow):
        try:
            part = load_part(each.before, kind)
        except PyfiError:
            continue
        if isinstance(part, Processor | Subflow) and part.position is not None:
            return QRectF(QPointF(*part.position), QSizeF(*_GHOST))
    return QRectF()
