"""CodeEditor, a text field for code."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from PySide6.QtCore import QEvent, QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPaintEvent,
    QResizeEvent,
    QTextBlock,
    QTextCursor,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QToolTip, QWidget

from app.editor import indentation, lines
from app.editor.blank_frames import BlankFrames
from app.editor.breakpoints import Breakpoints
from app.editor.code_problem import CodeProblem
from app.editor.colors import EditorColors, colors_of
from app.editor.cursor_field import CursorField
from app.editor.cursors import Cursors
from app.editor.finder import Finder
from app.editor.folding import Folding
from app.editor.gutter import Gutter
from app.editor.highlighter import Highlighter
from app.editor.key_table import Combination, combination_of, key_table
from app.editor.language import TEXT, Language
from app.editor.line_bar import LineBar
from app.editor.marks import Ground, Marks
from app.editor.menu import context_menu
from app.editor.text import block_at, characters, position_at, replace_text, text_of
from app.editor.trail import Trail
from app.theme.current import current_theme
from app.theme.fonts import code_font, wear_code_font

_SMALLEST_PT, _GREATEST_PT = 6.0, 40.0
_RESTYLED = (QEvent.Type.PaletteChange, QEvent.Type.StyleChange, QEvent.Type.ApplicationPaletteChange)


class CodeEditor(CursorField):
    """Shows and edits code: colours, line numbers, indentation, find and replace, marks.

    With `setUndoRedoEnabled(False)` the keys of undo and redo ask for it by `undo_requested` and `redo_requested`, for a
    history that is kept elsewhere.
    """

    undo_requested = Signal()
    redo_requested = Signal()
    run_requested = Signal()
    """Ctrl+Enter was pressed."""
    completion_requested = Signal(bool)
    """Completion is wanted; True: by what was typed, False: by Ctrl+Space."""
    call_tip_requested = Signal(bool)
    """The parameters of the call at the cursor are wanted; True: by what was typed, False: by Ctrl+Shift+Space."""
    description_requested = Signal(int, QPoint)
    """What stands at a position is to be said, at a point of the screen."""
    definition_requested = Signal()
    """Where what stands at the cursor is from is to be shown."""
    format_requested = Signal()
    """The code is to be laid out anew."""
    fix_requested = Signal()
    """What can be done about the problems here is wanted."""
    focus_lost = Signal()
    left = Signal()
    """Escape, with nothing to close."""
    lines_shown = Signal()
    """Lines were hidden or shown."""
    zoomed = Signal(float)
    """The text has another size, in points."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.language: Language = TEXT
        self._theme = current_theme()
        self.colors: EditorColors = colors_of(current_theme())
        self.key_interceptors: list[Callable[[QKeyEvent], bool]] = []
        """See keys first, in turn, and return whether they took one (the list of completions)."""
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setAccessibleName(self.tr("Code"))
        self._highlighter = Highlighter(self.document(), self.colors)
        self._gutter = Gutter(self)
        self.finder = Finder(self)
        self._line_bar = LineBar(self)
        self._line_bar.hide()
        self.cursors = Cursors(self)
        self.key_interceptors.append(self.cursors.take)
        self.folding = Folding(self)
        self.trail = Trail(self)
        self._marks = Marks(self)
        self.breakpoints = Breakpoints(self)
        self._blanks = BlankFrames(self)
        self._line_names: Sequence[str] = ()
        self._keys: dict[Combination, Callable[[], None]] = key_table(self)
        self._marking = QTimer(self)
        self._marking.setSingleShot(True)
        self._marking.setInterval(0)
        self._marking.timeout.connect(self._mark)
        wear_code_font(self)
        self.set_colors(self.colors)
        self._connect()

    def _connect(self) -> None:
        self.blockCountChanged.connect(self._on_block_count_changed)
        self.updateRequest.connect(self._on_update_request)
        self.cursorPositionChanged.connect(self._on_cursor_moved)
        self.textChanged.connect(self._marking.start)
        self.verticalScrollBar().valueChanged.connect(self._marking.start)
        self.lines_shown.connect(self._on_cursor_moved)
        self.finder.changed.connect(self._on_bar_changed)
        self._line_bar.chosen.connect(self.trail.go_to)
        self._line_bar.closed.connect(self._on_line_bar_closed)

    # -- text

    def text(self) -> str:
        """The code, exactly."""
        return text_of(self.document())

    def set_text(self, text: str) -> int | None:
        """Make the code be `text`, touching only what differs; cursor and view stay. Returns the position behind the change."""
        top = self.verticalScrollBar().value()
        position = replace_text(self.document(), text)
        self.verticalScrollBar().setValue(top)
        return position

    def load(self, text: str, language: Language) -> None:
        """Show other code, from its beginning."""
        self.language = language
        self.cursors.drop()
        self.trail.forget()
        self.folding.forget()
        self._marks.set_problems([])
        self._marks.set_failed(0, "")
        self._marks.grounds, self._line_names = {}, ()
        self._highlighter.set_language("")
        self.setPlainText(text)
        self._highlighter.set_language(language.lexer)
        self.setTabStopDistance(self.fontMetrics().horizontalAdvance(" ") * language.indent)
        self._marking.start()

    def set_language(self, language: Language) -> None:
        """Take the text for one in another language."""
        if language is not self.language:
            self.language = language
            self._highlighter.set_language(language.lexer)

    # -- marks

    def set_problems(self, problems: Sequence[CodeProblem]) -> None:
        """Underline these problems, with a mark beside the line and a tooltip."""
        self._marks.set_problems(problems)
        self._mark()
        self._gutter.update()

    def problems(self) -> list[CodeProblem]:
        """The problems that are marked."""
        return self._marks.problems

    def set_failed_line(self, line: int, message: str = "") -> None:
        """Mark the line where the last try failed; 0: none."""
        self._marks.set_failed(line, message)
        self._mark()
        self._gutter.update()

    def remark(self) -> None:
        """Mark everything anew, in the text and beside it."""
        self._marking.start()
        self._gutter.update()

    def toggle_breakpoint(self) -> None:
        """Set a breakpoint at the cursor's line, or take it away."""
        self.breakpoints.toggle(self.textCursor().blockNumber() + 1)

    def set_grounds(self, grounds: Mapping[int, Ground]) -> None:
        """Colour the ground of lines, by number of block; for a text that is only read."""
        self._marks.grounds = grounds
        self._mark()

    def set_line_names(self, names: Sequence[str]) -> None:
        """Call lines otherwise than by their numbers; for a text that is only read."""
        self._line_names = names
        self._gutter.update()

    def line_name(self, number: int) -> str:
        """What stands beside a line, by number of block."""
        return self._line_names[number] if number < len(self._line_names) else str(number + 1)

    def show_line(self, line: int) -> None:
        """Have the middle of the view show a line, from 1; the keyboard stays where it is."""
        self.setTextCursor(QTextCursor(block_at(self.document(), line)))
        self.centerCursor()

    def marks(self) -> dict[int, str]:
        """By number of block, from 0: what is marked beside it."""
        return self._marks.of_lines()

    # -- places

    def go_to(self, line: int, column: int = 1) -> None:
        """Put the cursor at a line and a column, both from 1."""
        cursor = self.textCursor()
        cursor.setPosition(position_at(self.document(), line, column - 1))
        self.setTextCursor(cursor)
        self.centerCursor()
        self.setFocus()

    def place(self, position: int | None = None) -> tuple[int, int]:
        """Line from 1 and column from 0, in characters, of a position or the cursor."""
        cursor = self.textCursor()
        if position is not None:
            cursor.setPosition(position)
        return cursor.blockNumber() + 1, characters(cursor.block().text(), cursor.positionInBlock())

    def is_in_code(self, cursor: QTextCursor | None = None) -> bool:
        """Whether a cursor, by default the editor's own, is neither in a string nor in a comment."""
        cursor = cursor or self.textCursor()
        return self._highlighter.is_code(cursor.block(), cursor.positionInBlock())

    def visible_lines(self) -> Iterator[tuple[QTextBlock, float, float]]:
        """The blocks on the screen, with top and height in pixels."""
        block = self.firstVisibleBlock()
        top = self.blockBoundingGeometry(block).translated(self.contentOffset()).top()
        bottom = self.viewport().height()
        while block.isValid() and top <= bottom:
            if not self.folding.is_any or block.isVisible():
                height = self.blockBoundingRect(block).height()
                yield block, top, height
                top += height
            block = block.next()

    # -- what keys do

    def run_key(self) -> None:
        """Ask for a run."""
        self.run_requested.emit()

    def undo_key(self) -> None:
        """Take back, here or in a history kept elsewhere."""
        if self.isUndoRedoEnabled():
            self.undo()
        else:
            self.undo_requested.emit()

    def redo_key(self) -> None:
        """Make again."""
        if self.isUndoRedoEnabled():
            self.redo()
        else:
            self.redo_requested.emit()

    def break_line(self) -> None:
        """Enter."""
        indentation.break_line(cursor := self.textCursor(), self.language, in_code=self.is_in_code())
        self.setTextCursor(cursor)
        self.ensureCursorVisible()

    def indent(self) -> None:
        """Tab."""
        indentation.indent(self.textCursor(), self.language)

    def unindent(self) -> None:
        """Shift+Tab."""
        indentation.unindent(self.textCursor(), self.language)

    def toggle_comment(self) -> None:
        """Comment the selected lines out, or in again."""
        lines.toggle_comment(self.textCursor(), self.language)

    def format_key(self) -> None:
        """Ask for the code to be laid out anew."""
        self.format_requested.emit()

    def quick_fix(self) -> None:
        """Ask for what can be done about problems."""
        self.fix_requested.emit()

    def duplicate_line(self) -> None:
        """Copy the selected lines below."""
        self.setTextCursor(lines.duplicate(self.textCursor()))

    def move_line_up(self) -> None:
        """Move the selected lines up."""
        self.setTextCursor(lines.move(self.textCursor(), down=False))

    def move_line_down(self) -> None:
        """Move the selected lines down."""
        self.setTextCursor(lines.move(self.textCursor(), down=True))

    def add_cursor_above(self) -> None:
        """Type also in the line above."""
        self.cursors.add_in_line(below=False)

    def add_cursor_below(self) -> None:
        """Type also in the line below."""
        self.cursors.add_in_line(below=True)

    def add_next_match(self) -> None:
        """Select the word, and where it comes next, too."""
        self.cursors.add_next_match()

    def fold(self) -> None:
        """Hide the lines that belong to this one, or to the one that it belongs to."""
        self.folding.fold(self.textCursor().block())

    def unfold(self) -> None:
        """Show what is hidden behind this line."""
        self.folding.unfold(self.textCursor().block())

    def open_find(self) -> None:
        """Show the bar that finds."""
        self._line_bar.hide()
        self.finder.open(replaces=False)

    def open_replace(self) -> None:
        """Show the bar that finds and replaces."""
        self._line_bar.hide()
        self.finder.open(replaces=True)

    def open_go_to_line(self) -> None:
        """Show the bar that goes to a line."""
        self.finder.bar.hide()
        self._line_bar.open(self.textCursor().blockNumber() + 1, self.blockCount())
        self._on_bar_changed()

    def complete(self) -> None:
        """Ask for completions."""
        self.completion_requested.emit(False)  # noqa: FBT003 - not by typing

    def show_call_tip(self) -> None:
        """Ask for the parameters of the call."""
        self.call_tip_requested.emit(False)  # noqa: FBT003 - not by typing

    def describe(self) -> None:
        """Ask what stands at the cursor."""
        self.description_requested.emit(
            self.textCursor().position(), self.viewport().mapToGlobal(self.cursorRect().bottomLeft())
        )

    def go_to_definition(self) -> None:
        """Ask where what stands at the cursor is from."""
        self.definition_requested.emit()

    def escape(self) -> None:
        """Close what is open above the text, else drop the selection, else leave."""
        cursor = self.textCursor()
        if self.finder.is_open:
            self.finder.close()
        elif cursor.hasSelection():
            cursor.clearSelection()
            self.setTextCursor(cursor)
        else:
            self.left.emit()

    # -- size of the text

    def point_size(self) -> float:
        """The size of the text."""
        return self.font().pointSizeF()

    def set_point_size(self, size: float) -> None:
        """Give the text another size."""
        wear_code_font(self, max(_SMALLEST_PT, min(_GREATEST_PT, size)) / code_font().pointSizeF())

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Another font, of this editor or of all code, has other tabs and another gutter."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.setTabStopDistance(self.fontMetrics().horizontalAdvance(" ") * self.language.indent)
            self._arrange()

    def zoom_in(self) -> None:
        """Greater text."""
        self._zoom(self.point_size() + 1)

    def zoom_out(self) -> None:
        """Smaller text."""
        self._zoom(self.point_size() - 1)

    def zoom_reset(self) -> None:
        """Text of the usual size."""
        self._zoom(code_font().pointSizeF())

    def _zoom(self, size: float) -> None:
        self.set_point_size(size)
        self.zoomed.emit(self.point_size())

    # -- looks

    def set_colors(self, colors: EditorColors) -> None:
        """Paint in other colours."""
        self.colors = colors
        self.setStyleSheet(
            f"CodeEditor {{ background: {colors.background}; color: {colors.text}; border: none; border-radius: 0;"
            f" selection-background-color: {colors.selection}; selection-color: {colors.text}; }}"
        )
        self._highlighter.set_colors(colors)
        self._gutter.update()
        self._marking.start()

    def _follow_theme(self) -> None:
        theme = current_theme()
        if theme is not self._theme:
            self._theme = theme
            self.set_colors(colors_of(theme))

    def mark_soon(self) -> None:
        """What is marked has changed."""
        self._marking.start()

    def _mark(self) -> None:
        shown = [block for block, _, _ in self.visible_lines()]
        if shown:
            last = shown[-1]
            self.setExtraSelections(self._marks.selections(shown[0].position(), last.position() + last.length()))

    def _on_cursor_moved(self) -> None:
        if self.folding.is_any:
            self.folding.reveal(self.textCursor())
        self._marking.start()
        self._gutter.update()

    def _on_block_count_changed(self) -> None:
        if self.viewportMargins().left() != self._gutter.wanted_width():
            self._arrange()

    def _on_update_request(self, rect: QRect, dy: int) -> None:
        if dy:
            self._gutter.scroll(0, dy)
        else:
            self._gutter.update(0, rect.y(), self._gutter.width(), rect.height())

    def _on_bar_changed(self) -> None:
        self._arrange()
        self._marking.start()

    def _on_line_bar_closed(self) -> None:
        self._line_bar.hide()
        self._arrange()
        self.setFocus()

    def _arrange(self) -> None:
        """Lay out the numbers beside and the bar above the text."""
        bar = next((bar for bar in (self.finder.bar, self._line_bar) if not bar.isHidden()), None)
        height = bar.sizeHint().height() if bar else 0
        width = self._gutter.wanted_width()
        self.setViewportMargins(width, height, 0, 0)
        area = self.contentsRect()
        self._gutter.setGeometry(area.left(), area.top() + height, width, area.height() - height)
        if bar:
            bar.setGeometry(area.left(), area.top(), area.width(), height)

    # -- events

    def event(self, event: QEvent) -> bool:
        """Keep the keys that mean something here from the window's shortcuts; show tooltips in the strip, too."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            if combination_of(event) in self._keys:
                event.accept()
                return True
        elif event.type() in _RESTYLED:
            self._follow_theme()
        elif event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            self._show_tip(event.globalPos())
            return True
        return super().event(event)

    def viewportEvent(self, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Tooltips of problems."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            self._show_tip(event.globalPos())
            return True
        return super().viewportEvent(event)

    def tip_at(self, point: QPoint) -> str:
        """What there is to say of a point of the text or the strip, given in the viewport's pixels."""
        cursor = self.cursorForPosition(QPoint(max(0, point.x()), point.y()))
        if point.y() > self.cursorRect(cursor).bottom() + 1:
            return ""
        text = self._marks.texts_at(cursor.position(), whole_line=point.x() < 0)
        return text or self._blanks.text_at(cursor)

    def _show_tip(self, place: QPoint) -> None:
        point = self.viewport().mapFromGlobal(place)
        text = self.tip_at(point)
        QToolTip.showText(place, f"<p>{text}</p>" if text else "", self)
        cursor = self.cursorForPosition(point)
        row = self.cursorRect(cursor)
        is_on_text = (
            point.x() >= 0 and row.top() <= point.y() <= row.bottom() and not (cursor.atBlockEnd() and point.x() > row.x())
        )
        if not text and is_on_text:
            self.description_requested.emit(cursor.position(), place)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Do what a key means here; type anything else."""
        if any(take(event) for take in self.key_interceptors):
            return
        act = self._keys.get(combination_of(event))
        if act is not None and (not self.isReadOnly() or act not in self._changing()):
            self.perform(act)
            event.accept()
            return
        self.cursors.leave_to_one(event)
        is_backspace = event.key() == Qt.Key.Key_Backspace and not event.modifiers() and not self.isReadOnly()
        if is_backspace and indentation.delete_step(self.textCursor(), self.language):
            return
        super().keyPressEvent(event)
        if event.text() == ".":
            self.completion_requested.emit(True)  # noqa: FBT003 - by typing
        elif event.text() in ("(", ","):
            self.call_tip_requested.emit(True)  # noqa: FBT003 - by typing

    def perform(self, act: Callable[[], None]) -> None:
        """Do something that is chosen by a key or in the menu; what knows one cursor only leaves only that."""
        if act not in (self.add_cursor_above, self.add_cursor_below, self.add_next_match, self.cut, self.copy, self.paste):
            self.cursors.drop()
        act()

    def _changing(self) -> tuple[Callable[[], None], ...]:
        edits = (self.break_line, self.indent, self.unindent, self.toggle_comment, self.duplicate_line)
        more = (self.quick_fix, self.add_cursor_above, self.add_cursor_below, self.add_next_match)
        return (*edits, *more, self.move_line_up, self.move_line_down, self.complete, self.format_key)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        """Ctrl+wheel zooms."""
        if event.modifiers() == Qt.KeyboardModifier.ControlModifier:
            steps = event.angleDelta().y() / 120
            self._zoom(self.point_size() + steps)
            event.accept()
            return
        super().wheelEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Ctrl+click adds a cursor, Alt begins a column; any other click leaves only one."""
        if event.button() == Qt.MouseButton.LeftButton and event.modifiers() == Qt.KeyboardModifier.ControlModifier:
            if not self.isReadOnly():
                self.cursors.toggle_at(event.position().toPoint())
            event.accept()
            return
        has_alt = event.modifiers() == Qt.KeyboardModifier.AltModifier
        if event.button() == Qt.MouseButton.LeftButton and has_alt and not self.isReadOnly():
            self.cursors.begin_column(event.position().toPoint())
            return
        if event.button() != Qt.MouseButton.RightButton:
            self.cursors.drop()
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """A drag with Alt selects a column."""
        if not self.cursors.drag_column(event.position().toPoint()):
            super().mouseMoveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """It ends."""
        if not self.cursors.end_column():
            super().mouseReleaseEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """Tell that the focus went elsewhere (a menu does not count)."""
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.focus_lost.emit()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802 - Qt's name
        """The menu, with undo from the history that is used."""
        menu = context_menu(self)
        menu.exec(event.globalPos())
        menu.deleteLater()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Lay out again."""
        super().resizeEvent(event)
        self._arrange()
        self._marking.start()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the text, and over it the blanks that break code."""
        shown = list(self.visible_lines())
        if shown:
            self._highlighter.reach(shown[-1][0].blockNumber())
        super().paintEvent(event)
        self._blanks.paint([block for block, _, _ in shown])
        self.folding.paint()
        self.cursors.paint()
