"""What a built-in processor's body is, and the step that runs one.

A body is the class `Body` of the module in `builtin/` named after its type, made once per host with its config and a
BodyContext. It defines `process` (transforms, sinks) or `produce` (sources), and of the rest what it needs. All methods run in
the main thread except `committed` and `signalled`, which may run in any.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping, Sequence
from pathlib import Path
from typing import Any

from . import values
from .claims import Store, named
from .context import Log
from .errors import NotNow, describe
from .rows import Attributes, Rows
from .stage import Delivery
from .watch import CallTimeout, Watch


class Chunk:
    """Messages a source made together. `token`, if given, comes back to `committed` when they are safely in the ledger."""

    __slots__ = ("attributes", "contents", "port", "token")

    def __init__(
        self,
        contents: list[Any],
        attributes: Sequence[Attributes | None] | None = None,
        *,
        token: Any = None,
        port: str = "success",
    ) -> None:
        self.contents = contents
        self.attributes = attributes
        self.token = token
        self.port = port


class BodyContext:
    """What a body knows of its place: `folder` is the flow file's, `outputs` are its ports, `claims` keeps large content."""

    def __init__(  # noqa: PLR0913 - all by name, each one thing that a body may use
        self,
        step: str,
        *,
        params: Mapping[str, Any],
        secrets: Mapping[str, str],
        outputs: Sequence[str],
        folder: Path,
        state: MutableMapping[str, Any],
        claims: Store,
        log: Log,
        signal: Callable[[str, Any], None],
        hold: Callable[[str, Any, Sequence[str]], None],
        answer: Callable[[str, bytes, int], None],
    ) -> None:
        self.step = step
        self.params = params
        self.secrets = secrets
        self.outputs = tuple(outputs)
        self.folder = folder
        self.state = state
        self.claims = claims
        self.signal = signal
        """`signal(step id, payload)`: tell another step's body something, once this task is committed."""
        self.answer = answer
        """`answer(call, result, version)`: the result of a call, in bytes, to be kept before this task is committed. The commit
        closes the call, whose row among the open calls has the version; 0: it stays open."""
        self._log = log
        self._hold = hold
        self.timers: list[float | None] = []
        self.batches: Sequence[tuple[bytes, int, int]] = ()
        """The batches of the task at hand: (id, lo, hi), for effects outside that must recognise a repeat."""
        self.batch_rows: Sequence[int] = ()
        """Where in the task's input each of those batches begins."""
        self.progress: Callable[[Sequence[Any]], None] = _unwatched
        """`progress(done)`: from here on the processor's timeout counts anew whenever the list `done` has grown."""

    def log(self, text: str, level: str = "info") -> None:
        """Write a line to the processor's log."""
        self._log(level, text)

    def hold(self, key: str, value: Any, contents: Iterable[Any]) -> None:
        """Set a state value in which messages wait; of `contents`, the claims among them stay for as long as it does."""
        self._hold(key, value, named(contents))

    def wake_at(self, due_s: float | None) -> None:
        """Have `timer` called at a time in seconds since the epoch (one such time a step; None: no more)."""
        self.timers.append(due_s)


class Body:
    """Base of every body."""

    fresh = False
    """Whether no two contents it sends share any part (rows sent on at most once do not), nor anything it keeps."""
    lazy = False
    """Whether `process` takes Claims for large contents (else they are loaded first)."""

    def __init__(self, config: Mapping[str, Any], ctx: BodyContext) -> None:
        self.config = config
        self.ctx = ctx

    def process(self, port: str, rows: Rows, out: Delivery) -> None:
        """Handle rows: `out.send`, `out.fail`, `out.wait`. May raise NotNow to have the whole task put back."""
        raise TypeError(f"{type(self).__module__} takes no messages")

    def produce(self) -> Iterator[Chunk | None]:
        """A source's messages. Yield None at least every 50 ms while there is nothing; the state is saved as of each yield."""
        raise TypeError(f"{type(self).__module__} makes no messages")

    def timer(self, out: Delivery) -> None:
        """The time given to `wake_at` has come."""

    def flush(self, out: Delivery) -> None:
        """The run ends: send what waits."""

    def unpaired(self) -> dict[str, int]:
        """What still waits after a flush, by port."""
        return {}

    def committed(self, token: Any, done: bool) -> None:
        """A chunk's task is in the ledger (or was dropped, when `done` is False)."""

    def signalled(self, payload: Any) -> None:
        """Another step said something."""

    def close(self) -> None:
        """The host ends in good order."""


def _unwatched(done: Sequence[Any]) -> None:
    """Before there is a step, nobody measures its time."""


def load_body(name: str, config: Mapping[str, Any], ctx: BodyContext) -> Body:
    """The body of a built-in type."""
    module = importlib.import_module(f"{__package__}.builtin.{name}")
    return module.Body(config, ctx)


class BodyStep:
    """A step that runs a body."""

    def __init__(self, body: Body, watch: Watch, timeout_s: float, keep: Callable[[], None], undo: Callable[[], None]) -> None:
        self.body = body
        self._watch = watch
        self._timeout_s = timeout_s
        self._keep = keep
        self._undo = undo
        body.ctx.progress = lambda done: watch.enter(done, timeout_s)

    def process(self, port: str, rows: Rows, out: Delivery) -> None:
        """Hand the rows to the body. An exception is the failure of every row, and nothing it did before counts."""
        if not self.body.lazy and self.body.ctx.claims.used:
            rows = _loaded(rows, self.body.ctx.claims)
            out.rows = rows
        mark = out.mark()
        self._watch.enter((), self._timeout_s)
        try:
            self.body.process(port, rows, out)
        except NotNow:
            raise
        except (Exception, CallTimeout) as error:  # a body's bug must not end the host
            failure = describe(error)
            out.roll_back(mark)
            self._undo()
            for row in range(len(rows)):
                out.fail(row, failure)
        finally:
            self._watch.leave()
        self._keep()

    def timer(self, out: Delivery) -> None:
        """Tell the body."""
        self.body.timer(out)
        self._keep()

    def flush(self, out: Delivery) -> None:
        """Tell the body."""
        self.body.flush(out)
        self._keep()


def _loaded(rows: Rows, claims: Store) -> Rows:
    contents = claims.resolve(rows.contents)
    if contents is rows.contents:
        return rows
    return Rows(contents, rows.origins, rows.attributes, values.pack(contents), rows.kind)
