"""Makes the clock of a Python program wrong by PYFI_TEST_AHEAD_S seconds: Python loads this before anything else."""

from __future__ import annotations

import os
import time

_time, _ahead_s = time.time, float(os.environ.get("PYFI_TEST_AHEAD_S", "0"))
time.time = lambda: _time() + _ahead_s
