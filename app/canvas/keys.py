"""The keys that belong to the canvas itself, rather than to an action of the window; some can be given to other keys."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from PySide6.QtCore import QT_TRANSLATE_NOOP, QKeyCombination, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

CONTEXT = "canvas_keys"


class CanvasKey(NamedTuple):
    """What a key means; `text` is translated when it is shown. `is_fixed`: nobody can choose another."""

    id: str
    text: str
    keys: tuple[str, ...]
    is_fixed: bool = False


def _(text: str) -> str:
    return str(QT_TRANSLATE_NOOP(CONTEXT, text))


ADD, OPEN, LEAVE, HOLD = "canvas_add", "canvas_open", "canvas_leave", "canvas_hold"
GATHER, CONNECT, CONNECT_BACK, NEXT_LINK = "canvas_gather", "canvas_connect", "canvas_connect_back", "canvas_next_link"
NEXT_BEND, ADD_BEND, DELETE = "canvas_next_bend", "canvas_add_bend", "canvas_delete"
WIDEN, NARROW, HEIGHTEN, LOWER = "canvas_widen", "canvas_narrow", "canvas_heighten", "canvas_lower"
CANVAS_KEYS = (
    CanvasKey(ADD, _("Add a part where the pointer is"), ("Tab",)),
    CanvasKey(OPEN, _("Open what is selected"), ("Return", "Enter")),
    CanvasKey(LEAVE, _("Deselect, or leave the subflow"), ("Esc",)),
    CanvasKey(HOLD, _("Hold to move about with the mouse"), ("Space",)),
    CanvasKey(GATHER, _("Select several: begin, then add or remove the card in the frame"), ("Shift+Space", "Ctrl+Space")),
    CanvasKey(CONNECT, _("Draw a connection from the selected card"), ("C",)),
    CanvasKey(CONNECT_BACK, _("Draw a connection to the selected card"), ("Shift+C",)),
    CanvasKey(NEXT_LINK, _("Select the next connection of the card"), ("L",)),
    CanvasKey(NEXT_BEND, _("Choose the next bend of the selected connection, to move or delete it"), ("B",)),
    CanvasKey(ADD_BEND, _("Add a bend to the selected connection"), ("Shift+B",)),
    CanvasKey(WIDEN, _("Make the selected note wider"), ("W",)),
    CanvasKey(NARROW, _("Make the selected note narrower"), ("Shift+W",)),
    CanvasKey(HEIGHTEN, _("Make the selected note higher"), ("H",)),
    CanvasKey(LOWER, _("Make the selected note lower"), ("Shift+H",)),
    CanvasKey(DELETE, _("Delete what is selected, as Del does"), ("Backspace",)),
    CanvasKey("canvas_go", _("Go to the next card or note in that direction"), ("Left", "Right", "Up", "Down"), is_fixed=True),
    CanvasKey(
        "canvas_move",
        _("Move what is selected: cards, a bend, a connection's label along its line"),
        ("Ctrl+Left", "Ctrl+Right", "Ctrl+Up", "Ctrl+Down"),
        is_fixed=True,
    ),
    CanvasKey(
        "canvas_move_finely",
        _("Move what is selected by single pixels"),
        ("Ctrl+Shift+Left", "Ctrl+Shift+Right", "Ctrl+Shift+Up", "Ctrl+Shift+Down"),
        is_fixed=True,
    ),
)
_BY_ID = {each.id: each for each in CANVAS_KEYS}


class KeyMap:
    """What keys mean on every canvas."""

    def __init__(self) -> None:
        self._meanings: dict[int, str] = {}
        for each in CANVAS_KEYS:
            if not each.is_fixed:
                self.give(each.id, usual_keys(each.id))

    def give(self, id: str, keys: Sequence[QKeySequence]) -> None:
        """Have these keys, and no others, mean something."""
        self._meanings = {key: meaning for key, meaning in self._meanings.items() if meaning != id}
        for sequence in keys:
            if sequence.count():
                first: QKeyCombination = sequence[0]  # type: ignore[index] - PySide's stubs know no index of it
                self._meanings[first.toCombined()] = id

    def giver(self, id: str) -> Callable[[Sequence[QKeySequence]], None]:
        """What gives keys to one meaning."""
        return lambda keys: self.give(id, keys)

    def meaning(self, event: QKeyEvent) -> str:
        """What a key means; empty: nothing of the canvas. Keys of the number pad count as the others."""
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        return self._meanings.get(QKeyCombination(modifiers, Qt.Key(event.key())).toCombined(), "")


def usual_keys(id: str) -> list[QKeySequence]:
    """The keys that a meaning has as long as nobody chose others."""
    return [QKeySequence(key) for key in _BY_ID[id].keys]


KEY_MAP = KeyMap()
"""The one in use: every canvas of the application goes by it."""
