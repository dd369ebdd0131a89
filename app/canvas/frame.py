"""Frame, a subflow expanded in place: the level inside it, on the sheet of the level around it."""

from __future__ import annotations

from msgspec import Struct

TITLE = 40.0
"""Height of a frame's title bar, by which it is moved."""


class Frame(Struct, frozen=True, kw_only=True):
    """A level that is drawn inside another. Its own card has the same key; what is inside has keys that begin with `prefix`.

    `steps` leads to it from the level of the sheet. `x` and `y` are where the (0, 0) of the level lies on the canvas.
    """

    key: str
    steps: tuple[str, ...]
    x: float
    y: float

    @property
    def prefix(self) -> str:
        """What the keys of all that is inside begin with."""
        return f"{self.key}/"
