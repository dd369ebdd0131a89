"""Outbox, what a publisher has yet to send: the newest of every flow and the newest lines, however long the server is away.

Knows no network and no clock: it turns events into Redis commands.
"""

from __future__ import annotations

import contextlib
from collections import deque
from collections.abc import Iterable, Sequence

from engine.bus.base import Event
from engine.bus.names import Names
from engine.bus.publication import Fact, Publication, encoded
from engine.bus.redis_link import Command

EVERY_S = 0.25
"""Figures of a flow are sent so often at most."""
KEPT_S = 60
"""What is known of a flow is kept so long after its publisher spoke last."""
LINES = 500
"""So many lines wait at most; older ones are left out, and listeners told."""
_GRAVE = ("warning", "error")
_FIGURES = frozenset({"stats", "snapshot", "state"})


class Outbox:
    """Takes events; `take` gives the commands that tell of them. Forgets a flow when it hears that it is removed."""

    def __init__(self, names: Names, publisher: str) -> None:
        self._names = names
        self._publisher = publisher
        self._flows: dict[str, Publication] = {}
        self._due_s: dict[str, float] = {}
        self._states: dict[str, Event] = {}
        self._removed: dict[str, Event] = {}
        self._forgotten: dict[str, None] = {}
        self._lines: deque[Command] = deque(maxlen=LINES)
        self._numbers: dict[str, dict[str, int]] = {}
        """Messages by flow and channel; of channels that carry no figures."""

    @property
    def flows(self) -> list[str]:
        """Flows that were spoken of."""
        return list(self._flows)

    def put(self, event: Event) -> None:
        """Take an event in."""
        if event.kind not in _FIGURES:
            self._put_line(event)
        elif event.data.get("state") == "removed":
            self.forget(event.flow)
            self._removed[event.flow] = event
        else:
            self._removed.pop(event.flow, None)
            self._forgotten.pop(event.flow, None)
            self._flow(event.flow).note(event)
            if event.kind == "state":
                self._states[event.flow] = event

    def forget(self, flow: str) -> None:
        """Tell no more of a flow: others do, or nobody."""
        for known in (self._flows, self._due_s, self._states):
            known.pop(flow, None)
        self._forgotten[flow] = None

    def renew(self) -> None:
        """Tell everything of all flows anew."""
        self._due_s.clear()
        for flow in self._flows.values():
            flow.renew()

    def wait_s(self, now_s: float) -> float | None:
        """In how many seconds there is something to be sent; None: not before there is something new."""
        if self._lines or self._states or self._removed or self._forgotten:
            return 0.0
        due_s = [self._due_s.get(name, now_s) for name, flow in self._flows.items() if flow.has_news]
        return max(0.0, min(due_s) - now_s) if due_s else None

    @property
    def removed(self) -> list[str]:
        """Flows of which is to be told that they are no more."""
        return list(self._removed)

    def take(self, now_s: float, until_ms: int, *, kept: Iterable[bytes] = (), at_once: bool = False) -> list[Command]:
        """What is to be sent now. Snapshots are good until `until_ms`, by the server's clock.

        `kept` are the snapshots there are, of all publishers, so that those of removed flows go. `at_once`: leave nothing.
        """
        commands = self._removal(kept)
        for name in [name for name, flow in self._flows.items() if flow.has_news]:
            if at_once or self._due_s.get(name, now_s) <= now_s:
                self._due_s[name] = now_s + EVERY_S
                commands += self._issue(name, until_ms)
        states, self._states = self._states, {}
        for event in states.values():
            commands += self._state(event)
        lines, self._lines = self._lines, deque(maxlen=LINES)
        return [*commands, *lines]

    def refresh(self, now_ms: int, until_ms: int) -> list[Command]:
        """What keeps snapshots for longer, and forgets those of publishers that are gone.

        There are as many answers to HEXISTS as there are `flows`; one of 0 means that the server has lost the flow.
        """
        commands: list[Command] = [("ZREMRANGEBYSCORE", self._names.snapshots, "-inf", now_ms)]
        for flow in self._flows:
            commands += self._keep(flow, until_ms)
        return commands + [("HEXISTS", self._names.snapshot(self._publisher, flow), "base") for flow in self._flows]

    def _flow(self, name: str) -> Publication:
        if name not in self._flows:
            self._flows[name] = Publication(self._publisher)
        return self._flows[name]

    def _put_line(self, event: Event) -> None:
        is_grave = event.kind == "log" and event.data.get("level") in _GRAVE
        kind = "bulletin" if is_grave else event.kind
        with contextlib.suppress(OverflowError):  # a number that no message can hold; listeners are told of a line they missed
            self._lines.append(self._message(kind, event))

    def _message(self, kind: str, event: Event) -> Command:
        channels = self._numbers.setdefault(event.flow, {})
        channels[kind] = channels.get(kind, 0) + 1
        message = encoded(Fact(self._publisher, channels[kind], event.at_ms, event.data))
        return ("PUBLISH", self._names.channel(kind, event.flow), message)

    def _removal(self, kept: Iterable[bytes]) -> list[Command]:
        removed, self._removed = self._removed, {}
        forgotten, self._forgotten = self._forgotten, {}
        commands = [self._message("state", event) for event in removed.values()]
        gone = [(self._publisher, flow) for flow in forgotten]
        gone += [each for each in map(self._names.publisher_and_flow, kept) if each[1] in removed]
        for flow in forgotten:
            self._numbers.pop(flow, None)
        for publisher, flow in gone:
            commands.append(("DEL", self._names.snapshot(publisher, flow)))
            commands.append(("ZREM", self._names.snapshots, self._names.member(publisher, flow)))
        return commands

    def _state(self, event: Event) -> Iterable[Command]:
        command = self._message("state", event)
        key = self._names.snapshot(self._publisher, event.flow)
        return [("HSET", key, "state", command[2]), ("EXPIRE", key, KEPT_S), command]

    def _issue(self, name: str, until_ms: int) -> Iterable[Command]:
        try:
            issue = self._flows[name].take()
        except OverflowError:  # a number that no message can hold
            del self._flows[name]
            return []
        key = self._names.snapshot(self._publisher, name)
        told = ("PUBLISH", self._names.channel("stats", name), issue.message)
        if issue.base is None:
            return [("HSET", key, issue.number, issue.message), ("EXPIRE", key, KEPT_S), told]
        return [("DEL", key), ("HSET", key, "base", issue.base), *self._keep(name, until_ms), told]

    def _keep(self, name: str, until_ms: int) -> Sequence[Command]:
        return [
            ("EXPIRE", self._names.snapshot(self._publisher, name), KEPT_S),
            ("ZADD", self._names.snapshots, until_ms, self._names.member(self._publisher, name)),
            ("EXPIRE", self._names.snapshots, KEPT_S),
        ]
