"""SheetView, what one sees of a sheet: painted from the columns, at a scale, from a place."""

from __future__ import annotations

import math
from collections.abc import Iterable

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSizeF, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QPainter, QPaintEvent, QResizeEvent, QTransform
from PySide6.QtWidgets import QGraphicsView

from app.canvas.colors import CanvasColors
from app.canvas.measure import MEASURE
from app.canvas.node_graph_qt import NodeViewer
from app.canvas.paint.brush import Brush, IconSource
from app.canvas.paint.card_painter import MARGIN
from app.canvas.paint.layers import Layers
from app.canvas.rows import Indices
from app.canvas.sheet import Sheet

_LEAST, _MOST = 0.02, 3.0
_ROOM = 40_000.0
"""How far one can go beyond what is there: one large fixed area, so that panning only moves pixels."""
_MARGIN, _LEAST_MARGIN = 60.0, 15.0
"""Of the ground around what is fitted; the smaller one where numbers can be read so, and could not otherwise."""
_GLANCE = 0.25
"""A flow that fits only below this scale is shown as a whole at first."""
_SETTLE_MS = 140


class SheetView(NodeViewer):
    """Shows a `Sheet`: painting, and where one looks. What a hand does is `FlowViewer`'s."""

    selected = Signal()
    """What is selected has changed."""
    view_changed = Signal()

    def __init__(self) -> None:
        self.sheet = Sheet()
        self.brush = Brush()
        self._fits_first = False
        """Whether what is shown is fitted whenever the view gets another size: until somebody looks elsewhere."""
        super().__init__()
        self.setCacheMode(QGraphicsView.CacheModeFlag.CacheNone)
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.MinimalViewportUpdate)
        self.setFrameShape(QGraphicsView.Shape.NoFrame)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setResizeAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(_SETTLE_MS)
        self._settle.timeout.connect(self._on_settled)
        self._make_layers()

    def _make_layers(self) -> None:
        self._layers = Layers(self.sheet, self.brush)
        self._fit_room()

    # -- what is shown

    def set_colors(self, colors: CanvasColors, icon: IconSource | None = None) -> None:
        """Paint in these colours, with these icons."""
        self.brush.change(colors, icon)
        self.viewport().update()

    def show_sheet(self, sheet: Sheet) -> None:
        """Show another sheet, from where it was last looked at."""
        self._remember()
        self.sheet = sheet
        self._make_layers()
        if sheet.centre is None:
            self._look_first()
        else:
            self.look_at(sheet.centre, sheet.scale)
        self.selected.emit()

    def refresh(self, *, grown: bool = False) -> None:
        """The sheet has changed. `grown`: also what there is."""
        if grown:
            self._fit_room()
        self.viewport().update()
        self.view_changed.emit()

    def forget_rows(self, rows: Iterable[int]) -> None:
        """Rows were given to other cards."""
        for row in rows:
            self._layers.forget(row)

    def _fit_room(self) -> None:
        """A scene so large that no view of what is there meets its end; it grows in large steps only."""
        area = self.sheet.bounds()
        room = self.sceneRect()
        inner = room.adjusted(_ROOM / 4, _ROOM / 4, -_ROOM / 4, -_ROOM / 4)
        if room.width() < _ROOM or not inner.contains(area):
            centre, seen_from = self.centre, (self.sheet.centre, self.sheet.scale)
            self.setSceneRect(area.adjusted(-_ROOM, -_ROOM, _ROOM, _ROOM))
            self.look_at(centre)
            self.sheet.centre, self.sheet.scale = seen_from  # of a sheet that is not shown yet

    def _remember(self) -> None:
        self.sheet.centre, self.sheet.scale = self.centre, self.scale_factor

    # -- where one looks

    @property
    def scale_factor(self) -> float:
        """Screen pixels for a canvas pixel."""
        return self.transform().m11()

    @property
    def centre(self) -> QPointF:
        """What is in the middle of the view."""
        return self.viewportTransform().inverted()[0].map(self._middle)

    @property
    def _middle(self) -> QPointF:
        return QRectF(self.viewport().rect()).center()

    @property
    def seen(self) -> QRectF:
        """The part of the canvas in view."""
        return self.mapToScene(self.viewport().rect()).boundingRect()

    def look_at(self, centre: QPointF, scale: float | None = None) -> None:
        """Have a point in the middle, at a scale."""
        self._fits_first = False
        if scale is not None:
            scale = min(_MOST, max(_LEAST, scale))
            self.setTransform(QTransform.fromScale(scale, scale))
        self.centerOn(centre)
        away = self.viewportTransform().map(centre) - self._middle  # centerOn cuts off what ought to be rounded
        self._scroll(math.floor(away.x() + 0.5), math.floor(away.y() + 0.5))
        self._remember()
        self.viewport().update()
        self.view_changed.emit()

    def fit(self, keys: Iterable[str] | None = None) -> None:
        """Have everything, or the given cards, in view; never larger than 1:1."""
        area = self.sheet.bounds() if keys is None else self._area_of(keys)
        if area.isEmpty():
            self.look_at(QPointF(self.viewport().width() / 2, self.viewport().height() / 2), MEASURE.unit)
            return
        area = area.adjusted(-_MARGIN, -_MARGIN, _MARGIN, _MARGIN)
        room, fits_first = self.viewport().rect(), self._fits_first
        self.look_at(area.center(), min(MEASURE.unit, room.width() / area.width(), room.height() / area.height()))
        self._fits_first = fits_first

    def _look_first(self) -> None:
        """How a sheet is shown that nobody has looked at: all of it, or its beginning if its numbers could not be read then."""
        self.fit()
        area, room = self.sheet.bounds(), QSizeF(self.viewport().size()) / MEASURE.detail
        if _GLANCE <= self.scale_factor < MEASURE.detail:
            spare = (room.width() - area.width()) / 2
            margin = min(_MARGIN, spare) if spare >= _LEAST_MARGIN else _MARGIN
            area.adjust(-margin, -_MARGIN, margin, _MARGIN)
            across = min(area.width(), room.width())
            self.look_at(QPointF(area.left() + across / 2, area.center().y()), MEASURE.detail)
        self._fits_first = True

    def centre_on(self, keys: Iterable[str]) -> None:
        """Have parts in the middle, at the scale there is."""
        area = self._area_of(keys)
        if not area.isEmpty():
            self.look_at(area.center())

    def reveal(self, key: str) -> None:
        """Bring a part into view, if it is not."""
        area = self._area_of([key])
        if not area.isEmpty() and not self.seen.contains(area):
            self.look_at(area.center(), max(self.scale_factor, 0.7 * MEASURE.unit))

    def _area_of(self, keys: Iterable[str]) -> QRectF:
        sheet, area = self.sheet, QRectF()
        for key in (sheet.prefix + key for key in keys):
            if (row := sheet.cards.rows.get(key)) >= 0:
                area = area.united(sheet.cards.rect(row))
            elif (row := sheet.links.rows.get(key)) >= 0:
                area = area.united(sheet.links.label_rect(row))
            elif key in sheet.notes:
                area = area.united(sheet.notes[key].rect)
        return area

    def zoom(self, factor: float, at: QPoint | None = None) -> None:
        """Make everything larger by a factor, around a point of the viewport."""
        spot = self.viewport().rect().center() if at is None else at
        wanted = min(_MOST, max(_LEAST, self.scale_factor * factor))
        before = self.mapToScene(spot)
        self.setTransform(QTransform.fromScale(wanted, wanted))
        away = self.mapToScene(spot) - before
        self.pan(-round(away.x() * wanted), -round(away.y() * wanted))
        self._layers.hasty = True
        self._settle.start()
        self.viewport().update()
        self.view_changed.emit()

    def pan(self, dx: int, dy: int) -> None:
        """Move the view by so many screen pixels."""
        self._fits_first = False
        self._scroll(dx, dy)
        self._remember()
        self._settle.start()
        self.view_changed.emit()

    def _scroll(self, dx: int, dy: int) -> None:
        across, down = self.horizontalScrollBar(), self.verticalScrollBar()
        across.setValue(across.value() + dx)
        down.setValue(down.value() + dy)

    def _on_settled(self) -> None:
        """The view has come to rest: paint it all once, sharp and in place."""
        self._layers.hasty = False
        self.viewport().update()

    # -- selection

    def selected_keys(self) -> list[str]:
        """Keys of everything that is selected, as the level in which one works has them."""
        length = len(self.sheet.prefix)
        return [key[length:] for key in self.sheet.selected()]

    def select(self, keys: Iterable[str]) -> None:
        """Have just these parts of the level in which one works selected."""
        prefix = self.sheet.prefix
        self.choose([prefix + key for key in keys], self.sheet.hand)

    def select_all(self) -> None:
        """Have everything selected that is in the level in which one works."""
        self.choose(self.sheet.everything(), self.sheet.hand)

    def choose(self, keys: Iterable[str], hand: str) -> None:
        """Work in the level of a frame (empty: the sheet's own), with just these selected, by their keys on the sheet."""
        sheet = self.sheet
        before, hand_before = sheet.selected(), sheet.hand
        sheet.hand = hand
        sheet.select(keys)
        if (sheet.selected(), sheet.hand) == (before, hand_before):
            return
        self.viewport().update()
        self.selected.emit()

    # -- the level in which one works, and the canvas

    def spot_of(self, point: QPointF) -> QPointF:
        """A point of the canvas as the level in which one works has it."""
        return point - self.sheet.origin

    def on_canvas(self, spot: QPointF) -> QPointF:
        """The other way round."""
        return spot + self.sheet.origin

    @property
    def middle(self) -> QPointF:
        """The middle of the view, or of what is seen of the frame in which one works, as that level has it."""
        row = self.sheet.hand_row
        seen = self.seen.intersected(self.sheet.cards.rect(row)) if row >= 0 else QRectF()
        return self.spot_of(seen.center() if not seen.isEmpty() else self.centre)

    # -- painting

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint what was exposed, from the columns."""
        view = self.viewportTransform()
        inverse = view.inverted()[0]
        pieces: Iterable[QRect] = event.region()  # type: ignore[assignment] - PySide's stubs do not know that it can be iterated
        painter = QPainter(self.viewport())
        try:
            for piece in pieces:
                painter.resetTransform()
                painter.setClipRect(piece)
                painter.fillRect(piece, self.brush.color("ground"))
                self._layers.draw(painter, inverse.mapRect(QRectF(piece)), view, self.devicePixelRatioF())
                self._paint_over(painter)
        finally:  # Qt crashes when the painter outlives the event
            painter.end()

    def _paint_over(self, painter: QPainter) -> None:
        """What lies over everything, in canvas coordinates."""

    def damage_cards(self, rows: Indices) -> None:
        """Have cards, and the links that meet them, painted again."""
        sheet = self.sheet
        if len(rows) > 8:
            self.viewport().update()
            return
        view = self.viewportTransform()
        area = sheet.cards.bounds(rows).adjusted(-MARGIN * 2, -40, MARGIN * 2, MARGIN * 2)
        for link in sheet.links.touching(rows).tolist():
            area = area.united(sheet.links.bounds(link))
        self.viewport().update(view.mapRect(area).toAlignedRect().adjusted(-2, -2, 2, 2))

    # -- what NodeGraphQt's viewer would do, and must not

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """The upper left corner stays where it is and nothing is zoomed, once somebody has looked anywhere by hand."""
        QGraphicsView.resizeEvent(self, event)
        if self._fits_first:
            self._look_first()
        self.view_changed.emit()

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """NodeGraphQt would fill a hidden menu bar with shortcuts."""
        QGraphicsView.focusInEvent(self, event)

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """NodeGraphQt would look for that menu bar."""
        QGraphicsView.focusOutEvent(self, event)

    def _update_scene(self) -> None:
        """NodeGraphQt would fit the scene into the view at every step."""
