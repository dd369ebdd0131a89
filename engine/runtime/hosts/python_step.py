"""Steps that call a user's Python function.

The common case, a function of one content that returns one, must cost next to nothing beside the call itself: the loop only
calls and appends; what came back is looked at afterwards, all at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from types import GeneratorType
from typing import Any, cast

from . import values
from .context import Call, Context, Emitted
from .errors import Failure, describe
from .memory import check_room
from .original import bound
from .python_code import Code, Shape
from .rows import Attributes, Rows
from .stage import Delivery
from .state import State
from .watch import Watch

SINGLE = frozenset({dict, list, str, bytes, int, float, bool, tuple})
"""Types of results that are surely one message: not None, not a generator."""
SINGLE_OR_NONE = SINGLE | {type(None)}

_UNCHECKED = 256
"""A generator may yield so many messages before somebody looks whether there is memory for more."""

Resolve = Callable[[list[Any]], list[Any]]

USER_ERRORS = (BaseException,)
"""Whatever a call raises, even what is meant to end a program, is the failure of its message."""


class Failed:
    """Stands where the result of a call that raised would stand."""

    __slots__ = ("error",)

    def __init__(self, error: BaseException) -> None:
        self.error = error


class PythonStep:
    """A function called once a message (or once a batch) with the content."""

    def __init__(
        self, code: Code, context: Context, call: Call, state: State, watch: Watch, timeout_s: float, resolve: Resolve
    ) -> None:
        self._function = bound(code, context, context.outputs)
        self._code = code
        self._call = call
        self._state = state
        self._watch = watch
        self._timeout_s = timeout_s
        self._resolve = resolve

    def process(self, port: str, rows: Rows, out: Delivery) -> None:
        """Call the function on every row."""
        contents = self._resolve(rows.contents)
        self._call.begin(rows, out.attempts)
        if self._code.shape is Shape.BATCH:
            self._batch(contents, list(range(len(contents))), out)
        elif self._code.takes_ctx or self._code.generates or self._code.remembers or self._code.takes_plugs:
            self._one_by_one(contents, out)
        else:
            self._all(contents, out)

    def timer(self, out: Delivery) -> None:
        """User code asks for no timers."""

    def flush(self, out: Delivery) -> None:
        """Nothing waits here."""

    def _all(self, contents: list[Any], out: Delivery) -> None:
        """Plain calls: look at the results only when all are there."""
        function = self._function
        results: list[Any] = []
        append = results.append
        remaining = iter(contents)
        self._watch.enter(results, self._timeout_s)
        while True:
            try:
                for content in remaining:
                    append(function(content))
                break
            except USER_ERRORS as error:
                append(Failed(error))
        self._watch.leave()
        if SINGLE.issuperset(map(type, results)):
            out.send("success", results)
        elif SINGLE_OR_NONE.issuperset(map(type, results)):
            index = [row for row, result in enumerate(results) if result is not None]
            out.send("success", [results[row] for row in index], index)
        else:
            self._sort_out(results, out)

    def _sort_out(self, results: list[Any], out: Delivery) -> None:
        """Results among which are None, generators, or failures."""
        contents: list[Any] = []
        index: list[int] = []
        done: list[None] = []
        self._watch.enter(done, self._timeout_s)
        for row, result in enumerate(results):
            kind = cast("type[Any]", type(result))
            if kind in SINGLE:
                contents.append(result)
                index.append(row)
            elif kind is Failed:
                out.fail(row, describe(result.error))
            elif kind is GeneratorType:
                made = len(contents)
                try:
                    contents.extend(_messages(result))
                    index.extend([row] * (len(contents) - made))
                except USER_ERRORS as error:
                    del contents[made:]
                    out.fail(row, describe(error))
            elif result is not None:
                contents.append(result)
                index.append(row)
            done.append(None)
        self._watch.leave()
        out.send("success", contents, index)

    def _one_by_one(self, contents: list[Any], out: Delivery) -> None:
        """Calls that may emit, keep state or yield: each is whole before the next."""
        call, state, emitted = self._call, self._state, self._call.emitted
        remembers = self._code.remembers
        made: list[Any] = []
        index: list[int] = []
        done: list[None] = []
        self._watch.enter(done, self._timeout_s)
        for row, content in enumerate(contents):
            call.row = row
            before, before_emitted = len(made), len(emitted)
            try:
                result = self._function(content)
                if isinstance(result, GeneratorType):
                    made.extend(_messages(cast("Iterator[Any]", result)))
                elif result is not None:
                    made.append(values.snapshot(result) if remembers else result)
            except USER_ERRORS as error:
                del made[before:], emitted[before_emitted:]
                state.undo()
                out.fail(row, describe(error))
            else:
                state.keep()
                index.extend([row] * (len(made) - before))
            done.append(None)
        self._watch.leave()
        send_emitted(emitted, out)
        out.send("success", made, index)

    def _batch(self, contents: list[Any], rows: list[int], out: Delivery) -> None:
        """One call for many; on failure halves are tried, with the contents as they arrived, until the bad message is alone."""
        call, state, emitted = self._call, self._state, self._call.emitted
        done: list[None] = []
        pending = [(contents, rows)]
        while pending:
            part, members = pending.pop()
            call.row = members[0]
            before = len(emitted)
            self._watch.enter(done, self._timeout_s)
            try:
                results = values.unpack(values.pack(_equally_many(self._function(part), len(part))))
            except USER_ERRORS as error:
                self._watch.leave()
                del emitted[before:]
                state.undo()
                if len(members) == 1:
                    out.fail(members[0], describe(error))
                    continue
                originals = self._resolve(out.rows.originals())
                half = len(members) // 2
                pending += [([originals[row] for row in piece], piece) for piece in (members[half:], members[:half])]
                continue
            self._watch.leave()
            state.keep()
            kept = [position for position, result in enumerate(results) if result is not None]
            out.send("success", [results[position] for position in kept], [members[position] for position in kept])
        send_emitted(emitted, out)


def send_emitted(emitted: Sequence[Emitted], out: Delivery, origins: Mapping[int, int] | None = None) -> None:
    """Send what was emitted, port by port, in the order of emission; `origins` by row, where they are not the rows'."""
    by_port: dict[str, list[tuple[int, bytes, Attributes | None]]] = {}
    for row, port, content, extra in emitted:
        by_port.setdefault(port, []).append((row, content, extra))
    for port, messages in by_port.items():
        index = [row for row, _, _ in messages]
        attributes: list[Attributes | None] | None = None
        if out.rows.attributes is not None or any(extra is not None for _, _, extra in messages):
            attributes = [extra if extra is not None else (out.rows.attributes_of(row) or None) for row, _, extra in messages]
        packed = values.pack_list([content for _, content, _ in messages])
        made_of = None if origins is None else [origins[row] for row in index]
        out.send(port, values.unpack(packed), index, attributes, packed, made_of)


def _messages(generator: Iterable[Any]) -> Iterator[Any]:
    """What a generator yields, each as it is when yielded: the generator may go on to change it."""
    for number, content in enumerate(generator, 1):
        if content is not None:
            yield values.snapshot(content)
        if not number % _UNCHECKED:
            check_room()


def _equally_many(results: Any, n: int) -> list[Any]:
    listed: list[Any] = cast("list[Any]", results) if isinstance(results, list) else list(results)
    if len(listed) != n:
        raise Failure(
            "ValueError", f"a batch function must return as many results as it got contents; got {n}, returned {len(listed)}"
        )
    return listed
