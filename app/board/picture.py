"""A flow's parts as cards, links and notes. Decides and does nothing."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from types import MappingProxyType
from typing import NamedTuple

from PySide6.QtCore import QCoreApplication

from app.canvas.card import WIDTH, Card, Kind, State
from app.canvas.link import Link
from app.canvas.sheet import Note
from app.words import type_title
from engine.client.parts import category_of, ports, split_end
from engine.model.flow import Connection, Flow, Header, Label, Position, Processor, Subflow
from engine.model.layout import placed
from engine.model.ports import FAILURE
from engine.model.scope import Scope

INPUT, OUTPUT = "input:", "output:"
"""What stands before the name of a subflow's own port in its card's key."""
FUNNEL = "funnel"
"""The type that is drawn as a disc rather than as a card."""
_PORT_GAP = 320.0
_PORT_STEP = 80.0
_ICONS = {
    "code": "code",
    "sources": "source",
    "sinks": "sink",
    "routing": "route",
    "timing": "timer",
    "network": "web",
    "database": "database",
    "transforms": "transform",
    "monitoring": "eye",
}
_TYPE_ICONS = {
    "python": "python",
    "node": "node",
    "bash": "bash",
    "merge": "merge",
    "join": "merge",
    "filter": "filter",
    "funnel": FUNNEL,
    "log": "log",
}


def icon_of_type(type: str) -> str:
    """The name of the icon that stands for a type of processor."""
    return _TYPE_ICONS.get(type) or _ICONS.get(category_of(type), "processor")


class Remark(NamedTuple):
    """What there is to say of a step beside what it is."""

    problem: str = ""
    """Why it is invalid."""
    runs: str | None = None
    """Another version of it runs: its commit, "" for code of no commit. None: what is drawn runs, or nothing does."""


def card_of(step: Processor | Subflow, scope: Scope, remark: Remark = Remark()) -> Card:  # noqa: B008 - it is frozen
    """A step's card."""
    known = ports(step, scope)
    color = step.color or ""
    name = step.name or step.id
    dropped = frozenset(step.auto_terminate)
    if isinstance(step, Subflow):
        below = scope.find(step.flow)
        count = len(below.flow.steps) if below is not None else 0
        return Card(
            key=step.id,
            kind=Kind.SUBFLOW,
            name=name,
            type=step.flow,
            icon="subflow",
            inputs=known.inputs,
            outputs=known.outputs,
            dropped=dropped,
            badge=_badge(step, remark) or QCoreApplication.translate("Card", "{} inside").format(count),
            warns=remark.runs is not None,
            color=color,
            hint=_hint(step, remark),
            layer=step.layer,
        )
    if step.type == FUNNEL:
        # It never fails: its way to the dead letters is not shown.
        outputs = tuple(port for port in known.outputs if port != FAILURE)
        return Card(
            key=step.id,
            kind=Kind.FUNNEL,
            name=name,
            type=type_title(step.type),
            icon=FUNNEL,
            inputs=known.inputs,
            outputs=outputs,
            dropped=dropped,
            concurrency=step.concurrency,
            color=color,
            hint=_hint(step, remark),
            layer=step.layer,
        )
    return Card(
        key=step.id,
        name=name,
        type=_words(step),
        icon=icon_of_type(step.type),
        inputs=known.inputs,
        outputs=known.outputs,
        dropped=dropped,
        badge=_badge(step, remark),
        warns=remark.runs is not None,
        concurrency=step.concurrency,
        color=color,
        hint=_hint(step, remark),
        layer=step.layer,
    )


def _commit(step: Processor | Subflow) -> str:
    return step.git.commit[:7] if isinstance(step, Processor) and step.git else ""


def _badge(step: Processor | Subflow, remark: Remark) -> str:
    """The commit; what runs instead, if something does."""
    drawn = _commit(step)
    if remark.runs is None:
        return drawn
    if remark.runs and remark.runs[:7] != drawn:
        return QCoreApplication.translate("Card", "runs {}").format(remark.runs[:7])
    return QCoreApplication.translate("Card", "runs another")


