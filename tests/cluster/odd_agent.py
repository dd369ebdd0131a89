"""`pyfi`, for tests, with what makes an agent odd: another version (PYFI_TEST_VERSION), a wrong clock (PYFI_TEST_AHEAD_S).

Workers load this module, too, and have their hosts load `odd/sitecustomize.py`, so that all of an agent is odd alike.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from engine.client import agent
from engine.runtime import host
from tests.cluster.odd import sitecustomize

_scrubbed = host.scrubbed_environment


def _odd_environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    ahead_s = os.environ.get("PYFI_TEST_AHEAD_S", "0")
    return {**_scrubbed(extra), "PYTHONPATH": str(Path(sitecustomize.__file__).parent), "PYFI_TEST_AHEAD_S": ahead_s}


host.scrubbed_environment = _odd_environment
if "PYFI_TEST_VERSION" in os.environ:
    agent.version = lambda: os.environ["PYFI_TEST_VERSION"]

if __name__ == "__main__":
    from engine.cli.main import main

    main()
