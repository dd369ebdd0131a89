"""A door to an engine that launches when it is needed, for tests of whatever uses one."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

from engine.client.engine import Engine


@contextlib.asynccontextmanager
async def engine_of(folder: Path) -> AsyncIterator[Engine]:
    """A door to the engine of the workspace `ws`; whatever serves it at the end is shut down."""
    engine = Engine(folder / "ws")
    try:
        yield engine
    finally:
        await engine.shut_down(patience_s=5)
        await engine.close()
