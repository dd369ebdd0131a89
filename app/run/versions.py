"""Versions, which tells the board of a page where another version runs than is drawn."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable

from app.board.board import Board
from app.feed.background import in_background
from app.feed.figures import FlowFigures
from engine.client.cluster_link import ClusterLink
from engine.client.engine import Engine
from engine.errors import PyfiError
from engine.model.bare import bare_part
from engine.model.flow import Flow, Processor, Subflow
from engine.model.scope import Scope

_WORKING = ("running", "paused")


class Versions:
    """What runs of the flow of a board, here or on a target, as far as it is not what is drawn there.

    Whoever takes a flow to the engine says so (`note`); a flow that came there otherwise, from a command line, say, is asked
    for. They differ while what is drawn is not valid, and where a flow was deployed from elsewhere or edited since.
    """

    def __init__(self, board: Board, door: Callable[[], Engine | ClusterLink]) -> None:
        self._board = board
        self._door = door
        """Who runs what is shown."""
        self._running: Flow | None = None
        self._revision = ""
        """Of what runs, as far as it is known."""
        self._name = ""
        self._figures: FlowFigures | None = None
        self._asking: asyncio.Task[None] | None = None

    def note(self, flow: Flow, revision: str) -> None:
        """The engine has taken this flow; it has a revision there."""
        self._running, self._revision = flow, revision
        self.show()

    def follow(self, name: str, figures: FlowFigures | None) -> None:
        """A flow of the engine may stand otherwise than before; None: it is not there."""
        self._name, self._figures = name, figures
        is_known = figures is None or figures.state not in _WORKING or figures.revision == self._revision
        if not is_known and (self._asking is None or self._asking.done()):
            self._asking = in_background(self._ask())
        self.show()

    def close(self) -> None:
        """The page is gone."""
        if self._asking is not None:
            self._asking.cancel()

    def show(self) -> None:
        """Have the cards say where what is drawn now is not what runs."""
        figures, running = self._figures, self._running
        is_known = figures is not None and figures.state in _WORKING and figures.revision == self._revision
        drawn = self._board.document.flow
        self._board.set_versions(unlike(drawn, running) if is_known and running is not None else {})

    async def _ask(self) -> None:
        """Learn what runs; again if it became something else meanwhile."""
        from engine.model.codec import load_flow

        with contextlib.suppress(PyfiError):  # the flow or the engine is gone again
            while (figures := self._figures) is not None and figures.revision != self._revision:
                revision = figures.revision
                text = await self._door().deployed_text(self._name)
                self._running = await asyncio.to_thread(load_flow, text)
                self._revision = revision
        self.show()


def unlike(drawn: Flow, running: Flow) -> dict[str, str]:
    """Steps of which another version runs, by their keys in changes: its commit, "" for code of none.

    Places, colours, notes make no version; nor is there one of what does not run at all.
    """
    if drawn is running:
        return {}
    known = {scope.path: scope.flow.steps for scope in Scope(running).walk()}
    return {
        scope.prefix + id: _commit(other)
        for scope in Scope(drawn).walk()
        for id, step in scope.flow.steps.items()
        if (other := known.get(scope.path, {}).get(id)) is not None
        and step is not other
        and step != other
        and bare_part(step) != bare_part(other)
    }


def _commit(step: Processor | Subflow) -> str:
    return step.git.commit if isinstance(step, Processor) and step.git is not None else ""
