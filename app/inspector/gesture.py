"""Gestures, which tell edits that are to be undone together."""

from __future__ import annotations

from collections.abc import Hashable

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QWidget

from app.document.document import new_gesture
from app.form.field import Field


class Gestures(QObject):
    """Edits of one thing are one gesture for as long as the keyboard stays in its field."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._what: Hashable = None
        self._gesture = -1
        self._place: QWidget | None = None
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._on_focus_changed)

    def of(self, what: Hashable) -> int:
        """The gesture that an edit of something belongs to."""
        if self._gesture < 0 or what != self._what:
            self._what = what
            self._gesture = new_gesture()
        return self._gesture

    def end(self) -> None:
        """What follows is another gesture."""
        self._gesture = -1

    def _on_focus_changed(self, _old: QWidget | None, new: QWidget | None) -> None:
        place = _field_of(new)
        if place is not self._place or place is None:
            self.end()
        self._place = place


def _field_of(widget: QWidget | None) -> QWidget | None:
    """The field that a widget is in, or the widget itself."""
    field = widget
    while field is not None and not isinstance(field, Field):
        field = field.parentWidget()
    return field or widget
