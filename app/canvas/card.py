"""Card, what the canvas shows of a processor, a subflow, a port of the flow or a funnel; and where its parts lie."""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple

from msgspec import Struct
from PySide6.QtCore import QT_TRANSLATE_NOOP

WIDTH = 300.0
HEADER = 44.0
"""Height of the part with icon, name and type."""
ROW = 18.0
"""Height of a line of statistics, and of a port."""


def _(text: str) -> str:
    return str(QT_TRANSLATE_NOOP("Card", text))


STATISTICS = (_("In"), _("Read/Write"), _("Out"), _("Tasks/Time"))
"""The names of the lines of statistics; translated when they are painted."""
_FOOT = 8.0
PORT_WIDTH, PORT_HEIGHT = 200.0, 44.0
FUNNEL = 48.0
FRAME_TOP, FRAME_STEP = 60.0, 60.0
"""Where the first port of a frame begins, and how far below it the next one."""


class Kind(IntEnum):
    """What a card stands for."""

    PROCESSOR = 0
    SUBFLOW = 1
    INPUT = 2
    OUTPUT = 3
    FUNNEL = 4
    FRAME = 5
    """A subflow that is expanded in place."""


class State(IntEnum):
    """How it is; the colour of its stripe and its symbol."""

    STOPPED = 0
    RUNNING = 1
    INVALID = 2
    DISABLED = 3
    BROKEN = 4
    ENDED = 5
    PAUSED = 6
    NONE = 7
    """Has no state of its own: a port, a funnel, an empty subflow."""


class Size(NamedTuple):
    """Pixels at 1:1."""

    width: float
    height: float


class Runs(NamedTuple):
    """Where on a cluster it runs: a short text beside its type, and what the hint says of it."""

    badge: str = ""
    hint: str = ""


NOWHERE = Runs()


class Card(Struct, frozen=True, kw_only=True, gc=False):
    """A card's words. Where it is, how it is and its numbers are columns; see `CardColumns`.

    `key` is unique on the canvas. `hint` is shown when the pointer rests on it (why it is invalid, say). `badge` is a short
    text at the right of the header, the commit, say, or the number of steps in a subflow; one that `warns` is not as usual.
    """

    key: str
    kind: Kind = Kind.PROCESSOR
    name: str = ""
    type: str = ""
    icon: str = "processor"
    inputs: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()
    dropped: frozenset[str] = frozenset()
    """Outputs whose messages are dropped on purpose."""
    badge: str = ""
    warns: bool = False
    concurrency: int = 1
    color: str = ""
    hint: str = ""
    layer: int = 0
    """What has a higher one lies over what has a lower."""
    extent: tuple[float, float] = (0.0, 0.0)
    """Width and height of a frame, which depend on what is inside."""

    @property
    def size(self) -> Size:
        """How large it is."""
        if self.kind in (Kind.INPUT, Kind.OUTPUT):
            return Size(PORT_WIDTH, PORT_HEIGHT)
        if self.kind is Kind.FUNNEL:
            return Size(FUNNEL, FUNNEL)
        if self.kind is Kind.FRAME:
            return Size(*self.extent)
        rows = len(STATISTICS) + max(len(self.inputs), len(self.outputs))
        return Size(WIDTH, HEADER + rows * ROW + _FOOT)

    def port_y(self, port: str, *, is_input: bool) -> float:
        """How far below the card's top a port's connection point lies."""
        if self.kind not in (Kind.PROCESSOR, Kind.SUBFLOW, Kind.FRAME):
            return self.size.height / 2
        ports = self.inputs if is_input else self.outputs
        row = ports.index(port) if port in ports else 0
        if self.kind is Kind.FRAME:
            return FRAME_TOP + row * FRAME_STEP + PORT_HEIGHT / 2
        return HEADER + (len(STATISTICS) + row) * ROW + ROW / 2 + 2
