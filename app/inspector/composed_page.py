"""ComposedPage, a page made of others, one below the other."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QFrame, QWidget

from app.form.form import Form
from app.inspector.gesture import Gestures
from app.inspector.page import Page
from app.inspector.subject import Subject
from app.theme.style_sheet import set_look


class ComposedPage(Page):
    """Passes on what it is told to the pages that it consists of."""

    def __init__(self, subject: Subject, gestures: Gestures, parent: QWidget | None = None) -> None:
        super().__init__(subject, gestures, parent)
        self._inner: list[Page] = []
        self._layout = self._column()

    def add(self, page: Page) -> None:
        """Put a page below the others, behind a line."""
        if self._inner:
            line = QFrame(self)
            set_look(line, "line")
            self._layout.insertWidget(self._layout.count() - 1, line)
        self._inner.append(page)
        self._layout.insertWidget(self._layout.count() - 1, page)

    def turn_to(self, subject: Subject) -> None:
        """All of them."""
        self.subject = subject
        for page in self._inner:
            page.turn_to(subject)

    def forms(self) -> list[Form]:
        """Those of all."""
        return [form for page in self._inner for form in page.forms()]

    def refresh(self) -> None:
        """All of them."""
        for page in self._inner:
            page.refresh()

    def set_reasons(self, reasons: Sequence[str]) -> None:
        """All of them."""
        super().set_reasons(reasons)
        for page in self._inner:
            page.set_reasons(reasons)
