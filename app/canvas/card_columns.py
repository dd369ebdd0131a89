"""CardColumns: where every card is, how it is, and its numbers, as columns that painting and hit tests read at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF

from app.canvas.card import NOWHERE, Card, Kind, Runs, State
from app.canvas.frame import TITLE
from app.canvas.rows import Indices, Rows, grown

NUMBERS = ("in", "read_bytes", "written_bytes", "out", "tasks", "task_ns", "running", "bulletins")
"""The columns of `numbers`, over the last five minutes; `running` counts tasks under way now."""
SPARK_POINTS = 60
"""Points of a sparkline, five seconds apart: five minutes."""
SPARKS = 4
"""One beside each line of statistics."""

Floats = npt.NDArray[np.float64]

_LAYER = 2**40
"""By how much a layer raises a card: more than there will ever be cards to lie over each other in one."""
_MOST_LAYERS = 2**22


class CardColumns:
    """Cards by row. `version` of a row grows with everything that is seen of it, so that pictures of it can be kept.

    `looks` grows with everything but numbers and sparklines, which change all the time while a flow runs.
    """

    def __init__(self) -> None:
        self.rows = Rows()
        n = self.rows.capacity
        self.cards: list[Card | None] = [None] * n
        self.runs: dict[int, Runs] = {}
        """By row: where it runs, if it runs on a cluster."""
        self.x = np.zeros(n)
        self.y = np.zeros(n)
        self.width = np.zeros(n)
        self.height = np.zeros(n)
        self.state = np.zeros(n, np.uint8)
        self.kind = np.zeros(n, np.uint8)
        self.selected = np.zeros(n, bool)
        self.version = np.zeros(n, np.int64)
        self.looks = np.zeros(n, np.int64)
        self.depth = np.zeros(n, np.int64)
        """The higher, the nearer to the eye: first the layer, in it who came, or was taken hold of, last."""
        self.numbers = np.zeros((n, len(NUMBERS)), np.int64)
        self.sparks = np.zeros((n, SPARKS, SPARK_POINTS), np.float32)
        self.owner = np.full(n, -1, np.intp)
        """The row of the frame in which it lies; -1: in none."""
        self.frames: set[int] = set()
        """Rows of subflows that are expanded. They lie below all cards, and only `frames_within` finds them."""
        self._top = 0

    def __len__(self) -> int:
        return len(self.rows)

    # -- cards come, change and go

    def add(self, cards: Sequence[tuple[Card, float, float, State]]) -> None:
        """Add cards at their places."""
        self.rows.reserve(len(cards))
        self._grow()
        if not cards:
            return
        taken = [self.rows.take(card.key) for card, *_ in cards]
        for row, (card, *_) in zip(taken, cards, strict=True):
            self.cards[row] = card
            self.runs.pop(row, None)
        rows = np.array(taken, np.intp)
        self.x[rows], self.y[rows] = np.array([(x, y) for _, x, y, _ in cards]).T
        self.width[rows], self.height[rows] = np.array([card.size for card, *_ in cards]).T
        self.state[rows] = [state for *_, state in cards]
        self.kind[rows] = [card.kind for card, *_ in cards]
        self.depth[rows] = np.arange(self._top + 1, self._top + 1 + len(rows))
        self._top += len(rows)
        self.depth[rows] += [_height(card) for card, *_ in cards]
        self._look_other(rows)
        self.selected[rows] = False
        self.numbers[rows] = 0
        self.sparks[rows] = 0
        self.owner[rows] = -1
        self.frames.update(rows[self.kind[rows] == Kind.FRAME].tolist())

    def remove(self, keys: Iterable[str]) -> None:
        """Take cards away."""
        for key in keys:
            row = self.rows.give_back(key)
            self.cards[row] = None
            self.runs.pop(row, None)
            self.selected[row] = False
            self.frames.discard(row)

    def replace(self, card: Card) -> None:
        """Give the card of a key other words."""
        row = self.rows[card.key]
        self.depth[row] += _height(card) - _height(self.card(row))
        self.cards[row] = card
        self.width[row], self.height[row] = card.size
        self.kind[row] = card.kind
        self._look_other(row)
        (self.frames.add if card.kind is Kind.FRAME else self.frames.discard)(row)

    def place(self, positions: Mapping[str, tuple[float, float]]) -> None:
        """Put cards at other places."""
        for key, (x, y) in positions.items():
            row = self.rows[key]
            self.x[row], self.y[row] = x, y

    def set_state(self, row: int, state: State) -> None:
        """Say how a card is."""
        if self.state[row] != state:
            self.state[row] = state
            self._look_other(row)

    def set_runs(self, row: int, runs: Runs) -> None:
        """Say where on a cluster it runs."""
        if self.runs.get(row, NOWHERE) != runs:
            self.runs[row] = runs
            self._look_other(row)

    def set_numbers(self, rows: Indices, numbers: npt.NDArray[np.int64]) -> None:
        """Give cards their numbers, in the order of `NUMBERS`."""
        other = (self.numbers[rows] != numbers).any(axis=1)
        self.numbers[rows] = numbers
        self.version[rows] += other

    def set_sparks(self, rows: Indices, sparks: npt.NDArray[np.float32]) -> None:
        """Give cards their sparklines, each from 0 to 1."""
        self.sparks[rows] = sparks
        self.version[rows] += 1

    def select(self, rows: Indices) -> Indices:
        """Have just these selected; returns the rows that changed."""
        wanted = np.zeros(len(self.selected), bool)
        wanted[rows] = True
        changed = np.nonzero(wanted != self.selected)[0]
        self.selected = wanted
        self._look_other(changed)
        return changed

    def _look_other(self, rows: Indices | int) -> None:
        self.version[rows] += 1
        self.looks[rows] += 1

    def raise_to_top(self, rows: Indices) -> None:
        """Bring cards nearest to the eye, as far as their layers let them, in the order in which they lie."""
        for row in rows[np.argsort(self.depth[rows])].tolist():
            self._top += 1
            self.depth[row] = self._top + _height(self.card(row))

    # -- questions

    def card(self, row: int) -> Card:
        """The words of a row that is in use."""
        card = self.cards[row]
        assert card is not None
        return card

    def selected_rows(self) -> Indices:
        """The rows of what is selected."""
        return np.nonzero(self.selected)[0]

    def rect(self, row: int) -> QRectF:
        """Where a card is."""
        return QRectF(self.x[row], self.y[row], self.width[row], self.height[row])

    def handle(self, row: int) -> QRectF:
        """Where a card can be taken hold of: anywhere, but of a frame only the title bar."""
        area = self.rect(row)
        if self.kind[row] == Kind.FRAME:
            area.setHeight(TITLE)
        return area

    def bounds(self, rows: Indices | None = None) -> QRectF:
        """The smallest rectangle around cards, around all of them without `rows`; empty when there are none."""
        found = self.rows.all() if rows is None else rows
        if not len(found):
            return QRectF()
        left, top = float(self.x[found].min()), float(self.y[found].min())
        right = float((self.x[found] + self.width[found]).max())
        bottom = float((self.y[found] + self.height[found]).max())
        return QRectF(left, top, right - left, bottom - top)

    def within(self, area: QRectF) -> Indices:
        """Rows of the cards that an area touches, the lowest first."""
        n = self.rows.used
        x, y = self.x[:n], self.y[:n]
        touched = (x < area.right()) & (x + self.width[:n] > area.left())
        touched &= (y < area.bottom()) & (y + self.height[:n] > area.top()) & self.rows.alive[:n]
        found = np.nonzero(touched)[0]
        if self.frames:
            found = found[self.kind[found] != Kind.FRAME]
        return found[np.argsort(self.depth[found], kind="stable")]

    def frames_within(self, area: QRectF) -> list[int]:
        """Rows of the frames that an area touches, the lowest first, each with those inside it right behind."""
        touched = [row for row in self.frames if self.rect(row).intersects(area)]
        return sorted(touched, key=lambda row: [int(self.depth[each]) for each in (*reversed(self.owners(row)), row)])

    def owners(self, row: int) -> list[int]:
        """Rows of the frames in which a card lies, the innermost first."""
        found: list[int] = []
        while (row := int(self.owner[row])) >= 0:
            found.append(row)
        return found

    def frame_at(self, point: QPointF) -> int:
        """The row of the innermost frame at a point, -1 for none."""
        found = self.frames_within(_spot(point)) if self.frames else []
        return found[-1] if found else -1

    def at(self, point: QPointF) -> int:
        """The row of the uppermost card at a point, -1 for none. Of a frame only the title bar counts."""
        found = self.within(_spot(point))
        if len(found):
            return int(found[-1])
        row = self.frame_at(point)
        return row if row >= 0 and point.y() < self.y[row] + TITLE else -1

    def port_at(self, point: QPointF, reach: float, owner: int | None = None) -> tuple[int, str, bool] | None:
        """The nearest port within reach of a point: row, name, whether it is an input; with `owner`, inside that frame."""
        area = QRectF(point.x() - reach, point.y() - reach, 2 * reach, 2 * reach)
        best: tuple[int, str, bool] | None = None
        least = reach
        rows = self.within(area).tolist()
        if self.frames:
            rows = [*self.frames_within(area), *rows]
        for row in rows if owner is None else [row for row in rows if self.owner[row] == owner]:
            for name, is_input, spot in self.ports(row):
                distance = max(abs(spot.x() - point.x()), abs(spot.y() - point.y()))
                if distance <= least:
                    best, least = (row, name, is_input), distance
        return best

    def ports(self, row: int) -> list[tuple[str, bool, QPointF]]:
        """A card's ports: name, whether it is an input, where its connections meet it."""
        card = self.card(row)
        found: list[tuple[str, bool, QPointF]] = []
        for names, is_input in ((card.inputs, True), (card.outputs, False)):
            found.extend((name, is_input, self.spot(row, name, is_input=is_input)) for name in names)
        return found

    def spot(self, row: int, port: str, *, is_input: bool) -> QPointF:
        """Where the connections of a port meet its card."""
        x = self.x[row] + (0.0 if is_input else self.width[row])
        return QPointF(x, self.y[row] + self.card(row).port_y(port, is_input=is_input))

    def count(self) -> dict[State, int]:
        """How many processors there are in each state, funnels aside."""
        rows = self.rows.all()
        states = self.state[rows[self.kind[rows] == Kind.PROCESSOR]]
        return {State(state): int(number) for state, number in zip(*np.unique(states, return_counts=True), strict=True)}

    def _grow(self) -> None:
        n = self.rows.capacity
        if len(self.x) >= n:
            return
        self.cards.extend([None] * (n - len(self.cards)))
        for name in _COLUMNS:
            setattr(self, name, grown(getattr(self, name), n))


_COLUMNS = (
    *("x", "y", "width", "height", "state", "kind", "selected", "version", "looks", "depth", "numbers", "sparks", "owner"),
)


def _height(card: Card) -> int:
    """By how much a card's layer raises it."""
    return max(-_MOST_LAYERS, min(card.layer, _MOST_LAYERS)) * _LAYER


def _spot(point: QPointF) -> QRectF:
    """A point as the least area."""
    return QRectF(point.x() - 1e-6, point.y() - 1e-6, 2e-6, 2e-6)
