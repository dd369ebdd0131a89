"""Loads what charts need when the first one is opened: it takes a second, which is spent beside the window's own thread."""

from __future__ import annotations

import asyncio
import importlib

_NEEDED = ("app.chart.plot", "engine.api.remote")
"""pyqtgraph comes with the first, the engine's client with the second."""
_loaded: set[str] = set()


async def load() -> None:
    """Have it there. Several may wait for it."""
    for module in _NEEDED:
        if module not in _loaded:
            await asyncio.to_thread(importlib.import_module, module)
            _loaded.add(module)
