"""The model behind the feed: in whatever order an engine's events come, it is what a plain replay of them gives."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from app.feed.activity import EVERY_MS, INTERVALS
from app.feed.figures import REMOVED, Figures, FlowNews
from engine.bus.columns import Columns, pack
from engine.client.engine import Event

NOW_MS = 1_800_000_000_000
FLOWS = ("one", "two")
PROCESSORS = ("a", "b", "sub/c")
CONNECTIONS = ("a.success->b.in", "b.success->sub/c.in")


class Replay:
    """The same by the simplest means: builtin values, one event after the other, nothing left out."""

    def __init__(self) -> None:
        self.flows: dict[str, dict[str, Any]] = {}
        self.counted: dict[str, dict[str, list[tuple[int, int, int]]]] = {}
        """By flow and processor: (interval, messages in, tasks) of everything that was counted."""
        self._last: dict[str, dict[str, tuple[int, int, int]]] = {}
        self._heard_ms = 0
        self._away = False
        self._awaited: set[str] = set()

    def take(self, event: Event) -> None:
        data = event.data
        if event.kind == "hello":
            self._away = event.at_ms - self._heard_ms > 300_000
            self._awaited = set(data["flows"])
            for name in list(self.flows):
                if name in data["flows"]:
                    self.flows[name] = empty()
                else:
                    self._forget(name)
        elif event.kind == "state" and data["state"] == REMOVED:
            self._forget(event.flow)
        elif event.kind == "state":
            self.flows.setdefault(event.flow, empty()).update(data)
        elif event.kind == "snapshot":
            self.flows[event.flow] = {**data, "processors": dict(data["processors"]), "connections": dict(data["connections"])}
            is_young = event.at_ms - data["since_ms"] < 300_000
            if is_young:
                for processor in data["processors"]:
                    self._last.setdefault(event.flow, {}).setdefault(processor, (0, 0, 0))
            self._count(event, forget=event.flow in self._awaited and self._away and not is_young)
            self._awaited.discard(event.flow)
        elif event.kind == "stats":
            flow = self.flows.setdefault(event.flow, empty())
            for part, values in data.items():
                flow[part].update(values)
            self._count(event, forget=False)
        if event.kind in ("hello", "snapshot", "stats", "state", "lost"):
            self._heard_ms = event.at_ms

    def _forget(self, name: str) -> None:
        for known in (self.flows, self.counted, self._last):
            known.pop(name, None)
        self._awaited.discard(name)

    def _count(self, event: Event, *, forget: bool) -> None:
        last = self._last.setdefault(event.flow, {})
        counted = self.counted.setdefault(event.flow, defaultdict(list))
        for processor, values in event.data.get("processors", {}).items():
            now = (values["in"], values["out"].get("success", 0), values["tasks"])
            before = last.get(processor)
            last[processor] = now
            if before is None or forget:
                continue
            if any(new < old for new, old in zip(now, before, strict=True)):
                before = (0, 0, 0)
            counted[processor].append((event.at_ms // EVERY_MS, now[0] - before[0], now[2] - before[2]))


def empty() -> dict[str, Any]:
    return {"state": "", "trouble": None, "since_ms": 0, "processors": {}, "connections": {}}


def as_builtins(figures: Figures) -> dict[str, dict[str, Any]]:
    return {
        name: {
            "state": flow.state,
            "trouble": flow.trouble,
            "since_ms": flow.since_ms,
            "processors": {id: processor_values(each) for id, each in flow.processors.items()},
            "connections": {key: {"messages": each.messages, "full": each.full} for key, each in flow.connections.items()},
        }
        for name, flow in figures.flows.items()
    }


def processor_values(each: Any) -> dict[str, Any]:
    return {"state": each.state, "in": each.received, "out": each.out, "tasks": each.tasks}


numbers = st.integers(0, 9)
processors = st.dictionaries(
    st.sampled_from(PROCESSORS),
    st.fixed_dictionaries(
        {
            "state": st.sampled_from(["running", "stopped"]),
            "in": numbers,
            "out": st.dictionaries(st.just("success"), numbers),
            "tasks": numbers,
        }
    ),
)
connections = st.dictionaries(st.sampled_from(CONNECTIONS), st.fixed_dictionaries({"messages": numbers, "full": st.booleans()}))
standing = {"state": st.sampled_from(["running", "paused", "stopped"]), "trouble": st.none() | st.just("broken")}
begun = st.sampled_from([0, NOW_MS, NOW_MS + 600_000])
steps = st.one_of(
    st.tuples(st.just("hello"), st.just(""), st.fixed_dictionaries({"flows": st.lists(st.sampled_from(FLOWS), unique=True)})),
    st.tuples(
        st.just("snapshot"),
        st.sampled_from(FLOWS),
        st.fixed_dictionaries({**standing, "since_ms": begun, "processors": processors, "connections": connections}),
    ),
    st.tuples(
        st.just("stats"),
        st.sampled_from(FLOWS),
        st.fixed_dictionaries({}, optional={"processors": processors, "connections": connections}),
    ),
    st.tuples(st.just("state"), st.sampled_from(FLOWS), st.fixed_dictionaries(standing)),
    st.tuples(st.just("state"), st.sampled_from(FLOWS), st.just({"state": REMOVED, "trouble": None})),
    st.tuples(st.sampled_from(["log", "gap", "lost"]), st.just(""), st.just({})),
)
pauses_ms = st.sampled_from([0, 100, EVERY_MS, 7 * EVERY_MS, 299_999, 300_001, 900_000])


@given(st.lists(st.tuples(steps, pauses_ms, st.booleans()), max_size=40))
def test_events_in_any_order_give_what_a_plain_replay_gives(given_events):
    figures, replay, mirror = Figures(), Replay(), Mirror()
    at_ms = NOW_MS
    for (kind, flow, data), pause_ms, asks in given_events:
        at_ms += pause_ms
        event = Event(kind, flow, at_ms, data)
        figures.take(event)
        replay.take(event)
        if asks:
            mirror.take(figures)
    assert as_builtins(figures) == replay.flows
    # Whoever looks at nothing but what he is told of, whenever he asks, sees the same, once every flow has been described that
    # a hello has named.
    for name in FLOWS:
        if name in replay.flows:
            figures.take(Event("snapshot", name, at_ms, replay.flows[name]))
        else:
            figures.take(Event("state", name, at_ms, {"state": REMOVED}))
    mirror.take(figures)
    assert mirror.flows == as_builtins(figures) == replay.flows


@given(st.lists(st.tuples(steps, pauses_ms), max_size=40))
def test_activity_is_the_sum_of_what_was_counted_in_each_interval(given_events):
    figures, replay = Figures(), Replay()
    at_ms = NOW_MS
    for (kind, flow, data), pause_ms in given_events:
        at_ms += pause_ms
        figures.take(Event(kind, flow, at_ms, data))
        replay.take(Event(kind, flow, at_ms, data))
    figures.advance(at_ms)
    now = at_ms // EVERY_MS
    for name, flow in figures.flows.items():
        for processor in PROCESSORS:
            wanted = [[0, 0] for _ in range(INTERVALS)]
            for interval, received, tasks in replay.counted.get(name, {}).get(processor, ()):
                if now - interval < INTERVALS:
                    wanted[interval - now - 1][0] += received
                    wanted[interval - now - 1][1] += tasks
            assert flow.activity.of(processor)[:, [0, 2]].tolist() == wanted


class Mirror:
    """What somebody shows who reads only the parts that he is told of."""

    def __init__(self) -> None:
        self.flows: dict[str, dict[str, Any]] = {}

    def take(self, figures: Figures) -> None:
        now = as_builtins(figures)
        for news in figures.take_news():
            if news.flow not in now:
                self.flows.pop(news.flow, None)
                continue
            shown = self.flows.setdefault(news.flow, empty())
            if news.state:
                shown["state"], shown["trouble"] = figures.state_of(news.flow)
            shown["since_ms"] = now[news.flow]["since_ms"]
            self._copy(shown["processors"], now[news.flow]["processors"], news.processors)
            self._copy(shown["connections"], now[news.flow]["connections"], news.connections)

    @staticmethod
    def _copy(shown: dict[str, Any], now: dict[str, Any], told: list[str]) -> None:
        for key in told:
            if key in now:
                shown[key] = now[key]
            else:
                shown.pop(key, None)


def one(kind: str, at_ms: int = NOW_MS, **data: Any) -> Event:
    return Event(kind, "" if kind == "hello" else "one", at_ms, data)


def snapshot(received: int, at_ms: int = NOW_MS, since_ms: int = 0) -> Event:
    a = {"state": "running", "in": received, "out": {}, "tasks": received}
    return one("snapshot", at_ms, state="running", trouble=None, since_ms=since_ms, processors={"a": a}, connections={})


def test_nothing_is_told_of_a_flow_between_a_hello_and_its_snapshot():
    figures = Figures()
    figures.take(one("hello", flows=["one"]))
    figures.take(snapshot(3))
    assert figures.take_news() == [FlowNews("one", ["a"], [], state=True)]
    figures.take(one("hello", flows=["one"]))
    assert not figures.has_news
    assert figures.take_news() == []
    figures.take(snapshot(4))
    assert figures.take_news() == [FlowNews("one", ["a"], [], state=True)]


def test_what_an_engine_did_while_nobody_heard_it_is_counted_if_it_was_lately():
    figures = Figures()
    figures.take(one("hello", flows=["one"]))
    figures.take(snapshot(100))
    figures.take(one("hello", NOW_MS + 20_000, flows=["one"]))
    figures.take(snapshot(130, NOW_MS + 20_000))
    assert figures.flows["one"].activity.total("a")[0] == 30
    figures.take(one("hello", NOW_MS + 400_000, flows=["one"]))
    figures.take(snapshot(900, NOW_MS + 400_000))
    assert figures.flows["one"].activity.total("a")[0] == 0


def test_a_connection_that_was_silent_for_long_was_there_until_it_was_lost():
    figures = Figures()
    figures.take(one("hello", flows=["one"]))
    figures.take(snapshot(100))
    figures.take(one("lost", NOW_MS + 900_000))
    figures.take(one("hello", NOW_MS + 901_000, flows=["one"]))
    figures.take(snapshot(130, NOW_MS + 901_000))
    assert figures.flows["one"].activity.total("a")[0] == 30


def test_a_flow_that_began_lately_has_done_everything_lately():
    figures = Figures()
    figures.take(snapshot(70, since_ms=NOW_MS - 10_000))
    assert figures.flows["one"].activity.total("a")[0] == 70
    figures = Figures()
    figures.take(snapshot(70, since_ms=NOW_MS - 400_000))
    assert figures.flows["one"].activity.total("a")[0] == 0


def test_activity_that_ages_is_news():
    figures = Figures()
    figures.take(one("hello", flows=["one"]))
    figures.take(snapshot(1))
    figures.take(snapshot(2))
    figures.take_news()
    figures.advance(NOW_MS)
    assert not figures.has_news
    figures.advance(NOW_MS + EVERY_MS)
    assert figures.take_news() == [FlowNews("one", ["a"], [], state=False)]
    figures.advance(NOW_MS + 2 * INTERVALS * EVERY_MS)
    assert figures.take_news() == [FlowNews("one", ["a"], [], state=False)]
    figures.advance(NOW_MS + 3 * INTERVALS * EVERY_MS)
    assert not figures.has_news


def test_columns_are_taken_as_what_they_stand_for():
    """Events of a cluster hold columns, those of the engine of this machine plain values."""
    parts = {
        "a": {"state": "running", "in": 4, "out": {"success": 3, "failure": 1}, "failed": 1, "tasks": 2, "seconds": 0.5},
        "b": {"state": "broken", "in": 0, "out": {}, "trouble": "no git"},
    }
    links = {"a.success->b.in": {"messages": 3, "bytes": 30, "passed": 7, "passed_bytes": 70, "full": True}}
    later = {"b": {"state": "running", "in": 9, "out": {"success": 9}, "tasks": 1}, "c": {"in": 1}}
    plain, columnar = Figures(), Figures()
    for kind, data in (
        ("snapshot", {"state": "running", "since_ms": NOW_MS, "processors": parts, "connections": links}),
        ("stats", {"processors": later}),
        ("stats", {"connections": links}),
    ):
        packed = {key: columns(value) if isinstance(value, dict) else value for key, value in data.items()}
        for figures, told in ((plain, data), (columnar, packed)):
            figures.take(Event(kind, "one", NOW_MS, told))
    one, other = plain.flows["one"], columnar.flows["one"]
    assert (one.processors, one.connections, one.since_ms) == (other.processors, other.connections, other.since_ms)
    assert [one.activity.total(part) for part in "abc"] == [other.activity.total(part) for part in "abc"]
    assert plain.take_news() == columnar.take_news()


def columns(rows: dict[str, dict[str, Any]]) -> Columns:
    return Columns.unpacked(list(rows), pack(list(rows.values())))
