"""The lines at which a debugger stops, and the one at which it stands."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QTextCursor

from app.editor.text import block_at

if TYPE_CHECKING:
    from app.editor.code_editor import CodeEditor


class Breakpoints(QObject):
    """Breakpoints of the code that an editor shows; they move with the text while it is edited."""

    changed = Signal()

    def __init__(self, editor: CodeEditor) -> None:
        super().__init__(editor)
        self._editor = editor
        self._cursors: list[QTextCursor] = []
        self._standing: QTextCursor | None = None
        self.is_offered = False
        """Whether code such as this can be debugged at all."""

    @property
    def lines(self) -> list[int]:
        """The lines with a breakpoint, from 1; lines that grew together have one."""
        return sorted({cursor.blockNumber() + 1 for cursor in self._cursors})

    @property
    def standing_at(self) -> QTextCursor | None:
        """Where the code stands, if it does."""
        return self._standing

    def set_lines(self, lines: Iterable[int]) -> None:
        """Have breakpoints at these lines and no others."""
        self._cursors = [QTextCursor(block_at(self._editor.document(), line)) for line in lines]
        self._tell()

    def toggle(self, line: int) -> None:
        """Set a breakpoint at a line, or take it away; nothing where code cannot be debugged."""
        if self.is_offered:
            lines = set(self.lines) ^ {line}
            self.set_lines(lines)

    def stand_at(self, line: int) -> None:
        """Mark the line at which the code stands; 0: it stands nowhere."""
        self._standing = QTextCursor(block_at(self._editor.document(), line)) if line else None
        self._editor.remark()

    def _tell(self) -> None:
        self._editor.remark()
        self.changed.emit()
