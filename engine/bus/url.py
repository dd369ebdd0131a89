"""Which bus a URL means."""

from __future__ import annotations

from engine.bus.base import Bus
from engine.errors import UsageError

_REDIS = ("redis://", "rediss://")


def open_bus(url: str, target: str) -> Bus:
    """The bus of a target behind a URL: `memory:`, `redis://...` or `rediss://...` (with TLS).

    Raises:
        UsageError: there is no bus of that kind.
    """
    if url == "memory:":
        from engine.bus.memory import MemoryBus  # by URL, imported late

        return MemoryBus()
    if url.startswith(_REDIS):
        from engine.bus.redis import RedisBus

        return RedisBus(url, target)
    scheme = url.partition(":")[0] if ":" in url else ""
    raise UsageError(f"there is no bus {scheme or 'of this URL'}; give redis://HOST:PORT, or rediss:// for TLS")
