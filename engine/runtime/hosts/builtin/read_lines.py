"""read_lines: the lines of files, compressed or growing."""

from __future__ import annotations

from collections.abc import Iterator

from ..body import Body as Base
from ..body import Chunk
from .found_files import files_of_run
from .line_cursor import LineCursor
from .read_ahead import ReadAhead
from .tail import follow

_IDLE_S = 0.05


class Body(Base):
    """State: `files`, those of this run, in order; `at`: which of them is being read, and its cursor."""

    fresh = True

    def produce(self) -> Iterator[Chunk | None]:
        """Every line of every file; or, to follow, without end."""
        if self.config["follow"]:
            yield from follow(dict(self.config), self.ctx)
            return
        state = self.ctx.state
        files = files_of_run(self.ctx, self.config["path"])
        first, saved = state.get("at") or (0, None)
        for number in range(first, len(files)):
            cursor = LineCursor(files[number], dict(self.config), saved)
            for chunk in _read(cursor):
                if chunk is not None:
                    state["at"] = [number, cursor.saved()]
                yield chunk
            saved = None
        # A schedule may run the source again: then from the start.
        state["files"] = state["at"] = None


def _read(cursor: LineCursor) -> Iterator[Chunk | None]:
    """What the rest of a file holds; None while its next block is being prepared."""
    reader = ReadAhead(cursor.path, cursor.start)
    try:
        while (block := reader.next(_IDLE_S)) != b"":
            if block is None:
                yield None
            else:
                yield from cursor.read(block)
        yield from cursor.finish()
    finally:
        reader.close()
