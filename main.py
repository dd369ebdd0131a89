"""Opens the desktop: `python main.py` is `pyfi app`, and the entry point of the packaged application."""

from __future__ import annotations

import sys

from engine.cli.main import main

if __name__ == "__main__":
    sys.argv.insert(1, "app")
    main()
