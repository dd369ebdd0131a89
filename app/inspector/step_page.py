"""StepPage: what a processor or subflow does, and how it is called."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from app.inspector.composed_page import ComposedPage
from app.inspector.gesture import Gestures
from app.inspector.settings_page import ConfigPage, PartPage
from app.inspector.subject import Subject
from engine.client.part_setting import part_settings
from engine.client.type_setting import type_settings
from engine.model.flow import Processor, Subflow


class StepPage(ComposedPage):
    """First what the type is set to, then what every step has."""

    def __init__(self, subject: Subject, gestures: Gestures, parent: QWidget | None = None) -> None:
        super().__init__(subject, gestures, parent)
        part = subject.part()
        if isinstance(part, Subflow) or (isinstance(part, Processor) and (type_settings(part.type) or part.config)):
            self.add(ConfigPage(subject, gestures, self))
        if part is not None:
            settings = [setting for setting in part_settings(part)["general"] if setting.name != "parameters"]
            self.add(PartPage(subject, settings, gestures, self, margin=0))
