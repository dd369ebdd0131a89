"""What an engine answers, and what its events hold, as types."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

import msgspec
from msgspec import Struct, field

from engine.bus.columns import Columns

_Figures = TypeVar("_Figures", bound=Struct)


class ProcessorFigures(Struct, frozen=True, gc=False):
    """How a processor stands.

    `received`, `out` (by port) and `failed` count messages, `dead` those kept as dead letters; `tasks` took `seconds` of work,
    `running` are under way; `rate` is in messages a second. `trouble` says why it cannot run. On a cluster `nodes` run it.
    """

    state: str = "stopped"
    received: int = field(default=0, name="in")
    out: dict[str, int] = field(default_factory=dict[str, int])
    failed: int = 0
    dead: int = 0
    tasks: int = 0
    seconds: float = 0.0
    running: int = 0
    rate: float = 0.0
    trouble: str | None = None
    nodes: Sequence[str] = ()

    @property
    def sent(self) -> int:
        """Messages that left it, by all ports."""
        return sum(self.out.values())


class ConnectionFigures(Struct, frozen=True, gc=False):
    """How a connection stands: `messages` and `bytes` wait in its queue, `full`: it is at its limit.

    `passed` and `expired` count messages, `passed_bytes` the bytes of those that passed.
    """

    messages: int = 0
    bytes: int = 0
    passed: int = 0
    passed_bytes: int = 0
    expired: int = 0
    full: bool = False


def figures_of(event_data: Mapping[str, Any], table: str, kind: type[_Figures]) -> dict[str, _Figures]:
    """The figures of every part in a table of an event (`processors` or `connections`), be they columns or not."""
    found: Any = event_data.get(table, {})
    return found.structs(kind) if isinstance(found, Columns) else msgspec.convert(found, dict[str, kind])


class Deployed(Struct, frozen=True):
    """A deployed flow, or a run (`kind` is deployment or run; `run` is the run's id) in few words.

    `state` is how it is: running, paused, stopped, ended (it has done all its work) or broken; `desired` is how it is wanted:
    running, paused or stopped. `stopped` are processors that are stopped in it, `trouble` says why it is broken. `flow` is the
    flow's name, `path` its file if it was deployed from one, `key` the id of the stored flow that it is, if it is one.
    `revision` tells one version of it from another; what is for people only makes none.
    """

    name: str
    kind: str
    flow: str
    path: str
    state: str
    trouble: str | None
    desired: str
    stopped: tuple[str, ...] = ()
    run: str | None = None
    key: str = ""
    revision: str = ""


class Standing(Deployed, frozen=True):
    """The same with all its figures; `since_ms` is when its counters were zero."""

    since_ms: int = 0
    processors: dict[str, ProcessorFigures] = {}
    connections: dict[str, ConnectionFigures] = {}


class Ran(Struct, frozen=True):
    """What running a processor once has done: messages that it took (of a source: made), and why none, if none."""

    step: str
    messages: int
    reason: str = ""


class Purged(Struct, frozen=True):
    """How many messages were deleted, of all and of every connection that held any."""

    messages: int
    queues: dict[str, int] = {}


class Health(Struct, frozen=True):
    """An engine; `started` is in seconds since the epoch, `trouble` says what is wrong with its storage."""

    pid: int
    version: str
    workspace: str
    started: float
    instance: str
    trouble: str | None = None


class LogLine(Struct, frozen=True):
    """A line of a flow's log. `step` is empty for what the engine itself says."""

    flow: str
    at_ms: int
    step: str
    level: str
    text: str


class History(Struct, frozen=True):
    """What happened in each `every_s`, the newest last and up to `until_ms`; `rows` have a number for each of `columns`."""

    every_s: int
    until_ms: int
    columns: tuple[str, ...]
    rows: list[tuple[float, ...]]


class HistoryPart(Struct, frozen=True):
    """What history is asked of: a processor, a subflow (as `processor`), a connection; if none is named, the whole flow."""

    processor: str = ""
    connection: str = ""


class Series(Struct, frozen=True):
    """The history of one of several parts."""

    columns: tuple[str, ...]
    rows: list[tuple[float, ...]]
    processor: str = ""
    connection: str = ""


class Histories(Struct, frozen=True):
    """The history of several parts, in rows of the same times."""

    every_s: int
    until_ms: int
    series: list[Series]

    def by_part(self) -> dict[HistoryPart, History]:
        """Each for itself."""
        return {
            HistoryPart(each.processor, each.connection): History(self.every_s, self.until_ms, each.columns, each.rows)
            for each in self.series
        }


class Lately(Struct, frozen=True):
    """What many parts of a flow did since `from_ms`, up to `until_ms`, when their counters stood at `now`, by column.

    What they did are entries: one is of `parts[part]`, of the interval that is `ago` before the one that holds `until_ms`
    (intervals last `every_s` and begin at multiples of it since the epoch), and has a number in each column of `values`.
    What is left out is zero.
    """

    every_s: int
    from_ms: int
    until_ms: int
    parts: list[str]
    now: dict[str, list[float]]
    part: list[int]
    ago: list[int]
    values: dict[str, list[float]]
    more: bool = False


class Content(Struct, frozen=True):
    """The whole content of a message; bytes and text as they are, anything else as JSON. `media` is its media type."""

    media: str
    data: bytes
