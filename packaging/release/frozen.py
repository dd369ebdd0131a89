"""Where the application begins that desktops install."""

from __future__ import annotations

import multiprocessing
import os


def _clean_environment() -> None:
    """What the start program set for its own libraries must not reach git, Node.js, a browser, which have others."""
    for name in ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"):
        before = os.environ.pop(f"{name}_ORIG", None)
        if before is not None:
            os.environ[name] = before
        else:
            os.environ.pop(name, None)
    # By these the start program of an engine, or of an agent's worker, would take its libraries for found already.
    for name in [name for name in os.environ if name.startswith("_PYI_")]:
        del os.environ[name]


if __name__ == "__main__":
    _clean_environment()
    multiprocessing.freeze_support()  # of an agent's workers, which begin here too
    from engine.cli.main import main

    main()
