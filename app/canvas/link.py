"""Link, what the canvas shows of a connection."""

from __future__ import annotations

from msgspec import Struct

Point = tuple[float, float]
LABEL_WIDTH, LABEL_HEIGHT = 168.0, 36.0


class Link(Struct, frozen=True, kw_only=True, gc=False):
    """A connection's words: which ports of which cards it joins (by their keys), its name, its bends in canvas pixels.

    `marks` are the names of the icons that tell of a policy: a priority, an expiration, a breakpoint. `label_at` is the part of
    the way, from 0 to 1, at which its label is; None: wherever there is room.
    """

    key: str
    source: str
    source_port: str
    target: str
    target_port: str
    name: str = ""
    bends: tuple[Point, ...] = ()
    marks: tuple[str, ...] = ()
    hint: str = ""
    layer: int = 0
    color: str = ""
    label_at: float | None = None
