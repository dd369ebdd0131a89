"""Sources: a user's generator, run in a thread of its own, so that what it has yielded goes on while it waits.

State is kept as it stood at each yield: a batch takes with it the writes made up to its last message, no more.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping
from typing import Any, cast

from . import values
from .context import Context, check_port, text_only
from .rows import Attributes
from .state import new_version

CAPACITY = 8192
"""Messages that may wait to be taken; a generator that is faster waits."""


class SourceState(MutableMapping[str, Any]):
    """The state of a source. Every write is dated by the number of yields before it."""

    def __init__(self, rows: Iterable[tuple[str, bytes, int]]) -> None:
        self._values: dict[str, bytes] = {}
        self._versions: dict[str, int] = {}
        for key, packed, version in rows:
            self._values[key] = packed
            self._versions[key] = version
        self._journal: list[tuple[int, str, bytes | None]] = []
        self.yields = 0
        self.used = bool(self._values)

    def __getitem__(self, key: str) -> Any:
        return values.unpack(self._values[key])

    def __setitem__(self, key: str, value: Any) -> None:
        if type(key) is not str:
            raise TypeError(f"a state key must be text, not {type(key).__name__}")
        packed = values.pack(value)
        self.used = True
        self._values[key] = packed
        self._journal.append((self.yields, key, packed))

    def __delitem__(self, key: str) -> None:
        del self._values[key]
        self.used = True
        self._journal.append((self.yields, key, None))

    def __iter__(self) -> Iterator[str]:
        return iter(list(self._values))

    def __len__(self) -> int:
        return len(self._values)

    def writes(self, yields: int) -> list[list[Any]]:
        """What was written before the given number of yields: [key, value or None, version it is based on, its version]."""
        count = 0
        for at, _, _ in self._journal:
            if at >= yields:
                break
            count += 1
        return self._collect(count)

    def writes_all(self) -> list[list[Any]]:
        """Everything written since the last time."""
        return self._collect(len(self._journal))

    def _collect(self, count: int) -> list[list[Any]]:
        latest = {key: packed for _, key, packed in self._journal[:count]}
        del self._journal[:count]
        written: list[list[Any]] = []
        for key, packed in latest.items():
            version = self._versions.get(key, 0)
            if packed is not None or version:
                self._versions[key] = new_version() if packed is not None else 0
                written.append([key, packed, version, self._versions[key]])
        return written


class Sent:
    """A message a source sent with `ctx.emit`, among those it yielded."""

    __slots__ = ("attributes", "packed", "port")

    def __init__(self, port: str, packed: bytes, attributes: Attributes | None) -> None:
        self.port = port
        self.packed = packed
        self.attributes = attributes


class SourceContext:
    """What a source is handed as `ctx`."""

    def __init__(self, feed: Callable[[Sent], None], state: SourceState, base: Context, outputs: frozenset[str]) -> None:
        self._feed = feed
        self._outputs = outputs
        self.state = state
        self.params = base.params
        self.secrets = base.secrets
        self.attributes: Mapping[str, str] = {}
        self.attempt = 0
        self.log = base.log
        self.now = base.now

    def emit(self, port: str, content: Any, attributes: Mapping[str, str] | None = None) -> None:
        """Send `content` to the output `port`."""
        check_port(port, self._outputs)
        self._feed(Sent(port, values.pack(content), text_only(attributes) if attributes else None))


class Feed:
    """Runs a source's function and hands over what it yields, in pieces, as soon as there is anything.

    The first `skip` messages are passed over (they were committed before a restart), unless the source keeps state, which
    tells it where to go on.
    """

    def __init__(self, state: SourceState, skip: int, *, fresh: bool = False) -> None:
        self.state = state
        self.fresh = fresh
        """Whether nobody can change a message once it is made; it is then handed over as it is, not packed."""
        self.ended = False
        self.stopping = False
        self.error: BaseException | None = None
        self._skip = 0 if state.used else skip
        self._contents: list[Any] = []
        self._waiting = False
        self._attention = False
        """The one flag that the generator's loop looks at: somebody waits, or it is to stop."""
        self._there = threading.Event()
        self._room = threading.Event()
        self._taken = self._skip

    def start(self, function: Callable[[], Any]) -> None:
        """Run `function` to its end in a thread."""
        threading.Thread(target=self._run, args=(function,), name="source", daemon=True).start()

    def put(self, content: Any) -> None:
        """A message was made."""
        self.state.yields += 1
        if self._skip:
            self._skip -= 1
            return
        self._contents.append(content if self.fresh or type(content) is Sent else values.pack(content))
        self._look_up()

    def _look_up(self) -> None:
        """Tell whoever waits that there is something; wait for room."""
        if self._waiting:
            self._there.set()
        while len(self._contents) >= CAPACITY and not self.stopping:
            self._room.clear()
            if len(self._contents) >= CAPACITY:
                self._room.wait(1)

    def take(self, most: int, wait_s: float) -> tuple[list[Any], list[list[Any]]]:
        """Up to `most` messages (packed, Sent, or if `fresh` as they are), and the state as of the last of them.

        None after `wait_s`, or at the end.
        """
        if not self._contents and not self.ended:
            self._waiting = self._attention = True
            if not self._contents and not self.ended:
                self._there.wait(wait_s)
            self._waiting = False
            self._attention = self.stopping
            self._there.clear()
        ended = self.ended
        taken = self._contents[:most]
        del self._contents[: len(taken)]
        self._room.set()
        self._taken += len(taken)
        final = ended and not self._contents and self.error is None
        return taken, self.state.writes_all() if final else self.state.writes(self._taken)

    def wake(self) -> None:
        """Let `take` return early: there is something else to do."""
        if self._waiting:
            self._there.set()

    @property
    def exhausted(self) -> bool:
        """Whether everything has been taken and nothing more will come."""
        return self.ended and not self._contents

    def stop(self) -> None:
        """Take no more from the generator."""
        self.stopping = self._attention = True
        self._room.set()

    def _put_all(self, made: Iterator[Any]) -> None:
        """`put` for everything a generator yields, without its cost."""
        state, contents = self.state, self._contents
        append, pack, fresh = contents.append, values.pack_plain, self.fresh
        for content in made:
            if content is None:
                continue
            if self._skip:
                self.put(content)
                continue
            state.yields += 1
            if fresh:
                append(content)
            else:
                # Packed at once: the source may go on to change what it yielded.
                try:
                    append(pack(content))
                except (TypeError, ValueError):
                    append(values.pack(content))
            if self._attention or len(contents) >= CAPACITY:
                self._look_up()
                if self.stopping:
                    return

    def _run(self, function: Callable[[], Any]) -> None:
        try:
            made = function()
            if made is not None:
                several = isinstance(made, (Iterator, list, tuple))
                self._put_all(iter(cast("Iterable[Any]", made) if several else [made]))
        except BaseException as error:  # whatever ends the user's code ends the source
            self.error = error
        finally:
            self.ended = True
            self._there.set()
