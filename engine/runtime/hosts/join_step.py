"""A join: a function whose parameters are its input ports; it is called when every port has a message, first with first.

What waits is state rows, so that nothing is held in memory or under a lease: `head:PORT` and `tail:PORT` count, and `PORT:N` is
the waiting message [packed content, attributes, spans]; large content stays in its file. A joined call that must wait for
another try goes back to the queue as one message of kind JOINED, whose content holds what every port gave.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from types import GeneratorType
from typing import Any, cast

from . import claims, values
from .context import Call, Context, Emitted
from .errors import Failure, describe
from .original import bound
from .origins import Span
from .python_code import Code
from .python_step import USER_ERRORS, send_emitted
from .rows import Attributes, Rows
from .stage import Delivery
from .state import State
from .watch import Watch

JOINED = 1
Waiting = list[Any]
"""A message of a set: its content packed, as it arrived, its attributes, and where it came from (older ones do not know)."""


class JoinStep:
    """Pairs messages of several ports and calls `function(**contents)`."""

    def __init__(
        self,
        code: Code,
        context: Context,
        ports: Sequence[str],
        call: Call,
        state: State,
        watch: Watch,
        timeout_s: float,
        store: claims.Store,
    ) -> None:
        self._function = bound(code, context, context.outputs)
        self._ports = tuple(ports)
        self._call = call
        self._state = state
        self._watch = watch
        self._timeout_s = timeout_s
        self._store = store

    def process(self, port: str, rows: Rows, out: Delivery) -> None:
        """Take messages of one port; call for each that completes a set. Sets that are tried again come whole."""
        sent = _Sent()
        for row, content in enumerate(rows.contents):
            if rows.kind == JOINED:
                self._fire(row, self._store.load(content), None, sent, out)
                continue
            arrived: Waiting = [values.pack(content), rows.attributes_of(row), out.spans(row)]
            members = self._complete(port, arrived, claims.named([content]))
            if members is not None:
                self._fire(row, members, out.together(_spans(members, last=port)), sent, out)
        send_emitted(sent.emitted, out, sent.origins)
        out.send("success", sent.contents, sent.index, sent.attributes, origins=[sent.origins[row] for row in sent.index])

    def _fire(self, row: int, members: dict[str, Waiting], origin: int | None, sent: _Sent, out: Delivery) -> None:
        """Call with a complete set, which is the row itself or was put together here."""
        merged = _merged(members, self._ports)
        self._call.begin(Rows([None], [0], [merged]), out.attempts and [out.attempts[row]])
        self._state.keep()
        self._watch.enter((), self._timeout_s)
        try:
            result = self._function(**{name: self._store.load(values.unpack(members[name][0])) for name in self._ports})
            results = cast("Iterable[Any]", result) if isinstance(result, GeneratorType) else [result]
            made = [values.snapshot(each) for each in results if each is not None]
        except USER_ERRORS as error:
            self._watch.leave()
            self._state.undo()
            self._failed(row, members, origin, describe(error), out)
            return
        self._watch.leave()
        self._state.keep()
        sent.origins[row] = out.rows.origins[row] if origin is None else origin
        sent.emitted.extend((row, name, value, extra or merged) for _, name, value, extra in self._call.emitted)
        sent.contents.extend(made)
        sent.index.extend([row] * len(made))
        sent.attributes.extend([merged or None] * len(made))

    def timer(self, out: Delivery) -> None:
        """A join asks for no timers."""

    def flush(self, out: Delivery) -> None:
        """What has no partner stays where it is; `unpaired` tells."""

    def unpaired(self) -> dict[str, int]:
        """How many messages wait at each port that has any."""
        counts = {port: self._count("tail", port) - self._count("head", port) for port in self._ports}
        return {port: count for port, count in counts.items() if count}

    def _count(self, which: str, port: str) -> int:
        return int(self._state.get(f"{which}:{port}", 0))

    def _complete(self, port: str, arrived: Waiting, files: list[str]) -> dict[str, Waiting] | None:
        """The set that this message completes, taken out of the state; or None, and the message waits."""
        others = [name for name in self._ports if name != port]
        if self._count("head", port) < self._count("tail", port) or any(
            self._count("head", name) >= self._count("tail", name) for name in others
        ):
            tail = self._count("tail", port)
            self._state.hold(f"{port}:{tail}", arrived, files)
            self._state[f"tail:{port}"] = tail + 1
            return None
        members = {port: arrived}
        for name in others:
            head = self._count("head", name)
            members[name] = self._state.pop(f"{name}:{head}")
            self._state[f"head:{name}"] = head + 1
        return members

    def _failed(self, row: int, members: dict[str, Waiting], origin: int | None, error: Failure, out: Delivery) -> None:
        """The whole set waits for another try, or every member goes to `failure` for itself."""
        if out.may_retry(row, error):
            out.retry(row, error, content=self._loaded(members), kind=JOINED, origin=origin)
            return
        for name in self._ports:
            content, attributes, *spans = members[name]
            own = out.together(spans[0]) if spans else origin
            out.give_up(row, error, values.unpack(content), {**attributes, "join.port": name}, own)

    def _loaded(self, members: dict[str, Waiting]) -> dict[str, Waiting]:
        """The members with their whole content: a queue knows of no files that are named inside a content."""
        if not self._store.used:
            return members
        whole = {name: values.pack(self._store.load(values.unpack(content))) for name, (content, *_) in members.items()}
        return {name: [whole[name], *rest] for name, (_, *rest) in members.items()}


class _Sent:
    """What the calls of one task made."""

    def __init__(self) -> None:
        self.contents: list[Any] = []
        self.index: list[int] = []
        self.attributes: list[Attributes | None] = []
        self.emitted: list[Emitted] = []
        self.origins: dict[int, int] = {}


def _spans(members: dict[str, Waiting], last: str) -> list[Span]:
    """Where the members came from, the one that completed the set last."""
    ordered = [*(member for name, member in members.items() if name != last), members[last]]
    return [span for member in ordered for spans in member[2:] for span in spans]


def _merged(members: dict[str, Waiting], ports: Sequence[str]) -> Attributes:
    merged: Attributes = {}
    for name in ports:
        merged.update(members[name][1])
    return merged
