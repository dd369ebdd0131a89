"""Components: what can be put on a canvas, as the palette, the tool bar and the search offer it, and as it is dragged."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
from msgspec import Struct
from PySide6.QtCore import QCoreApplication, QMimeData

from app.board.picture import FUNNEL, icon_of_type
from app.words import spoken
from engine.model.scope import Scope

translate = QCoreApplication.translate
MIME = "application/x-pyfi-component"


class Component(Struct, frozen=True):
    """One thing that can be added.

    `kind` is processor (of type `type`), subflow (of definition `type`, a new one if empty), pattern (in file `type`), input,
    output or label.
    """

    kind: str
    type: str = ""
    title: str = ""
    summary: str = ""
    category: str = ""
    icon: str = "processor"
    inputs: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()

    @property
    def is_funnel(self) -> bool:
        """Whether it is drawn as a small disc rather than as a card."""
        return self.type == FUNNEL

    def mime(self) -> QMimeData:
        """For dragging."""
        data = QMimeData()
        data.setData(MIME, msgspec.json.encode(self))
        return data


def dragged(data: QMimeData) -> Component | None:
    """What is being dragged, if it is a component."""
    if not data.hasFormat(MIME):
        return None
    return msgspec.json.decode(bytes(data.data(MIME).data()), type=Component)


def processors() -> list[Component]:
    """Every type of processor."""
    from engine.client.processor_type import describe_types

    return [
        Component(
            "processor",
            each.name,
            spoken(each.title) if each.category != "code" or each.title != each.name else each.name.capitalize(),
            spoken(each.summary),
            each.category,
            icon_of_type(each.name),
            each.inputs,
            each.outputs,
        )
        for each in describe_types()
    ]


def fitting(components: Iterable[Component], text: str) -> list[Component]:
    """Those that fit what was typed, the best first: a name that begins with it, a name that holds it, words that hold it."""
    ranked = [(rank, component) for component in components if (rank := _rank(component, text)) < _NOT]
    return [component for _, component in sorted(ranked, key=lambda pair: pair[0])]


_NOT = 9


def _rank(component: Component, text: str) -> int:
    """How well a component fits what was typed: the smaller, the better; `_NOT` does not."""
    wanted = text.strip().casefold()
    title, words = component.title.casefold(), f"{component.type} {component.summary} {component.category}".casefold()
    if not wanted or title.startswith(wanted) or component.type.startswith(wanted):
        return 0
    if wanted in title or wanted in component.type.casefold():
        return 1
    return 2 if all(part in f"{title} {words}" for part in wanted.split()) else _NOT


def around(scope: Scope) -> Iterable[Component]:
    """What else can be added to a level: subflows, ports of its own, labels."""
    for name in scope.visible():
        below = scope.find(name)
        header = below.flow.header if below is not None else None
        yield Component(
            "subflow",
            name,
            name,
            (header.notes if header else "") or translate("Component", "A subflow of this flow."),
            "subflows",
            "subflow",
            header.inputs if header else (),
            header.outputs if header else (),
        )
    yield Component(
        "subflow",
        "",
        translate("Component", "Subflow"),
        translate("Component", "A new flow inside this one, used as a step."),
        "parts",
        "subflow",
    )
    if scope.parent is not None:
        yield Component(
            "input",
            "",
            translate("Component", "Input port"),
            translate("Component", "A way into this subflow."),
            "parts",
            "input",
        )
        yield Component(
            "output",
            "",
            translate("Component", "Output port"),
            translate("Component", "A way out of this subflow."),
            "parts",
            "output",
        )
    yield Component(
        "label",
        "",
        translate("Component", "Label"),
        translate("Component", "A note on the canvas, in Markdown."),
        "parts",
        "label",
    )