def _hint(step: Processor | Subflow, remark: Remark) -> str:
    """Why it is invalid, or what was noted of it; before that, that something else runs."""
    if remark.runs is None:
        return remark.problem or step.notes
    runs, drawn = remark.runs[:7], _commit(step)
    if isinstance(step, Subflow):
        words = QCoreApplication.translate("Card", "Something of it runs in another version than is shown here.")
    elif runs and drawn and runs != drawn:
        words = QCoreApplication.translate("Card", "Runs commit {}; this shows {}.").format(runs, drawn)
    elif runs and not drawn:
        words = QCoreApplication.translate("Card", "Runs commit {}, which is not what is shown here.").format(runs)
    else:
        words = QCoreApplication.translate("Card", "Runs another version than is shown here.")
    return "\n".join(filter(None, (words, remark.problem or step.notes)))


def _words(step: Processor) -> str:
    """The type, and what of its schedule differs from the usual."""
    schedule = step.schedule
    if schedule.cron is not None:
        return f"{type_title(step.type)}, {schedule.cron}"
    if schedule.every_s:
        return QCoreApplication.translate("Card", "{}, every {:g} s").format(type_title(step.type), schedule.every_s)
    return type_title(step.type)


def state_of(step: Processor | Subflow, problem: str) -> State:
    """How a step that does not run is."""
    if not step.enabled:
        return State.DISABLED
    return State.INVALID if problem else State.STOPPED


def port_cards(
    header: Header, level: Flow, widths: Mapping[str, float] = MappingProxyType({})
) -> Iterator[tuple[Card, float, float]]:
    """Cards for a subflow's own ports, beside what is inside: inputs at the left, outputs at the right.

    `widths` holds those of steps that are wider than a card.
    """
    spots = [step.position for step in level.steps.values() if step.position is not None]
    left = min((x for x, _ in spots), default=0.0) - _PORT_GAP
    right = max((x for x, _ in spots), default=0.0)
    for key, width in widths.items():
        step = level.steps.get(key)
        if step is not None and step.position is not None:
            right = max(right, step.position[0] + width - WIDTH)
    right += _PORT_GAP + 180.0
    top = min((y for _, y in spots), default=0.0)
    for number, name in enumerate(header.inputs):
        card = Card(key=INPUT + name, kind=Kind.INPUT, name=name, type="input port", outputs=(name,))
        yield card, left, top + number * _PORT_STEP
    for number, name in enumerate(header.outputs):
        card = Card(key=OUTPUT + name, kind=Kind.OUTPUT, name=name, type="output port", inputs=(name,))
        yield card, right, top + number * _PORT_STEP


def link_of(connection: Connection) -> Link:
    """A connection's link."""
    source, source_port = split_end(connection.source)
    target, target_port = split_end(connection.target)
    marks: list[str] = []
    if connection.breakpoint:
        marks.append("breakpoint")
    if connection.expire_s:
        marks.append("timer")
    if connection.priority != "fifo":
        marks.append("reorder")
    return Link(
        key=connection.id,
        source=source or INPUT + source_port,
        source_port=source_port,
        target=target or OUTPUT + target_port,
        target_port=target_port,
        name=connection.name,
        bends=connection.bends,
        marks=tuple(marks),
        layer=connection.layer,
        color=connection.color or "",
        label_at=connection.label_at,
    )


def end_of(card: str, port: str) -> str:
    """The end of a connection at a card's port, as the model writes it: `step.port`, or a subflow's own port alone."""
    for prefix in (INPUT, OUTPUT):
        if card.startswith(prefix):
            return card.removeprefix(prefix)
    return f"{card}.{port}"


def note_of(label: Label) -> Note:
    """A label's note."""
    x, y = label.position or (0.0, 0.0)
    width, height = label.size or (240.0, 120.0)
    key = f"label:{label.id}"
    return Note(key=key, text=label.text, x=x, y=y, width=width, height=height, color=label.color or "")


def joined(links: Mapping[str, Link], cards: Container[str]) -> list[Link]:
    """The links whose both ends are there; a flow with faults may have others."""
    return [link for link in links.values() if link.source in cards and link.target in cards]


def with_places(flow: Flow) -> Flow:
    """The flow with a place for every part that has none."""
    return placed(flow)


__all__ = [
    "FUNNEL",
    "INPUT",
    "OUTPUT",
    "Position",
    "Remark",
    "card_of",
    "end_of",
    "icon_of_type",
    "joined",
    "link_of",
    "note_of",
    "port_cards",
    "state_of",
    "with_places",
]
