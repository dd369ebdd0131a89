"""`dev.py build`: what people install, each thing made from the one before it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from release.archive import build_appimage, build_archive
from release.bundle import BUNDLE, build_bundle
from release.deb import build_deb
from release.macos import build_dmg
from release.wheel import build_wheel
from release.windows import build_installer


def build(what: str) -> Sequence[Path]:
    """Make `what` and all that it is made from, for the system that this runs on; returns what was made."""
    if what == "wheel":
        return build_wheel()
    build_bundle()
    if what == "bundle":
        return [BUNDLE]
    if sys.platform == "win32":
        return [*build_wheel(), build_installer()]
    if sys.platform == "darwin":
        return [*build_wheel(), build_dmg()]
    made = [*build_wheel(), build_archive(), build_deb(), build_appimage()]
    return [each for each in made if each is not None]
