"""Python as it is in the application: what that leaves out cannot be imported. A plugin of pytest, and a program.

As a program it imports every module of the desktop and the engine, and prints what could not be had.
"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType

from release import parts
from release.parts import NOT_IMPORTED, STAND_INS, is_module_wanted

from tests.packaging.inside import lacking

_FOR_TESTS = ("PySide6.QtTest", "_pytest", "numpy.testing", "pip", "pytest", "setuptools")
"""What tests need, and what they are run by."""
_FOLDER = Path(parts.__file__).parent


class LeftOut(MetaPathFinder):
    """Says of what is left out that it is not there."""

    def find_spec(self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        if any(fullname == name or fullname.startswith(f"{name}.") for name in NOT_IMPORTED if name not in _FOR_TESTS):
            raise ModuleNotFoundError(f"{fullname} is left out", name=fullname)
        if not is_module_wanted(fullname):
            raise ModuleNotFoundError(f"{fullname} is left out", name=fullname)
        if fullname in STAND_INS:
            return importlib.util.spec_from_file_location(fullname, _FOLDER / STAND_INS[fullname])
        return None


sys.meta_path.insert(0, LeftOut())
if __name__ == "__main__":
    print(*lacking(), sep="\n")
