"""SideBySide, two texts beside each other with what differs marked."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from app.editor.alignment import Pair, aligned, changed_span, counts
from app.editor.code_editor import CodeEditor
from app.editor.language import Language
from app.editor.marks import Ground


class SideBySide(QWidget):
    """The old text to the left, the new one to the right; both scroll together, and lines that are alike stand level.

    Where one has a line that the other lacks, there is a gap without a number.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.left, self.right = CodeEditor(self), CodeEditor(self)
        self.left.setAccessibleName(self.tr("Before"))
        self.right.setAccessibleName(self.tr("After"))
        split = QSplitter(Qt.Orientation.Horizontal, self)
        split.setChildrenCollapsible(False)
        for editor in (self.left, self.right):
            editor.setReadOnly(True)
            split.addWidget(editor)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(split)
        self._pairs: list[Pair] = []
        self._place = -1
        for one, other in ((self.left, self.right), (self.right, self.left)):
            one.verticalScrollBar().valueChanged.connect(other.verticalScrollBar().setValue)
            one.horizontalScrollBar().valueChanged.connect(other.horizontalScrollBar().setValue)
            one.zoomed.connect(other.set_point_size)

    def show_texts(self, before: str, after: str, language: Language) -> tuple[int, int]:
        """Show two texts from the first difference on; returns how many lines came and how many went."""
        old, new = before.split("\n"), after.split("\n")
        self._pairs = aligned(old, new)
        _fill(self.left, old, [pair.left for pair in self._pairs], language)
        _fill(self.right, new, [pair.right for pair in self._pairs], language)
        left: dict[int, Ground] = {}
        right: dict[int, Ground] = {}
        for row, pair in enumerate(self._pairs):
            if pair.is_equal:
                continue
            one = old[pair.left] if pair.left is not None else None
            other = new[pair.right] if pair.right is not None else None
            left[row], right[row] = _ground(one, other, "removed"), _ground(other, one, "added")
        self.left.set_grounds(left)
        self.right.set_grounds(right)
        self._place = -1
        self.go_on()
        return counts(self._pairs)

    def places(self) -> list[int]:
        """The rows where a difference begins."""
        rows = self._pairs
        return [row for row, pair in enumerate(rows) if not pair.is_equal and (row == 0 or rows[row - 1].is_equal)]

    def go_on(self) -> None:
        """Show the next difference; after the last the first."""
        self._go([row for row in self.places() if row > self._place] or self.places(), first=True)

    def go_back(self) -> None:
        """Show the difference before; before the first the last."""
        self._go([row for row in self.places() if row < self._place] or self.places(), first=False)

    def _go(self, rows: Sequence[int], *, first: bool) -> None:
        if rows:
            self._place = rows[0 if first else -1]
            for editor in (self.left, self.right):
                editor.show_line(self._place + 1)


def _fill(editor: CodeEditor, lines: Sequence[str], rows: Sequence[int | None], language: Language) -> None:
    editor.load("\n".join("" if row is None else lines[row] for row in rows), language)
    editor.set_line_names(["" if row is None else str(row + 1) for row in rows])


def _ground(line: str | None, other: str | None, role: str) -> Ground:
    """What lies under a line that differs from the one beside it."""
    if line is None:
        return Ground("absent")
    return Ground(role, *(changed_span(line, other) if other is not None else (0, 0)))
