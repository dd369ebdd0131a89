"""Sheet, one level of a flow on the canvas: what is there, and where one last looked at it from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from msgspec import Struct
from PySide6.QtCore import QPointF, QRectF

from app.canvas.card_columns import CardColumns
from app.canvas.link_columns import LinkColumns
from app.canvas.rows import Indices


class Note(Struct, frozen=True, kw_only=True):
    """A label on the canvas: its text is Markdown."""

    key: str
    text: str = ""
    x: float = 0.0
    y: float = 0.0
    width: float = 240.0
    height: float = 120.0
    color: str = ""

    @property
    def rect(self) -> QRectF:
        """Where it is."""
        return QRectF(self.x, self.y, self.width, self.height)


class Sheet:
    """Cards, links and notes of one level. `scale` and `centre` are the view's, kept while another sheet is shown."""

    def __init__(self) -> None:
        self.cards = CardColumns()
        self.links = LinkColumns(self.cards)
        self.notes: dict[str, Note] = {}
        self.selected_notes: set[str] = set()
        self.scale = 1.0
        self.centre: QPointF | None = None
        """None: not looked at yet."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing is on it."""
        return not len(self.cards) and not self.notes

    def bounds(self) -> QRectF:
        """The smallest rectangle around everything."""
        area = self.cards.bounds()
        for note in self.notes.values():
            area = area.united(note.rect)
        return area

    def note_at(self, point: QPointF) -> str:
        """The key of the uppermost note at a point, empty for none."""
        for note in reversed(self.notes.values()):
            if note.rect.contains(point):
                return note.key
        return ""

    def selected(self) -> list[str]:
        """Keys of everything that is selected: cards, links, notes."""
        cards, links = self.cards, self.links
        return [
            *(cards.rows.keys[row] for row in cards.selected_rows().tolist()),
            *(links.rows.keys[row] for row in links.selected_rows().tolist()),
            *(key for key in self.notes if key in self.selected_notes),
        ]

    def select(self, keys: Iterable[str]) -> None:
        """Have just these selected."""
        wanted = list(keys)
        self.cards.select(rows_of(self.cards.rows.get(key) for key in wanted))
        self.links.selected[:] = False
        self.links.selected[rows_of(self.links.rows.get(key) for key in wanted)] = True
        self.selected_notes = {key for key in wanted if key in self.notes}

    def neighbour(self, dx: int, dy: int, centre: QPointF) -> str:
        """The key of the card that lies nearest in a direction from the selected one; the most central if none is selected."""
        cards = self.cards
        rows = cards.rows.all()
        if not len(rows):
            return ""
        x, y = cards.x[rows] + cards.width[rows] / 2, cards.y[rows] + cards.height[rows] / 2
        chosen = cards.selected_rows()
        if not len(chosen):
            return cards.rows.keys[int(rows[np.argmin(np.hypot(x - centre.x(), y - centre.y()))])]
        start = cards.rect(int(chosen[0])).center()
        along = (x - start.x()) * dx + (y - start.y()) * dy
        across = np.abs(x - start.x()) * abs(dy) + np.abs(y - start.y()) * abs(dx)
        cost = np.where(along > 1, along + 2 * across, np.inf)
        best = int(np.argmin(cost))
        return cards.rows.keys[int(rows[best])] if np.isfinite(cost[best]) else ""

    def everything(self) -> list[str]:
        """Keys of all cards and notes."""
        return [*(self.cards.rows.keys[row] for row in self.cards.rows.all().tolist()), *self.notes]


def rows_of(rows: Iterable[int]) -> Indices:
    """Rows as an index; -1 stands for none and is left out."""
    found: Sequence[int] = [row for row in rows if row >= 0]
    return np.array(found, np.intp)
