"""FlowViewer, the view of a flow: NodeGraphQt's viewer with painting, hit tests and gestures of its own."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QDragEnterEvent,
    QDragMoveEvent,
    QDropEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTransform,
    QWheelEvent,
)
from PySide6.QtWidgets import QGraphicsView, QToolTip

from app.canvas.card import Kind, State
from app.canvas.colors import CanvasColors
from app.canvas.gesture import REACH, Gesture, Move, Pan
from app.canvas.hint import hint_of
from app.canvas.node_graph_qt import NodeViewer
from app.canvas.paint.brush import Brush, IconSource
from app.canvas.paint.button_painter import button_rects, button_words, button_zone, buttons_of, draw_buttons
from app.canvas.paint.card_painter import DETAIL, MARGIN
from app.canvas.paint.layers import Layers
from app.canvas.press import begin
from app.canvas.rows import Indices
from app.canvas.sheet import Sheet, rows_of

_LEAST, _MOST = 0.02, 3.0
_ROOM = 40_000.0
"""How far one can go beyond what is there: one large fixed area, so that panning only moves pixels."""
_GLANCE = 0.25
"""A flow that fits only below this scale is shown as a whole at first."""
_SETTLE_MS = 140
_STEP = 1.0015
MayConnect = Callable[[str, str, str, str], str]


def _always(source: str, source_port: str, target: str, target_port: str) -> str:
    return ""


class FlowViewer(NodeViewer):
    """Shows a `Sheet` and tells what a hand does to it; nothing is changed before somebody changes the sheet.

    `may_connect` says why two ports cannot be joined (source, port, target, port; an open port is empty), or "".
    """

    selected = Signal()
    """What is selected has changed."""
    parts_moved = Signal(dict, dict)
    """Cards and notes by key have new places; links by key have new bends."""
    parts_nudged = Signal(dict)
    """The same, by arrow keys: one of many small steps."""
    card_dropped_on_link = Signal(str, str, dict)
    """A card was dropped on a link, to be put into it; with the places."""
    link_drawn = Signal(str, str, str, str)
    """Source, port, target, port. A port is empty where one was dropped on a card as a whole."""
    link_dropped = Signal(str, str, bool, QPointF)
    """From a card's port (which is an input or not) onto nothing, at a place."""
    link_reconnected = Signal(str, str, str, str, str)
    """A link's key, and the ends it is to have."""
    bends_changed = Signal(str, tuple)
    note_resized = Signal(str, float, float)
    opened = Signal(str)
    """A card, link or note was double-clicked, or Return pressed on it."""
    ground_opened = Signal(QPointF)
    """Double click on nothing, or Tab: something is to be added there."""
    menu_asked = Signal(str, QPoint, QPointF)
    """Key of the part (empty for the ground), where on the screen, where on the canvas."""
    button_pressed = Signal(str, str)
    """A card's key and the name of the button over it."""
    dropped = Signal(object, QPointF)
    """Mime data from elsewhere."""
    left = Signal()
    """Escape, with nothing going on: out of this level."""
    view_changed = Signal()

    def __init__(self, may_connect: MayConnect = _always) -> None:
        self.sheet = Sheet()
        self.brush = Brush()
        self.may_connect = may_connect
        self.pointer = QPoint()
        self._gesture: Gesture | None = None
        self._held = Qt.MouseButton.NoButton
        """The button that the gesture ends with."""
        self._hovered = -1
        self._button = ""
        self._marked = -1
        self._space = False
        self._fits_first = False
        """Whether what is shown is fitted whenever the view gets another size: until somebody looks elsewhere."""
        super().__init__()
        self.setCacheMode(QGraphicsView.CacheModeFlag.CacheNone)
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.MinimalViewportUpdate)
        self.setFrameShape(QGraphicsView.Shape.NoFrame)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setResizeAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setAcceptDrops(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.viewport().setMouseTracking(True)
        self.setAccessibleName(self.tr("Canvas"))
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
        self._cancel_gesture()
        self._remember()
        self.sheet = sheet
        self._forget_hovered()
        self._marked = -1
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
            self._forget_hovered()
        self.viewport().update()
        self.view_changed.emit()

    def let_go(self) -> None:
        """Parts are about to change: what a hand holds of them is put back."""
        if self._gesture is not None and self._gesture.holds_parts:
            self._cancel_gesture()

    def _cancel_gesture(self) -> None:
        if self._gesture is not None:
            self._gesture.cancel()
            self._gesture = None
            self.viewport().update()

    def _forget_hovered(self) -> None:
        self._hovered, self._button = -1, ""

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
            self.look_at(QPointF(self.viewport().width() / 2, self.viewport().height() / 2), 1.0)
            return
        area = area.adjusted(-60, -60, 60, 60)
        room, fits_first = self.viewport().rect(), self._fits_first
        self.look_at(area.center(), min(1.0, room.width() / area.width(), room.height() / area.height()))
        self._fits_first = fits_first

    def _look_first(self) -> None:
        """How a sheet is shown that nobody has looked at: all of it, or its beginning if its numbers could not be read then."""
        self.fit()
        area = self.sheet.bounds().adjusted(-60, -60, 60, 60)
        if _GLANCE <= self.scale_factor < DETAIL:
            across = min(area.width(), self.viewport().width() / DETAIL)
            self.look_at(QPointF(area.left() + across / 2, area.center().y()), DETAIL)
        self._fits_first = True

    def reveal(self, key: str) -> None:
        """Bring a part into view, if it is not."""
        area = self._area_of([key])
        if not area.isEmpty() and not self.seen.contains(area):
            self.look_at(area.center(), max(self.scale_factor, 0.7))

    def _area_of(self, keys: Iterable[str]) -> QRectF:
        sheet, area = self.sheet, QRectF()
        for key in keys:
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
        """Keys of everything that is selected."""
        return self.sheet.selected()

    def select(self, keys: Iterable[str]) -> None:
        """Have just these selected."""
        before = self.sheet.selected()
        self.sheet.select(keys)
        if self.sheet.selected() == before:
            return
        self.viewport().update()
        self.selected.emit()

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
        """What lies over everything: a link that would take a card in, buttons, the gesture."""
        if self._marked >= 0:
            painter.setPen(self.brush.pen("running", 2.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(self.sheet.links.label_rect(self._marked).adjusted(-4, -4, 4, 4), 5, 5)
        if self._gesture is not None:
            self._gesture.paint(painter)
        elif self._hovered >= 0 and self.scale_factor >= DETAIL:
            draw_buttons(painter, self.brush, self.sheet.cards.rect(self._hovered), self._buttons, self._button)

    @property
    def _buttons(self) -> tuple[str, ...]:
        """The names of the hovered card's buttons."""
        cards = self.sheet.cards
        return buttons_of(Kind(int(cards.kind[self._hovered])), State(int(cards.state[self._hovered])))

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

    def mark_link(self, row: int) -> None:
        """Show that a link would take in what is being dragged; -1: none."""
        if row != self._marked:
            self._marked = row
            self.viewport().update()

    def show_reason(self, reason: str) -> None:
        """Say beside the pointer why something cannot be."""
        QToolTip.showText(self.viewport().mapToGlobal(self.pointer + QPoint(14, 18)), reason, self)

    # -- the mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Begin a gesture."""
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        event.accept()
        if self._gesture is not None:  # another button while one is held
            return
        self.pointer = event.position().toPoint()
        spot = self.mapToScene(self.pointer)
        self._held = event.button()
        if event.button() == Qt.MouseButton.MiddleButton or (self._space and event.button() == Qt.MouseButton.LeftButton):
            self._gesture = Pan(self, self.pointer)
        elif event.button() == Qt.MouseButton.LeftButton:
            if self._button:
                self.button_pressed.emit(self.sheet.cards.rows.keys[self._hovered], self._button)
            else:
                self._gesture = begin(self, spot, event.modifiers())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Go on with the gesture, or look what the pointer is over."""
        self.pointer = event.position().toPoint()
        spot = self.mapToScene(self.pointer)
        if self._gesture is not None:
            self._gesture.move(spot, event.modifiers())
            if not isinstance(self._gesture, Pan | Move):
                self.viewport().update()
        else:
            self._hover(spot)
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """End the gesture."""
        event.accept()
        if event.button() != self._held:
            return
        self.pointer = event.position().toPoint()
        gesture, self._gesture = self._gesture, None
        if gesture is not None:
            gesture.finish(self.mapToScene(self.pointer), event.modifiers())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Open what is there; on a link, add or remove a bend."""
        event.accept()
        spot = self.mapToScene(event.position().toPoint())
        if event.button() != Qt.MouseButton.LeftButton or self._gesture is not None or self._button:
            return
        key = self.key_at(spot)
        link = self.sheet.links.rows.get(key)
        if not key:
            self.ground_opened.emit(spot)
        elif link >= 0 and not self._is_label(link, spot):
            self._toggle_bend(link, spot)
        else:
            self.opened.emit(key)

    def _is_label(self, link: int, spot: QPointF) -> bool:
        """Whether a link's label is at a point; a bend that lies under it counts more."""
        links = self.sheet.links
        if self.scale_factor < DETAIL or links.bend_at(link, spot, REACH / self.scale_factor) >= 0:
            return False
        return links.label_rect(link).contains(spot)

    def _toggle_bend(self, row: int, spot: QPointF) -> None:
        links = self.sheet.links
        bends = list(links.link(row).bends)
        number = links.bend_at(row, spot, REACH / self.scale_factor)
        if number >= 0:
            del bends[number]
        else:
            bends.insert(links.segment_at(row, spot), (round(spot.x() / 10) * 10.0, round(spot.y() / 10) * 10.0))
        self.bends_changed.emit(links.link(row).key, tuple(bends))

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        """Zoom to the pointer; with Shift or Alt, pan to the side."""
        turn = event.angleDelta()
        if event.modifiers() & (Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.AltModifier):
            self.pan(-(turn.x() or turn.y()), 0)
        elif not event.pixelDelta().isNull() and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.pan(-event.pixelDelta().x(), -event.pixelDelta().y())  # a touchpad: two fingers pan, a pinch zooms
        elif turn.y():
            self.zoom(_STEP ** turn.y(), event.position().toPoint())
        event.accept()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802 - Qt's name
        """Ask for the menu of what is there; what is not selected becomes so first."""
        event.accept()
        if self._gesture is not None:
            return
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            keys = self.selected_keys()
            area = self._area_of(keys[:1]) if keys else self.seen
            spot = area.center()
            self.menu_asked.emit(keys[0] if keys else "", self.viewport().mapToGlobal(self.mapFromScene(spot)), spot)
        else:
            spot = self.mapToScene(event.pos())
            key = self.key_at(spot)
            if key not in self.selected_keys():
                self.select([key] if key else [])
            self.menu_asked.emit(key, event.globalPos(), spot)

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """The pointer is elsewhere: no buttons."""
        self._hover(QPointF(math.inf, math.inf))

    def key_at(self, spot: QPointF) -> str:
        """The key of what is at a point: a card, else a link, else a note; empty for the ground."""
        sheet = self.sheet
        if (row := sheet.cards.at(spot)) >= 0:
            return sheet.cards.rows.keys[row]
        labels = self.scale_factor >= DETAIL
        if (row := sheet.links.at(spot, REACH / self.scale_factor, labels=labels)) >= 0:
            return sheet.links.rows.keys[row]
        return sheet.note_at(spot)

    def _hover(self, spot: QPointF) -> None:
        cards = self.sheet.cards
        button = ""
        row = self._hovered
        near = self.scale_factor >= DETAIL  # from further away no buttons are painted
        if near and row >= 0 and self._hoverable(row) and button_zone(cards.rect(row), self._buttons).contains(spot):
            button = next((name for name, area in button_rects(cards.rect(row), self._buttons) if area.contains(spot)), "")
        else:
            row = cards.at(spot) if math.isfinite(spot.x()) else -1
            row = row if row >= 0 and self._hoverable(row) else -1
        if (row, button) != (self._hovered, self._button):
            touched = rows_of([row, self._hovered])
            self._hovered, self._button = row, button
            self.damage_cards(touched)
            key = cards.rows.keys[row] if row >= 0 else ""
            self.viewport().setToolTip(hint_of(cards, row) if key else "")
            if button:
                self.viewport().setToolTip(button_words(button))

    def _hoverable(self, row: int) -> bool:
        cards = self.sheet.cards
        return bool(cards.rows.alive[row]) and cards.kind[row] in (Kind.PROCESSOR, Kind.SUBFLOW, Kind.FUNNEL)

    # -- keys

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Keys that belong to the canvas itself; all others are actions of the window."""
        key, modifiers = event.key(), event.modifiers()
        if key == Qt.Key.Key_Escape:
            self._on_escape()
        elif key == Qt.Key.Key_Space:
            self._space = True
        elif key == Qt.Key.Key_Tab:
            self.ground_opened.emit(self.mapToScene(self.pointer) if self.underMouse() else self.centre)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.selected_keys():
            self.opened.emit(self.selected_keys()[0])
        elif key in _ARROWS:
            self._on_arrow(key, modifiers)
        else:
            event.ignore()
            return
        event.accept()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """The space bar no longer pans."""
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._space = False

    def focusNextPrevChild(self, next: bool) -> bool:  # noqa: N802 - Qt's name
        """Tab adds a part; it does not leave the canvas (F6 does)."""
        return False

    def _on_escape(self) -> None:
        if self._gesture is not None:
            self._cancel_gesture()
        elif self.selected_keys():
            self.select([])
        else:
            self.left.emit()

    def _on_arrow(self, key: int, modifiers: Qt.KeyboardModifier) -> None:
        """Arrows go from card to card; with Ctrl they move what is selected; with Shift too, by single pixels."""
        dx, dy = _ARROWS[Qt.Key(key)]
        if modifiers & Qt.KeyboardModifier.ControlModifier:
            step = 1.0 if modifiers & Qt.KeyboardModifier.ShiftModifier else 10.0
            cards = self.sheet.cards
            places = {
                cards.rows.keys[row]: (float(cards.x[row]) + dx * step, float(cards.y[row]) + dy * step)
                for row in cards.selected_rows().tolist()
            }
            for name in self.sheet.selected_notes:
                note = self.sheet.notes[name]
                places[name] = (note.x + dx * step, note.y + dy * step)
            if places:
                self.parts_nudged.emit(places)
            return
        found = self.sheet.neighbour(dx, dy, self.centre)
        if found:
            self.select([found])
            self.reveal(found)

    # -- things dropped from elsewhere

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802 - Qt's name
        """Anything may come; whoever listens to `dropped` knows what it is."""
        event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:  # noqa: N802 - Qt's name
        """The same on the way."""
        event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802 - Qt's name
        """Tell what was dropped, and where."""
        self.dropped.emit(event.mimeData(), self.mapToScene(event.position().toPoint()))
        event.acceptProposedAction()

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
        """The space bar may be released elsewhere."""
        self._space = False
        QGraphicsView.focusOutEvent(self, event)

    def _update_scene(self) -> None:
        """NodeGraphQt would fit the scene into the view at every step."""


_ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
