"""Text of a flow file to plain dicts, lists and values, whatever the bytes are.

YAML is read event by event rather than by PyYAML's constructors: three times as fast, and depth, aliases, tags and doubled keys
are ours to judge. Everything wrong that can be told apart is reported at once; what cannot be read at all is a FlowFileError.
"""

from __future__ import annotations

import base64
import binascii
import json
from typing import Any

import yaml
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from engine.errors import FlowFileError
from engine.model.problem import Problem, shown
from engine.model.scalar import resolve

MAX_DEPTH = 240
"""Lists and mappings inside each other; fifty nested subflow definitions need a hundred."""
MAX_ALIASED = 200_000
"""Values that aliases may repeat in all: enough to share code, too little for an alias bomb."""

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TAG = "tag:yaml.org,2002:"
_TAGGED_TYPES = {"int": int, "float": float, "bool": bool, "null": type(None)}


def read_tree(text: str | bytes, source: str) -> tuple[Any, list[Problem]]:
    """The tree of a YAML or JSON text, and what is wrong with it as a tree (doubled keys, foreign tags, ...).

    Raises:
        FlowFileError: the text cannot be read as YAML at all.
    """
    text = _decoded(text, source)
    if text.lstrip()[:1] == "{":
        try:
            return _read_json(text, source)
        except ValueError:
            pass  # a YAML flow mapping begins with a brace too; if it is neither, YAML's message tells the line
    return _read_yaml(text, source)


def _decoded(text: str | bytes, source: str) -> str:
    try:
        if isinstance(text, bytes):
            return text.decode("utf-8-sig")
        text.encode()
    except UnicodeDecodeError as error:
        raise FlowFileError(f"{source}: byte {error.start} is not UTF-8 text; save the file as UTF-8") from None
    except UnicodeEncodeError as error:
        raise FlowFileError(f"{source}: character {error.start} is half a surrogate pair; remove it") from None
    return text.removeprefix("\ufeff")


def _read_json(text: str, source: str) -> tuple[Any, list[Problem]]:
    problems: list[Problem] = []

    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        mapping = dict(items)
        if len(mapping) < len(items):
            seen: set[str] = set()
            for key, _ in items:
                if key in seen:
                    problems.append(Problem(_owner(mapping), f"the key {shown(key)} is given twice; keep one", source))
                seen.add(key)
        return mapping

    try:
        tree = json.loads(text, object_pairs_hook=pairs)
    except RecursionError:
        raise _too_deep(source) from None
    _check_json(tree, source)
    return tree, problems


def _check_json(tree: Any, source: str) -> None:
    """JSON escapes can make text that is no Unicode, and its nesting is not bounded by the parser."""
    level: list[Any] = [tree]
    for _ in range(MAX_DEPTH):
        below: list[Any] = []
        for value in level:
            kind = value.__class__
            if kind is dict:
                below.extend(value)
                below.extend(value.values())
            elif kind is list:
                below.extend(value)
            elif kind is str and not value.isascii():
                _decoded(value, source)
        level = below
        if not level:
            return
    raise _too_deep(source)


def _read_yaml(text: str, source: str) -> tuple[Any, list[Problem]]:
    try:
        loader = _Loader(text)
        try:
            builder = _Builder(loader.get_event, source)
            return builder.build(), builder.problems
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        raise FlowFileError(_syntax(error, source)) from None
    except yaml.YAMLError as error:
        reason = " ".join(str(error).split())
        raise FlowFileError(f"{source}: cannot be read as YAML ({reason[:120]}); remove what is not plain text") from None


def _syntax(error: yaml.MarkedYAMLError, source: str) -> str:
    mark: Any = error.problem_mark or error.context_mark
    place = f"line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
    problem = error.problem or error.context or "unknown syntax"
    cure = "check the indentation, quotes and brackets there"
    if "cannot start any token" in problem or "tab character" in problem:
        cure = "indent with spaces, not tabs, and put special characters in quotes"
    return f"{source}: {place}not readable as YAML ({problem}); {cure}"


def _too_deep(source: str) -> FlowFileError:
    return FlowFileError(f"{source}: lists and mappings are nested more than {MAX_DEPTH} deep; flatten them")


def _owner(mapping: dict[str, Any]) -> str:
    """How a message may name the part that a mapping describes."""
    name = mapping.get("id", mapping.get("name"))
    return f"'{name[:60]}'" if isinstance(name, str) else ""


