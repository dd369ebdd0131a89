"""Folding, which hides the lines that belong to the one before them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QTextBlock, QTextCursor

from app.editor.indentation import blanks

if TYPE_CHECKING:
    from app.editor.code_editor import CodeEditor

_DOTS = "⋯"


class Folding:
    """Folds by indentation: to a line belong the lines below it that are indented deeper.

    Only the blocks of the text know what is hidden. Whatever goes to a hidden line, or changes what is around it, unfolds it.
    """

    def __init__(self, editor: CodeEditor) -> None:
        self._editor = editor
        self.is_any = False
        """Whether something may be hidden; as long as not, nothing is watched."""
        self._changes: list[tuple[int, int]] = []

    # -- what there is

    def last_of(self, block: QTextBlock) -> QTextBlock | None:
        """The last line that belongs to a line; None: none does. Blank lines at the end do not."""
        if not block.text().strip():
            return None
        depth = _depth(block)
        last, each = None, block.next()
        while each.isValid():
            if each.text().strip():
                if _depth(each) <= depth:
                    break
                last = each
            each = each.next()
        return last

    def can_fold(self, block: QTextBlock) -> bool:
        """Whether lines belong to a line."""
        if not block.text().strip():
            return False
        each = block.next()
        while each.isValid() and not each.text().strip():
            each = each.next()
        return each.isValid() and _depth(each) > _depth(block)

    def is_folded(self, block: QTextBlock) -> bool:
        """Whether what follows a line is hidden."""
        return self.is_any and block.isVisible() and block.next().isValid() and not block.next().isVisible()

    # -- fold and unfold

    def fold(self, block: QTextBlock) -> None:
        """Hide the lines that belong to a line, or to the nearest line above it that has some."""
        while block.isValid() and (not self.can_fold(block) or self.is_folded(block)):
            depth = _depth(block) if block.text().strip() else None
            block = block.previous()
            while block.isValid() and (not block.text().strip() or (depth is not None and _depth(block) >= depth)):
                block = block.previous()
        if block.isValid():
            self._hide(block)
            self._after()

    def unfold(self, block: QTextBlock) -> None:
        """Show the lines that are hidden behind a line, or around it when it is hidden itself."""
        while block.isValid() and not block.isVisible():
            block = block.previous()
        each = block.next()
        while each.isValid() and not each.isVisible():
            _show(each, is_shown=True)
            each = each.next()
        self._after()

    def toggle(self, block: QTextBlock) -> None:
        """Fold or unfold a line."""
        if self.is_folded(block):
            self.unfold(block)
        elif self.can_fold(block):
            self._hide(block)
            self._after()

    def fold_all(self) -> None:
        """Hide all that belongs to the lines that are not indented."""
        block = self._editor.document().firstBlock()
        while block.isValid():
            if not _depth(block) and self.can_fold(block) and not self.is_folded(block):
                self._hide(block)
            block = block.next()
        self._after()

    def unfold_all(self) -> None:
        """Hide nothing any more."""
        if not self.is_any:
            return
        block = self._editor.document().firstBlock()
        while block.isValid():
            _show(block, is_shown=True)
            block = block.next()
        self._watch(is_any=False)
        self._after()

    def forget(self) -> None:
        """The text is another one, in which all lines are shown."""
        self._watch(is_any=False)

    def _hide(self, block: QTextBlock) -> None:
        last = self.last_of(block)
        if last is None:
            return
        self._watch(is_any=True)
        cursor = self._editor.textCursor()
        if block.blockNumber() < cursor.blockNumber() <= last.blockNumber():
            # Before it is hidden: a cursor that goes to a hidden line unfolds it.
            cursor.setPosition(block.position() + block.length() - 1)
            self._editor.setTextCursor(cursor)
        each = block.next()
        while each.isValid() and each.blockNumber() <= last.blockNumber():
            _show(each, is_shown=False)
            each = each.next()

    def _after(self) -> None:
        """Have the layout know. `markContentsDirty` would say so, too, and that the text was changed."""
        layout = self._editor.document().documentLayout()
        layout.documentSizeChanged.emit(layout.documentSize())
        self._editor.viewport().update()
        self._editor.ensureCursorVisible()
        self._editor.lines_shown.emit()

    # -- what unfolds

    def reveal(self, cursor: QTextCursor) -> None:
        """Show the line of a cursor."""
        if self.is_any and not cursor.block().isVisible():
            self.unfold(cursor.block())

    def _watch(self, *, is_any: bool) -> None:
        if is_any == self.is_any:
            return
        self.is_any = is_any
        document = self._editor.document()
        if is_any:
            document.contentsChange.connect(self._on_change)
            document.contentsChanged.connect(self._on_changed)
        else:
            document.contentsChange.disconnect(self._on_change)
            document.contentsChanged.disconnect(self._on_changed)

    def _on_change(self, position: int, _removed: int, added: int) -> None:
        self._changes.append((position, position + added))

    def _on_changed(self) -> None:
        """A line that was changed may not be the one any more that others belong to. The layout knows of the change by now."""
        document = self._editor.document()
        changes, self._changes = self._changes, []
        for position in {place for change in changes for place in change}:
            block = document.findBlock(position)
            if block.isValid() and (not block.isVisible() or self.is_folded(block)):
                self.unfold(block)

    # -- looks

    def paint(self) -> None:
        """Paint dots behind every line that hides others."""
        if not self.is_any:
            return
        editor = self._editor
        painter = QPainter(editor.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(editor.font())
        for block, top, _ in editor.visible_lines():
            if self.is_folded(block):
                self._paint_dots(painter, block, top)
        painter.end()

    def _paint_dots(self, painter: QPainter, block: QTextBlock, top: float) -> None:
        editor, colors = self._editor, self._editor.colors
        end = QTextCursor(block)
        end.movePosition(QTextCursor.MoveOperation.EndOfBlock)
        height = editor.fontMetrics().height()
        box = QRectF(
            editor.cursorRect(end).right() + 6, top + 2, editor.fontMetrics().horizontalAdvance(_DOTS) + 10, height - 4
        )
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colors.bracket))
        painter.drawRoundedRect(box, 3, 3)
        painter.setPen(QColor(colors.text))
        painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), _DOTS)


def _depth(block: QTextBlock) -> int:
    return len(blanks(block.text()).expandtabs(8))


def _show(block: QTextBlock, *, is_shown: bool) -> None:
    block.setVisible(is_shown)
    block.setLineCount(max(1, block.layout().lineCount()) if is_shown else 0)
