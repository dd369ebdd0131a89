"""Which keys mean what in the editor."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QKeyCombination, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

if TYPE_CHECKING:
    from app.editor.code_editor import CodeEditor

Combination = int


def combination_of(event: QKeyEvent) -> Combination:
    """The keys of an event as one number; those of the number pad count as the others."""
    return QKeyCombination(event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier, Qt.Key(event.key())).toCombined()


def key_table(editor: CodeEditor) -> dict[Combination, Callable[[], None]]:
    """What each combination of keys does."""
    table: dict[str, Callable[[], None]] = {
        "Return": editor.break_line,
        "Enter": editor.break_line,
        "Ctrl+Return": editor.run_key,
        "Ctrl+Enter": editor.run_key,
        "Tab": editor.indent,
        "Shift+Backtab": editor.unindent,
        "Ctrl+/": editor.toggle_comment,
        "Ctrl+Shift+D": editor.duplicate_line,
        "Alt+Shift+F": editor.format_key,
        "Ctrl+.": editor.quick_fix,
        "Alt+Up": editor.move_line_up,
        "Alt+Down": editor.move_line_down,
        "Alt+Shift+Up": editor.add_cursor_above,
        "Alt+Shift+Down": editor.add_cursor_below,
        "Ctrl+D": editor.add_next_match,
        "Ctrl+Shift+[": editor.fold,
        "Ctrl+Shift+{": editor.fold,
        "Ctrl+Shift+]": editor.unfold,
        "Ctrl+Shift+}": editor.unfold,
        "Ctrl+F": editor.open_find,
        "Ctrl+H": editor.open_replace,
        "F3": editor.finder.go_on,
        "Shift+F3": editor.finder.go_back,
        "F9": editor.toggle_breakpoint,
        "Ctrl+G": editor.open_go_to_line,
        "Ctrl++": editor.zoom_in,
        "Ctrl+=": editor.zoom_in,
        "Ctrl+-": editor.zoom_out,
        "Ctrl+0": editor.zoom_reset,
        "Ctrl+Space": editor.complete,
        "Ctrl+Shift+Space": editor.show_call_tip,
        "Ctrl+I": editor.describe,
        "F12": editor.go_to_definition,
        "Escape": editor.escape,
        "Ctrl+Z": editor.undo_key,
        "Ctrl+Shift+Z": editor.redo_key,
        "Ctrl+Y": editor.redo_key,
    }
    return {_combined(keys): act for keys, act in table.items()}


def _combined(keys: str) -> Combination:
    """The combination that a text such as `Ctrl+Z` names."""
    sequence: Sequence[QKeyCombination] = QKeySequence(keys)  # type: ignore[assignment] - PySide's stubs know no index of it
    return sequence[0].toCombined()
