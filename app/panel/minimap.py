"""Minimap, the whole level made small, with a frame around what is seen of it."""

from __future__ import annotations

import math
import zlib

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import (
    QColor,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
    QShowEvent,
    QTransform,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.canvas.paint.brush import Brush
from app.canvas.paint.far_painter import FarPainter
from app.canvas.sheet import Sheet
from app.page.canvas_look import colors_of
from app.page.flow_page import FlowPage
from app.panel.panel import Panel
from app.theme.current import current_theme

REST_MS = 200
"""The picture is made anew at most this often."""
_MARGIN = 10
_LARGEST = 0.12
"""A small flow is not shown larger than this."""
_ZOOM = 1.0015
_KEY_ZOOM = 1.25
_SHADE = 0.38


class Minimap(Panel):
    """Paints the level that the page shows into a picture, and the frame over it. Drag pans, the wheel zooms; so do keys."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Minimap"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(80, 60)
        self._brush = Brush(colors_of(current_theme()))
        self._picture = QPixmap()
        self._view = QTransform()
        """From the canvas to the picture."""
        self._made_of: tuple[object, ...] = ()
        self._painter_of: tuple[Sheet, FarPainter] | None = None
        self._hold: QPointF | None = None
        """While the frame is dragged: from the pointer to its middle, on the canvas."""
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._rest.timeout.connect(self._remake)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Wide rather than high, as flows are."""
        return QSize(260, 170)

    # -- what it follows

    def _on_page_shown(self, page: FlowPage | None) -> None:
        self._hold = None
        if page is not None:
            self._hear(page.viewer.view_changed, self._on_seen)
            self._hear(page.viewer.selected, self._on_seen)
            self._hear(page.board.states_changed, self._on_seen)
            self._hear(page.document.changed, self._on_seen)
        self._remake()

    def _on_seen(self) -> None:
        """The frame follows at once, the picture in a while."""
        self.update()
        if self.isVisible() and not self._rest.isActive():
            self._rest.start()

    def _sheet(self) -> Sheet | None:
        return self.page.board.sheet if self.page is not None else None

    def _remake(self) -> None:
        """Make the picture anew if anything in it is different."""
        if not self.isVisible():
            return
        made_of = self._looks()
        if made_of != self._made_of:
            self._made_of = made_of
            self._make()
            self.update()

    def _looks(self) -> tuple[object, ...]:
        """What the picture depends on, shortened: costs less than a millisecond for ten thousand cards."""
        sheet = self._sheet()
        size = (self.width(), self.height(), self.devicePixelRatioF(), self._brush.generation)
        if sheet is None:
            return size
        cards, links = sheet.cards, sheet.links
        count = cards.rows.used
        columns = (cards.x, cards.y, cards.width, cards.height, cards.state, cards.selected, cards.rows.alive)
        sums = [zlib.crc32(column[:count].tobytes()) for column in columns]
        sums.append(zlib.crc32(links.line[: links.rows.used].tobytes()))
        notes = tuple((note.rect.getRect(), note.color) for note in sheet.notes.values())
        return (*size, id(sheet), *sums, notes)

    # -- the picture

    def _make(self) -> None:
        ratio = self.devicePixelRatioF()
        picture = QPixmap(round(self.width() * ratio), round(self.height() * ratio))
        picture.fill(self._brush.color("ground"))
        sheet = self._sheet()
        if sheet is not None and not sheet.is_empty:
            self._view = self._fitted(sheet.bounds(), QRectF(picture.rect()), ratio)
            painter = QPainter(picture)
            self._paint_sheet(painter, sheet)
            painter.end()
        picture.setDevicePixelRatio(ratio)
        self._picture = picture

    @staticmethod
    def _fitted(area: QRectF, room: QRectF, ratio: float) -> QTransform:
        """The transformation that has an area in the middle of a picture of so many device pixels."""
        margin = _MARGIN * ratio
        across = max(1.0, room.width() - 2 * margin) / max(1.0, area.width())
        down = max(1.0, room.height() - 2 * margin) / max(1.0, area.height())
        scale = min(across, down, _LARGEST * ratio)
        middle, centre = room.center(), area.center()
        return QTransform(scale, 0, 0, scale, middle.x() - centre.x() * scale, middle.y() - centre.y() * scale)

    def _paint_sheet(self, painter: QPainter, sheet: Sheet) -> None:
        for note in sheet.notes.values():
            color = QColor(note.color or current_theme().label)
            painter.fillRect(self._view.mapRect(note.rect), color)
        for row in sheet.cards.frames_within(sheet.bounds()):
            area = self._view.mapRect(sheet.cards.rect(row))
            painter.fillRect(area, self._brush.color("card"))
            painter.setPen(self._brush.pen("selection" if sheet.cards.selected[row] else "border"))
            painter.drawRect(area)
        if self._painter_of is None or self._painter_of[0] is not sheet:
            self._painter_of = (sheet, FarPainter(sheet.cards, sheet.links, self._brush))
        self._painter_of[1].draw(painter, sheet.bounds().adjusted(-1, -1, 1, 1), self._view)

    def frame(self) -> QRectF:
        """Where what is seen of the level lies, in pixels of this widget; empty without a page."""
        if self.page is None or self.page.board.sheet.is_empty:
            return QRectF()
        ratio = self.devicePixelRatioF()
        area = self._view.mapRect(self.page.viewer.seen)
        return QRectF(area.x() / ratio, area.y() / ratio, area.width() / ratio, area.height() / ratio)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """The picture, in the shade but for what is seen."""
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._picture)
        theme = current_theme()
        if self.page is None or self.page.board.sheet.is_empty:
            painter.setPen(QColor(theme.muted))
            words = self.tr("No flow is open.") if self.page is None else self.tr("Nothing is here yet.")
            painter.drawText(self.rect().adjusted(8, 8, -8, -8), _CENTRED, words)
        else:
            self._paint_frame(painter, self.frame())
        if self.hasFocus():
            painter.setPen(QPen(QColor(theme.focus), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    def _paint_frame(self, painter: QPainter, frame: QRectF) -> None:
        theme = current_theme()
        shade = QColor(theme.shadow)
        shade.setAlphaF(_SHADE if theme.is_dark else _SHADE / 3)
        whole, seen = QRectF(self.rect()), frame.intersected(QRectF(self.rect()))
        for side in (
            QRectF(0, 0, whole.width(), seen.top()),
            QRectF(0, seen.bottom(), whole.width(), whole.bottom() - seen.bottom()),
            QRectF(0, seen.top(), seen.left(), seen.height()),
            QRectF(seen.right(), seen.top(), whole.right() - seen.right(), seen.height()),
        ):
            painter.fillRect(side if seen.isValid() else whole, shade)
            if not seen.isValid():
                return
        painter.setPen(QPen(QColor(theme.focus), 1.5))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(seen.adjusted(0.75, 0.75, -0.75, -0.75))

    # -- the mouse and the keys

    def _on_canvas(self, spot: QPointF) -> QPointF:
        """The point of the canvas that is shown at a point of this widget."""
        return self._view.inverted()[0].map(spot * self.devicePixelRatioF())

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Take hold of the frame; outside it, have it come here first."""
        if self.page is None or self.page.board.sheet.is_empty or event.button() != Qt.MouseButton.LeftButton:
            return
        spot = self._on_canvas(event.position())
        viewer = self.page.viewer
        if not self.frame().contains(event.position()):
            viewer.look_at(spot)
        self._hold = viewer.centre - spot
        self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Drag the frame."""
        if self._hold is not None and self.page is not None:
            self.page.viewer.look_at(self._on_canvas(event.position()) + self._hold)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Let go of it."""
        self._hold = None
        self.unsetCursor()

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        """Zoom, around the middle of what is seen."""
        if self.page is not None and event.angleDelta().y():
            self.page.viewer.zoom(math.pow(_ZOOM, event.angleDelta().y()))
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Arrows pan, plus and minus zoom, Home shows everything."""
        key, page = Qt.Key(event.key()), self.page
        if page is not None and key in _ARROWS:
            across, down = _ARROWS[key]
            port = page.viewer.viewport()
            page.viewer.pan(across * port.width() // 4, down * port.height() // 4)
        elif page is not None and key in _ZOOM_KEYS:
            page.viewer.zoom(_KEY_ZOOM ** _ZOOM_KEYS[key])
        elif page is not None and key == Qt.Key.Key_Home:
            page.viewer.fit()
        else:
            super().keyPressEvent(event)

    # -- what Qt tells

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Catch up with what was missed."""
        super().showEvent(event)
        self._remake()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 - Qt's name
        """Nobody looks: nothing is to be made."""
        super().hideEvent(event)
        self._rest.stop()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Another size, another picture."""
        super().resizeEvent(event)
        self._remake()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Another theme, other colours."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._brush.change(colors_of(current_theme()))
            self._remake()


_CENTRED = Qt.AlignmentFlag.AlignCenter.value | Qt.TextFlag.TextWordWrap.value
_ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
_ZOOM_KEYS = {Qt.Key.Key_Plus: 1, Qt.Key.Key_Equal: 1, Qt.Key.Key_Minus: -1}
