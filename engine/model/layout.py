"""Automatic layout: steps in layers from left to right, with few crossings and no overlaps.

The method is the usual one for layered drawings (Sugiyama, Tagawa and Toda 1981): break cycles, give every step the layer
behind its last predecessor, order the layers by the barycentre of the neighbours, then place. Chains of very many layers are
folded into bands; parts of the flow that are not joined are packed beside and below each other.
"""

from __future__ import annotations

import math
from bisect import bisect_right, insort
from collections import deque
from collections.abc import Collection, Iterable, Mapping

from msgspec import structs

from engine.model.flow import Flow, Position, Subflow
from engine.model.ports import split_end
from engine.model.scope import Scope

CARD_WIDTH = 300.0
CARD_HEIGHT = 170.0
STEP_X = CARD_WIDTH + 200.0
STEP_Y = CARD_HEIGHT + 50.0
_FUNNEL_X, _FUNNEL_Y = 126.0, 103.0
_FRAME = (660.0, 120.0)
"""How much wider and higher than what is inside the frame of an expanded subflow is: a title, and ports at both sides."""
_BAND_LAYERS = 40
"""More layers than this are folded, so that a chain of thousands stays a picture and not a line."""
_SWEEPS = 4
_TRIES = 40
"""Places looked at for a new card before it goes below everything in its column."""

_Graph = dict[str, list[str]]


def arranged(flow: Flow) -> dict[str, Position]:
    """New positions for all steps of a flow (not of its definitions), as if none of its subflows were expanded."""
    return _centred(flow, _arrange(*_graph(flow, flow.steps)))


def laid_out(flow: Flow) -> Flow:
    """The flow with new positions for all its steps, and those of its definitions; expanded subflows have room."""
    return _laid_out(Scope(flow), _Frames())


def _laid_out(scope: Scope, frames: _Frames) -> Flow:
    positions = frames.arranged(scope)
    return structs.replace(
        scope.flow,
        steps={key: structs.replace(step, position=positions[key]) for key, step in scope.flow.steps.items()},
        definitions={name: _laid_out(scope.below(name), frames) for name in scope.flow.definitions},
    )


def placed(flow: Flow) -> Flow:
    """The flow with a position for every step and label, in its definitions too; positions that are given stay."""
    return _placed(Scope(flow), _Frames())


def _placed(scope: Scope, frames: _Frames) -> Flow:
    flow = scope.flow
    missing = [key for key, step in flow.steps.items() if step.position is None]
    positions = frames.arranged(scope) if len(missing) == len(flow.steps) else _centred(flow, _fitted(flow, missing))
    steps = {
        key: structs.replace(step, position=positions[key]) if step.position is None else step
        for key, step in flow.steps.items()
    }
    bottom = max((step.position[1] for step in steps.values() if step.position), default=-STEP_Y)
    labels = dict(flow.labels)
    for key, label in flow.labels.items():
        if label.position is None:
            bottom += STEP_Y
            labels[key] = structs.replace(label, position=(0.0, bottom))
    definitions = {name: _placed(scope.below(name), frames) for name in flow.definitions}
    return structs.replace(flow, steps=steps, labels=labels, definitions=definitions)


def _centred(flow: Flow, places: Mapping[str, Position]) -> dict[str, Position]:
    """Places in which funnels, which are small, lie in the middle of the room of a card, level with a card's first port."""
    return {
        key: (x + _FUNNEL_X, y + _FUNNEL_Y) if getattr(flow.steps.get(key), "type", "") == "funnel" else (x, y)
        for key, (x, y) in places.items()
    }


def _graph(flow: Flow, keys: Collection[str]) -> tuple[_Graph, _Graph]:
    """Successors and predecessors of some steps, without loops to themselves."""
    after: _Graph = {key: [] for key in keys}
    before: _Graph = {key: [] for key in keys}
    for source, target in dict.fromkeys(
        (split_end(connection.source)[0], split_end(connection.target)[0]) for connection in flow.connections.values()
    ):
        if source in after and target in after and source != target:
            after[source].append(target)
            before[target].append(source)
    return after, before


def _arrange(after: _Graph, before: _Graph) -> dict[str, Position]:
    layers = _layers(after, before)
    blocks = [_block(keys, layers, after, before) for keys in _components(after, before)]
    return _packed(blocks)


def _components(after: _Graph, before: _Graph) -> list[list[str]]:
    """The steps that hang together, in the order of the file."""
    found: list[list[str]] = []
    seen: set[str] = set()
    for start in after:
        if start in seen:
            continue
        seen.add(start)
        component = [start]
        for key in component:
            for other in (*after[key], *before[key]):
                if other not in seen:
                    seen.add(other)
                    component.append(other)
        found.append(component)
    return found


def _layers(after: _Graph, before: _Graph) -> dict[str, int]:
    """The layer of every step: one more than its last predecessor's, where connections that close a cycle do not count."""
    order = _topological(after, before)
    place = {key: index for index, key in enumerate(order)}
    layers: dict[str, int] = {}
    for key in order:
        layers[key] = max((layers[other] + 1 for other in before[key] if place[other] < place[key]), default=0)
    return layers


