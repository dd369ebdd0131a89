"""merge: makes one message of several."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from .. import body, values
from ..errors import Failure
from ..origins import Span, each, flat
from ..rows import Attributes, Rows
from ..stage import Delivery
from .alarm import Alarm
from .expression import evaluator
from .key import key_text
from .waiting import Group, Part, Waiting

_MARKS = ("split.id", "split.index", "split.count")


class Body(body.Body):
    """What waits is state rows (see `waiting`); it leaves when enough has come, when it is old enough, or when the run ends."""

    lazy = True

    def __init__(self, config: Mapping[str, Any], ctx: body.BodyContext) -> None:
        super().__init__(config, ctx)
        self._key = evaluator(config["key"], ctx) if config["key"] else None
        self._waiting = Waiting(ctx)
        self._alarm = Alarm(ctx)
        self._count: int = config["count"]
        self._size: int = config["size"]
        self._age: float = config["age"]

    def process(self, port: str, rows: Rows, out: Delivery) -> None:
        """Take messages in, group by group, and send what they complete."""
        made = _Made()
        if self.config["reassemble"]:
            for key, members in self._by_split(rows, out).items():
                self._gather_parts(key, members, made, out)
        else:
            looked_at = self._key is not None or self._size
            contents = self.ctx.claims.resolve(rows.contents) if looked_at else rows.contents
            for key, (label, members) in self._by_key(contents, out).items():
                self._gather(key, label, members, contents, made, out)
        made.send(out)

    def timer(self, out: Delivery) -> None:
        """Send what is old enough."""
        started = time.time()
        following: float | None = None
        made = _Made()
        for key, group in list(self._waiting.groups()):
            due = group.since + self._age
            if due <= started:
                self._let_go(key, group, made, out)
            elif following is None or due < following:
                following = due
        made.send(out)
        self._alarm.set(following, time.time() - started)

    def flush(self, out: Delivery) -> None:
        """Send all that waits."""
        made = _Made()
        for key, group in list(self._waiting.groups()):
            self._let_go(key, group, made, out)
        made.send(out)
        self._alarm.set(None)

    def _by_key(self, contents: list[Any], out: Delivery) -> dict[str, tuple[str, list[int]]]:
        """Rows by key, with the key as text."""
        if self._key is None:
            return {"": ("", list(range(len(contents))))}
        groups: dict[str, tuple[str, list[int]]] = {}
        found, failures = self._key(out.rows, contents)
        for row, value in enumerate(found):
            if row not in failures:
                try:
                    groups.setdefault(key_text(value), (_text(value), []))[1].append(row)
                except values.UnsupportedValue as error:
                    failures[row] = Failure("UnsupportedValue", f"the key {error}", retry=False)
        for row in sorted(failures):
            out.fail(row, failures[row])
        return groups

    def _by_split(self, rows: Rows, out: Delivery) -> dict[str, list[int]]:
        groups: dict[str, list[int]] = {}
        for row in range(len(rows)):
            marks = rows.attributes_of(row)
            if "split.id" in marks and all(marks.get(mark, "").isdecimal() for mark in _MARKS[1:]):
                groups.setdefault(key_text(marks["split.id"]), []).append(row)
            else:
                out.fail(
                    row, Failure("ValueError", f"a part must have the attributes {', '.join(_MARKS)} of `split`", retry=False)
                )
        return groups

    def _gather(self, key: str, label: str, members: list[int], contents: list[Any], made: _Made, out: Delivery) -> None:
        group = self._waiting.group(key)
        n, size = (group.messages, group.size) if group else (0, 0)
        start = 0
        for position, row in enumerate(members):
            n += 1
            if self._size:
                size += _length(contents[row])
            if n == self._count or 0 < self._size <= size:
                parts = self._waiting.take(key) if start == 0 else []
                self._put_together(row, [*parts, _taken(members[start : position + 1], out)], label, made, out)
                n = size = 0
                start = position + 1
        if start < len(members):
            now = time.time()
            added = size - (group.size if group and start == 0 else 0)
            self._waiting.add(key, self._aside(_taken(members[start:], out), out), size=added, now=now, label=label)
            if self._age and (group is None or start):
                self._alarm.ask(now + self._age)

    def _gather_parts(self, key: str, members: list[int], made: _Made, out: Delivery) -> None:
        now = time.time()
        known = self._waiting.group(key)
        group = self._waiting.add(key, self._aside(_taken(members, out), out), now=now)
        count = int(out.rows.attributes_of(members[0])["split.count"])
        if group.messages < count:
            if known is None and self._age:
                self._alarm.ask(now + self._age)
            return
        # A part that came twice counts once.
        parts = {int((message[1] or {})["split.index"]): message for message in _messages(self._waiting.take(key))}
        ordered = [parts[number] for number in sorted(parts)]
        whole = Part(*map(list, zip(*ordered, strict=True)))
        if len(ordered) < count:
            self._waiting.add(key, whole, now=group.since)
        else:
            self._put_together(members[-1], [whole], "", made, out)

    def _let_go(self, key: str, group: Group, made: _Made, out: Delivery) -> None:
        parts = self._waiting.take(key)
        if not self.config["reassemble"]:
            self._put_together(0, parts, group.label, made, out)
            return
        for content, known, spans in _messages(parts):
            marks = known or {}
            error = Failure("IncompleteSplit", f"only {group.messages} of {marks['split.count']} parts of this split came")
            out.give_up(0, error, content, marks, out.together(spans))

    def _put_together(self, row: int, parts: list[Part], label: str, made: _Made, out: Delivery) -> None:
        """Make one message of all that the parts hold."""
        try:
            content = self._together(self.ctx.claims.resolve([content for part in parts for content in part.contents]))
        except Failure as error:  # a file is gone: what it was part of cannot be made
            for content, known, spans in _messages(parts):
                out.give_up(row, error, content, known or {}, out.together(spans))
            return
        attributes = _common([known for part in parts for known in part.attributes], label)
        if self.config["reassemble"]:
            attributes = _without(attributes, _MARKS)
        made.add(row, content, attributes, out.together(span for part in parts for span in flat(part.origins)))

    def _aside(self, part: Part, out: Delivery) -> Part:
        """The part as it is to wait."""
        return part._replace(contents=self.ctx.claims.aside(part.contents, out.rows.size))

    def _together(self, contents: list[Any]) -> Any:
        if self.config["into"] == "list":
            return contents
        if self.config["into"] == "text":
            return self.config["separator"].join(map(_text, contents))
        return (
            self.config["separator"]
            .encode()
            .join(content if type(content) is bytes else _text(content).encode() for content in contents)
        )


class _Made:
    """What a task has completed."""

    def __init__(self) -> None:
        self.contents: list[Any] = []
        self.index: list[int] = []
        self.attributes: list[Attributes | None] = []
        self.origins: list[int] = []

    def add(self, row: int, content: Any, attributes: Attributes, origin: int) -> None:
        self.contents.append(content)
        self.index.append(row)
        self.attributes.append(attributes)
        self.origins.append(origin)

    def send(self, out: Delivery) -> None:
        out.send("success", self.contents, self.index, self.attributes, origins=self.origins)


def _taken(members: Sequence[int], out: Delivery) -> Part:
    rows = out.rows
    known: list[Attributes | None] = [None] * len(members)
    if rows.attributes is not None:
        known = [rows.attributes[row] for row in members]
    return Part([rows.contents[row] for row in members], known, out.kept(members))


def _messages(parts: Iterable[Part]) -> Iterator[tuple[Any, Attributes | None, list[Span]]]:
    """Every message of the parts, and where it came from."""
    for part in parts:
        yield from zip(part.contents, part.attributes, each(part.origins, len(part.contents)), strict=True)


def _common(attributes: Sequence[Attributes | None], label: str) -> Attributes:
    """The attributes that all messages have alike, their number, and their key."""
    first = attributes[0] or {}
    common = dict(first)
    for other in attributes:
        if other != first:
            common = {name: value for name, value in common.items() if (other or {}).get(name) == value}
    common["merge.count"] = str(len(attributes))
    if label:
        common["merge.key"] = label
    return common


def _without(attributes: Attributes, names: Sequence[str]) -> Attributes:
    return {name: value for name, value in attributes.items() if name not in names}


def _length(content: Any) -> int:
    return len(content) if type(content) in (bytes, str) else len(values.pack(content))


def _text(value: Any) -> str:
    if type(value) is bytes:
        return value.decode("utf-8", "replace")
    return value if type(value) is str else json.dumps(value, ensure_ascii=False, default=str)
