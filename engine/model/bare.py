"""A flow without what is for people only: places, colours, names on the canvas, notes, stored tests."""

from __future__ import annotations

from typing import TypeVar

from msgspec import structs

from engine.model.change import Change
from engine.model.flow import Connection, Flow, Header, Label, Part, Processor, Subflow

PartT = TypeVar("PartT", bound=Part)


def bare(flow: Flow) -> Flow:
    """All of a flow that can make a difference to how it runs."""
    return structs.replace(
        flow,
        header=bare_part(flow.header),
        labels={},
        steps={id: bare_part(step) for id, step in flow.steps.items()},
        connections={key: bare_part(connection) for key, connection in flow.connections.items()},
        definitions={name: bare(definition) for name, definition in flow.definitions.items()},
    )


def bare_part(part: PartT) -> PartT:
    """The same of a part; of a label nothing is left but its id."""
    if isinstance(part, Processor):
        return structs.replace(part, position=None, notes="", color=None, name="", tests=(), layer=0)
    if isinstance(part, Subflow):
        return structs.replace(part, position=None, notes="", color=None, name="", expanded=False, layer=0)
    if isinstance(part, Connection):
        return structs.replace(part, bends=(), layer=0, name="", color=None, label_at=None)
    if isinstance(part, Header):
        return structs.replace(part, notes="")
    return type(part)(id=part.id) if isinstance(part, Label) else part


def is_bare(change: Change) -> bool:
    """Whether a change makes no difference to how a flow runs: a card was moved, a label written."""
    before, after = change.before, change.after
    if isinstance(before or after, Label):
        return True
    return before is not None and after is not None and bare_part(before) == bare_part(after)
