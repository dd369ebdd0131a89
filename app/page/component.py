"""Components: what can be put on a canvas, as the palette, the tool bar and the search offer it, and as it is dragged."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
from msgspec import Struct
from PySide6.QtCore import QMimeData

from app.board.picture import icon_of_type
from engine.model.scope import Scope

MIME = "application/x-pyfi-component"


class Component(Struct, frozen=True):
    """`kind` is processor (of type `type`), subflow (of definition `type`, a new one if empty), input, output or label."""

    kind: str
    type: str = ""
    title: str = ""
    summary: str = ""
    category: str = ""
    icon: str = "processor"
    inputs: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()

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
            each.title if each.category != "code" or each.title != each.name else each.name.capitalize(),
            each.summary,
            each.category,
            icon_of_type(each.name),
            each.inputs,
            each.outputs,
        )
        for each in describe_types()
    ]


def around(scope: Scope) -> Iterable[Component]:
    """What else can be added to a level: subflows, ports of its own, labels."""
    for name in scope.visible():
        below = scope.find(name)
        header = below.flow.header if below is not None else None
        yield Component(
            "subflow",
            name,
            name,
            (header.notes if header else "") or "A subflow of this flow.",
            "subflows",
            "subflow",
            header.inputs if header else (),
            header.outputs if header else (),
        )
    yield Component("subflow", "", "Subflow", "A new flow inside this one, used as a step.", "parts", "subflow")
    if scope.parent is not None:
        yield Component("input", "", "Input port", "A way into this subflow.", "parts", "input")
        yield Component("output", "", "Output port", "A way out of this subflow.", "parts", "output")
    yield Component("label", "", "Label", "A note on the canvas, in Markdown.", "parts", "label")
