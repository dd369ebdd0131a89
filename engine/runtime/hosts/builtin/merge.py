"""merge: makes one message of several."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from typing import Any

from .. import body, values
from ..errors import Failure
from ..rows import Attributes, Rows
from ..stage import Delivery
from .alarm import Alarm
from .expression import evaluator
from .key import key_text
from .waiting import Group, Waiting

_MARKS = ("split.id", "split.index", "split.count")


class Body(body.Body):
    """What waits is state rows (see `waiting`); it leaves when enough has come, when it is old enough, or when the run ends."""

    def __init__(self, config: Mapping[str, Any], ctx: body.BodyContext) -> None:
        super().__init__(config, ctx)
        self._key = evaluator(config["key"], ctx) if config["key"] else None
        self._waiting = Waiting(ctx.state)
        self._alarm = Alarm(ctx)
        self._count: int = config["count"]
        self._size: int = config["size"]
        self._age: float = config["age"]

    def process(self, port: str, rows: Rows, out: Delivery) -> None:
        """Take messages in, group by group, and send what they complete."""
        made = _Made()
        if self.config["reassemble"]:
            for key, members in self._by_split(rows, out).items():
                self._gather_parts(key, members, rows, made)
        else:
            for key, (label, members) in self._by_key(rows, out).items():
                self._gather(key, label, members, rows, made)
        out.send("success", made.contents, made.index, made.attributes)

    def timer(self, out: Delivery) -> None:
        """Send what is old enough."""
        started = time.time()
        following: float | None = None
        for key, group in list(self._waiting.groups()):
            due = group.since + self._age
            if due <= started:
                self._let_go(key, group, out)
            elif following is None or due < following:
                following = due
        self._alarm.set(following, time.time() - started)

    def flush(self, out: Delivery) -> None:
        """Send all that waits."""
        for key, group in list(self._waiting.groups()):
            self._let_go(key, group, out)
        self._alarm.set(None)

    def _by_key(self, rows: Rows, out: Delivery) -> dict[str, tuple[str, list[int]]]:
        """Rows by key, with the key as text."""
        if self._key is None:
            return {"": ("", list(range(len(rows))))}
        groups: dict[str, tuple[str, list[int]]] = {}
        found, failures = self._key(rows)
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

    def _gather(self, key: str, label: str, members: list[int], rows: Rows, made: _Made) -> None:
        group = self._waiting.group(key)
        n, size = (group.messages, group.size) if group else (0, 0)
        start = 0
        for position, row in enumerate(members):
            n += 1
            if self._size:
                size += _length(rows.contents[row])
            if n == self._count or 0 < self._size <= size:
                contents, attributes = _taken(rows, members[start : position + 1])
                if start == 0:
                    before, known = self._waiting.take(key)
                    contents, attributes = before + contents, known + attributes
                made.add(row, self._together(contents), _common(attributes, label))
                n = size = 0
                start = position + 1
        if start < len(members):
            contents, attributes = _taken(rows, members[start:])
            now = time.time()
            added = size - (group.size if group and start == 0 else 0)
            self._waiting.add(key, contents, attributes, size=added, now=now, label=label)
            if self._age and (group is None or start):
                self._alarm.ask(now + self._age)

    def _gather_parts(self, key: str, members: list[int], rows: Rows, made: _Made) -> None:
        contents, attributes = _taken(rows, members)
        now = time.time()
        known = self._waiting.group(key)
        group = self._waiting.add(key, contents, attributes, now=now)
        count = int((attributes[0] or {})["split.count"])
        if group.messages < count:
            if known is None and self._age:
                self._alarm.ask(now + self._age)
            return
        contents, attributes = self._waiting.take(key)
        # A part that came twice counts once.
        parts = {int((each or {})["split.index"]): (content, each) for content, each in zip(contents, attributes, strict=True)}
        ordered = [parts[number] for number in sorted(parts)]
        if len(ordered) < count:
            self._waiting.add(key, [part[0] for part in ordered], [part[1] for part in ordered], now=group.since)
            return
        whole = _common([part[1] for part in ordered], "")
        made.add(members[-1], self._together([part[0] for part in ordered]), _without(whole, _MARKS))

    def _let_go(self, key: str, group: Group, out: Delivery) -> None:
        contents, attributes = self._waiting.take(key)
        if not self.config["reassemble"]:
            out.send("success", [self._together(contents)], [0], [_common(attributes, group.label)])
            return
        for content, known in zip(contents, attributes, strict=True):
            marks = known or {}
            error = Failure("IncompleteSplit", f"only {len(contents)} of {marks['split.count']} parts of this split came")
            out.give_up(0, error, content, marks)

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

    def add(self, row: int, content: Any, attributes: Attributes) -> None:
        self.contents.append(content)
        self.index.append(row)
        self.attributes.append(attributes)


def _taken(rows: Rows, members: Sequence[int]) -> tuple[list[Any], list[Attributes | None]]:
    contents = [rows.contents[row] for row in members]
    known = rows.attributes
    return contents, [None] * len(contents) if known is None else [known[row] for row in members]


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