class _Builder:
    """Turns events into a tree, without recursion."""

    def __init__(self, get_event: Any, source: str) -> None:
        self._get_event = get_event
        self._source = source
        self.problems: list[Problem] = []
        # container, its pending key, its anchor, count of nodes before it
        self._open: list[tuple[Any, str | None, str | None, int]] = []
        self._anchors: dict[str, tuple[Any, int]] = {}
        self._nodes = 0
        self._aliased = 0
        self._words: dict[str, Any] = {}

    def build(self) -> Any:
        """The only document's tree; None when there is none."""
        get_event = self._get_event
        tree: Any = None
        documents = 0
        while True:
            event = get_event()
            kind = event.__class__
            if kind is ScalarEvent or kind is AliasEvent or kind is SequenceStartEvent or kind is MappingStartEvent:
                tree = self._root(event)
            elif kind is DocumentStartEvent:
                documents += 1
                if documents > 1:
                    line = event.start_mark.line + 1
                    raise FlowFileError(f"{self._source}: line {line}: a second document begins; keep one flow per file")
            elif kind is StreamEndEvent:
                return tree

    def _root(self, event: Any) -> Any:  # noqa: C901, PLR0912 (one loop over every event: calls would double its time)
        """The value that begins with `event`, read to its end."""
        top: list[Any] = []
        container: Any = top
        key: str | None = None
        words = self._words
        get_event = self._get_event
        opened = self._open
        while True:
            kind = event.__class__
            self._nodes += 1
            if kind is ScalarEvent:
                is_key = key is None and container.__class__ is dict
                if event.anchor is None and event.implicit[0]:
                    text = event.value
                    if is_key:
                        value = text if text != "<<" else self._merge_key(event)
                    else:
                        value = words[text] if text in words else self._word(text, event)
                else:
                    value = self._scalar(event, is_key)
                if container.__class__ is list:
                    container.append(value)
                elif is_key:
                    key = value
                    if key in container:
                        self._double(event, container, key)
                else:
                    container[key] = value
                    key = None
            elif kind is MappingEndEvent or kind is SequenceEndEvent:
                self._nodes -= 1
                value = container
                container, key, anchor, before = opened.pop()
                if anchor is not None:
                    self._anchors[anchor] = (value, self._nodes - before)
                key = self._put(event, container, key, value)
            elif kind is AliasEvent:
                key = self._put(event, container, key, self._alias(event))
            else:
                if len(opened) >= MAX_DEPTH:
                    raise _too_deep(self._source)
                if event.tag is not None and event.tag not in (f"{_TAG}map", f"{_TAG}seq", "!"):
                    self._wrong(event, f"the tag {shown(event.tag)} is not known; remove it")
                opened.append((container, key, event.anchor, self._nodes))
                if event.anchor is not None:
                    self._anchors.pop(event.anchor, None)
                container = {} if kind is MappingStartEvent else []
                key = None
            if not opened:
                return top[0]
            event = get_event()

    def _put(self, event: Any, container: Any, key: str | None, value: Any) -> str | None:
        """Adds a value to its container; gives the container's pending key."""
        if container.__class__ is list:
            container.append(value)
            return None
        if key is not None:
            container[key] = value
            return None
        if isinstance(value, str):
            if value in container:
                self._double(event, container, value)
            return value
        self._wrong(event, "a key must be text, not a list or a mapping")
        return f"line {event.start_mark.line + 1}"

    def _word(self, text: str, event: Any) -> Any:
        try:
            value = resolve(text)
        except ValueError as error:
            self._wrong(event, str(error))
            value = 0
        if len(text) < 50:
            self._words[text] = value
        return value

    def _merge_key(self, event: Any) -> str:
        self._wrong(event, "merge keys (<<) are not supported; write the keys out")
        return f"<< of line {event.start_mark.line + 1}"

    def _scalar(self, event: Any, is_key: bool) -> Any:
        value: Any = event.value
        tag = event.tag
        if tag is not None and tag != "!":
            value = self._tagged(event, tag.removeprefix(_TAG) if tag.startswith(_TAG) else "")
        elif event.implicit[0]:
            value = self._word(value, event)
        if event.anchor is not None:
            self._anchors[event.anchor] = (value, 1)
        return value if not is_key or isinstance(value, str) else event.value

    def _tagged(self, event: Any, tag: str) -> Any:
        """The value of a scalar that says its own type."""
        text: str = event.value
        try:
            if tag == "str":
                return text
            if tag == "binary":
                return base64.b64decode("".join(text.split()), validate=True)
            expected = _TAGGED_TYPES.get(tag)
            if expected is not None:
                value = resolve(text)
                if value.__class__ is expected:
                    return value
                if expected is float and value.__class__ is int:
                    return float(text)
        except (ValueError, OverflowError, binascii.Error):
            pass
        self._wrong(event, f"the tag {shown(event.tag)} does not fit the value {shown(text)}; remove the tag")
        return text

    def _alias(self, event: Any) -> Any:
        found = self._anchors.get(event.anchor)
        if found is None:
            self._wrong(event, f"the alias *{event.anchor[:60]} refers to what it is part of, or to nothing")
            return None
        value, nodes = found
        self._nodes += nodes - 1
        self._aliased += nodes
        if self._aliased > MAX_ALIASED:
            raise FlowFileError(f"{self._source}: aliases repeat more than {MAX_ALIASED} values; write fewer of them")
        return value

    def _double(self, event: Any, container: dict[str, Any], key: Any) -> None:
        self._wrong(event, f"the key {shown(key)} is given twice; keep one", container)

    def _wrong(self, event: Any, reason: str, container: dict[str, Any] | None = None) -> None:
        owner = _owner(container) if container else ""
        line = f"line {event.start_mark.line + 1}"
        self.problems.append(Problem(f"{line}, {owner}" if owner else line, reason, self._source))
