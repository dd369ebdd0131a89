"""The newest figures of every flow, made of nothing but an engine's events. Knows no Qt and no time but the events'."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

import msgspec
from msgspec import Struct, structs

from app.feed.activity import EVERY_MS, INTERVALS, Activity, Traffic
from engine.client.answer import Columns, ConnectionFigures, Lately, ProcessorFigures, figures_of
from engine.client.engine import Event

REMOVED = "removed"
"""The state of a flow that the engine does not know any more."""
_SPAN_MS = INTERVALS * EVERY_MS
_V = TypeVar("_V")


class Snapshot(Struct, frozen=True):
    """The data of a `snapshot` event."""

    state: str = ""
    trouble: str | None = None
    key: str = ""
    revision: str = ""
    since_ms: int = 0
    processors: dict[str, ProcessorFigures] = {}
    connections: dict[str, ConnectionFigures] = {}


class FlowFigures:
    """How a flow stands. Parts are frozen: what changes is put in their place."""

    def __init__(self) -> None:
        self.state = ""
        self.trouble: str | None = None
        self.key = ""
        """The id of the stored flow that was deployed under the name; empty: of none, or that is not known."""
        self.revision = ""
        """Tells one version of what is deployed from another."""
        self.since_ms = 0
        """When its counters were zero, in milliseconds since the epoch; 0: not known."""
        self.processors: dict[str, ProcessorFigures] = {}
        self.connections: dict[str, ConnectionFigures] = {}
        self.activity = Activity()
        self.traffic = Traffic()


class FlowNews(Struct, frozen=True):
    """What is different in a flow: the ids of processors, the keys of connections, whether it is in another state."""

    flow: str
    processors: list[str]
    connections: list[str]
    state: bool


class _Pending:
    """What is different in a flow and was not told yet."""

    def __init__(self) -> None:
        self.processors: dict[str, None] = {}
        self.connections: dict[str, None] = {}
        self.state = False


class Figures:
    """All flows of an engine. `take` its events; `take_news` tells what became different since it was last asked.

    A `hello` voids everything, `snapshot` replaces a flow, `stats` put whole parts in place. Between a hello and a flow's
    snapshot nothing is told of the flow, so that nobody sees it empty.
    """

    def __init__(self) -> None:
        self.flows: dict[str, FlowFigures] = {}
        self._pending: dict[str, _Pending] = {}
        self._awaited: set[str] = set()
        """Flows that a hello has named and no snapshot has described yet."""
        self._unrecalled: set[str] = set()
        self._heard_ms = 0
        self._was_away = False
        """Whether so long nothing was heard before the last hello that what was done meanwhile is not of the last minutes."""

    @property
    def has_news(self) -> bool:
        """Whether there is anything to tell."""
        return any(flow not in self._awaited for flow in self._pending)

    def state_of(self, flow: str) -> tuple[str, str | None]:
        """A flow's state and trouble."""
        found = self.flows.get(flow)
        return (found.state, found.trouble) if found is not None else (REMOVED, None)

    def take(self, event: Event) -> None:
        """Take an event in. Kinds that hold no figures change nothing."""
        take = {"hello": self._hello, "snapshot": self._snapshot, "stats": self._stats, "state": self._state}.get(event.kind)
        if take is not None:
            take(event)
        if take is not None or event.kind == "lost":
            self._heard_ms = event.at_ms

    def take_unrecalled(self) -> set[str]:
        """Flows that were described for the first time since a hello: what they did before that is to be asked for."""
        found, self._unrecalled = self._unrecalled, set()
        return found

    def recall(self, name: str, kind: str, lately: Lately) -> None:
        """Take in what the engine remembers of parts of a flow, `processor` or `connection`."""
        flow = self.flows.get(name)
        if flow is None or lately.until_ms < flow.since_ms:
            return
        activity = flow.activity if kind == "processor" else flow.traffic
        recalled = dict.fromkeys(activity.recall(lately, flow.since_ms))
        news = self._news(name)
        if kind == "processor":
            news.processors.update(recalled)
        else:
            news.connections.update(recalled)

    def advance(self, at_ms: int) -> None:
        """Let time pass: activity of five minutes ago is none any more."""
        for name, flow in self.flows.items():
            active = flow.activity.active()
            flow.traffic.advance(at_ms)
            if flow.activity.advance(at_ms) and active:
                self._news(name).processors.update(dict.fromkeys(active))

    def take_news(self) -> list[FlowNews]:
        """What is different by flow, since this was last asked."""
        told = {flow: news for flow, news in self._pending.items() if flow not in self._awaited}
        for flow in told:
            del self._pending[flow]
        return [
            FlowNews(flow, list(news.processors), list(news.connections), news.state)
            for flow, news in told.items()
            if news.processors or news.connections or news.state
        ]

    def _hello(self, event: Event) -> None:
        named: list[str] = event.data["flows"]
        self._was_away = event.at_ms - self._heard_ms > _SPAN_MS
        for name in self.flows.keys() - named:
            self._remove(name)
        for name in self.flows.keys() & named:
            self._replace(name, Snapshot())
        self._awaited = set(named)

    def _snapshot(self, event: Event) -> None:
        snapshot = _snapshot_of(event)
        if event.flow in self._awaited or event.flow not in self.flows:
            self._unrecalled.add(event.flow)
        flow = self._replace(event.flow, snapshot)
        for activity, parts in ((flow.activity, snapshot.processors), (flow.traffic, snapshot.connections)):
            is_young = event.at_ms - snapshot.since_ms < _SPAN_MS
            if is_young:
                activity.begin(parts)
            if event.flow in self._awaited and self._was_away and not is_young:
                activity.note(parts, event.at_ms)
            else:
                activity.count(parts, event.at_ms)
        self._awaited.discard(event.flow)

    def _stats(self, event: Event) -> None:
        processors = figures_of(event.data, "processors", ProcessorFigures)
        connections = figures_of(event.data, "connections", ConnectionFigures)
        flow, news = self._flow(event.flow), self._news(event.flow)
        flow.processors.update(processors)
        flow.connections.update(connections)
        flow.activity.count(_as_told(event, "processors") or processors, event.at_ms)
        flow.traffic.count(_as_told(event, "connections") or connections, event.at_ms)
        news.processors.update(dict.fromkeys(processors))
        news.connections.update(dict.fromkeys(connections))

    def _state(self, event: Event) -> None:
        if event.data["state"] == REMOVED:
            self._remove(event.flow)
        else:
            self._set_state(event.flow, msgspec.convert(event.data, Snapshot))

    def _flow(self, name: str) -> FlowFigures:
        if name not in self.flows:
            self.flows[name] = FlowFigures()
            self._news(name).state = True
        return self.flows[name]

    def _news(self, name: str) -> _Pending:
        return self._pending.setdefault(name, _Pending())

    def _replace(self, name: str, snapshot: Snapshot) -> FlowFigures:
        flow, news = self._flow(name), self._news(name)
        news.processors.update(dict.fromkeys(_unlike(flow.processors, snapshot.processors)))
        news.connections.update(dict.fromkeys(_unlike(flow.connections, snapshot.connections)))
        news.state |= flow.since_ms != snapshot.since_ms
        flow.processors, flow.connections, flow.since_ms = snapshot.processors, snapshot.connections, snapshot.since_ms
        self._set_state(name, snapshot)
        return flow

    def _set_state(self, name: str, told: Snapshot) -> None:
        flow, news = self._flow(name), self._news(name)
        now = (told.state, told.trouble, told.key, told.revision)
        news.state |= (flow.state, flow.trouble, flow.key, flow.revision) != now
        flow.state, flow.trouble, flow.key, flow.revision = now

    def _remove(self, name: str) -> None:
        """The flow is no more: its parts and its state are different, and nothing takes their place."""
        flow = self.flows.pop(name, None)
        self._awaited.discard(name)
        news = self._news(name)
        news.state = True
        if flow is not None:
            news.processors.update(dict.fromkeys(flow.processors))
            news.connections.update(dict.fromkeys(flow.connections))


def _snapshot_of(event: Event) -> Snapshot:
    facts: Snapshot = msgspec.convert(event.data | {"processors": {}, "connections": {}}, Snapshot)
    return structs.replace(
        facts,
        processors=figures_of(event.data, "processors", ProcessorFigures),
        connections=figures_of(event.data, "connections", ConnectionFigures),
    )


def _as_told(event: Event, table: str) -> Columns | None:
    """The parts of an event if they are columns."""
    found: Any = event.data.get(table)
    return found if isinstance(found, Columns) else None


def _unlike(before: Mapping[str, _V], after: Mapping[str, _V]) -> Iterable[str]:
    """Keys of parts that are not the same on both sides."""
    yield from (key for key in before if key not in after)
    yield from (key for key, value in after.items() if before.get(key) != value)
