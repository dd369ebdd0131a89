"""FlowViewer, the view of a flow: what a hand does with mouse and keys is told, and shown while it lasts."""

from __future__ import annotations

import math
from collections.abc import Callable

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QDragEnterEvent,
    QDragMoveEvent,
    QDropEvent,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QWheelEvent,
)
from PySide6.QtWidgets import QToolTip

from app.canvas.card import Kind, State
from app.canvas.frame import TITLE
from app.canvas.gesture import REACH, Gesture, Move, Pan
from app.canvas.hint import hint_of
from app.canvas.key_connect import KeyConnect
from app.canvas.keyboard import Keyboard
from app.canvas.keys import HOLD, KEY_MAP
from app.canvas.measure import MEASURE
from app.canvas.paint.button_painter import button_rects, button_words, button_zone, buttons_of, draw_buttons
from app.canvas.press import begin
from app.canvas.sheet import Sheet, rows_of
from app.canvas.sheet_view import SheetView

_STEP = 1.0015
MayConnect = Callable[[str, str, str, str], str]


def _always(source: str, source_port: str, target: str, target_port: str) -> str:
    return ""


class FlowViewer(SheetView):
    """Shows a `Sheet` and tells what a hand does to it; nothing is changed before somebody changes the sheet.

    Keys and places in what is told are those of the level in which one works (`Sheet.hand`), which a press decides.

    `may_connect` says why two ports cannot be joined (source, port, target, port; an open port is empty), or "".
    """

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
    bends_nudged = Signal(str, int, tuple)
    """The same, by arrow keys; with the number of the bend that was moved."""
    label_moved = Signal(str, float)
    """A link's label is at another part of its way."""
    label_nudged = Signal(str, float)
    """The same, by arrow keys."""
    note_resized = Signal(str, float, float)
    note_stretched = Signal(str, float, float)
    """The same, by keys."""
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
    deletion_asked = Signal()
    """What is selected is to go."""
    left = Signal()
    """Escape, with nothing going on: out of this level."""

    def __init__(self, may_connect: MayConnect = _always) -> None:
        self.may_connect = may_connect
        self.pointer = QPoint()
        self.dropped_with = Qt.KeyboardModifier.NoModifier
        """The keys that were held when something was dropped last."""
        self._gesture: Gesture | None = None
        self._held = Qt.MouseButton.NoButton
        """The button that the gesture ends with."""
        self._hovered = -1
        self._button = ""
        self._marked = -1
        self._space = 0
        """The key that is held to move about; 0: none."""
        self.keyboard = Keyboard(self)
        super().__init__()
        self.selected.connect(self.keyboard.bend.follow_selection)
        self.setAcceptDrops(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setMouseTracking(True)
        self.setAccessibleName(self.tr("Canvas"))

    # -- what is shown

    def show_sheet(self, sheet: Sheet) -> None:
        """Show another sheet; what a hand holds of this one is put back."""
        self.cancel_gesture()
        self._forget_hovered()
        self._marked = -1
        self.keyboard.forget()
        super().show_sheet(sheet)

    def refresh(self, *, grown: bool = False) -> None:
        """The sheet has changed. `grown`: also what there is."""
        if grown:
            self._forget_hovered()
        super().refresh(grown=grown)
        self._show_hint()

    def let_go(self) -> None:
        """Parts are about to change: what a hand holds of them is put back."""
        if self._gesture is not None and self._gesture.holds_parts:
            self.cancel_gesture()

    @property
    def gesture(self) -> Gesture | None:
        """What a hand is about to do."""
        return self._gesture

    def begin_gesture(self, gesture: Gesture) -> None:
        """Begin something that was not begun with the mouse; `finish_gesture` or `cancel_gesture` ends it."""
        self.cancel_gesture()
        self._gesture = gesture
        self.viewport().update()

    def finish_gesture(self) -> None:
        """End the gesture, without the mouse."""
        gesture, self._gesture = self._gesture, None
        if gesture is not None:
            gesture.finish(self.mapToScene(self.pointer), Qt.KeyboardModifier.NoModifier)

    def cancel_gesture(self) -> None:
        """As if the gesture had not begun."""
        if self._gesture is not None:
            self._gesture.cancel()
            self._gesture = None
            self.viewport().update()

    def _forget_hovered(self) -> None:
        self._hovered, self._button = -1, ""

    def _paint_over(self, painter: QPainter) -> None:
        """What lies over everything: a link that would take a card in, buttons, the gesture."""
        if self._marked >= 0:
            painter.setPen(self.brush.pen("running", 2.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(self.sheet.links.label_rect(self._marked).adjusted(-4, -4, 4, 4), 5, 5)
        self.keyboard.paint(painter)
        if self._gesture is not None:
            self._gesture.paint(painter)
        elif self._hovered >= 0 and self.scale_factor >= MEASURE.detail:
            draw_buttons(painter, self.brush, self._bar(self._hovered), self._buttons, self._button)

    @property
    def _buttons(self) -> tuple[str, ...]:
        """The names of the hovered card's buttons."""
        cards = self.sheet.cards
        return buttons_of(Kind(int(cards.kind[self._hovered])), State(int(cards.state[self._hovered])))

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
        if isinstance(self._gesture, KeyConnect):
            self.mouseMoveEvent(event)
            self.finish_gesture()
            return
        if self._gesture is not None:  # another button while one is held
            return
        self.keyboard.bend.forget()  # what the mouse is at is the connection
        self.pointer = event.position().toPoint()
        spot = self.mapToScene(self.pointer)
        self._held = event.button()
        if event.button() == Qt.MouseButton.MiddleButton or (self._space and event.button() == Qt.MouseButton.LeftButton):
            self._gesture = Pan(self, self.pointer)
        elif event.button() == Qt.MouseButton.LeftButton:
            if self._button:
                key = self.sheet.cards.rows.keys[self._hovered]
                self._work_at(key)
                self.button_pressed.emit(key.removeprefix(self.sheet.prefix), self._button)
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
            self.open_ground(spot)
            return
        self._work_at(key)
        if link >= 0 and not self.is_label(link, spot):
            self._toggle_bend(link, spot)
        else:
            self.opened.emit(key.removeprefix(self.sheet.prefix))

    def open_ground(self, spot: QPointF) -> None:
        """Something is to be added at a place of the canvas, in whatever level is there."""
        if (frame := self.sheet.frame_at(spot)) != self.sheet.hand:
            self.choose([], frame)
        self.ground_opened.emit(self.spot_of(spot))

    def _work_at(self, key: str) -> None:
        """Work in the level that a part is in."""
        if (owner := self.sheet.owner_of(key)) != self.sheet.hand:
            self.choose([key], owner)

    def is_label(self, link: int, spot: QPointF) -> bool:
        """Whether a link's label is at a point; a bend that lies under it counts more."""
        links = self.sheet.links
        if self.scale_factor < MEASURE.detail or links.bend_at(link, spot, REACH / self.scale_factor) >= 0:
            return False
        return links.label_rect(link).contains(spot)

    def _toggle_bend(self, row: int, spot: QPointF) -> None:
        links, origin = self.sheet.links, self.sheet.origin
        bends = [(x - origin.x(), y - origin.y()) for x, y in links.link(row).bends]
        number = links.bend_at(row, spot, REACH / self.scale_factor)
        if number >= 0:
            del bends[number]
        else:
            place = self.spot_of(spot)
            bends.insert(links.segment_at(row, spot), (MEASURE.snapped(place.x()), MEASURE.snapped(place.y())))
        self.bends_changed.emit(links.link(row).key.removeprefix(self.sheet.prefix), tuple(bends))

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
            at = self.viewport().mapToGlobal(self.mapFromScene(spot))
            self.menu_asked.emit(keys[0] if keys else "", at, self.spot_of(spot))
        else:
            spot = self.mapToScene(event.pos())
            key = self.key_at(spot)
            if not key or key not in self.sheet.selected():
                self.choose([key] if key else [], self.sheet.owner_of(key) if key else self.sheet.frame_at(spot))
            self.menu_asked.emit(key.removeprefix(self.sheet.prefix), event.globalPos(), self.spot_of(spot))

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """The pointer is elsewhere: no buttons."""
        self._hover(QPointF(math.inf, math.inf))

    def key_at(self, spot: QPointF) -> str:
        """The key on the sheet of what is at a point: a card, else a link, else a note; empty for the ground."""
        sheet = self.sheet
        if (row := sheet.cards.at(spot)) >= 0:
            return sheet.cards.rows.keys[row]
        row = self.link_row_at(spot, REACH)
        return sheet.links.rows.keys[row] if row >= 0 else sheet.note_at(spot)

    def link_row_at(self, spot: QPointF, reach: float) -> int:
        """The row of the link within a reach, in screen pixels, of a point; a frame hides those that run below it."""
        cards, labels = self.sheet.cards, self.scale_factor >= MEASURE.detail
        return self.sheet.links.at(spot, reach / self.scale_factor, labels=labels, owner=cards.frame_at(spot))

    def _hover(self, spot: QPointF) -> None:
        cards = self.sheet.cards
        button = ""
        row = self._hovered
        near = self.scale_factor >= MEASURE.detail  # from further away no buttons are painted
        if near and row >= 0 and self._hoverable(row) and button_zone(self._bar(row), self._buttons).contains(spot):
            button = next((name for name, area in button_rects(self._bar(row), self._buttons) if area.contains(spot)), "")
        else:
            row = cards.at(spot) if math.isfinite(spot.x()) else -1
            row = row if row >= 0 and self._hoverable(row) else -1
        if (row, button) != (self._hovered, self._button):
            touched = rows_of([row, self._hovered])
            self._hovered, self._button = row, button
            self.damage_cards(touched)
            self._show_hint()

    def _show_hint(self) -> None:
        """Have it ready what is said where the pointer rests."""
        words = hint_of(self.sheet.cards, self._hovered) if self._hovered >= 0 else ""
        self.viewport().setToolTip(button_words(self._button) if self._button else words)

    def viewportEvent(self, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Say what is to be said where the pointer rests; left to the view, it would ask the items of its scene."""
        if event.type() != QEvent.Type.ToolTip or not isinstance(event, QHelpEvent):
            return super().viewportEvent(event)
        words = self.viewport().toolTip()
        QToolTip.showText(event.globalPos(), words, self.viewport())
        event.setAccepted(bool(words))
        return True

    def _bar(self, row: int) -> QRectF:
        """What a card's buttons stand above: of a frame, which may be wider than the view, what is seen of the title bar."""
        area = self.sheet.cards.handle(row)
        if row in self.sheet.cards.frames:
            area.setRight(max(area.left() + TITLE, min(area.right(), self.seen.right() - 8)))
        return area

    def _hoverable(self, row: int) -> bool:
        cards = self.sheet.cards
        return bool(cards.rows.alive[row]) and cards.kind[row] in (Kind.PROCESSOR, Kind.SUBFLOW, Kind.FUNNEL, Kind.FRAME)

    # -- keys

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Keys that belong to the canvas itself; all others are actions of the window."""
        if KEY_MAP.meaning(event) == HOLD:
            self._space = event.key()
        elif not self.keyboard.press(event):
            event.ignore()
            return
        event.accept()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """The space bar no longer pans."""
        if event.key() == self._space and not event.isAutoRepeat():
            self._space = 0

    def focusNextPrevChild(self, next: bool) -> bool:  # noqa: N802 - Qt's name
        """Tab adds a part; it does not leave the canvas (F6 does)."""
        return False

    def places_at_hand(self, dx: float = 0.0, dy: float = 0.0) -> dict[str, tuple[float, float]]:
        """Where the selected cards and notes are, or would be so much further, as the level in which one works has it."""
        sheet, cards, prefix = self.sheet, self.sheet.cards, self.sheet.prefix
        dx, dy = dx - sheet.origin.x(), dy - sheet.origin.y()
        places = {
            cards.rows.keys[row].removeprefix(prefix): (float(cards.x[row]) + dx, float(cards.y[row]) + dy)
            for row in cards.selected_rows().tolist()
        }
        for key in sheet.selected_notes:
            places[key.removeprefix(prefix)] = (sheet.notes[key].x + dx, sheet.notes[key].y + dy)
        return places

    # -- things dropped from elsewhere

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802 - Qt's name
        """Anything may come; whoever listens to `dropped` knows what it is."""
        event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:  # noqa: N802 - Qt's name
        """The same on the way."""
        event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802 - Qt's name
        """Tell what was dropped, and where."""
        spot = self.mapToScene(event.position().toPoint())
        if (frame := self.sheet.frame_at(spot)) != self.sheet.hand:
            self.choose([], frame)
        self.dropped_with = event.modifiers()
        self.dropped.emit(event.mimeData(), self.spot_of(spot))
        event.acceptProposedAction()

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """The space bar may be released elsewhere."""
        self._space = 0
        super().focusOutEvent(event)
