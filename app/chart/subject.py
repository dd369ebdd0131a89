"""Subject, what a chart is about: a processor, a subflow, a connection, or a whole flow."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from PySide6.QtCore import QCoreApplication

from app.chart.counter import BY_ID, LINK, STEP, Counter
from app.page.flow_page import FlowPage
from engine.client.answer import HistoryPart
from engine.client.cluster_link import ClusterLink
from engine.client.engine import Engine
from engine.model.flow import Connection, Subflow

MOST = 6
"""Parts in one chart: more lines than that cannot be told apart."""


class Subject(NamedTuple):
    """A part of the flow `flow`, as the engine calls it, with what people call it. `door` is who is asked about it."""

    door: Engine | ClusterLink
    flow: str
    part: HistoryPart
    name: str
    counters: tuple[Counter, ...]
    usual: tuple[str, ...]
    """Ids of the counters that are shown at first."""


def whole(page: FlowPage, door: Engine | ClusterLink) -> Subject:
    """All of a flow."""
    name = QCoreApplication.translate("charts", "Whole flow")
    return Subject(door, page.title, HistoryPart(), name, _counters(STEP + LINK), ("in", "out", "failed"))


def subjects(page: FlowPage, keys: Iterable[str], door: Engine | ClusterLink) -> list[Subject]:
    """Parts of the level that is shown, by their keys; what has no figures is left out. None of them: the whole flow."""
    level, prefix = page.board.level, page.board.place.prefix
    found: list[Subject] = []
    for key in keys:
        step, link = level.steps.get(key), level.connections.get(key)
        if step is not None:
            part, name = HistoryPart(processor=prefix + key), step.name or step.id
            columns = STEP + LINK if isinstance(step, Subflow) else STEP
            found.append(Subject(door, page.title, part, name, _counters(columns), ("in", "out", "failed")))
        elif link is not None:
            part = HistoryPart(connection=f"{prefix}{link.source}->{prefix}{link.target}")
            found.append(Subject(door, page.title, part, _link_name(link), _counters(LINK), ("queued",)))
    return found[:MOST] or [whole(page, door)]


def _link_name(link: Connection) -> str:
    return link.name or f"{link.source} → {link.target}"


def _counters(ids: Iterable[str]) -> tuple[Counter, ...]:
    return tuple(BY_ID[id] for id in ids)
