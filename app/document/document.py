"""Document, one open flow."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoStack

from app.document.command import ChangeCommand
from engine.model.apply import apply, diff, located
from engine.model.change import Change
from engine.model.flow import Flow

_gestures = itertools.count(1)
FollowUp = Callable[[Flow, Sequence[Change]], Sequence[Change]]


def _nothing(flow: Flow, changes: Sequence[Change]) -> Sequence[Change]:
    return ()


def new_gesture() -> int:
    """A number for edits that are to be undone together because they are one gesture of the user."""
    return next(_gestures)


class Document(QObject):
    """A flow and everything that was done to it since it was opened.

    Whatever edits it, a hand on the canvas, a form, the code editor, somebody else's window, does so by Changes, and everybody
    who shows it hears of them by `changed`. `folder` is what relative paths in the flow start from.
    """

    changed = Signal(list)
    """Changes were made: by an edit, by undo or redo, or from outside. The list holds them in their order."""

    edit_refused = Signal(str)
    """An edit could not be made, with the reason as a sentence."""

    def __init__(self, flow: Flow, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._flow = flow
        self.folder = folder
        self.undo_stack = QUndoStack(self)
        self.follow_up: FollowUp = _nothing
        """What an edit brings with it, as part of the same step: given the flow before and the changes, more of them."""

    @property
    def flow(self) -> Flow:
        """The flow as it is now; frozen, as all parts are."""
        return self._flow

    def edit(self, text: str, changes: Sequence[Change], gesture: int = -1) -> None:
        """Make Changes, as one step of the history that the menu calls `text`.

        Edits with the same `gesture` (see `new_gesture`) that follow each other become one step.
        """
        if changes:
            self._push(text, [*changes, *self.follow_up(self._flow, changes)], gesture)

    def _push(self, text: str, changes: Sequence[Change], gesture: int = -1) -> None:
        self.undo_stack.push(ChangeCommand(text, located(self._flow, changes), self._carry_out, gesture))

    def merge(self, changes: Sequence[Change]) -> None:
        """Take in what was changed elsewhere; it is no step of this history.

        Raises:
            ConflictError: a part was changed here, too.
        """
        self._carry_out(changes)

    def replace(self, text: str, flow: Flow) -> None:
        """Have the document become equal to another flow, as one step of the history."""
        changes = diff(self._flow, flow)
        if changes:
            self._push(text, changes)

    def _carry_out(self, changes: Sequence[Change]) -> None:
        try:
            self._flow = apply(self._flow, changes)
        except Exception as error:
            self.edit_refused.emit(str(error))
            raise
        self.changed.emit(list(changes))
