"""Quick fixes: what the tool that found a problem would do about it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QMenu

from app.editor.code_editor import CodeEditor
from app.editor.code_problem import CodeProblem, Fix, FixEdit
from app.editor.text import position_at


class QuickFix(QObject):
    """Offers the fixes for the line of the cursor in a menu, and all of the text at once."""

    def __init__(self, editor: CodeEditor) -> None:
        super().__init__(editor)
        self._editor = editor

    def offer(self, problems: Sequence[CodeProblem]) -> QMenu | None:
        """Open the menu for problems of the text as it is now; None: there is nothing to fix."""
        line, _ = self._editor.place()
        every = [each.fix for each in problems if each.fix is not None]
        if not every:
            return None
        menu = QMenu(self._editor)
        count = 0
        for each in problems:
            if each.fix is not None and each.line <= line <= max(each.line, each.end_line):
                action = menu.addAction(f"{each.fix.text} ({each.source} {each.code})")
                action.triggered.connect(lambda _=False, fix=each.fix: apply_fixes(self._editor, [fix]))
                count += 1
        if not count or len(every) > 1:
            if count:
                menu.addSeparator()
            action = menu.addAction(self.tr("Fix all {} problems that can be fixed").format(len(every)))
            action.triggered.connect(lambda _=False: apply_fixes(self._editor, every))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self._editor.viewport().mapToGlobal(self._editor.cursorRect().bottomLeft()))
        menu.setActiveAction(menu.actions()[0])
        return menu


def apply_fixes(editor: CodeEditor, fixes: Sequence[Fix]) -> None:
    """Change the text as fixes say, in one step. One that overlaps another is left for later."""
    cursor = QTextCursor(editor.document())
    # All places first: they are those of the text before the first edit, and stay right from the end backwards.
    wanted = [sorted(((*_span(editor, each), each.content) for each in fix.edits), reverse=True) for fix in fixes]
    behind = editor.document().characterCount()
    cursor.beginEditBlock()
    for spans in sorted(wanted, key=lambda each: each[0][:2], reverse=True):
        if max(end for _, end, _ in spans) > behind:
            continue
        for start, end, content in spans:
            cursor.setPosition(start)
            cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
            cursor.insertText(content)
        behind = spans[-1][0]
    cursor.endEditBlock()


def _span(editor: CodeEditor, edit: FixEdit) -> tuple[int, int]:
    document = editor.document()
    if edit.end_line > document.blockCount():
        end = document.characterCount() - 1
    else:
        end = position_at(document, edit.end_line, edit.end_column)
    return position_at(document, edit.line, edit.column), end
