"""LinkColumns: how every connection runs, and what waits in its queue, as columns."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from msgspec import structs
from PySide6.QtCore import QPointF, QRectF

from app.canvas.card_columns import CardColumns
from app.canvas.link import LABEL_HEIGHT, LABEL_WIDTH, Link, Point
from app.canvas.rows import Indices, Rows, grown

_CURVE_POINTS = 33
"""Points that stand for a curve in hit tests."""
_STEPS = (1.0 - np.cos(np.linspace(0.0, np.pi, _CURVE_POINTS))) / 2.0
"""Denser towards the ends, where a curve that leads back turns sharply however far away its other end is."""
_REACH = 0.5
_LEAST_REACH, _MOST_REACH = 40.0, 220.0
_LABEL_GAP = 20.0
_LEAST_LABEL = 64.0
_FINE = 65
"""Points of a curve among which the nearest is looked for."""
_TINY = 1e-4
"""A part of a way that is nearly none, along which it is straight."""
_LABEL_PARTS = (0.5, 0.32, 0.68, 0.2, 0.8)
"""Where a label may be, the best place first."""


@dataclass(frozen=True)
class Route:
    """A connection's way: its points, straight or (without bends) the four of a cubic curve."""

    points: tuple[Point, ...]
    is_curve: bool

    def at(self, part: float) -> Point:
        """The point that a part of the way, from 0 to 1, leads to."""
        if self.is_curve:
            (ax, ay), (bx, by), (cx, cy), (dx, dy) = self.points
            left = 1 - part
            a, b, c, d = left**3, 3 * part * left**2, 3 * part**2 * left, part**3
            return a * ax + b * bx + c * cx + d * dx, a * ay + b * by + c * cy + d * dy
        spots = np.array(self.points)
        lengths = np.hypot(*np.diff(spots, axis=0).T)
        rest = lengths.sum() * part
        for number, length in enumerate(lengths.tolist()):
            if rest <= length or number == len(lengths) - 1:
                share = rest / length if length else 0.0
                x, y = spots[number] + (spots[number + 1] - spots[number]) * share
                return float(x), float(y)
            rest -= length
        return self.points[0]

    def part_near(self, point: QPointF) -> float:
        """The part of the way that leads to what is nearest to a point."""
        parts = np.linspace(0.0, 1.0, _FINE) if self.is_curve else self._corner_parts()
        spots = np.array([self.at(part) for part in parts.tolist()]) if self.is_curve else np.array(self.points)
        start, along = spots[:-1], np.diff(spots, axis=0)
        away = np.array([point.x(), point.y()]) - start
        shares = np.clip((away * along).sum(axis=1) / np.maximum((along**2).sum(axis=1), 1e-9), 0.0, 1.0)
        best = int(np.argmin(np.hypot(*(away - along * shares[:, None]).T)))
        return float(parts[best] + (parts[best + 1] - parts[best]) * shares[best])

    def _corner_parts(self) -> npt.NDArray[np.float64]:
        """At which parts of a way without curves its points are."""
        lengths = np.hypot(*np.diff(np.array(self.points), axis=0).T)
        return np.concatenate([[0.0], np.cumsum(lengths) / max(float(lengths.sum()), 1e-9)])

    def part_beyond(self, part: float, dx: float, dy: float) -> float:
        """The part of the way one comes to from another by as much of a step as leads along the way."""
        ahead = min(max(part, 0.0) + _TINY, 1.0)
        (ax, ay), (bx, by) = self.at(ahead - _TINY), self.at(ahead)
        tx, ty = (bx - ax) / _TINY, (by - ay) / _TINY
        return min(1.0, max(0.0, part + (dx * tx + dy * ty) / max(tx * tx + ty * ty, 1e-9)))

    def is_near(self, part: float, other: float, reach: float) -> bool:
        """Whether two parts of the way lead to points within reach of each other."""
        return math.dist(self.at(part), self.at(other)) <= reach


