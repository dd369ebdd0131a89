"""Which gesture a press of the left button begins, by what is under the pointer."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt

from app.canvas.gesture import REACH, Band, Bend, Connect, Gesture, Move, Pan, Resize
from app.canvas.measure import MEASURE
from app.canvas.paint.note_painter import GRIP
from app.canvas.sheet import rows_of
from app.canvas.slide import Slide

if TYPE_CHECKING:
    from app.canvas.viewer import FlowViewer

_MODIFIED = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


def begin(viewer: FlowViewer, spot: QPointF, modifiers: Qt.KeyboardModifier) -> Gesture | None:
    """The gesture that begins; None where a press alone does everything, as it does when it selects."""
    sheet, reach = viewer.sheet, REACH / viewer.scale_factor
    if viewer.scale_factor >= MEASURE.detail / 2 and (found := sheet.cards.port_at(spot, reach)) is not None:
        row, port, is_input = found
        owner = sheet.owner_of(sheet.cards.rows.keys[row])
        if owner != sheet.hand:
            viewer.choose([], owner)
        return Connect(viewer, row, port, is_input=is_input)
    key = viewer.key_at(spot)
    if not key:
        return _on_ground(viewer, spot, modifiers)
    owner = sheet.owner_of(key)
    chosen = sheet.selected() if owner == sheet.hand else []  # what is selected is of one level
    if modifiers & _MODIFIED:
        viewer.choose([other for other in chosen if other != key] if key in chosen else [*chosen, key], owner)
        return None
    if key not in chosen:
        viewer.choose([key], owner)
    if (link := sheet.links.rows.get(key)) >= 0:
        return _on_link(viewer, link, spot, reach)
    if key in sheet.notes:
        corner = sheet.notes[key].rect.bottomRight()
        if corner.x() - spot.x() < GRIP and corner.y() - spot.y() < GRIP:
            return Resize(viewer, key)
    if key not in sheet.frames:
        sheet.cards.raise_to_top(rows_of([sheet.cards.rows.get(key)]))
    return Move(viewer, spot, key)


def _on_ground(viewer: FlowViewer, spot: QPointF, modifiers: Qt.KeyboardModifier) -> Gesture:
    frame = viewer.sheet.frame_at(spot)
    if modifiers & Qt.KeyboardModifier.ShiftModifier:
        if frame != viewer.sheet.hand:
            viewer.choose([], frame)
        return Band(viewer, spot, adds=bool(modifiers & Qt.KeyboardModifier.ControlModifier))
    viewer.choose([], frame)
    return Pan(viewer, viewer.pointer)


def _on_link(viewer: FlowViewer, row: int, spot: QPointF, reach: float) -> Gesture | None:
    """A bend is dragged, or the end that is near, or the label; elsewhere the link is only selected."""
    links = viewer.sheet.links
    link = links.link(row)
    bend = links.bend_at(row, spot, reach)
    if bend >= 0:
        return Bend(viewer, row, bend, link.bends)
    ax, ay, bx, by = links.line[row].tolist()
    for x, y, from_source in ((bx, by, True), (ax, ay, False)):
        if math.hypot(spot.x() - x, spot.y() - y) <= reach * 3:
            card, port = (link.source, link.source_port) if from_source else (link.target, link.target_port)
            return Connect(viewer, viewer.sheet.cards.rows[card], port, is_input=not from_source, link=link.key)
    return Slide(viewer, row, spot) if viewer.is_label(row, spot) else None
