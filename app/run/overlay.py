"""Overlay, the figures of a running flow on the canvas of its page."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence

import numpy as np
from PySide6.QtCore import QObject, QTimer

from app.board.board import Board
from app.board.frames import Level
from app.canvas.card import NOWHERE, Kind, State
from app.canvas.card_columns import NUMBERS, SPARKS
from app.feed.activity import COLUMNS, Traffic
from app.feed.feed import Line
from app.feed.figures import FlowFigures
from app.run.crossing import crossing, queues_of
from app.run.nodes import runs_of
from app.run.tally import Tally
from engine.client.parts import Place, steps_below
from engine.model.flow import Flow, Processor

_STATES = {
    "running": State.RUNNING,
    "stopped": State.STOPPED,
    "paused": State.PAUSED,
    "ended": State.ENDED,
    "broken": State.BROKEN,
    "disabled": State.DISABLED,
}
_IN, _OUT, _TASKS, _SECONDS = (COLUMNS.index(name) for name in ("in", "out", "tasks", "seconds"))
_BYTES = Traffic.columns.index("bytes")
_SPARK_COLUMNS = (_IN, _IN, _OUT, _TASKS)
"""Which activity the sparkline beside each line of statistics shows."""
_BULLETIN_S = 300.0


class Overlay(QObject):
    """Puts figures on a board. Numbers go to all cards that have new ones, sparklines to those that can be seen."""

    def __init__(self, board: Board) -> None:
        super().__init__(board)
        self._board = board
        self._figures: FlowFigures | None = None
        self._bulletins: dict[str, deque[float]] = {}
        self._place = ""
        self._told_runs: dict[str, list[tuple[str, str | None, Sequence[str]]]] = {}
        """By card: how what it stands for ran when that was last shown."""
        self._by_place: dict[str, dict[str, deque[float]]] = {"": self._bulletins}
        """Bulletins by the target that they came from; "" is this machine."""
        self._members: dict[str, list[str]] = {}
        """Ids of the processors that each card of the level stands for."""
        self._queues: dict[str, list[str]] = {}
        """Keys in the running flow of what each connection that begins or ends at a subflow leads through."""
        self._crossing: dict[str, str] = {}
        """The same the other way round."""
        self._made_for: tuple[Place, Flow] | None = None
        self._ends: tuple[dict[str, list[str]], dict[str, list[str]]] | None = None
        self._ends_for: tuple[object, int] = (None, 0)
        self.tally = Tally(board)
        self._late = QTimer(self)
        self._late.setSingleShot(True)
        self._late.setInterval(60)
        self._late.timeout.connect(self._show_sparks)
        board.place_changed.connect(lambda _: self.show_all())
        board.redrawn.connect(self.show_all)
        board.viewer.view_changed.connect(self._late.start)

    def show_place(self, place: str, figures: FlowFigures | None) -> None:
        """Show what belongs to another target from now on; "" is this machine."""
        self._place = place
        self._bulletins = self._by_place.setdefault(place, {})
        self._clear_nodes()
        self.show_flow(figures)

    def show_flow(self, figures: FlowFigures | None) -> None:
        """Show the figures of a flow from now on; None: it does not run."""
        self._figures = figures
        self._board.clear_states()
        self.show_all()

    def show_all(self) -> None:
        """Show everything anew."""
        figures = self._figures
        self._told_runs.clear()
        if figures is None:
            cards, links = self._board.sheet.cards, self._board.sheet.links
            rows = cards.rows.all()
            cards.set_numbers(rows, np.zeros((len(rows), len(NUMBERS)), np.int64))
            cards.sparks[:] = 0
            self._clear_nodes()
            links.queued[:] = 0
            links.fill[:] = 0
            self._board.viewer.refresh()
        else:
            self.show_news(figures, list(figures.processors), list(figures.connections))

    def show_news(self, figures: FlowFigures, processors: Sequence[str], connections: Sequence[str]) -> None:
        """Show what is new of processors and connections."""
        self._figures = figures
        states = {id: self._state(figures, id) for id in processors}
        self._board.set_states(states)
        self._show_nodes(processors)
        self._show_numbers(processors)
        self._show_queues(connections)
        self._show_sparks()
        self._board.viewer.viewport().update()

    @staticmethod
    def _state(figures: FlowFigures, id: str) -> State | None:
        found = figures.processors.get(id)
        return _STATES.get(found.state) if found is not None else None

    # -- nodes

    def _show_nodes(self, processors: Iterable[str]) -> None:
        """Which nodes run them, and why they cannot run. Words are made only where that is different."""
        figures, cards, told = self._figures, self._board.sheet.cards, self._told_runs
        if figures is None or not self._place:
            return
        members, known = self._level_members(), figures.processors
        for key in self._board.keys_of(processors):
            row = cards.rows.get(key)
            if row < 0 or key not in members:
                continue
            found = [each for id in members[key] if (each := known.get(id)) is not None]
            facts = [(each.state, each.trouble, each.nodes) for each in found]
            if told.get(key) != facts:
                told[key] = facts
                cards.set_runs(row, runs_of(found, self._labels(key)))

    def _labels(self, key: str) -> tuple[str, ...]:
        """The labels that a node must have for a processor of a card."""
        level = next((each for each in reversed(self._board.levels()) if key.startswith(each.prefix)), None)
        step = level.scope.flow.steps.get(key.removeprefix(level.prefix)) if level is not None else None
        return tuple(step.requires) if isinstance(step, Processor) else ()

    def _clear_nodes(self) -> None:
        cards = self._board.sheet.cards
        self._told_runs.clear()
        for row in list(cards.runs):
            cards.set_runs(row, NOWHERE)

    # -- numbers

    def _level_members(self) -> dict[str, list[str]]:
        """By card: the processors whose figures it shows."""
        self._look_around()
        return self._members

    def _look_around(self) -> None:
        """See what cards and connections of the sheet stand for, if the flow or the sheet is another."""
        key = (self._board.base, self._board.document.flow)
        if self._made_for is not None and self._made_for[0] == key[0] and self._made_for[1] is key[1]:
            return
        self._made_for = key
        self._members = {
            level.prefix + step: list(steps_below(level.scope, [step], level.place.prefix))
            for level in self._board.levels()
            for step in level.scope.flow.steps
        }
        self._queues = {
            level.prefix + link: queues_of(level.scope, link, level.place.prefix)
            for level in self._board.levels()
            for link in crossing(level.scope.flow)
        }
        self._crossing = {queue: link for link, queues in self._queues.items() for queue in queues}

    def _show_numbers(self, processors: Iterable[str]) -> None:
        figures, cards = self._figures, self._board.sheet.cards
        if figures is None:
            return
        members = self._level_members()
        shown = [key for key in self._board.keys_of(processors) if key in cards.rows and key in members]
        if not shown:
            return
        rows = np.array([cards.rows[key] for key in shown], np.intp)
        ids = [id for key in shown for id in members[key]]
        counts = np.array([len(members[key]) for key in shown])
        numbers = np.zeros((len(shown), len(NUMBERS)), np.int64)
        if ids:
            sums = figures.activity.totals(ids)
            running = np.array([figures.processors[id].running if id in figures.processors else 0 for id in ids])
            owner = np.repeat(np.arange(len(shown)), counts)
            for column, values in (
                ("in", sums[:, _IN]),
                ("out", sums[:, _OUT]),
                ("tasks", sums[:, _TASKS]),
                ("task_ns", sums[:, _SECONDS] * 1e9),
                ("running", running),
            ):
                numbers[:, NUMBERS.index(column)] = np.bincount(owner, values, len(shown))
            read, written = self._bytes(figures, ids)
            numbers[:, NUMBERS.index("read_bytes")] = np.bincount(owner, read, len(shown))
            numbers[:, NUMBERS.index("written_bytes")] = np.bincount(owner, written, len(shown))
        numbers[:, NUMBERS.index("bulletins")] = [sum(map(self._bulletins_of, members[key])) for key in shown]
        cards.set_numbers(rows, numbers)

    def _bytes(self, figures: FlowFigures, ids: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
        """Bytes that processors have read and written in the last five minutes: what crossed the connections at their ends."""
        ends = self._ends_of(figures)
        read, written = (self._crossed(figures, [ends[end].get(id, ()) for id in ids]) for end in (1, 0))
        return read, written

    @staticmethod
    def _crossed(figures: FlowFigures, keys: Sequence[Sequence[str]]) -> np.ndarray:
        """Bytes that crossed some connections, summed for each of several sets of them."""
        owner = np.repeat(np.arange(len(keys)), [len(each) for each in keys])
        crossed = figures.traffic.totals([key for each in keys for key in each])[:, _BYTES]
        return np.bincount(owner, crossed, len(keys))

    def _ends_of(self, figures: FlowFigures) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
        """The connections that leave each processor, and those that lead to it, by their keys in the running flow."""
        key = (figures.connections, len(figures.connections))
        if self._ends is None or self._ends_for[0] is not key[0] or self._ends_for[1] != key[1]:
            self._ends, self._ends_for = ({}, {}), key
            for connection in figures.connections:
                source, _, target = connection.partition("->")
                for ends, end in zip(self._ends, (source, target), strict=True):
                    ends.setdefault(end.rpartition(".")[0], []).append(connection)
        return self._ends

    def _show_sparks(self) -> None:
        """Sparklines of the cards in view; of a subflow the sum of what is inside."""
        figures, board = self._figures, self._board
        if figures is None:
            return
        cards, members = board.sheet.cards, self._level_members()
        seen = cards.within(board.viewer.seen)
        rows = seen[np.isin(cards.kind[seen], (Kind.PROCESSOR, Kind.SUBFLOW))].tolist() if len(seen) <= _MOST_SEEN else []
        if not rows or len(rows) > _MOST_SPARKS:
            return
        sparks = np.zeros((len(rows), SPARKS, cards.sparks.shape[2]), np.float32)
        for number, row in enumerate(rows):
            series = sum(figures.activity.of(id) for id in members.get(cards.rows.keys[row], ()))
            if isinstance(series, np.ndarray):
                sparks[number] = (series[:, _SPARK_COLUMNS] / np.maximum(series[:, _SPARK_COLUMNS].max(axis=0), 1e-9)).T
        changed = [n for n, row in enumerate(rows) if not np.array_equal(cards.sparks[row], sparks[n])]
        if changed:
            cards.set_sparks(np.array([rows[n] for n in changed], np.intp), sparks[changed])
            board.viewer.viewport().update()

    # -- queues

    def _show_queues(self, connections: Iterable[str]) -> None:
        figures, board = self._figures, self._board
        if figures is None:
            return
        links = board.sheet.links
        for level, key, row in self._own_links(connections):
            waiting = [
                queue
                for each in self._queues.get(level.prefix + key, [_running_key(level, key)])
                if (queue := figures.connections.get(each)) is not None
            ]
            if not waiting:
                continue
            messages, size = sum(queue.messages for queue in waiting), sum(queue.bytes for queue in waiting)
            limit = level.scope.flow.connections[key].limit
            links.queued[row] = (messages, size)
            links.fill[row] = (
                messages / limit.messages if limit.messages else 0.0,
                size / limit.size_bytes if limit.size_bytes else 0.0,
            )

    def _own_links(self, connections: Iterable[str]) -> Iterable[tuple[Level, str, int]]:
        """Connections on the sheet by their keys in the running flow: their level, their key in it, and their row."""
        self._look_around()
        levels, rows, crossing = self._board.levels(), self._board.sheet.links.rows, self._crossing
        for running in connections:
            key = crossing.get(running)
            for level in levels:
                row = -1
                if key is None:
                    source, target = _behind(running, level.place.prefix)
                    row = rows.get(f"{level.prefix}{source}->{target}") if source and target else -1
                elif key.startswith(level.prefix) and key[len(level.prefix) :] in level.scope.flow.connections:
                    row = rows.get(key)
                if row >= 0:
                    yield level, rows.keys[row][len(level.prefix) :], row
                    break

    # -- bulletins

    def add_bulletins(self, lines: Sequence[Line], place: str = "") -> None:
        """Steps said warnings or errors, on a target."""
        bulletins = self._by_place.setdefault(place, {})
        for line in lines:
            bulletins.setdefault(line.step, deque(maxlen=999)).append(line.at_ms / 1000)
        if bulletins is self._bulletins:
            self._show_numbers(dict.fromkeys(line.step for line in lines))

    def clear_bulletins(self, ids: Sequence[str]) -> None:
        """Show those of these steps, and of steps inside them, no more; without ids none at all."""
        gone = [step for step in self._bulletins if not ids or any(step == id or step.startswith(f"{id}/") for id in ids)]
        for step in gone:
            del self._bulletins[step]
        self._show_numbers(gone)

    def forget_bulletins(self, now_s: float) -> None:
        """Those of more than five minutes ago are shown no more."""
        for step, times in list(self._bulletins.items()):
            before = len(times)
            while times and times[0] < now_s - _BULLETIN_S:
                times.popleft()
            if not times:
                del self._bulletins[step]
            if len(times) != before:
                self._show_numbers([step])

    def _bulletins_of(self, step: str) -> int:
        return len(self._bulletins.get(step, ()))

    @property
    def bulletins(self) -> int:
        """How many there were lately."""
        return sum(map(len, self._bulletins.values()))


_MOST_SEEN = 1000
_MOST_SPARKS = 400
"""From so far away that more cards are seen, sparklines are not."""


def _running_key(level: Level, key: str) -> str:
    """The key in the running flow of a connection between two processors."""
    source, _, target = key.partition("->")
    return f"{level.place.prefix}{source}->{level.place.prefix}{target}"


def _behind(running: str, prefix: str) -> tuple[str, str]:
    """The ends of a connection of the running flow within a level; empty where they are outside."""
    source, _, target = running.partition("->")
    if not source.startswith(prefix) or not target.startswith(prefix):
        return "", ""
    return source[len(prefix) :], target[len(prefix) :]
