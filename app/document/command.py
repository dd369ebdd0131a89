"""The one undo command there is: a list of Changes, whatever they are about."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtGui import QUndoCommand

from engine.errors import ConflictError
from engine.model.change import Change, invert

CarryOut = Callable[[Sequence[Change]], None]
_NO_MERGE = -1


class ChangeCommand(QUndoCommand):
    """Makes Changes, takes them back, makes them again.

    Commands of the same `gesture` that follow each other (typing, a spin box that is held down) become one. A command that can
    no longer be carried out, because somebody else changed the same parts meanwhile, drops out of the history.
    """

    def __init__(self, text: str, changes: Sequence[Change], carry_out: CarryOut, gesture: int = _NO_MERGE) -> None:
        super().__init__(text)
        self._changes = list(changes)
        self._carry_out = carry_out
        self._gesture = gesture

    @property
    def changes(self) -> list[Change]:
        """What it makes."""
        return list(self._changes)

    def redo(self) -> None:
        """Make the changes."""
        self._try(self._changes)

    def undo(self) -> None:
        """Take them back."""
        self._try(invert(self._changes))

    def id(self) -> int:
        """What tells Qt which commands may become one."""
        return self._gesture

    def mergeWith(self, other: QUndoCommand) -> bool:  # noqa: N802 - Qt's name
        """Take in the command that follows, if it belongs to the same gesture."""
        if not isinstance(other, ChangeCommand) or other.id() != self._gesture:
            return False
        self._changes = _shortened([*self._changes, *other.changes])
        self.setObsolete(not self._changes)
        return True

    def _try(self, changes: Sequence[Change]) -> None:
        try:
            self._carry_out(changes)
        except ConflictError:
            self.setObsolete(True)


def _shortened(changes: Sequence[Change]) -> list[Change]:
    """The same with every part's steps in between left out, as long as all of them only alter parts that stay."""
    if any(change.before is None or change.after is None for change in changes):
        return list(changes)
    net: dict[str, Change] = {}
    for change in changes:
        first = net.get(change.id)
        net[change.id] = change if first is None else Change(change.id, first.before, change.after)
    return [change for change in net.values() if change.before != change.after]
