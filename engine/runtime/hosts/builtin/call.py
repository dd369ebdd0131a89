"""call: takes back what became of the steps of calls, and goes on with each: to the next step, to a join, or to its answer."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from .. import body, values
from ..claims import named
from ..errors import Failure
from ..rows import Attributes, Rows
from ..stage import Delivery
from .call_graph import Join, Place, Start, after

ID, WAY = "call.id", "call.way"
_LOST = "the message is no call: it lacks the attributes that `call` gives; send calls by the Python API or `pyfi task run`"
Sent = list[Any]
"""[[port, content, attributes or None], ...]"""


class Outcome(NamedTuple):
    """What a part of a call gave: messages, or the reason why it failed [type, message, traceback, processor]."""

    sent: Sent
    error: list[str] | None


class Call(NamedTuple):
    """A call under way, as its messages carry it. `open` is the version of its row among the open calls."""

    id: str
    graph: Any
    place: Place
    open: int

    @property
    def attributes(self) -> Attributes:
        """The same as attributes of a message."""
        return {ID: self.id, WAY: json.dumps([self.graph, self.place, self.open], separators=(",", ":"))}


class Body(body.Body):
    """What waits for the other parts of a parallel is state rows: one a part, and one that counts those that are missing."""

    lazy = True

    def __init__(self, config: Mapping[str, Any], ctx: body.BodyContext) -> None:
        super().__init__(config, ctx)
        self._ports: Mapping[str, str] = config["steps"]

    def process(self, port: str, rows: Rows, out: Delivery) -> None:
        """Go on with every call that a step has come back from."""
        made = _Made()
        for row in range(len(rows)):
            call = read(rows.attributes_of(row))
            if call is None:
                out.fail(row, Failure("ValueError", _LOST, retry=False))
            else:
                self._go_on(row, call, outcome_of(rows.contents[row]), made)
        for name, part in made.by_port.items():
            out.send(name, part.contents, part.rows, part.attributes)

    def _go_on(self, row: int, call: Call, outcome: Outcome, made: _Made) -> None:
        while True:
            following = after(call.graph, call.place, failed=outcome.error is not None)
            if following is None:
                self._answer(call, outcome, is_last=True)
                return
            if not isinstance(following, Join):
                self._start(row, call, following, outcome.sent, made)
                return
            if outcome.error is not None:
                # Whoever called hears of it now; the parts beside it still come to their end.
                self._answer(call, outcome, is_last=False)
            joined = self._join(call.id, following, outcome)
            if joined is None:
                return
            call, outcome = call._replace(place=following.place), joined

    def _start(self, row: int, call: Call, starts: list[Start], sent: Sent, made: _Made) -> None:
        content = self._value(sent)
        marks: Attributes = (sent[0][2] or {}) if len(sent) == 1 else {}
        for start in starts:
            attributes = {**marks, **call._replace(place=start.place).attributes}
            made.add(self._ports[start.step], row, content, attributes)

    def _join(self, id: str, join: Join, outcome: Outcome) -> Outcome | None:
        """Keep what a part gave; what all of them gave together, once none is missing."""
        key = f"{id}:{'.'.join(map(str, join.place))}"
        missing: int = self.ctx.state.get(key, join.parts) - 1
        if missing:
            self.ctx.hold(f"{key}:{join.part}", list(outcome), [content for _, content, _ in outcome.sent])
            self.ctx.state[key] = missing
            return None
        parts = [outcome if part == join.part else self._take(f"{key}:{part}") for part in range(join.parts)]
        if join.parts > 1:
            del self.ctx.state[key]
        failed = next((part for part in parts if part.error is not None), None)
        return failed or Outcome([["success", [self._loaded(self._value(part.sent)) for part in parts], None]], None)

    def _take(self, key: str) -> Outcome:
        kept = Outcome(*self.ctx.state[key])
        del self.ctx.state[key]
        return kept

    def _answer(self, call: Call, outcome: Outcome, *, is_last: bool) -> None:
        sent = [[port, self._loaded(content), attributes] for port, content, attributes in outcome.sent]
        packed = values.pack([outcome.error is None, sent, outcome.error])
        self.ctx.answer(call.id, packed, call.open if is_last else 0)

    def _value(self, sent: Sent) -> Any:
        """What a part gave: the only content; None if there is none, a list if there are several."""
        if len(sent) == 1:
            return sent[0][1]
        return [self._loaded(content) for _, content, _ in sent] or None

    def _loaded(self, content: Any) -> Any:
        return self.ctx.claims.load(content)


class _Port:
    def __init__(self) -> None:
        self.contents: list[Any] = []
        self.rows: list[int] = []
        self.attributes: list[Attributes | None] = []


class _Made:
    """What is to begin, by the output that leads there."""

    def __init__(self) -> None:
        self.by_port: dict[str, _Port] = {}

    def add(self, port: str, row: int, content: Any, attributes: Attributes) -> None:
        part = self.by_port.setdefault(port, _Port())
        part.contents.append(content)
        part.rows.append(row)
        part.attributes.append(attributes)


def read(attributes: Mapping[str, str]) -> Call | None:
    """The call that a message belongs to; None if it belongs to none."""
    try:
        graph, place, version = json.loads(attributes[WAY])
        return Call(attributes[ID], graph, tuple(place), version)
    except (KeyError, ValueError, TypeError):
        return None


def outcome_of(sent: Sent) -> Outcome:
    """What a step gave: what it sent, but for a message that says that it failed."""
    for port, _, attributes in sent:
        if port == "failure" and attributes and "error.type" in attributes:
            found = [attributes.get(f"error.{part}", "") for part in ("type", "message", "traceback", "processor")]
            return Outcome([], found)
    return Outcome(sent, None)


def claims_in(sent: Sent) -> list[str]:
    """The files that what a step sent refers to."""
    return named(content for _, content, _ in sent)
