"""Keyboard, what keys do on the canvas: everything that a mouse can."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPen

from app.canvas.key_bend import KeyBend
from app.canvas.key_connect import KeyConnect
from app.canvas.keys import (
    ADD,
    ADD_BEND,
    CONNECT,
    CONNECT_BACK,
    DELETE,
    GATHER,
    HEIGHTEN,
    KEY_MAP,
    LEAVE,
    LOWER,
    NARROW,
    NEXT_BEND,
    NEXT_LINK,
    OPEN,
    WIDEN,
)
from app.canvas.measure import MEASURE
from app.canvas.sheet import rows_of

if TYPE_CHECKING:
    from app.canvas.viewer import FlowViewer

_Key, _Modifier = Qt.Key, Qt.KeyboardModifier
_ARROWS = {_Key.Key_Left: (-1, 0), _Key.Key_Right: (1, 0), _Key.Key_Up: (0, -1), _Key.Key_Down: (0, 1)}
_ENTER = (_Key.Key_Return, _Key.Key_Enter)
_CARD = QRectF(0, 0, 320, 220)
"""About as much room as a card and a gap need."""
_GAP = 100.0


class Keyboard:
    """The keys of a viewer. What the window has actions for is not here.

    While one gathers (Shift+Space or Ctrl+Space), arrows move a frame and leave the selection as it is, and the same keys add
    the card in the frame to it, or take it out.
    """

    def __init__(self, viewer: FlowViewer) -> None:
        self._viewer = viewer
        self._at = ""
        """The key of the card in the frame."""
        self._gathered: list[str] | None = None
        """What was selected last while one gathers, None while one does not."""
        self.bend = KeyBend(viewer)
        self._acts: dict[str, Callable[[], None]] = {
            LEAVE: self._on_escape,
            GATHER: self._gather,
            ADD: self._add,
            OPEN: self._open,
            CONNECT: self.connect,
            CONNECT_BACK: lambda: self.connect(backwards=True),
            NEXT_LINK: self._next_link,
            NEXT_BEND: self.bend.choose_next,
            ADD_BEND: self.bend.add,
            WIDEN: lambda: self._stretch(1, 0),
            NARROW: lambda: self._stretch(-1, 0),
            HEIGHTEN: lambda: self._stretch(0, 1),
            LOWER: lambda: self._stretch(0, -1),
            DELETE: self._delete,
        }

    def press(self, event: QKeyEvent) -> bool:
        """Do what a key is for; whether it is for anything."""
        gesture = self._viewer.gesture
        if isinstance(gesture, KeyConnect):
            return self._press_while_connecting(gesture, event)
        meaning = KEY_MAP.meaning(event)
        if meaning in self._acts:
            self._acts[meaning]()
        elif event.key() in _ARROWS:
            self._on_arrow(*_ARROWS[_Key(event.key())], event.modifiers())
        else:
            return False
        return True

    def _on_arrow(self, dx: int, dy: int, modifiers: Qt.KeyboardModifier) -> None:
        """Arrows go from card to card; with Ctrl they move what is selected; with Shift too, by single pixels."""
        if modifiers & _Modifier.ControlModifier:
            self._nudge(dx, dy, step=1.0 if modifiers & _Modifier.ShiftModifier else MEASURE.step)
        else:
            self._go(dx, dy)

    def _open(self) -> None:
        for key in self._viewer.selected_keys()[:1]:
            self._viewer.opened.emit(key)

    def _delete(self) -> None:
        self._viewer.deletion_asked.emit()

    def forget(self) -> None:
        """Another sheet is shown."""
        self._at, self._gathered = "", None
        self.bend.forget()

    def paint(self, painter: QPainter) -> None:
        """The frame, while one gathers; a ring around the bend that keys move."""
        self.bend.paint(painter)
        sheet, at = self._viewer.sheet, self._at
        if self._is_gathering and (at in sheet.cards.rows or at in sheet.notes):
            area = sheet.notes[at].rect if at in sheet.notes else sheet.cards.rect(sheet.cards.rows[at])
            painter.setPen(QPen(self._viewer.brush.color("accent"), 2.0, Qt.PenStyle.DashLine))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(area.adjusted(-7, -7, 7, 7), 8, 8)

    # -- going about

    @property
    def _chosen(self) -> list[str]:
        """Keys on the sheet of what is selected; the frame is known by such a key, too."""
        return self._viewer.sheet.selected()

    def _choose(self, keys: list[str]) -> None:
        self._viewer.choose(keys, self._viewer.sheet.hand)

    def _reveal(self, key: str) -> None:
        self._viewer.reveal(key.removeprefix(self._viewer.sheet.prefix))

    def _go(self, dx: int, dy: int) -> None:
        """To the nearest card or note in a direction."""
        viewer = self._viewer
        found = viewer.sheet.neighbour(dx, dy, viewer.centre, self._start())
        if not found:
            return
        self._at = found
        if self._is_gathering:
            viewer.viewport().update()
        else:
            self._choose([found])
        self._reveal(found)

    def _start(self) -> QPointF | None:
        """Where arrows begin: the card in the frame, else the first that is selected, else the label of a connection."""
        sheet = self._viewer.sheet
        for key in [self._at, *self._chosen] if self._is_gathering else self._chosen:
            if (row := sheet.cards.rows.get(key)) >= 0:
                return sheet.cards.rect(row).center()
            if (row := sheet.links.rows.get(key)) >= 0:
                return sheet.links.label_rect(row).center()
            if key in sheet.notes:
                return sheet.notes[key].rect.center()
        return None

    def _next_link(self) -> None:
        """Select the first connection that leaves the selected card, else that comes to it; then the next, and so on."""
        sheet, chosen = self._viewer.sheet, self._chosen
        if not chosen:
            return
        links = sheet.links
        row = links.rows.get(chosen[0])
        card = int(links.source[row]) if row >= 0 else sheet.cards.rows.get(chosen[0])
        if card < 0:
            return
        touching = links.touching(rows_of([card])).tolist()
        around = [each for each in touching if links.source[each] == card] or touching
        if around:
            following = around[(around.index(row) + 1) % len(around)] if row in around else around[0]
            self._choose([links.rows.keys[following]])
            self._reveal(links.rows.keys[following])

    def _on_escape(self) -> None:
        viewer = self._viewer
        if viewer.gesture is not None:
            viewer.cancel_gesture()
        elif self._is_gathering:
            self._gathered = None
            viewer.viewport().update()
        elif self.bend.forget():
            pass
        elif viewer.selected_keys():
            viewer.select([])
        else:
            viewer.left.emit()

    # -- several at once

    @property
    def _is_gathering(self) -> bool:
        """Whether one gathers; somebody who selects by other means has ended it."""
        return self._gathered is not None and self._gathered == self._chosen

    def _gather(self) -> None:
        viewer, chosen = self._viewer, self._chosen
        if not self._is_gathering:
            self._at = chosen[0] if chosen else viewer.sheet.neighbour(1, 0, viewer.centre)
            chosen = chosen or [self._at]
        elif self._at in chosen:
            chosen.remove(self._at)
        else:
            chosen.append(self._at)
        self._choose(chosen)
        self._gathered = self._chosen
        viewer.viewport().update()

    def _nudge(self, dx: int, dy: int, *, step: float) -> None:
        """Move what is selected; of a connection that is selected alone, a bend or the label."""
        if self.bend.nudge(dx * step, dy * step):
            return
        places = self._viewer.places_at_hand(dx * step, dy * step)
        if places:
            self._viewer.parts_nudged.emit(places)

    def _stretch(self, dx: int, dy: int) -> None:
        """Move the lower right corner of the one note that is selected."""
        sheet, chosen = self._viewer.sheet, self._chosen
        note = sheet.notes.get(chosen[0]) if len(chosen) == 1 else None
        if note is not None:
            made = note.sized(note.width + dx * MEASURE.step, note.height + dy * MEASURE.step)
            self._viewer.note_stretched.emit(note.key.removeprefix(sheet.prefix), made.width, made.height)

    # -- making

    def _add(self) -> None:
        viewer = self._viewer
        if viewer.underMouse():
            viewer.open_ground(viewer.mapToScene(viewer.pointer))
        else:
            viewer.ground_opened.emit(self.spot_for_new())

    def spot_for_new(self) -> QPointF:
        """Where a new part has room, as the level has it: right of what is selected, else in the middle of what is seen."""
        viewer, cards = self._viewer, self._viewer.sheet.cards
        chosen = cards.selected_rows()
        spot = viewer.middle + viewer.sheet.origin
        if len(chosen):
            area = cards.rect(int(chosen[0]))
            spot = QPointF(area.right() + _GAP, area.top())
        while len(cards.within(_CARD.translated(spot))):
            spot += QPointF(0, 40)
        return viewer.spot_of(spot)

    def connect(self, *, backwards: bool = False) -> None:
        """Begin a connection at the selected card; `backwards`, one that comes to it, as does any at a card without outputs."""
        viewer, cards = self._viewer, self._viewer.sheet.cards
        chosen = cards.selected_rows()
        if len(chosen) == 1 and viewer.gesture is None:
            card = cards.card(int(chosen[0]))
            is_input = (backwards and bool(card.inputs)) or not card.outputs
            viewer.begin_gesture(KeyConnect(viewer, int(chosen[0]), is_input=is_input))

    def _press_while_connecting(self, gesture: KeyConnect, event: QKeyEvent) -> bool:
        key = event.key()
        if key in _ARROWS:
            gesture.go(*_ARROWS[_Key(key)])
        elif key in (_Key.Key_Tab, _Key.Key_Backtab):
            gesture.cycle(1 if key == _Key.Key_Tab else -1)
        elif key in _ENTER:
            self._viewer.finish_gesture()
        elif key == _Key.Key_Escape:
            self._viewer.cancel_gesture()
        else:
            return False
        return True
