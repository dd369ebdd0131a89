"""Topics: which place of the manual belongs to what: a page of it, perhaps with a place on it, such as `desktop.md#run`."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from engine.model.flow import CODE_TYPES, Connection, Label, Subflow
from engine.resource import resource_path

START = "index.md"
_PROPERTY = "help_topic"
_CODE_PLACES = {"python": "python", "node": "node-js", "bash": "bash"}


def set_topic(widget: QWidget, topic: str) -> None:
    """Say what the manual has about a widget and everything in it."""
    widget.setProperty(_PROPERTY, topic)


def topic_of(widget: QWidget | None) -> str:
    """The topic of a widget, or of the nearest around it that has one; "" for none."""
    while widget is not None:
        if topic := widget.property(_PROPERTY):
            return str(topic)
        widget = widget.parentWidget()
    return ""


def topic_of_type(type: str, setting: str = "") -> str:
    """The page of a processor's type, and the place where one of its settings is explained; "" where there is no page."""
    if type in CODE_TYPES:
        return f"writing-code.md#{_CODE_PLACES[type]}"
    if not resource_path("manual", "processors", f"{type}.md").is_file():
        return ""
    return f"processors/{type}.md" + (f"#{setting}" if setting else "")


def topic_of_part(part: object) -> str:
    """The place about a part of a flow."""
    type = getattr(part, "type", "")
    return (type and topic_of_type(type)) or f"flow-file.md#{section_of_part(part)}"


def section_of_part(part: object) -> str:
    """The section of the page on flow files that lists what a part has."""
    if isinstance(part, Connection):
        return "a-connection"
    if isinstance(part, Subflow):
        return "a-subflow"
    if isinstance(part, Label):
        return "a-label"
    return "a-processor" if hasattr(part, "type") else "the-flow"
