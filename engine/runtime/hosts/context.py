"""What user code is handed as `ctx`, and what the stage notes while it runs."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, MutableMapping
from types import MappingProxyType
from typing import Any

from . import values
from .rows import Attributes, Rows

Log = Callable[[str, str], None]
Emitted = tuple[int, str, bytes, "Attributes | None"]
"""Row, port, packed content, attributes if others than the row's."""
_LEVELS = ("debug", "info", "warning", "error")
_NONE: Mapping[str, str] = MappingProxyType({})


class Call:
    """Where a step is in its rows, and what its function has emitted so far."""

    __slots__ = ("attempts", "emitted", "row", "rows")

    def __init__(self) -> None:
        self.begin(None, None)

    def begin(self, rows: Rows | None, attempts: list[int] | None) -> None:
        """Rows are about to be handled."""
        self.rows = rows
        self.attempts = attempts
        self.row = 0
        self.emitted: list[Emitted] = []

    def attributes(self) -> Attributes:
        """The attributes of the row at hand, not to be changed in place."""
        return self.rows.attributes_of(self.row) if self.rows is not None else {}


class Context:
    """One step's view of the flow while its function runs."""

    __slots__ = ("_call", "_log", "outputs", "params", "secrets", "state")

    def __init__(
        self,
        call: Call,
        *,
        params: Mapping[str, Any],
        outputs: frozenset[str],
        state: MutableMapping[str, Any],
        log: Log,
        secrets: Mapping[str, str],
    ) -> None:
        self.params = MappingProxyType(dict(params))
        self.secrets = MappingProxyType(dict(secrets))
        self.state = state
        self._call = call
        self.outputs = outputs
        self._log = log

    @property
    def attributes(self) -> Mapping[str, str]:
        """The message's attributes; to send others, pass them to `emit`."""
        return MappingProxyType(self._call.attributes())

    @property
    def attempt(self) -> int:
        """How many tries this message has had at this step before."""
        return self._call.attempts[self._call.row] if self._call.attempts else 0

    def emit(self, port: str, content: Any, attributes: Mapping[str, str] | None = None) -> None:
        """Send `content` to the output `port`, with the message's attributes and, over them, the given ones."""
        check_port(port, self.outputs)
        extra: Attributes | None = None
        if attributes:
            extra = {**self._call.attributes(), **text_only(attributes)}
        # Packed at once: the function may go on to change what it sent.
        self._call.emitted.append((self._call.row, port, values.pack(content), extra))

    def log(self, *parts: Any, level: str = "info") -> None:
        """Write a line to the processor's log; `level` is debug, info, warning or error."""
        if level not in _LEVELS:
            raise ValueError(f"there is no log level '{level}'; it can be {', '.join(_LEVELS)}")
        self._log(level, " ".join(map(str, parts)))

    def now(self) -> float:
        """Seconds since the epoch."""
        return time.time()


def check_port(port: str, outputs: frozenset[str]) -> None:
    """Raise ValueError unless there is an output `port`."""
    if port not in outputs:
        raise ValueError(f"there is no output '{port}'; this processor has {', '.join(sorted(outputs))}")


def text_only(attributes: Mapping[str, str]) -> Attributes:
    """The attributes as a dict; raises TypeError where a name or value is not text."""
    for name, value in attributes.items():
        if type(name) is not str or type(value) is not str:
            raise TypeError(f"attributes are text; {name!r} is {value!r}")
    return dict(attributes)
