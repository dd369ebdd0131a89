"""join: puts messages of several inputs together that have the same key.

What waits is state rows. `count:KEY` is [first, next] for each input, `I:N:KEY` the N-th waiting message of input I, and
`keep:I:KEY` the latest message of an input that is kept: [content, attributes, time it came, where it came from]. Older
versions left out the last, and of kept messages the time. Large contents wait in their files.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from .. import body
from ..errors import Failure
from ..origins import Span
from ..rows import Attributes, Rows
from ..stage import Delivery
from .alarm import Alarm
from .expression import evaluator
from .key import key_texts

_COUNT = "count:"


class Body(body.Body):
    """Messages of a key are paired in the order in which they came, each once; those of inputs in `keep` again and again."""

    lazy = True

    def __init__(self, config: Mapping[str, Any], ctx: body.BodyContext) -> None:
        super().__init__(config, ctx)
        self._ports: list[str] = list(config["inputs"])
        key = config["key"]
        texts = [key if isinstance(key, str) else key[port] for port in self._ports]
        self._keys = {port: evaluator(text, ctx) for port, text in zip(self._ports, texts, strict=True)}
        self._kept = frozenset(self._ports.index(port) for port in config["keep"])
        self._paired = [number for number in range(len(self._ports)) if number not in self._kept]
        self._state = ctx.state
        self._alarm = Alarm(ctx)

    def process(self, port: str, rows: Rows, out: Delivery) -> None:
        """Take messages of one input; send every set that they complete."""
        number = self._ports.index(port)
        keys, failures = key_texts(self._keys[port], rows, self.ctx.claims.resolve(rows.contents))
        contents = self.ctx.claims.aside(rows.contents, rows.size)
        made = _Made()
        now = time.time()
        for row, key in enumerate(keys):
            if key is None:
                continue
            message = [contents[row], rows.attributes_of(row), now, out.spans(row)]
            if number in self._kept:
                self._hold(f"keep:{number}:{key}", message)
            elif self._queue_up(number, key, message) and self.config["window"]:
                self._alarm.ask(now + self.config["window"])
            while (members := self._complete(key)) is not None:
                self._fire(row, members, number, made, out)
        made.send("success", out)
        for row in sorted(failures):
            out.fail(row, failures[row])

    def timer(self, out: Delivery) -> None:
        """Let go of what has waited long enough."""
        started = time.time()
        self._let_go(out, started - self.config["window"], started)

    def flush(self, out: Delivery) -> None:
        """The run ends: nothing that waits will find a partner."""
        self._let_go(out, float("inf"), time.time())

    def _queue_up(self, number: int, key: str, message: list[Any]) -> bool:
        """Have a message wait; whether it is now the first of its input."""
        counts = self._counts(key)
        first, following = counts[number]
        self._hold(f"{number}:{following}:{key}", message)
        counts[number] = [first, following + 1]
        self._state[_COUNT + key] = counts
        return first == following

    def _hold(self, name: str, message: list[Any]) -> None:
        self.ctx.hold(name, message, message[:1])

    def _counts(self, key: str) -> list[list[int]]:
        return self._state.get(_COUNT + key) or [[0, 0] for _ in self._ports]

    def _complete(self, key: str) -> dict[int, list[Any]] | None:
        """The first message of every input, taken out of what waits; None when one is missing."""
        counts = self._state.get(_COUNT + key)
        if counts is None or any(counts[number][0] == counts[number][1] for number in self._paired):
            return None
        if any(f"keep:{number}:{key}" not in self._state for number in self._kept):
            return None
        members: dict[int, list[Any]] = {number: self._state[f"keep:{number}:{key}"] for number in self._kept}
        for number in self._paired:
            members[number] = self._take(number, key, counts)
        self._put_counts(key, counts)
        return members

    def _take(self, number: int, key: str, counts: list[list[int]]) -> list[Any]:
        first, following = counts[number]
        counts[number] = [first + 1, following] if first + 1 < following else [0, 0]
        return self._state.pop(f"{number}:{first}:{key}")

    def _put_counts(self, key: str, counts: list[list[int]]) -> None:
        if any(first < following for first, following in counts):
            self._state[_COUNT + key] = counts
        else:
            del self._state[_COUNT + key]

    def _fire(self, row: int, members: dict[int, list[Any]], last: int, made: _Made, out: Delivery) -> None:
        """Send a set, which a message of the input `last` completed."""
        attributes: Attributes = {}
        for number in range(len(self._ports)):
            attributes.update(members[number][1])
        try:
            content = self._together([self.ctx.claims.load(members[number][0]) for number in range(len(self._ports))])
        except Failure as error:
            for number in self._paired:
                content, known = members[number][:2]
                origin = out.together(_spans(members[number]))
                out.give_up(row, error, content, {**known, "join.port": self._ports[number]}, origin)
            return
        order = [*(number for number in members if number != last), last]
        made.add(row, content, attributes, out.together(span for number in order for span in _spans(members[number])))

    def _together(self, contents: list[Any]) -> dict[Any, Any]:
        if self.config["into"] == "ports":
            return dict(zip(self._ports, contents, strict=True))
        if not all(type(content) is dict for content in contents):
            raise Failure("TypeError", "only mappings can be merged; use `into: ports` for other contents", retry=False)
        merged: dict[Any, Any] = {}
        for content in contents:
            merged.update(content)
        return merged

    def _let_go(self, out: Delivery, until: float, started: float) -> None:
        """Send what came before a time to `unmatched`, and be woken for the rest."""
        made = _Made()
        following: float | None = None
        for name in [name for name in self._state if name.startswith(_COUNT)]:
            key = name[len(_COUNT) :]
            counts = self._state[name]
            for number, port in enumerate(self._ports):
                while counts[number][0] < counts[number][1]:
                    message = self._state[f"{number}:{counts[number][0]}:{key}"]
                    content, attributes, since = message[:3]
                    if since > until:
                        due = since + self.config["window"]
                        following = due if following is None else min(following, due)
                        break
                    self._take(number, key, counts)
                    made.add(0, content, {**attributes, "join.port": port}, out.together(_spans(message)))
            self._put_counts(key, counts)
        made.send("unmatched", out)
        self._alarm.set(following, time.time() - started)


class _Made:
    """What leaves in one go."""

    def __init__(self) -> None:
        self.contents: list[Any] = []
        self.index: list[int] = []
        self.attributes: list[Attributes | None] = []
        self.origins: list[int] = []

    def add(self, row: int, content: Any, attributes: Attributes, origin: int) -> None:
        self.contents.append(content)
        self.index.append(row)
        self.attributes.append(attributes or None)
        self.origins.append(origin)

    def send(self, port: str, out: Delivery) -> None:
        out.send(port, self.contents, self.index, self.attributes, origins=self.origins)


def _spans(message: list[Any]) -> list[Span]:
    """Where a message that waited came from, as far as is known."""
    return message[3] if len(message) > 3 else []
