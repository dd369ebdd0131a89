"""TextPage: a part as YAML."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from app.form.part_text_view import PartTextView
from app.inspector.gesture import Gestures
from app.inspector.page import Page
from app.inspector.subject import Subject
from engine.model.flow import Part


class TextPage(Page):
    """What is typed and can be read becomes the part."""

    def __init__(self, subject: Subject, gestures: Gestures, parent: QWidget | None = None) -> None:
        super().__init__(subject, gestures, parent)
        self.view = PartTextView(self)
        self.view.part_edited.connect(self._on_part_edited)
        layout = self._column()
        layout.takeAt(0)
        layout.addWidget(self.view, 1)
        self.refresh()

    def refresh(self) -> None:
        """Show the part as it is now."""
        part = self.subject.part()
        if part is not None:
            self.view.set_part(part)

    def _on_part_edited(self, part: Part) -> None:
        before = self.subject.part()
        if before is None or type(before) is not type(part):
            return
        fields = {name: getattr(part, name) for name in part.__struct_fields__ if getattr(part, name) != getattr(before, name)}
        self.configure(self.tr("the YAML"), fields)
