"""Becomes another program, which the kernel ends together with its parent: `python launch.py PARENT MEMORY COMMAND...`.

For hosts that cannot ask the kernel for that themselves. MEMORY (bytes, 0: no limit) is what the program's data may take.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import sys

_PDEATHSIG = 1


def main() -> None:
    """Set what is inherited, and become the program."""
    parent, memory, *command = sys.argv[1:]
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None).prctl(_PDEATHSIG, signal.SIGKILL)
        if int(memory):
            resource.setrlimit(resource.RLIMIT_DATA, (int(memory), int(memory)))
    if os.getppid() != int(parent):
        os._exit(0)  # the parent was gone before the kernel knew
    os.execvp(command[0], command)  # noqa: S606 - no shell is what is wanted


if __name__ == "__main__":
    main()
