"""The canvas's colours, each by what it is for."""

from __future__ import annotations

from dataclasses import dataclass, fields

from PySide6.QtGui import QColor

from app.canvas.card import State


@dataclass(frozen=True)
class CanvasColors:
    """Colours as `#rrggbb`."""

    ground: str = "#e5ebed"
    grid: str = "#d6dfe3"
    card: str = "#ffffff"
    header: str = "#f4f7f9"
    stripe: str = "#f7f9fa"
    border: str = "#b3c0c9"
    text: str = "#1d2b33"
    muted: str = "#5c6f7b"
    value: str = "#6b4a45"
    accent: str = "#0b6fb8"
    selection: str = "#e8830c"
    link: str = "#71848f"
    label: str = "#ffffff"
    spark: str = "#1f77b4"
    running: str = "#31975b"
    stopped: str = "#d55c5c"
    invalid: str = "#b97a17"
    disabled: str = "#7d8b93"
    broken: str = "#b3261e"
    ended: str = "#4a7fb5"
    paused: str = "#8a6fc0"
    bulletin: str = "#b3261e"
    bar_low: str = "#31975b"
    bar_middle: str = "#d9a800"
    bar_high: str = "#c62828"
    bar_ground: str = "#dfe6ea"

    def pen(self, role: str) -> QColor:
        """The colour of a role."""
        return QColor(getattr(self, role))

    def of_state(self, state: State) -> str:
        """The colour that stands for a state."""
        return getattr(self, _STATES[state])


_STATES = {
    State.STOPPED: "stopped",
    State.RUNNING: "running",
    State.INVALID: "invalid",
    State.DISABLED: "disabled",
    State.BROKEN: "broken",
    State.ENDED: "ended",
    State.PAUSED: "paused",
    State.NONE: "border",
}

LIGHT = CanvasColors()
DARK = CanvasColors(
    ground="#12181c",
    grid="#1b2329",
    card="#1f282e",
    header="#27323a",
    stripe="#232d34",
    border="#3d4b55",
    text="#e6edf1",
    muted="#9fb0bb",
    value="#e0c3b4",
    accent="#57b0f2",
    selection="#ffab40",
    link="#7f929e",
    label="#27323a",
    spark="#57b0f2",
    running="#45c07b",
    stopped="#f08080",
    invalid="#f0b04a",
    disabled="#8796a0",
    broken="#ff6b5e",
    ended="#7fb2e5",
    paused="#b39ddb",
    bulletin="#ff6b5e",
    bar_low="#45c07b",
    bar_middle="#ffcc00",
    bar_high="#ff6b5e",
    bar_ground="#35424b",
)
NAMES = tuple(field.name for field in fields(CanvasColors))
"""Every role, for themes that are to fill them all."""
