"""LevelPage: what a flow, or a definition used as a subflow, says of itself, and its parameters."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from app.inspector.composed_page import ComposedPage
from app.inspector.gesture import Gestures
from app.inspector.parameters_page import ParametersPage
from app.inspector.settings_page import PartPage
from app.inspector.subject import Subject
from engine.client.part_setting import header_settings


class LevelPage(ComposedPage):
    """The header's settings, then the parameters."""

    def __init__(self, subject: Subject, gestures: Gestures, parent: QWidget | None = None) -> None:
        super().__init__(subject, gestures, parent)
        self.add(PartPage(subject, header_settings(is_definition=bool(subject.within)), gestures, self, margin=0))
        self.add(ParametersPage(subject, gestures, self))
