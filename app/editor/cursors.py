"""Cursors, the cursors besides the usual one: what is typed, is typed at all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import (
    QColor,
    QGuiApplication,
    QInputMethodEvent,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QTextCursor,
    QTextDocument,
)

from app.editor import indentation

if TYPE_CHECKING:
    from app.editor.code_editor import CodeEditor

_CONTROL, _SHIFT, _ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.AltModifier
_KEEP, _MOVE = QTextCursor.MoveMode.KeepAnchor, QTextCursor.MoveMode.MoveAnchor
_OPERATION = QTextCursor.MoveOperation
_MOVES = {
    Qt.Key.Key_Left: (_OPERATION.Left, _OPERATION.WordLeft),
    Qt.Key.Key_Right: (_OPERATION.Right, _OPERATION.WordRight),
    Qt.Key.Key_Up: (_OPERATION.Up, _OPERATION.Up),
    Qt.Key.Key_Down: (_OPERATION.Down, _OPERATION.Down),
    Qt.Key.Key_Home: (_OPERATION.StartOfBlock, _OPERATION.StartOfBlock),
    Qt.Key.Key_End: (_OPERATION.EndOfBlock, _OPERATION.EndOfBlock),
}
"""By key: where it moves, and where with Ctrl."""
_BARE = (
    (Qt.Key.Key_Shift, Qt.Key.Key_ScrollLock),
    (Qt.Key.Key_Super_L, Qt.Key.Key_Super_R),
    (Qt.Key.Key_Hyper_L, Qt.Key.Key_Hyper_R),
    (Qt.Key.Key_AltGr, Qt.Key.Key_Dead_Longsolidusoverlay),
)
"""From, to: keys that are held, and those that do nothing but begin a character, as dead ones do."""
_CARET = 2
Edit = Callable[[QTextCursor], object]


class Cursors:
    """Keeps the other cursors, edits and moves at all of them in one step, and paints them. Without others it does nothing.

    The editor's own cursor is the one that was added last, so that the view follows it.
    """

    def __init__(self, editor: CodeEditor) -> None:
        self._editor = editor
        self.others: list[QTextCursor] = []
        self._is_of_words = False
        self._corner: QTextCursor | None = None
        """Where the drag of a column began."""
        self._column = -1
        """Where cursors above or below are wanted, also past lines that are shorter; -1: where the cursor is."""

    # -- more and fewer

    def drop(self) -> None:
        """Have the usual one only."""
        self._is_of_words = False
        self._column = -1
        if self.others:
            self.others = []
            self._show()

    def toggle_at(self, point: QPoint) -> None:
        """Add a cursor at a point of the view, or take away the one that is there."""
        clicked = self._editor.cursorForPosition(point)
        there = [each for each in self._all() if each.position() == clicked.position() and not each.hasSelection()]
        left = [each for each in self._all() if each not in there]
        self._set([*left, clicked] if not there else left or there)

    def begin_column(self, point: QPoint) -> None:
        """A drag begins that selects a column."""
        self.drop()
        self._corner = self._editor.cursorForPosition(point)
        self._editor.setTextCursor(self._corner)

    def drag_column(self, point: QPoint) -> bool:
        """Select in every line from where the drag began to a point what lies between their columns; False: no drag."""
        corner = self._corner
        if corner is None:
            return False
        end = self._editor.cursorForPosition(point)
        step = 1 if end.blockNumber() >= corner.blockNumber() else -1
        made: list[QTextCursor] = []
        for number in range(corner.blockNumber(), end.blockNumber() + step, step):
            block = self._editor.document().findBlockByNumber(number)
            if block.isVisible():
                cursor, longest = QTextCursor(block), block.length() - 1
                cursor.setPosition(block.position() + min(corner.positionInBlock(), longest))
                cursor.setPosition(block.position() + min(end.positionInBlock(), longest), _KEEP)
                made.append(cursor)
        self._set(made)
        return True

    def end_column(self) -> bool:
        """The drag is over; False: there was none."""
        had, self._corner = self._corner is not None, None
        return had

    def add_in_line(self, *, below: bool) -> None:
        """Add a cursor in the line below the lowest, or above the highest, in the same column."""
        cursors = sorted(self._all(), key=QTextCursor.position)
        outermost = cursors[-1] if below else cursors[0]
        block = outermost.block().next() if below else outermost.block().previous()
        if not block.isValid():
            return
        column = max(self._column, outermost.positionInBlock())
        added = QTextCursor(block)
        added.setPosition(block.position() + min(column, block.length() - 1))
        self._set([*self._all(), added])
        self._column = column

    def add_next_match(self) -> None:
        """Select the word at the cursor; once something is selected, select also where it comes next."""
        current = self._editor.textCursor()
        if not current.hasSelection():
            current.select(QTextCursor.SelectionType.WordUnderCursor)
            self._is_of_words = current.hasSelection()
            self._editor.setTextCursor(current)
            return
        taken = {each.selectionStart() for each in self._all()}
        flags = QTextDocument.FindFlag.FindCaseSensitively
        if self._is_of_words:
            flags |= QTextDocument.FindFlag.FindWholeWords
        document, text = self._editor.document(), current.selectedText()
        for start in (current.selectionEnd(), 0):
            found = document.find(text, start, flags)
            while not found.isNull() and found.selectionStart() in taken:
                found = document.find(text, found.selectionEnd(), flags)
            if not found.isNull():
                self._set([*self._all(), found])
                return

    # -- keys

    def take(self, event: QKeyEvent) -> bool:
        """Act on a key at all cursors; returns whether it was one for them."""
        if not self.others:
            return False
        key, modifiers = Qt.Key(event.key()), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if key == Qt.Key.Key_Escape:
            self.drop()
        elif key in _MOVES and not modifiers & _ALT:
            operation = _MOVES[key][bool(modifiers & _CONTROL)]
            self._move(operation, _KEEP if modifiers & _SHIFT else _MOVE)
        elif event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.matches(QKeySequence.StandardKey.Cut):
            self.cut()
        elif event.matches(QKeySequence.StandardKey.Paste):
            self.insert(QGuiApplication.clipboard().text())
        elif (edit := self._edit_of(event, key, modifiers)) is not None:
            self._edit(edit)
        else:
            return False
        return True

    def leave_to_one(self, event: QKeyEvent) -> None:
        """Have only the text field's own cursor, at which it acts on a key that nobody took; not for one of `_BARE`."""
        if not any(first.value <= event.key() <= last.value for first, last in _BARE):
            self.drop()

    def _edit_of(self, event: QKeyEvent, key: Qt.Key, modifiers: Qt.KeyboardModifier) -> Edit | None:
        """What a key does at one cursor."""
        language = self._editor.language
        if key in (Qt.Key.Key_Backspace, Qt.Key.Key_Delete) and not modifiers & _ALT:
            back = key == Qt.Key.Key_Backspace
            return lambda cursor: self._delete(cursor, back=back, word=bool(modifiers & _CONTROL))
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not modifiers & (_CONTROL | _ALT):
            return lambda cursor: indentation.break_line(cursor, language, in_code=self._editor.is_in_code(cursor))
        if key == Qt.Key.Key_Tab and not modifiers:
            return lambda cursor: indentation.indent(cursor, language)
        text = event.text()
        is_typed = bool(text) and text.isprintable() and bool(modifiers & _CONTROL) == bool(modifiers & _ALT)
        return (lambda cursor: cursor.insertText(text)) if is_typed else None

    def _delete(self, cursor: QTextCursor, *, back: bool, word: bool) -> None:
        if back and not word and indentation.delete_step(cursor, self._editor.language):
            return
        if word and not cursor.hasSelection():
            cursor.movePosition(_OPERATION.WordLeft if back else _OPERATION.WordRight, _KEEP)
        if cursor.hasSelection():
            cursor.removeSelectedText()
        elif back:
            cursor.deletePreviousChar()
        else:
            cursor.deleteChar()

    def _move(self, operation: QTextCursor.MoveOperation, mode: QTextCursor.MoveMode) -> None:
        cursors = self._all()
        for each in cursors:
            each.movePosition(operation, mode)
        self._set(cursors)

    def _edit(self, edit: Edit) -> None:
        """Edit at every cursor; one step for undo."""
        if self._editor.isReadOnly():
            return
        cursors = self._all()
        whole = QTextCursor(self._editor.document())
        whole.beginEditBlock()
        for each in cursors:
            edit(each)
        whole.endEditBlock()
        self._set(cursors)

    def take_composed(self, event: QInputMethodEvent) -> None:
        """Insert at all cursors what an input method made. What is selected goes as soon as it begins, as by a key."""
        text, back, length = event.commitString(), event.replacementStart(), event.replacementLength()

        def put(cursor: QTextCursor) -> None:
            cursor.removeSelectedText()
            if length:
                cursor.setPosition(max(0, cursor.position() + back))
                cursor.movePosition(_OPERATION.Right, _KEEP, length)
            cursor.insertText(text)

        if text or length or (event.preeditString() and any(each.hasSelection() for each in self._all())):
            self._edit(put)

    def cut(self) -> None:
        """Copy what is selected, and take it away."""
        self.copy()
        self._edit(QTextCursor.removeSelectedText)

    def copy(self) -> None:
        """Copy what is selected, from top to bottom, a line for each cursor."""
        selected = [each.selectedText().replace("\u2029", "\n") for each in sorted(self._all(), key=QTextCursor.position)]
        if any(selected):
            QGuiApplication.clipboard().setText("\n".join(selected))

    def insert(self, text: str) -> None:
        """Of as many lines as there are cursors one for each, from top to bottom; otherwise all of it for each."""
        lines = text.removesuffix("\n").split("\n")
        places = sorted(each.position() for each in self._all())
        pieces = dict(zip(places, lines, strict=True)) if len(lines) == len(places) else dict.fromkeys(places, text)
        pending = iter([pieces[each.position()] for each in self._all()])
        self._edit(lambda cursor: cursor.insertText(next(pending)))

    # -- the cursors

    def _all(self) -> list[QTextCursor]:
        """Every cursor, the editor's own last."""
        return [*self.others, self._editor.textCursor()]

    def _set(self, cursors: list[QTextCursor]) -> None:
        """Have these, the last one as the editor's own; of those that meet, one is left."""
        self._column = -1
        own = cursors[-1]
        kept = [own]
        for each in cursors[:-1]:
            if not any(_meet(each, other) for other in kept):
                kept.append(each)
        self.others = kept[1:]
        self._editor.setTextCursor(own)
        self._editor.ensureCursorVisible()
        self._show()

    def _show(self) -> None:
        self._editor.mark_soon()
        self._editor.viewport().update()  # the carets lie anywhere

    # -- looks

    def spans(self) -> Iterator[tuple[int, int]]:
        """What is selected by the others."""
        return ((each.selectionStart(), each.selectionEnd()) for each in self.others if each.hasSelection())

    def paint(self) -> None:
        """Paint the others; they do not blink, so that one sees at once where typing goes."""
        if not self.others:
            return
        editor = self._editor
        painter = QPainter(editor.viewport())
        for each in self.others:
            if not each.block().isVisible():
                continue
            row = editor.cursorRect(each)
            painter.fillRect(row.x(), row.y(), _CARET, row.height(), QColor(editor.colors.text))
        painter.end()


def _meet(one: QTextCursor, other: QTextCursor) -> bool:
    if one.position() == other.position() and one.hasSelection() == other.hasSelection():
        return True
    return one.selectionStart() < other.selectionEnd() and other.selectionStart() < one.selectionEnd()
