"""A source at work in a host: batch after batch, as far as the engine's credit goes."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, cast

from . import values
from .body import Chunk
from .errors import Failure, NotNow, describe
from .original import bound
from .source import Feed, Sent, SourceContext, SourceState
from .stage import MAX_MESSAGES

if TYPE_CHECKING:
    from .host import Host

_WAIT_S = 0.05
_LONG_S = 1.0
"""What would take longer goes to the queue behind the source instead, to be worked on from there."""
Packed = tuple[Chunk, bytes]
"""A chunk and its contents packed."""


class SourceRun:
    """One run of a source, from `source` to `ended`."""

    def __init__(self, host: Host, head: Mapping[str, Any]) -> None:
        self._host = host
        self.index: int = head["step"]
        self._id: int = head["id"]
        self.credit: int = head["credit"]
        self._serial = 0
        self._made: int = head["yielded"]
        self._tokens: dict[int, Any] = {}
        self._over = False
        self._careful_left: int = head.get("careful", 0)
        self._behind = 0 if head.get("behind") else -1
        self._made_careful = False
        self._state = SourceState(host.fetch(self.index, None)[0])
        self._chunks: Iterator[Chunk | None] | None = None
        self._feed: Feed | None = None
        self._fresh = True
        body = host.bodies.get(self.index)
        if body is not None:
            body.ctx.state = self._state
            self._fresh = body.fresh
            self._chunks = body.produce()
            self._skip = 0 if self._state.used else head["yielded"]
        else:
            self._feed = self._start_feed(head["yielded"])

    def _start_feed(self, skip: int) -> Feed:
        host = self._host
        code = host.codes[self.index]
        feed = Feed(self._state, skip, fresh=code.fresh)
        base = host.contexts[self.index]
        context = SourceContext(feed.put, self._state, base, base.outputs)
        feed.start(bound(code, context, base.outputs))
        host.poke = feed.wake
        return feed

    @property
    def _is_behind(self) -> bool:
        """Whether messages of this source wait in the queue behind it: later ones must not overtake them."""
        return self._behind >= 0

    def grant(self, more: int, after: int) -> None:
        """So many batches more may be made. Everything up to the batch `after` has left the queue behind the source."""
        self.credit += more
        if after >= self._behind:
            self._behind = -1

    @property
    def ready(self) -> bool:
        """Whether a batch may be made now."""
        return self.credit > 0 and not self._over

    def stop(self) -> None:
        """Make no more."""
        self._over = True
        if self._feed is not None:
            self._feed.stop()

    def advance(self) -> None:
        """Make one batch, if there is anything."""
        if self._feed is not None:
            self._advance_feed(self._feed)
        elif self._chunks is not None:
            self._advance_body(self._chunks)

    def _advance_feed(self, feed: Feed) -> None:
        contents, state = feed.take(min(MAX_MESSAGES, self._host.pace.size), _WAIT_S)
        failed = feed.exhausted and feed.error is not None
        if contents or (feed.exhausted and not failed):
            try:
                chunks = [(Chunk(contents), values.pack(contents))] if feed.fresh else _ports(contents)
            except values.UnsupportedValue as error:
                self._fail(describe(error))
                return
            self._run(chunks, state, len(contents), end=feed.exhausted and not failed, token=None)
        elif failed and feed.error is not None:
            self._fail(describe(feed.error))

    def _advance_body(self, chunks: Iterator[Chunk | None]) -> None:
        try:
            chunk = next(chunks)
        except StopIteration:
            self._run([], self._state.writes_all(), 0, end=True, token=None)
            return
        except NotNow as error:
            self._host.log.write("warning", error.reason, self.index)
            self._fail(Failure("NotNow", error.reason), delay_s=error.delay_s)
            return
        except Exception as error:  # a body's bug ends the source, not the host
            self._fail(describe(error))
            return
        if chunk is None:
            return
        skipped = min(self._skip, len(chunk.contents)) if self._skip else 0
        if skipped:
            self._skip -= skipped
            chunk.contents = chunk.contents[skipped:]
            chunk.attributes = None if chunk.attributes is None else chunk.attributes[skipped:]
        if chunk.contents:
            self._run_chunk(chunk)

    def _run_chunk(self, chunk: Chunk) -> None:
        try:
            packed = values.pack(chunk.contents)
        except values.UnsupportedValue as error:
            self._fail(describe(error))
            return
        self._run([(chunk, packed)], self._state.writes_all(), len(chunk.contents), end=False, token=chunk.token)

    def _run(self, chunks: list[Packed], state: list[list[Any]], yielded: int, *, end: bool, token: Any) -> None:
        """Take what was made through the stage, until that goes well, and send the result."""
        host = self._host
        again = False
        self._made_careful = False
        while True:
            host.begin(self._id)
            host.stage.origins.begin([(0, host.stage.places[self.index].id, self._made)])
            try:
                self._pass_on(chunks, again=again)
                break
            except NotNow as error:
                host.log.write("warning", error.reason)
                again = True  # with the messages as they were: steps may have changed them before one of them could not
                for step, kept in host.states.items():
                    if step != self.index:
                        kept.forget()
                time.sleep(error.delay_s)
        self._careful_left = max(0, self._careful_left - 1)
        self._serial += 1
        self._made += yielded
        if self._made_careful:
            self._behind = self._serial
        if token is not None:
            self._tokens[self._serial] = token
        self.credit -= 1
        self._over = self._over or end
        host.send_result(
            self._id,
            source=[self.index, self._serial, yielded],
            end=end,
            source_state=[[self.index, *write] for write in state],
        )

    def _pass_on(self, chunks: list[Packed], *, again: bool) -> None:
        """Take chunks through the stage, a slice at a time while it is not known how fast that goes.

        Where the rest of a chunk would take long, it goes to the queue behind the source, to be worked on from there.
        """
        host, stage, first = self._host, self._host.stage, 0
        for chunk, packed in chunks:
            contents = values.unpack(packed) if again or not self._fresh else chunk.contents
            n, lo = len(contents), 0
            while lo < n:
                stage.careful = self._is_behind or self._careful_left > 0 or host.pace.expected_s(n - lo) > _LONG_S
                self._made_careful = self._made_careful or stage.careful
                hi = n if stage.careful else min(n, lo + host.pace.size)
                part = contents if hi - lo == n else contents[lo:hi]
                begun = time.perf_counter()
                stage.source(
                    self.index,
                    chunk.port,
                    part,
                    None if chunk.attributes is None else chunk.attributes[lo:hi],
                    packed if hi - lo == n else values.pack(part),
                    first + lo,
                )
                stage.run()
                if not stage.careful:
                    host.pace.learn(hi - lo, time.perf_counter() - begun)
                lo = hi
            first += n

    def _fail(self, failure: Failure, delay_s: float = 0.0) -> None:
        """The source itself failed: the engine tells the user and decides when it runs again."""
        self._over = True
        self._host.channel.send(
            {
                "k": "source_failed",
                "id": self._id,
                "step": self.index,
                "type": failure.type,
                "message": failure.message,
                "traceback": failure.traceback,
                "delay": delay_s,
            }
        )

    def committed(self, serial: int, done: bool) -> None:
        """A batch's task was committed or dropped."""
        token = self._tokens.pop(serial, None)
        if token is not None:
            self._host.bodies[self.index].committed(token, done)


def _ports(made: list[bytes | Sent]) -> list[Packed]:
    """What a generator yielded and emitted, as chunks in order."""
    if not any(type(each) is Sent for each in made):
        packed = values.pack_list(cast("list[bytes]", made))
        return [(Chunk(values.unpack(packed)), packed)]
    chunks: list[Packed] = []
    for port, group in itertools.groupby(made, lambda each: each.port if isinstance(each, Sent) else "success"):
        members = list(group)
        packed = values.pack_list([each.packed if isinstance(each, Sent) else each for each in members])
        attributes = [each.attributes if isinstance(each, Sent) else None for each in members]
        chunks.append((Chunk(values.unpack(packed), attributes, port=port), packed))
    return chunks
