"""The memory of a host: a limit, room below it, and keeping what is freed."""

from __future__ import annotations

import ctypes
import mmap
import resource
import sys
from pathlib import Path

_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3
_KEPT_BYTES = 1 << 27
_OWN_MAPPING_BYTES = 1 << 25
_ROOM_BYTES = 1 << 25


def limit_memory(size: int) -> None:
    """Allow this much memory more than is in use now (0: no limit); what goes beyond raises MemoryError in user code."""
    if not size or not sys.platform.startswith("linux"):
        return
    used_pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[5])
    limit = used_pages * resource.getpagesize() + size
    resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))


def check_room() -> None:
    """Raise MemoryError when the limit is near: native code that meets it ends the process."""
    try:
        mmap.mmap(-1, _ROOM_BYTES, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS).close()
    except OSError:
        raise MemoryError("the memory that this processor may use is used up; raise `memory`, or make less at a time") from None


def keep_memory() -> None:
    """Have the C library keep what is freed: every batch asks for the same again, and fresh pages cost more than the work."""
    if sys.platform.startswith("linux"):
        mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
        if mallopt is not None:
            mallopt(_M_MMAP_THRESHOLD, _OWN_MAPPING_BYTES)
            mallopt(_M_TRIM_THRESHOLD, _KEPT_BYTES)
