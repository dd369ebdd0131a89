"""Sheet, one level of a flow on the canvas: what is there, and where one last looked at it from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from msgspec import Struct, structs
from PySide6.QtCore import QPointF, QRectF

from app.canvas.card_columns import CardColumns
from app.canvas.frame import Frame
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

    def sized(self, width: float, height: float) -> Note:
        """The same in another size, though not so small that it could not be read."""
        return structs.replace(self, width=max(80.0, width), height=max(40.0, height))


class Sheet:
    """Cards, links and notes of one level, and of those that are expanded in it.

    One works in one level at a time: `hand` is the key of its frame, empty for the sheet's own level. What is selected lies in
    it. `scale` and `centre` are the view's, kept while another sheet is shown.
    """

    def __init__(self) -> None:
        self.cards = CardColumns()
        self.links = LinkColumns(self.cards)
        self.notes: dict[str, Note] = {}
        self.selected_notes: set[str] = set()
        self.frames: dict[str, Frame] = {}
        """Levels that are expanded, by the keys of their cards, outer ones first."""
        self.hand = ""
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

    # -- levels on it

    @property
    def prefix(self) -> str:
        """What the keys of the level in which one works begin with."""
        return self.frames[self.hand].prefix if self.hand else ""

    @property
    def origin(self) -> QPointF:
        """Where the (0, 0) of the level in which one works lies."""
        frame = self.frames.get(self.hand)
        return QPointF(frame.x, frame.y) if frame is not None else QPointF()

    @property
    def hand_row(self) -> int:
        """The row of the frame in which one works, -1 for none."""
        return self.cards.rows.get(self.hand) if self.hand else -1

    def frame_at(self, point: QPointF) -> str:
        """The key of the innermost frame at a point, empty for none."""
        row = self.cards.frame_at(point)
        return self.cards.rows.keys[row] if row >= 0 else ""

    def owner_of(self, key: str) -> str:
        """The key of the frame in which a part lies, empty for none."""
        if not self.frames:
            return ""
        if (row := self.cards.rows.get(key)) < 0 <= (link := self.links.rows.get(key)):
            row = int(self.links.source[link])
        if row >= 0:
            owner = int(self.cards.owner[row])
            return self.cards.rows.keys[owner] if owner >= 0 else ""
        return next((name for name in reversed(self.frames) if key.startswith(f"{name}/")), "")

    def inside(self, key: str) -> tuple[list[int], list[str]]:
        """Rows of the cards and keys of the notes inside a frame, however deep."""
        row, cards, prefix = self.cards.rows[key], self.cards, f"{key}/"
        rows = [each for each in cards.rows.all().tolist() if cards.owner[each] >= 0 and row in cards.owners(each)]
        return rows, [name for name in self.notes if name.startswith(prefix)]

    def note_at(self, point: QPointF) -> str:
        """The key of the uppermost note at a point, empty for none."""
        frame = self.frame_at(point)
        for note in reversed(self.notes.values()):
            if note.rect.contains(point) and self.owner_of(note.key) == frame:
                return note.key
        return ""

    # -- what is selected

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

    def neighbour(self, dx: int, dy: int, centre: QPointF, start: QPointF | None = None, *, notes: bool = True) -> str:
        """The key of the card or note nearest in a direction from a start; without one, of that nearest to the centre."""
        cards = self.cards
        rows = self._at_hand(cards.rows.all())
        near = [note for key, note in self.notes.items() if self.owner_of(key) == self.hand] if notes else []
        if not len(rows) and not near:
            return ""
        x = np.concatenate([cards.x[rows] + cards.width[rows] / 2, [note.rect.center().x() for note in near]])
        y = np.concatenate([cards.y[rows] + cards.height[rows] / 2, [note.rect.center().y() for note in near]])

        def key(number: int) -> str:
            return cards.rows.keys[int(rows[number])] if number < len(rows) else near[number - len(rows)].key

        if start is None:
            return key(int(np.argmin(np.hypot(x - centre.x(), y - centre.y()))))
        along = (x - start.x()) * dx + (y - start.y()) * dy
        across = np.abs(x - start.x()) * abs(dy) + np.abs(y - start.y()) * abs(dx)
        cost = np.where(along > 1, along + 2 * across, np.inf)
        best = int(np.argmin(cost))
        return key(best) if np.isfinite(cost[best]) else ""

    def within(self, area: QRectF) -> list[str]:
        """Keys of the cards, frames and notes of the level in which one works that an area touches."""
        cards = self.cards
        rows = self._at_hand(np.array([*cards.frames_within(area), *cards.within(area)], np.intp))
        notes = [key for key, note in self.notes.items() if note.rect.intersects(area) and self.owner_of(key) == self.hand]
        return [*(cards.rows.keys[row] for row in rows.tolist()), *notes]

    def everything(self) -> list[str]:
        """Keys of all cards and notes of the level in which one works."""
        rows = self._at_hand(self.cards.rows.all())
        notes = [key for key in self.notes if self.owner_of(key) == self.hand]
        return [*(self.cards.rows.keys[row] for row in rows.tolist()), *notes]

    def _at_hand(self, rows: Indices) -> Indices:
        return rows[self.cards.owner[rows] == self.hand_row] if self.frames else rows


def rows_of(rows: Iterable[int]) -> Indices:
    """Rows as an index; -1 stands for none and is left out."""
    found: Sequence[int] = [row for row in rows if row >= 0]
    return np.array(found, np.intp)
