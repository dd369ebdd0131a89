"""Where the reading of one file of lines stands, and the messages that come of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..body import Chunk
from ..errors import Failure
from .line_text import LineText, NotText

_MAX_MESSAGES = 4_096


class LineCursor:
    """`start` is a byte of the content where a line begins, `skip` the lines after it that are done, `number` all lines done.

    Lines are counted on from a byte because only whole blocks are taken apart: where each line begins is not known.
    """

    def __init__(self, path: str, config: dict[str, Any], saved: list[Any] | None = None) -> None:
        header = config["skip_header"]
        self.start, self.skip, self.number, encoding = saved or [0, header, header, config["encoding"]]
        self.path = path
        self.text = LineText(path, encoding, config["errors"])
        self._numbered = config["attributes"]
        self._begun = self.start > 0

    def saved(self) -> list[Any]:
        """What makes the same cursor again."""
        return [self.start, self.skip, self.number, self.text.encoding]

    def jump(self, start: int) -> None:
        """Leave out what is before byte `start`."""
        self.start, self.skip, self._begun = start, 0, start > 0

    def read(self, block: bytes) -> Iterator[Chunk]:
        """The messages that a further block of the file completes; the cursor stands behind each as it is given out."""
        if not self._begun and block:
            self._begun = True
            mark = self.text.begin(block)
            block = block[mark:]
            self.start = mark
        yield from self._chunks(self.text.push(block))

    def finish(self) -> Iterator[Chunk]:
        """The last line, if the file does not end with a line end."""
        yield from self._chunks(self.text.rest())

    def _chunks(self, whole: bytes) -> Iterator[Chunk]:
        if not whole:
            return
        try:
            lines = self.text.lines(whole)
        except NotText as error:
            yield from self._pieces(self.text.lines(whole[: error.sound]), error.sound)
            raise Failure(
                "UnicodeDecodeError",
                f"'{self.path}', line {self.number + 1:,}: is not {self.text.encoding} ({error.reason}); "
                "set `encoding`, or `errors: replace`",
            ) from None
        yield from self._pieces(lines, len(whole))

    def _pieces(self, lines: list[str], size: int) -> Iterator[Chunk]:
        first = self.skip
        if first >= len(lines):
            self.skip -= len(lines)
            self.start += size
            return
        while first < len(lines):
            last = min(first + _MAX_MESSAGES, len(lines))
            piece = lines if last - first == len(lines) else lines[first:last]
            attributes = self._attributes(len(piece)) if self._numbered else None
            self.number += len(piece)
            self.skip = last
            if last == len(lines):
                self.start += size
                self.skip = 0
            yield Chunk(piece, attributes)
            first = last

    def _attributes(self, n: int) -> list[dict[str, str] | None]:
        return [{"path": self.path, "line": str(number)} for number in range(self.number + 1, self.number + n + 1)]
