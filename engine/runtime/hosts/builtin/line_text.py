"""Whole blocks of bytes to lists of lines, without a step in Python for each line."""

from __future__ import annotations

import codecs

from ..errors import Failure

MAX_LINE_BYTES = 64_000_000
_BYTE_ORDERS = {
    "utf-16": ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")),
    "utf-32": ((codecs.BOM_UTF32_LE, "utf-32-le"), (codecs.BOM_UTF32_BE, "utf-32-be")),
    "utf-8": ((codecs.BOM_UTF8, "utf-8"),),
    "utf-8-sig": ((codecs.BOM_UTF8, "utf-8"),),
}
_WITHOUT_MARK = {"utf-16": "utf-16-le", "utf-32": "utf-32-le", "utf-8-sig": "utf-8"}


class LineText:
    """Cuts blocks where lines end, and turns what it has cut into lines.

    Only a line feed ends a line; a carriage return before it goes with it. A byte order mark at the start of the file is no
    part of the first line.
    """

    def __init__(self, path: str, encoding: str, errors: str) -> None:
        self._path = path
        self._errors = errors
        self.encoding = codecs.lookup(encoding).name
        self._orders = _BYTE_ORDERS.get(self.encoding, ())
        self.encoding = _WITHOUT_MARK.get(self.encoding, self.encoding)
        self._measure()
        self._waiting: list[bytes] = []
        self.waiting_size = 0

    def _measure(self) -> None:
        self._end = "\n".encode(self.encoding)
        self._width = len(self._end)

    def begin(self, head: bytes) -> int:
        """Look at the file's first bytes; returns how many of them are a byte order mark."""
        for mark, encoding in self._orders:
            if head.startswith(mark):
                self.encoding = encoding
                self._measure()
                return len(mark)
        return 0

    def push(self, block: bytes) -> bytes:
        """Add bytes; returns those that are whole lines by now, perhaps none."""
        # What waits may end in the middle of a character, so ends of lines are where they are counted from the line's start.
        cut = self._last_end(block, self.waiting_size % self._width)
        if cut < 0:
            self._wait(block)
            return b""
        whole, rest = (block, b"") if cut == len(block) else (block[:cut], block[cut:])
        if self._waiting:
            whole = b"".join((*self._waiting, whole))
        self.forget()
        self._wait(rest)
        return whole

    def rest(self) -> bytes:
        """The bytes after the last line end, which no longer wait."""
        rest = b"".join(self._waiting)
        self.forget()
        return rest

    def forget(self) -> None:
        """Drop what waits."""
        self._waiting.clear()
        self.waiting_size = 0

    def _wait(self, data: bytes) -> None:
        if data:
            self._waiting.append(data)
            self.waiting_size += len(data)
        if self.waiting_size > MAX_LINE_BYTES:
            raise Failure(
                "LineTooLong",
                f"'{self._path}' has a line of more than {MAX_LINE_BYTES:,} bytes; if it is no text of lines, use read_files",
            )

    def _last_end(self, block: bytes, shift: int) -> int:
        """Where the last line of the block ends, -1 if none does; the block's first character began `shift` bytes before it."""
        at = block.rfind(self._end)
        while at >= 0 and (at + shift) % self._width:
            at = block.rfind(self._end, 0, at + self._width - 1)
        return at + self._width if at >= 0 else -1

    def decode(self, whole: bytes) -> str:
        """The text of bytes that `push` or `rest` gave.

        Raises:
            NotText: with strict errors, bytes that are not in the encoding.
        """
        try:
            return whole.decode(self.encoding, self._errors)
        except UnicodeDecodeError as error:
            raise NotText(max(0, self._last_end(whole[: error.start], 0)), error) from None

    def lines(self, whole: bytes) -> list[str]:
        """The lines of bytes that `push` or `rest` gave, without their ends; raises NotText as `decode` does."""
        text = self.decode(whole)
        if "\r" in text:
            text = text.replace("\r\n", "\n")
        lines = text.split("\n")
        if not lines[-1]:
            lines.pop()
        return lines


class NotText(Exception):
    """Bytes that are not in the encoding; the lines before the first such line end at `sound`."""

    def __init__(self, sound: int, error: UnicodeDecodeError) -> None:
        super().__init__(str(error))
        self.sound = sound
        self.reason = error.reason
        self.start = error.start
