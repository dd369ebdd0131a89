"""`pyfi`, for tests, with what makes an agent odd: another version (PYFI_TEST_VERSION), a wrong clock (PYFI_TEST_AHEAD_S).

Workers load this module, too, so that all of an agent is odd alike.
"""

from __future__ import annotations

import os
import time

from engine.client import agent

_time = time.time
_ahead_s = float(os.environ.get("PYFI_TEST_AHEAD_S", "0"))
time.time = lambda: _time() + _ahead_s

if "PYFI_TEST_VERSION" in os.environ:
    agent.version = lambda: os.environ["PYFI_TEST_VERSION"]

if __name__ == "__main__":
    from engine.cli.main import main

    main()