class LinkColumns:
    """Links by row. Ends follow the cards of `cards`."""

    def __init__(self, cards: CardColumns) -> None:
        self._cards = cards
        self.rows = Rows()
        n = self.rows.capacity
        self.links: list[Link | None] = [None] * n
        self.source = np.zeros(n, np.intp)
        self.target = np.zeros(n, np.intp)
        self.source_y = np.zeros(n)
        """How far below its card's top an end is."""
        self.target_y = np.zeros(n)
        self.line = np.zeros((n, 4))
        """From x, y to x, y."""
        self.box = np.zeros((n, 4))
        """Left, top, right, bottom of all that may be painted of it."""
        self.queued = np.zeros((n, 2), np.int64)
        """Messages and bytes that wait."""
        self.fill = np.zeros((n, 2), np.float32)
        """How much of the limits that is; 1 is full."""
        self.selected = np.zeros(n, bool)
        self.bent = np.zeros(n, bool)
        self.label = np.full(n, np.nan)
        """At which part of the way its label is; NaN: not decided yet, which means in the middle."""
        self._layers: dict[int, int] = {}
        """Layers by row, of links that have another than 0."""
        self._colors: dict[int, str] = {}
        """Colours by row, of links that have one."""
        self._by_card: dict[int, set[int]] = {}

    def __len__(self) -> int:
        return len(self.rows)

    def add(self, links: Sequence[Link]) -> None:
        """Add links between cards that are there."""
        self.rows.reserve(len(links))
        self._grow()
        taken: list[int] = []
        for link in links:
            row = self.rows.take(link.key)
            taken.append(row)
            self.queued[row] = 0
            self.fill[row] = 0
            self.selected[row] = False
            self._join(row, link)
        self.follow(np.array(taken, np.intp))

    def remove(self, keys: Iterable[str]) -> None:
        """Take links away."""
        for key in keys:
            row = self.rows.give_back(key)
            for card in (int(self.source[row]), int(self.target[row])):
                self._by_card.get(card, set()).discard(row)
            self.links[row] = None
            self.selected[row] = False
            self._layers.pop(row, None)
            self._colors.pop(row, None)

    def replace(self, link: Link) -> None:
        """Give the link of a key other words, other ends or other bends."""
        row = self.rows[link.key]
        if structs.replace(self.link(row), layer=link.layer, color=link.color) == link:  # its label stays where it is
            self._put(row, link)
            return
        for card in (int(self.source[row]), int(self.target[row])):
            self._by_card.get(card, set()).discard(row)
        self._join(row, link)
        self.follow(np.array([row], np.intp))

    def _join(self, row: int, link: Link) -> None:
        cards = self._cards
        source, target = cards.rows[link.source], cards.rows[link.target]
        self._put(row, link)
        self.source[row], self.target[row] = source, target
        self._meet(row, link)
        self.bent[row] = bool(link.bends)
        self.put_label(row, link.label_at)
        self._by_card.setdefault(source, set()).add(row)
        self._by_card.setdefault(target, set()).add(row)

    def _put(self, row: int, link: Link) -> None:
        self.links[row] = link
        if link.layer:
            self._layers[row] = link.layer
        else:
            self._layers.pop(row, None)
        if link.color:
            self._colors[row] = link.color
        else:
            self._colors.pop(row, None)

    def put_label(self, row: int, part: float | None) -> None:
        """Have a link's label at a part of its way; None: wherever there will be room."""
        self.label[row] = np.nan if part is None else part

    def label_part(self, row: int) -> float | None:
        """At which part of its way a link's label is; None: that is not decided yet."""
        part = float(self.label[row])
        return None if math.isnan(part) else part

    def color(self, row: int) -> str:
        """A link's own colour, or nothing."""
        return self._colors.get(row, "")

    def _meet(self, row: int, link: Link) -> None:
        """Note how far below their cards' tops the ends of a link are."""
        cards = self._cards
        self.source_y[row] = cards.card(int(self.source[row])).port_y(link.source_port, is_input=False)
        self.target_y[row] = cards.card(int(self.target[row])).port_y(link.target_port, is_input=True)

    def refit(self, card_rows: Indices) -> None:
        """Cards have other ports, or are elsewhere: their links meet them where they do now."""
        rows = self.touching(card_rows)
        for row in rows.tolist():
            self._meet(row, self.link(row))
            self.put_label(row, self.link(row).label_at)
        self.follow(rows)

    def touching(self, card_rows: Indices) -> Indices:
        """Rows of the links that begin or end at cards."""
        found = {row for card in card_rows.tolist() for row in self._by_card.get(card, ())}
        return np.fromiter(found, np.intp, len(found))

    def follow(self, rows: Indices) -> None:
        """Have links meet their cards where these are now."""
        if not len(rows):
            return
        cards = self._cards
        source, target = self.source[rows], self.target[rows]
        ax, ay = cards.x[source] + cards.width[source], cards.y[source] + self.source_y[rows]
        bx, by = cards.x[target], cards.y[target] + self.target_y[rows]
        self.line[rows] = np.stack([ax, ay, bx, by], axis=1)
        reach = self._reach(ax, bx)
        left = np.minimum(np.minimum(ax, bx), np.minimum(ax, bx - reach))
        right = np.maximum(np.maximum(ax, bx), np.maximum(ax + reach, bx))
        left, right = left - LABEL_WIDTH / 2 - 8, right + LABEL_WIDTH / 2 + 8
        top = np.minimum(ay, by) - LABEL_HEIGHT / 2 - 8
        bottom = np.maximum(ay, by) + LABEL_HEIGHT / 2 + 8
        self.box[rows] = np.stack([left, top, right, bottom], axis=1)
        for row in rows[self.bent[rows]].tolist():
            spots = np.array(self.route(row).points)
            x, y = LABEL_WIDTH / 2 + 8, LABEL_HEIGHT / 2 + 8
            self.box[row] = [spots[:, 0].min() - x, spots[:, 1].min() - y, spots[:, 0].max() + x, spots[:, 1].max() + y]

    @staticmethod
    def _reach(ax: npt.NDArray[np.float64], bx: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """How far a curve leaves its ends before it turns."""
        return np.clip(np.abs(bx - ax) * _REACH, _LEAST_REACH, _MOST_REACH)

    # -- questions

    def link(self, row: int) -> Link:
        """The words of a row that is in use."""
        link = self.links[row]
        assert link is not None
        return link

    def selected_rows(self) -> Indices:
        """The rows of what is selected."""
        return np.nonzero(self.selected)[0]

    def within(self, area: QRectF) -> Indices:
        """Rows of the links of which anything may lie in an area, the lowest first."""
        box = self.box[: self.rows.used]
        touched = (box[:, 0] < area.right()) & (box[:, 2] > area.left()) & (box[:, 1] < area.bottom())
        found = np.nonzero(touched & (box[:, 3] > area.top()) & self.rows.alive[: self.rows.used])[0]
        if not self._layers:
            return found
        return np.array(sorted(found.tolist(), key=lambda row: self._layers.get(row, 0)), np.intp)

    def bounds(self, row: int) -> QRectF:
        """The rectangle around all that may be painted of a link."""
        left, top, right, bottom = self.box[row].tolist()
        return QRectF(left, top, right - left, bottom - top)

    def route(self, row: int) -> Route:
        """How a link runs."""
        ax, ay, bx, by = self.line[row].tolist()
        bends = self.link(row).bends
        if bends:
            return Route(((ax, ay), *bends, (bx, by)), is_curve=False)
        reach = min(max(abs(bx - ax) * _REACH, _LEAST_REACH), _MOST_REACH)
        return Route(((ax, ay), (ax + reach, ay), (bx - reach, by), (bx, by)), is_curve=True)

    def label_rect(self, row: int) -> QRectF:
        """Where a link's label is: narrower where its cards leave it little room."""
        part = self.label_part(row)
        return self._label_at(row, 0.5 if part is None else part)

    def _label_at(self, row: int, part: float) -> QRectF:
        x, y = self.route(row).at(part)
        ax, _, bx, _ = self.line[row].tolist()
        gap = bx - ax - _LABEL_GAP
        width = max(_LEAST_LABEL, gap) if 0 < gap < LABEL_WIDTH and not self.bent[row] else LABEL_WIDTH
        if gap >= width and not self.bent[row]:  # between its cards, not under them
            x = min(max(x, ax + (width + _LABEL_GAP) / 2), bx - (width + _LABEL_GAP) / 2)
        return QRectF(x - width / 2, y - LABEL_HEIGHT / 2, width, LABEL_HEIGHT)

    def spread_labels(self, rows: Indices) -> None:
        """Decide where the labels of links are that have no place yet, so that none of these links' covers another."""
        undecided = np.isnan(self.label[rows])
        new = rows[undecided].tolist()
        if not new:
            return
        taken = [self.label_rect(row) for row in rows[~undecided].tolist()]
        for row in new:
            places = [(part, self._label_at(row, part)) for part in _LABEL_PARTS]
            part, area = next((each for each in places if not any(each[1].intersects(other) for other in taken)), places[0])
            self.label[row] = part
            taken.append(area)

    def colored(self, rows: Indices) -> dict[str, Indices]:
        """Those of some links that have a colour, by it."""
        found: dict[str, list[int]] = {}
        if self._colors:
            for row in rows.tolist():
                if row in self._colors:
                    found.setdefault(self._colors[row], []).append(row)
        return {color: np.array(members, np.intp) for color, members in found.items()}

    def owned(self, rows: Indices, owner: int) -> Indices:
        """Those of some links that lie in a frame; in none of them for -1."""
        return rows[self._cards.owner[self.source[rows]] == owner] if self._cards.frames else rows

    def at(self, point: QPointF, reach: float, *, labels: bool = True, owner: int | None = None) -> int:
        """The row of the link that is nearest to a point and within reach, -1 for none; with `owner`, inside that frame.

        Of several labels, and of several that are as near, it is the uppermost.
        """
        best, least = -1, reach
        found = self.within(QRectF(point.x() - reach, point.y() - reach, 2 * reach, 2 * reach))
        for row in (found if owner is None else self.owned(found, owner))[::-1].tolist():
            if labels and self.label_rect(row).contains(point):
                return row
            distance = _distance(self._polyline(row), point)
            if distance < least or (best < 0 and distance == least):
                best, least = row, distance
        return best

    def bend_at(self, row: int, point: QPointF, reach: float) -> int:
        """The number of the bend of a link that is within reach of a point, -1 for none."""
        for number, (x, y) in enumerate(self.link(row).bends):
            if max(abs(x - point.x()), abs(y - point.y())) <= reach:
                return number
        return -1

    def segment_at(self, row: int, point: QPointF) -> int:
        """Between which points of a link a new bend at `point` belongs: its number among the bends."""
        spots = np.array(self.route(row).points if self.bent[row] else [self.line[row][:2], self.line[row][2:]])
        return int(np.argmin(_distances(spots, point)))

    def _polyline(self, row: int) -> npt.NDArray[np.float64]:
        route = self.route(row)
        spots = np.array(route.points)
        if not route.is_curve:
            return spots
        t = _STEPS[:, None]
        a, b, c, d = spots
        return a * (1 - t) ** 3 + 3 * b * t * (1 - t) ** 2 + 3 * c * t**2 * (1 - t) + d * t**3

    def _grow(self) -> None:
        n = self.rows.capacity
        if len(self.source) >= n:
            return
        self.links.extend([None] * (n - len(self.links)))
        for name in _COLUMNS:
            setattr(self, name, grown(getattr(self, name), n))


_COLUMNS = ("source", "target", "source_y", "target_y", "line", "box", "queued", "fill", "selected", "bent", "label")


def _distances(spots: npt.NDArray[np.float64], point: QPointF) -> npt.NDArray[np.float64]:
    """From a point to every piece of a line through spots."""
    start, along = spots[:-1], np.diff(spots, axis=0)
    away = np.array([point.x(), point.y()]) - start
    square = np.maximum((along**2).sum(axis=1), 1e-9)
    part = np.clip((away * along).sum(axis=1) / square, 0.0, 1.0)
    return np.hypot(*(away - along * part[:, None]).T)


def _distance(spots: npt.NDArray[np.float64], point: QPointF) -> float:
    return float(_distances(spots, point).min())
