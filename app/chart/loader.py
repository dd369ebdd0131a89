"""Loads pyqtgraph when the first chart is opened: it takes most of a second, spent beside the window's own thread."""

from __future__ import annotations

import asyncio


async def load() -> None:
    """Have it there. Several may wait for it."""
    await asyncio.to_thread(_import)


def _import() -> None:
    import app.chart.plot  # noqa: F401 - brings pyqtgraph along
