"""Measure, how large things on a canvas are, and what they snap to."""

from __future__ import annotations

_DETAIL = 0.6


class Measure:
    """What the user chose for every canvas; whoever changes it has the canvases painted again."""

    def __init__(self) -> None:
        self.grid = 10.0
        """What moves snaps to multiples of this; 0: to nothing."""
        self.unit = 1.0
        """The scale at which texts are as large as those of the interface around: what is called 1:1."""

    @property
    def detail(self) -> float:
        """From this scale on there are statistics, ports and labels; below only names, which are as large at any scale."""
        return _DETAIL * self.unit

    @property
    def step(self) -> float:
        """How far an arrow key moves a part."""
        return self.grid or 1.0

    def snapped(self, value: float) -> float:
        """A place across or down, on the grid."""
        return round(value / self.grid) * self.grid if self.grid else value


MEASURE = Measure()
"""The one in use: every canvas of the application goes by it."""