def _topological(after: _Graph, before: _Graph) -> list[str]:
    """Steps behind what feeds them; where there is a cycle it is entered at the step that comes first in the file."""
    waiting_for = {key: len(sources) for key, sources in before.items()}
    ready = deque(key for key, count in waiting_for.items() if count == 0)
    unvisited = dict.fromkeys(after)
    order: list[str] = []
    # Steps of a cycle that something ready already feeds are the better place to enter it.
    reached: deque[str] = deque()
    rest = iter(list(after))
    while unvisited:
        if not ready:
            while reached and reached[0] not in unvisited:
                reached.popleft()
            ready.append(reached.popleft() if reached else next(key for key in rest if key in unvisited))
        key = ready.popleft()
        if key not in unvisited:
            continue
        del unvisited[key]
        order.append(key)
        for other in after[key]:
            waiting_for[other] -= 1
            if waiting_for[other] == 0:
                ready.append(other)
            elif other in unvisited:
                reached.append(other)
    return order


def _block(keys: list[str], layers: Mapping[str, int], after: _Graph, before: _Graph) -> dict[str, Position]:
    """Positions of steps that hang together, from (0, 0) on."""
    columns: dict[int, list[str]] = {}
    for key in keys:
        columns.setdefault(layers[key], []).append(key)
    ordered = [columns[layer] for layer in sorted(columns)]
    _order(ordered, after, before)
    rows = _rows(ordered, after, before)
    per_band = max(_BAND_LAYERS, math.isqrt(len(ordered)))
    positions: dict[str, Position] = {}
    top = 0.0
    for start in range(0, len(ordered), per_band):
        band = ordered[start : start + per_band]
        lowest = min(rows[key] for column in band for key in column)
        for index, column in enumerate(band):
            positions |= {key: (index * STEP_X, top + (rows[key] - lowest) * STEP_Y) for key in column}
        top = max(positions[key][1] for column in band for key in column) + STEP_Y * 1.5
    return positions


def _order(columns: list[list[str]], after: _Graph, before: _Graph) -> None:
    """Orders every layer by the mean place of its neighbours, sweeping to the right and back."""
    place = {key: index / len(column) for column in columns for index, key in enumerate(column)}
    for sweep in range(_SWEEPS):
        rightwards = sweep % 2 == 0
        neighbours = before if rightwards else after
        for column in columns if rightwards else reversed(columns):
            if len(column) == 1:
                continue
            wanted = {key: _mean([place[other] for other in neighbours[key]], place[key]) for key in column}
            column.sort(key=wanted.__getitem__)
            for index, key in enumerate(column):
                place[key] = index / len(column)


def _mean(numbers: list[float], default: float) -> float:
    return sum(numbers) / len(numbers) if numbers else default


def _rows(columns: list[list[str]], after: _Graph, before: _Graph) -> dict[str, float]:
    """The row of every step: as near to its neighbours' mean as order and distance allow."""
    rows = {key: float(index) for column in columns for index, key in enumerate(column)}
    for neighbours, sweep in ((before, columns), (after, list(reversed(columns))), (before, columns)):
        for column in sweep:
            wanted = [_mean([rows[other] for other in neighbours[key]], rows[key]) for key in column]
            rows.update(zip(column, _spread(wanted), strict=True))
    return rows


def _spread(wanted: list[float]) -> list[float]:
    """Rows in ascending order at least one apart, as near to the wanted ones as possible (least squares).

    Neighbours that come too close are merged to a cluster at their mean, the pool-adjacent-violators method.
    """
    clusters: list[tuple[float, int]] = []
    for index, row in enumerate(wanted):
        total, count = row - index, 1
        while clusters and clusters[-1][0] / clusters[-1][1] >= total / count:
            more, members = clusters.pop()
            total, count = total + more, count + members
        clusters.append((total, count))
    rows: list[float] = []
    for total, count in clusters:
        # Whole and half rows keep cards of different layers in line.
        base = round(total / count * 2) / 2
        rows.extend([base + index for index in range(len(rows), len(rows) + count)])
    return rows


def _packed(blocks: Iterable[dict[str, Position]]) -> dict[str, Position]:
    """Blocks in rows from left to right, about as wide as high."""
    sized = [(block, _extent(block)) for block in blocks]
    area = sum(width * height for _, (width, height) in sized)
    room = max(math.sqrt(area * 2), max((width for _, (width, _) in sized), default=0.0))
    positions: dict[str, Position] = {}
    left = top = deepest = 0.0
    for block, (width, height) in sized:
        if left and left + width > room:
            left, top, deepest = 0.0, top + deepest, 0.0
        positions |= {key: (x + left, y + top) for key, (x, y) in block.items()}
        left += width
        deepest = max(deepest, height)
    return positions


def _extent(block: Mapping[str, Position]) -> tuple[float, float]:
    """The room that a block takes with the gap to the next one."""
    return max(x for x, _ in block.values()) + STEP_X, max(y for _, y in block.values()) + STEP_Y * 1.5


