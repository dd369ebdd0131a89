"""Which pages there are for which parts, and what stands above them. Decides and does nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QCoreApplication

from app.board.picture import icon_of_type
from app.inspector.gesture import Gestures
from app.inspector.level_page import LevelPage
from app.inspector.page import Page
from app.inspector.ports_page import PortsPage
from app.inspector.settings_page import PartPage, shared_settings
from app.inspector.step_page import StepPage
from app.inspector.subject import Subject, called
from app.inspector.text_page import TextPage
from app.words import spoken, type_title
from engine.client.part_setting import part_settings
from engine.client.processor_type import describe_type
from engine.errors import NotFound
from engine.model.flow import CODE_TYPES, Connection, Label, Part, Processor, Subflow

translate = QCoreApplication.translate


@dataclass(frozen=True)
class Sheet:
    """A tab and how its page is made."""

    title: str
    make: Callable[[Subject, Gestures], Page]


@dataclass(frozen=True)
class Outline:
    """What is shown of parts: a heading and tabs."""

    icon: str
    name: str
    kind: str
    hint: str = ""
    sheets: list[Sheet] = field(default_factory=list)
    has_code: bool = False


def outline_of(subject: Subject, parts: Sequence[Part]) -> Outline:
    """The outline of one part, or of several."""
    if len(parts) != 1:
        return _of_several(parts)
    part = parts[0]
    if isinstance(part, Processor):
        return _of_processor(part)
    if isinstance(part, Subflow):
        sheets = [
            Sheet(translate("Inspector", "Settings"), StepPage),
            Sheet(translate("Inspector", "Ports"), PortsPage),
            _notes(part),
            _text(),
        ]
        return Outline("subflow", called(part), translate("Inspector", "Subflow of {0}").format(part.flow), sheets=sheets)
    if isinstance(part, Connection):
        kind = f"{part.source} → {part.target}" if part.name else translate("Inspector", "Connection")
        return Outline(
            "connection", called(part), kind, sheets=[_section(part, translate("Inspector", "Settings"), "general"), _text()]
        )
    if isinstance(part, Label):
        return Outline(
            "label",
            translate("Inspector", "Label"),
            part.id,
            sheets=[_section(part, translate("Inspector", "Settings"), "general"), _text()],
        )
    is_definition = bool(subject.within)
    kind = translate("Inspector", "Subflow, as all that use it have it") if is_definition else translate("Inspector", "Flow")
    return Outline(
        "subflow" if is_definition else "tree",
        called(part),
        kind,
        sheets=[Sheet(translate("Inspector", "Settings"), LevelPage)],
    )


def _of_processor(part: Processor) -> Outline:
    try:
        hint = spoken(describe_type(part.type).summary)
        kind = type_title(part.type)
    except NotFound:
        hint, kind = "", translate("Inspector", "Unknown type '{0}'").format(part.type)
    if part.name and part.name != part.id:
        kind = f"{kind} · {part.id}"
    sheets = [
        Sheet(translate("Inspector", "Settings"), StepPage),
        Sheet(translate("Inspector", "Ports"), PortsPage),
        _section(part, translate("Inspector", "Running"), "running"),
        _notes(part),
        _text(),
    ]
    return Outline(icon_of_type(part.type), called(part), kind, hint, sheets, has_code=part.type in CODE_TYPES)


def _of_several(parts: Sequence[Part]) -> Outline:
    words = {
        Processor: (translate("Inspector", "1 processor"), translate("Inspector", "{0} processors")),
        Subflow: (translate("Inspector", "1 subflow"), translate("Inspector", "{0} subflows")),
        Connection: (translate("Inspector", "1 connection"), translate("Inspector", "{0} connections")),
        Label: (translate("Inspector", "1 label"), translate("Inspector", "{0} labels")),
    }
    numbers = {kind: sum(isinstance(part, kind) for part in parts) for kind in words}
    counts = [words[kind][number > 1].format(number) for kind, number in numbers.items() if number]
    settings = shared_settings(parts)
    sheets = (
        [Sheet(translate("Inspector", "In common"), lambda subject, gestures: PartPage(subject, settings, gestures))]
        if settings
        else []
    )
    return Outline("copy", translate("Inspector", "{0} parts").format(len(parts)), ", ".join(counts), sheets=sheets)


def _section(part: Part, title: str, name: str) -> Sheet:
    settings = part_settings(part)[name]
    return Sheet(title, lambda subject, gestures: PartPage(subject, settings, gestures))


def _notes(part: Part) -> Sheet:
    return _section(part, translate("Inspector", "Notes"), "notes")


def _text() -> Sheet:
    return Sheet(translate("Inspector", "YAML"), TextPage)
