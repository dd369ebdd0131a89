"""A join: a function whose parameters are its input ports; it is called when every port has a message, first with first.

What waits is state rows, so that nothing is held in memory or under a lease: `head:PORT` and `tail:PORT` count, and `PORT:N` is
the waiting message [packed content, attributes]. A joined call that must wait for another try goes back to the queue as one
message of kind JOINED, whose content holds what every port gave.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from types import GeneratorType
from typing import Any, cast

from . import values
from .context import Call, Context, Emitted
from .errors import Failure, describe
from .python_code import Code
from .python_step import USER_ERRORS, Resolve, send_emitted
from .rows import Attributes, Rows
from .stage import Delivery
from .state import State
from .watch import Watch

JOINED = 1
Waiting = list[Any]
"""A message of a set: its content packed, as it arrived, and its attributes."""


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
        resolve: Resolve,
    ) -> None:
        self._function = functools.partial(code.function, ctx=context) if code.takes_ctx else code.function
        self._ports = tuple(ports)
        self._call = call
        self._state = state
        self._watch = watch
        self._timeout_s = timeout_s
        self._resolve = resolve

    def process(self, port: str, rows: Rows, out: Delivery) -> None:
        """Take messages of one port; call for each that completes a set. Sets that are tried again come whole."""
        sent = _Sent()
        for row, content in enumerate(self._resolve(rows.contents)):
            members = content if rows.kind == JOINED else self._complete(port, content, rows.attributes_of(row))
            if members is not None:
                self._fire(row, members, sent, out)
        send_emitted(sent.emitted, out)
        out.send("success", sent.contents, sent.index, sent.attributes)

    def _fire(self, row: int, members: dict[str, Waiting], sent: _Sent, out: Delivery) -> None:
        """Call with a complete set."""
        merged = _merged(members, self._ports)
        self._call.begin(Rows([None], [0], [merged]), None)
        self._state.keep()
        self._watch.enter((), self._timeout_s)
        try:
            result = self._function(**{name: values.unpack(members[name][0]) for name in self._ports})
            results = cast("Iterable[Any]", result) if isinstance(result, GeneratorType) else [result]
            made = [values.snapshot(each) for each in results if each is not None]
        except USER_ERRORS as error:
            self._watch.leave()
            self._state.undo()
            self._failed(row, members, describe(error), out)
            return
        self._watch.leave()
        self._state.keep()
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

    def _complete(self, port: str, content: Any, attributes: Attributes) -> dict[str, Waiting] | None:
        """The set that this message completes, taken out of the state; or None, and the message waits."""
        others = [name for name in self._ports if name != port]
        if self._count("head", port) < self._count("tail", port) or any(
            self._count("head", name) >= self._count("tail", name) for name in others
        ):
            tail = self._count("tail", port)
            self._state[f"{port}:{tail}"] = [values.pack(content), attributes]
            self._state[f"tail:{port}"] = tail + 1
            return None
        members: dict[str, Waiting] = {port: [values.pack(content), attributes]}
        for name in others:
            head = self._count("head", name)
            members[name] = self._state.pop(f"{name}:{head}")
            self._state[f"head:{name}"] = head + 1
        return members

    def _failed(self, row: int, members: dict[str, Waiting], error: Failure, out: Delivery) -> None:
        """The whole set waits for another try, or every member goes to `failure` for itself."""
        if out.retry(row, error, content=members, kind=JOINED):
            return
        for name in self._ports:
            content, attributes = members[name]
            out.give_up(row, error, values.unpack(content), {**attributes, "join.port": name})


class _Sent:
    """What the calls of one task made."""

    def __init__(self) -> None:
        self.contents: list[Any] = []
        self.index: list[int] = []
        self.attributes: list[Attributes | None] = []
        self.emitted: list[Emitted] = []


def _merged(members: dict[str, Waiting], ports: Sequence[str]) -> Attributes:
    merged: Attributes = {}
    for name in ports:
        merged.update(members[name][1])
    return merged
