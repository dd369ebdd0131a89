"""Shortcuts, which keys carry out which action: the usual ones, or those that the user chose."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction, QKeySequence

from app.settings.store import Store

_MATCHES = (QKeySequence.SequenceMatch.ExactMatch, QKeySequence.SequenceMatch.PartialMatch)
_NATIVE = QKeySequence.SequenceFormat.NativeText


class Shortcut:
    """Something that has keys. `give` has others count; `is_fixed`: nobody can choose others."""

    def __init__(
        self,
        id: str,
        title: str,
        group: str,
        usual: Sequence[QKeySequence],
        give: Callable[[list[QKeySequence]], None],
        *,
        is_fixed: bool = False,
    ) -> None:
        self.id = id
        self.title = title
        self.group = group
        self.usual = list(usual)
        self.give = give
        self.is_fixed = is_fixed


class Shortcuts(QObject):
    """Everything that has keys, in the order in which it was added. What was chosen is kept in a store."""

    changed = Signal(str)
    """Something has other keys: its id."""

    def __init__(self, store: Store, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._store = store
        self._all: dict[str, Shortcut] = {}

    def __iter__(self) -> Iterator[Shortcut]:
        return iter(self._all.values())

    def __contains__(self, id: object) -> bool:
        return id in self._all

    def __getitem__(self, id: str) -> Shortcut:
        return self._all[id]

    def add(self, shortcut: Shortcut) -> None:
        """Have its keys count from now on."""
        self._all[shortcut.id] = shortcut
        if not shortcut.is_fixed:
            shortcut.give(self.keys(shortcut.id))

    def add_action(self, id: str, group: str, action: QAction) -> None:
        """Add an action of a window; its keys as they are now are the usual ones. Its tool tip says the keys, too."""
        title = action.text().replace("&", "")

        def give(keys: list[QKeySequence]) -> None:
            action.setShortcuts(keys)
            action.setToolTip(f"{title} ({keys[0].toString(_NATIVE)})" if keys else title)

        self.add(Shortcut(id, title, group, action.shortcuts(), give))

    def keys(self, id: str) -> list[QKeySequence]:
        """The keys in use."""
        shortcut = self._all[id]
        return shortcut.usual if shortcut.is_fixed else self._store.keys.get(id, shortcut.usual)

    def words(self, id: str) -> str:
        """The same as people read them."""
        return ", ".join(key.toString(_NATIVE) for key in self.keys(id))

    def is_chosen(self, id: str) -> bool:
        """Whether it has other keys than the usual ones."""
        return self.keys(id) != self._all[id].usual

    def owners(self, key: QKeySequence, besides: str = "") -> list[Shortcut]:
        """What has a key already, or one that begins with it or that it begins with."""
        return [each for each in self if each.id != besides and any(_collide(key, own) for own in self.keys(each.id))]

    def choose(self, id: str, keys: list[QKeySequence]) -> None:
        """Give something these keys."""
        shortcut = self._all[id]
        self._store.set_keys(id, None if keys == shortcut.usual else keys)
        shortcut.give(self.keys(id))
        self.changed.emit(id)

    def take(self, id: str, key: QKeySequence) -> None:
        """Give something a key, and take it away from whatever has it."""
        for owner in self.owners(key, besides=id):
            if not owner.is_fixed:
                self.choose(owner.id, [own for own in self.keys(owner.id) if not _collide(key, own)])
        self.choose(id, [key])

    def reset(self, id: str) -> None:
        """Give something its usual keys again."""
        self.choose(id, self._all[id].usual)

    def reset_all(self) -> None:
        """Give everything its usual keys again; also what a panel that is not there now had."""
        for id in list(self._store.keys):
            if id in self._all:
                self.reset(id)
            else:
                self._store.set_keys(id, None)


def _collide(first: QKeySequence, second: QKeySequence) -> bool:
    """Whether the one keeps the other from being heard."""
    return first.matches(second) in _MATCHES or second.matches(first) in _MATCHES
