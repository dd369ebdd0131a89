"""What a process that leads a session of its own counts for, beside others, when all of the machine is at work.

Linux may share its cores out among sessions first (`autogroup`, on most desktops), and look at how nice processes are within
each of them only: so engines and hosts, which have sessions of their own, give way by being nice in vain until their sessions
are as nice as they are.
"""

from __future__ import annotations

import asyncio
import os
import time
from pathlib import Path

_TRIES = 50
_PAUSE_S = 0.11
"""The system takes ten such orders a second."""


def give_way(leader: int, nice: int) -> None:
    """Have a session be as nice as given; waits until the system takes the order, for some seconds at most."""
    for _ in range(_TRIES):
        if _is_done(leader, nice):
            return
        time.sleep(_PAUSE_S)


async def give_way_as_this(leader: int) -> None:
    """Have a session be as nice as this process is; does nothing for one that is not nice."""
    if hasattr(os, "getpriority") and (nice := os.getpriority(os.PRIO_PROCESS, 0)) > 0:
        for _ in range(_TRIES):
            if _is_done(leader, nice):
                return
            await asyncio.sleep(_PAUSE_S)


def _is_done(leader: int, nice: int) -> bool:
    """Whether it was done, or cannot be: the session has ended, or the system knows no such thing."""
    try:
        descriptor = os.open(_file(leader), os.O_WRONLY)  # nothing of the kind is made where there is none
        try:
            os.write(descriptor, b"%d" % nice)
        finally:
            os.close(descriptor)
    except BlockingIOError:
        return False
    except OSError:
        pass
    return True


def _file(leader: int) -> Path:
    return Path(f"/proc/{leader}/autogroup")
