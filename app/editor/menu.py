"""The editor's context menu."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu

from app.editor.language import PYTHON

if TYPE_CHECKING:
    from app.editor.code_editor import CodeEditor


def context_menu(editor: CodeEditor) -> QMenu:
    """A menu of what can be done here."""
    translate = QCoreApplication.translate
    menu = QMenu(editor)
    can_edit = not editor.isReadOnly()
    has_selection = any(each.hasSelection() for each in (editor.textCursor(), *editor.cursors.others))

    def add(text: str, keys: str, act: Callable[[], None], *, enabled: bool = True) -> None:
        action = QAction(text, menu)
        action.setShortcut(QKeySequence(keys))
        action.setEnabled(enabled)
        action.triggered.connect(lambda _checked=False: editor.perform(act))
        menu.addAction(action)

    add(translate("CodeEditor", "Undo"), "Ctrl+Z", editor.undo_key)
    add(translate("CodeEditor", "Redo"), "Ctrl+Shift+Z", editor.redo_key)
    menu.addSeparator()
    add(translate("CodeEditor", "Cut"), "Ctrl+X", editor.cut, enabled=can_edit and has_selection)
    add(translate("CodeEditor", "Copy"), "Ctrl+C", editor.copy, enabled=has_selection)
    add(translate("CodeEditor", "Paste"), "Ctrl+V", editor.paste, enabled=can_edit and editor.canPaste())
    add(translate("CodeEditor", "Select all"), "Ctrl+A", editor.selectAll)
    menu.addSeparator()
    add(
        translate("CodeEditor", "Comment out or in"),
        "Ctrl+/",
        editor.toggle_comment,
        enabled=can_edit and bool(editor.language.comment),
    )
    add(translate("CodeEditor", "Duplicate line"), "Ctrl+Shift+D", editor.duplicate_line, enabled=can_edit)
    add(translate("CodeEditor", "Add next match"), "Ctrl+D", editor.add_next_match, enabled=can_edit)
    can_fix = any(problem.fix for problem in editor.problems())
    add(translate("CodeEditor", "Fix problem…"), "Ctrl+.", editor.quick_fix, enabled=can_edit and can_fix)
    if editor.language is PYTHON:
        add(translate("CodeEditor", "Go to definition"), "F12", editor.go_to_definition)
        add(translate("CodeEditor", "Describe"), "Ctrl+I", editor.describe)
    add(translate("CodeEditor", "Find…"), "Ctrl+F", editor.open_find)
    add(translate("CodeEditor", "Replace…"), "Ctrl+H", editor.open_replace, enabled=can_edit)
    add(translate("CodeEditor", "Go to line…"), "Ctrl+G", editor.open_go_to_line)
    menu.addSeparator()
    add(translate("CodeEditor", "Fold"), "Ctrl+Shift+[", editor.fold)
    add(translate("CodeEditor", "Unfold"), "Ctrl+Shift+]", editor.unfold)
    add(translate("CodeEditor", "Fold all"), "", editor.folding.fold_all)
    add(translate("CodeEditor", "Unfold all"), "", editor.folding.unfold_all, enabled=editor.folding.is_any)
    return menu
