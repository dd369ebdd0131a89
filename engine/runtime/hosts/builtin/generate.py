"""generate: messages from a template."""

from __future__ import annotations

import time
from collections.abc import Iterator

from .. import values
from ..body import Body as Base
from ..body import Chunk
from .message_template import Builder, compile_attributes, compile_template

_MAX_MESSAGES = 4_000
_MAX_BYTES = 900_000
_LARGE_NUMBER = 10**12
_IDLE_S = 0.05
_GATHER_S = 0.01
"""Messages that are due closer together than this leave together."""


class Body(Base):
    """Numbers go on through restarts and from one run of a schedule to the next: `n` is the next, `first` the run's first."""

    fresh = True

    def produce(self) -> Iterator[Chunk | None]:
        """`count` messages, or messages without end."""
        content = compile_template(self.config["content"])
        attributes = compile_attributes(self.config["attributes"]) if self.config["attributes"] else None
        most = _chunk_size(content)
        n = begun = self.ctx.state.get("n", 0)
        count = self.config["count"]
        last = self.ctx.state.get("first", 0) + count if count else None
        rate = self.config["rate"]
        started = time.monotonic()
        while last is None or n < last:
            stop = n + most if last is None else min(n + most, last)
            if rate:
                elapsed = time.monotonic() - started
                stop = min(stop, begun + int(elapsed * rate) + 1)
                if stop == n:
                    time.sleep(min(_IDLE_S, max(_GATHER_S, (n - begun) / rate - elapsed)))
                    yield None
                    continue
            made = Chunk(content(n, stop), None if attributes is None else attributes(n, stop))
            n = self.ctx.state["n"] = stop
            yield made
        self.ctx.state["first"] = n


def _chunk_size(build: Builder) -> int:
    """How many messages fit a batch."""
    size = len(values.pack(build(_LARGE_NUMBER, _LARGE_NUMBER + 1)))
    return max(1, min(_MAX_MESSAGES, _MAX_BYTES // size))
