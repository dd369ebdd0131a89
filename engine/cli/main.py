"""`pyfi`: the entry point. What most of the commands never need is imported late, so that every one of them starts fast."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Sequence
from typing import NoReturn


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run a command and exit: 0 done, 1 ran but messages failed, 2 wrong use or invalid flow."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given == ["--version"]:
        from engine.client.version import version

        with contextlib.suppress(OSError):  # what is wrong with stdout is said below
            print(f"pyfi {version()}", flush=True)
            sys.exit(0)
    from engine.cli.failure import guarded
    from engine.cli.root import call

    sys.exit(guarded(call, given))


if __name__ == "__main__":
    main()
