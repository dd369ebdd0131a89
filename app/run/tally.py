"""Tally, how many processors of a whole flow are in which state, those inside its subflows included."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from PySide6.QtCore import QObject

from app.board.board import Board
from app.canvas.card import State
from engine.model.change import Change
from engine.model.flow import Processor, Subflow
from engine.model.scope import Scope


class Tally(QObject):
    """Counts what a board knows of the flow of its document. A processor in a subflow that is used twice counts twice.

    The flow is walked only when processors may have come, gone, or become invalid: ten thousand that change how they run cost a
    millisecond, an edit of one of them in the flow itself next to nothing.
    """

    def __init__(self, board: Board) -> None:
        super().__init__(board)
        self._board = board
        self._resting: dict[str, State] | None = None
        """By full id: how each processor is while it does not run; None: to be found anew."""
        self._problems: Mapping[str, str] = {}
        board.document.changed.connect(self._on_changed)

    def counts(self) -> Counter[State]:
        """How many processors there are in each state."""
        condition = self._board.condition
        if self._resting is None or self._problems is not condition.problems:
            self._problems = condition.problems
            self._resting = dict(self._walk(Scope(self._board.document.flow), "", frozenset(), enabled=True))
        return Counter(map(condition.states.get, self._resting.keys(), self._resting.values()))

    def _walk(self, scope: Scope, prefix: str, within: frozenset[str], *, enabled: bool) -> Iterator[tuple[str, State]]:
        """`within` are the definitions around: what holds itself, which no valid flow does, is not gone into again."""
        within |= {scope.path}
        for id, step in scope.flow.steps.items():
            if isinstance(step, Processor):
                yield prefix + id, self._rest(step, scope.prefix + id, enabled=enabled)
            elif (below := scope.find(step.flow)) is not None and below.path not in within:
                yield from self._walk(below, f"{prefix}{id}/", within, enabled=enabled and step.enabled)

    def _rest(self, step: Processor, key: str, *, enabled: bool = True) -> State:
        if not (enabled and step.enabled):
            return State.DISABLED
        return State.INVALID if key in self._problems else State.STOPPED

    def _on_changed(self, changes: Sequence[Change]) -> None:
        for change in changes:
            for part in (change.before, change.after):
                if isinstance(part, Subflow) or (isinstance(part, Processor) and "/" in change.id):
                    self._resting = None
        if self._resting is None:
            return
        for change in changes:
            if isinstance(change.after, Processor):
                self._resting[change.id] = self._rest(change.after, change.id)
            elif isinstance(change.before, Processor):
                self._resting.pop(change.id, None)