def _fitted(flow: Flow, missing: Collection[str]) -> dict[str, Position]:
    """Positions for the steps that have none: to the right of what feeds them, or else below everything."""
    after, before = _graph(flow, flow.steps)
    found = {key: step.position for key, step in flow.steps.items() if step.position is not None}
    ground = _Ground(found.values())
    new = dict.fromkeys(missing)
    loose: dict[str, None] = {}
    for key in _topological(after, before):
        if key not in new:
            continue
        sources = [found[other] for other in before[key] if other in found]
        targets = [found[other] for other in after[key] if other in found]
        if sources:
            found[key] = ground.take(max(x for x, _ in sources) + STEP_X, _mean([y for _, y in sources], 0.0))
        elif targets:
            found[key] = ground.take(min(x for x, _ in targets) - STEP_X, _mean([y for _, y in targets], 0.0))
        else:
            loose[key] = None
    rest = _arrange(*_graph(flow, loose))
    left, bottom = ground.below()
    return {**found, **{key: (x + left, y + bottom) for key, (x, y) in rest.items()}}


class _Ground:
    """Where cards lie already, by columns as wide as a card with its gap."""

    def __init__(self, positions: Iterable[Position]) -> None:
        self._columns: dict[int, list[float]] = {}
        self._next: dict[tuple[int, float], float] = {}
        self._left = 0.0
        self._bottom = 0.0
        first = True
        for x, y in positions:
            self._left = x if first else min(self._left, x)
            self._bottom = y + STEP_Y if first else max(self._bottom, y + STEP_Y)
            insort(self._columns.setdefault(math.floor(x / STEP_X), []), y)
            first = False

    def take(self, x: float, y: float) -> Position:
        """The first free place at or below a position; it is taken from now on."""
        column = math.floor(x / STEP_X)
        wanted = y
        y = self._next.get((column, wanted), wanted)
        near = [self._columns.setdefault(each, []) for each in (column - 1, column, column + 1)]
        for _ in range(_TRIES):
            lower = self._clash(near, y)
            if lower is None:
                break
            y = lower
        else:
            y = max(each[-1] for each in near if each) + STEP_Y
        # Many steps want the same place when one step feeds them all: the next one need not search again.
        self._next[column, wanted] = y + STEP_Y
        insort(self._columns[column], y)
        self._bottom = max(self._bottom, y + STEP_Y)
        return (x, y)

    @staticmethod
    def _clash(columns: Iterable[list[float]], y: float) -> float | None:
        """Where to try next because something lies too near; None when nothing does."""
        for column in columns:
            index = bisect_right(column, y - STEP_Y)
            if index < len(column) and column[index] < y + STEP_Y:
                return column[index] + STEP_Y
        return None

    def below(self) -> Position:
        """The left end of the first row below everything."""
        return (self._left, self._bottom + STEP_Y / 2)


class _Frames:
    """About how large the frames of expanded subflows are, each looked at once, and positions that leave room for them."""

    def __init__(self) -> None:
        self._extents: dict[str, Position | None] = {}
        """By the path of a definition; None while it is looked at, which is when it holds itself."""

    def arranged(self, scope: Scope) -> dict[str, Position]:
        """New positions for all steps: what lies right of a frame moves to the right, what lies below it moves down."""
        positions = arranged(scope.flow)
        for key, (width, height) in self._inside(scope):
            x, y = positions[key]
            positions = {
                other: (
                    left + max(0.0, width - CARD_WIDTH) if left >= x + CARD_WIDTH else left,
                    top + max(0.0, height - CARD_HEIGHT) if top >= y + CARD_HEIGHT else top,
                )
                for other, (left, top) in positions.items()
            }
        return positions

    def _inside(self, scope: Scope) -> list[tuple[str, Position]]:
        """The expanded subflows of a level, with the extents of their frames."""
        found: list[tuple[str, Position]] = []
        for key, step in scope.flow.steps.items():
            below = scope.find(step.flow) if isinstance(step, Subflow) and step.expanded else None
            extent = self._extent(below) if below is not None else None
            if extent is not None:
                found.append((key, extent))
        return found

    def _extent(self, scope: Scope) -> Position | None:
        if scope.path not in self._extents:
            self._extents[scope.path] = None
            self._extents[scope.path] = self._measured(scope)
        return self._extents[scope.path]

    def _measured(self, scope: Scope) -> Position:
        steps = scope.flow.steps
        given = {key: step.position for key, step in steps.items() if step.position is not None}
        positions = given if len(given) == len(steps) else self.arranged(scope)
        extents = dict(self._inside(scope))
        corners = [
            (x + extents.get(key, (CARD_WIDTH, 0.0))[0], y + extents.get(key, (0.0, CARD_HEIGHT))[1])
            for key, (x, y) in positions.items()
        ]
        width = max((x for x, _ in corners), default=0.0) - min((x for x, _ in positions.values()), default=0.0)
        height = max((y for _, y in corners), default=0.0) - min((y for _, y in positions.values()), default=0.0)
        return width + _FRAME[0], height + STEP_Y * len(scope.flow.labels) + _FRAME[1]
