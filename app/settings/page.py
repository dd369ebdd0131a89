"""Page, a page of settings."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from app.settings.row import Row
from app.settings.store import Store
from app.theme.style_sheet import set_look


class Page(QScrollArea):
    """Rows below each other, those that a search finds, each change of the store shown."""

    def __init__(self, title: str, glyph: str, store: Store, rows: Sequence[Row]) -> None:
        super().__init__()
        self.title = title
        self.glyph = glyph
        self.rows = list(rows)
        self._store = store
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName(title)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(24, 16, 24, 16)
        column.setSpacing(0)
        head = QLabel(title)
        set_look(head, "title")
        column.addWidget(head)
        column.addSpacing(8)
        for row in self.rows:
            column.addWidget(row)
        column.addStretch()
        self.setWidget(inside)
        store.changed.connect(self._show_values)

    @property
    def can_restore(self) -> bool:
        """Whether there is anything here that has a default."""
        return any(row.names for row in self.rows)

    def restore(self) -> None:
        """Everything here as at first."""
        self._store.reset([name for row in self.rows for name in row.names])

    def search(self, words: Sequence[str]) -> int:
        """Show only what has all the words; returns how many rows that is. The page's title counts as a word of all of them."""
        title = self.title.casefold()
        found = [all(word in row.words or word in title for word in words) for row in self.rows]
        for row, is_found in zip(self.rows, found, strict=True):
            row.setVisible(is_found)
        return sum(found)

    def _show_values(self) -> None:
        for row in self.rows:
            row.show_value()
