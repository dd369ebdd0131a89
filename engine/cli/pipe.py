"""The two ends of a step in a shell pipe: contents from --data or stdin, messages to stdout, a line each."""

from __future__ import annotations

import asyncio
import codecs
import json
import os
import sys
from collections.abc import AsyncGenerator, Iterable
from typing import Any, Protocol

from engine.cli.json_stream import JsonStream
from engine.cli.terminal import write_line
from engine.errors import UsageError
from engine.runtime.readable import as_json

_CHUNK_BYTES = 1 << 16
_AT_ONCE = 1000
_WHOLE = 1 << 40


class Shown(Protocol):
    """A message that can be printed."""

    @property
    def port(self) -> str:
        """The output that it left by."""
        ...

    @property
    def content(self) -> Any:
        """Its content."""
        ...

    @property
    def attributes(self) -> dict[str, str]:
        """Its attributes."""
        ...


class Pipe:
    """What goes in and how it comes out: `lines` are text, only what leaves by `port` is printed, and of it the contents."""

    def __init__(self, data: tuple[str, ...], *, lines: bool, port: str | None) -> None:
        self.data = data
        self._lines = lines
        self._port = port

    def check(self) -> None:
        """Raise UsageError where nothing would ever come in."""
        if not self.data and sys.stdin.isatty():
            raise UsageError("there is no data; give --data JSON, or pipe messages in")

    async def batches(self) -> AsyncGenerator[list[Any]]:
        """Contents as they come, a few at a time."""
        if self.data:
            yield [value for text in self.data for value in JsonStream().feed(text, is_last=True)]
            return
        decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        split = _Lines() if self._lines else JsonStream()
        while True:
            data = await asyncio.to_thread(os.read, sys.stdin.fileno(), _CHUNK_BYTES)
            contents = list(split.feed(decode(data, final=not data), is_last=not data))
            for start in range(0, len(contents), _AT_ONCE):
                yield contents[start : start + _AT_ONCE]
            if not data:
                return

    def print(self, messages: Iterable[Shown]) -> None:
        """Print what left a step."""
        for message in messages:
            if self._port is not None and message.port != self._port:
                continue
            if self._lines and self._port is not None and isinstance(message.content, str):
                print(message.content)
                continue
            content = as_json(message.content, _WHOLE)
            shown: Any = content
            if self._port is None:
                shown = {"port": message.port, "content": content}
                if message.attributes:
                    shown["attributes"] = message.attributes
            write_line(json.dumps(shown, ensure_ascii=False), shown)
        sys.stdout.flush()


class _Lines:
    """Lines out of a stream, without their ends."""

    def __init__(self) -> None:
        self._rest = ""

    def feed(self, text: str, *, is_last: bool = False) -> list[str]:
        """The lines that are complete with this piece."""
        *whole, self._rest = (self._rest + text).split("\n")
        if is_last and self._rest:
            whole.append(self._rest)
        return [line.removesuffix("\r") for line in whole]
