"""KeyConnect, a connection drawn by keys: Tab and the arrows choose the card that it is to lead to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, Qt

from app.canvas.gesture import Connect

if TYPE_CHECKING:
    from app.canvas.viewer import FlowViewer

_NEAREST = 200
"""Tab goes through no more cards than these."""


class KeyConnect(Connect):
    """From a card as a whole; which of several ports are meant is asked at the end. A click on a card chooses it, too."""

    def __init__(self, viewer: FlowViewer, row: int, *, is_input: bool) -> None:
        super().__init__(viewer, row, "", is_input=is_input)
        self.cycle(1)

    @property
    def target(self) -> str:
        """The key of the card that is aimed at, "" for none."""
        return self._key(self._target[0]) if self._target is not None else ""

    def cycle(self, steps: int) -> None:
        """Aim at the next of the cards that can be joined, the nearest first; -1: at the one before."""
        fitting = self._fitting()
        if not fitting:
            return
        at = fitting.index(self._target[0]) if self._target is not None and self._target[0] in fitting else -1
        self._aim(fitting[(at + steps) % len(fitting)] if at >= 0 else fitting[0])

    def go(self, dx: int, dy: int) -> None:
        """Aim at the nearest card in a direction, whether it can be joined or not."""
        sheet = self._viewer.sheet
        start = sheet.cards.rect(self._target[0] if self._target is not None else self._row).center()
        found = sheet.neighbour(dx, dy, start, start, notes=False)
        if found and sheet.cards.rows[found] != self._row:
            self._aim(sheet.cards.rows[found])

    def move(self, spot: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """The pointer aims, too, where it is over a card."""
        cards = self._viewer.sheet.cards
        row = cards.at(spot)
        if row >= 0 and row != self._row and cards.owner[row] == cards.owner[self._row]:
            self._aim(row)

    def finish(self, spot: QPointF, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Join the cards, unless there is a reason against it."""
        viewer = self._viewer
        viewer.show_reason("")
        viewer.viewport().update()
        if self._target is not None and not self._reason:
            viewer.link_drawn.emit(*self._ends(*self._target))

    def _fitting(self) -> list[int]:
        """The rows of the cards that can be joined, by how far away they are; those behind, in the way flows run, first."""
        cards = self._viewer.sheet.cards
        rows = cards.rows.all()
        rows = rows[(rows != self._row) & (cards.owner[rows] == cards.owner[self._row])]
        dx = (cards.x[rows] - cards.x[self._row]) * (-1 if self._is_input else 1)
        far = np.hypot(dx, cards.y[rows] - cards.y[self._row]) + np.where(dx > 0, 0.0, 1000.0)
        near = rows[np.argsort(far, kind="stable")][:_NEAREST]
        return [row for row in near.tolist() if not self._why_not(row)]

    def _why_not(self, row: int) -> str:
        return self._viewer.may_connect(*self._ends(row, ""))

    def _aim(self, row: int) -> None:
        viewer, cards = self._viewer, self._viewer.sheet.cards
        self._target = (row, "")
        self._end = cards.spot(row, "", is_input=not self._is_input)
        self._reason = self._why_not(row)
        viewer.reveal(self._key(row))
        viewer.pointer = viewer.mapFromScene(self._end)
        viewer.show_reason(self._reason)
        viewer.viewport().update()
