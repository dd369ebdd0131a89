"""write_lines: one line a message."""

from __future__ import annotations

from typing import Any, cast

from ..body import Body as Base
from ..body import BodyContext
from ..errors import Failure
from ..rows import Rows
from ..stage import Delivery
from .file_sink import FileSink
from .json_text import to_json, to_json_lines

_JSON = frozenset({dict, list, tuple, int, float, bool, type(None)})


class Body(Base):
    """Turns contents into lines; the sink does the rest."""

    fresh = True

    def __init__(self, config: dict[str, Any], ctx: BodyContext) -> None:
        super().__init__(config, ctx)
        self._sink = FileSink(ctx, config["path"], append=config["append"], sync=config["sync"])
        self._encoding: str = config["encoding"]
        self._newlines: str = config["newlines"]
        self._end = "\n".encode(self._encoding)

    def process(self, port: str, rows: Rows, out: Delivery) -> None:
        """Write the rows, and pass them on."""
        data = self._together(rows.contents)
        if data is not None:
            self._sink.write(data)
            out.send("success", rows.contents, packed=cast("bytes | None", rows.packed))
        else:
            self._one_by_one(rows, out)

    def flush(self, out: Delivery) -> None:
        """The run ends: the file is made whole."""
        self._sink.finish()

    def close(self) -> None:
        """Make the file whole, as far as this process goes."""
        self._sink.close()

    def _together(self, contents: list[Any]) -> bytes | None:
        """All lines at once, where that needs no look at each."""
        kinds = set(map(type, contents))
        try:
            if kinds == {str}:
                text = "\n".join(contents) + "\n"
                return text.encode(self._encoding) if text.count("\n") == len(contents) else None
            if kinds <= _JSON:
                data = to_json_lines(contents)
                return data if self._encoding == "utf-8" else data.decode().encode(self._encoding)
        except Exception:
            return None  # looked at one by one, the messages to blame are found
        return None

    def _one_by_one(self, rows: Rows, out: Delivery) -> None:
        lines: list[bytes] = []
        good: list[int] = []
        failed: list[tuple[int, Failure]] = []
        for row, content in enumerate(rows.contents):
            try:
                lines.append(self._line(content))
                good.append(row)
            except Failure as failure:
                failed.append((row, failure))
        if lines:
            lines.append(b"")
            self._sink.write(self._end.join(lines))
        for row, failure in failed:
            out.fail(row, failure)
        out.send("success", [rows.contents[row] for row in good], good)

    def _line(self, content: Any) -> bytes:
        if isinstance(content, (bytes, bytearray)):
            return self._one_line(bytes(content), self._end, b"\\n" if self._end == b"\n" else "\\n".encode(self._encoding))
        try:
            if isinstance(content, str):
                return self._one_line(content, "\n", "\\n").encode(self._encoding)
            data = to_json(content)
            return data if self._encoding == "utf-8" else data.decode().encode(self._encoding)
        except UnicodeEncodeError as error:
            reason = f"{error.object[error.start : error.end]!r} cannot be written in {self._encoding}; set `encoding: utf-8`"
            raise Failure("UnicodeEncodeError", reason, retry=False) from None
        except (TypeError, ValueError) as error:
            raise Failure(type(error).__name__, str(error), retry=False) from None

    def _one_line(self, content: Any, end: Any, escaped: Any) -> Any:
        if self._newlines == "keep" or end not in content:
            return content
        if self._newlines == "escape":
            return content.replace(end, escaped)
        raise Failure(
            "LineEndInside",
            "the content has a line end inside, so it is no line; set `newlines` to escape or keep",
            retry=False,
        )
