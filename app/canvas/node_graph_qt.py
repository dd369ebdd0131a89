"""NodeGraphQt, imported so that it costs little and works on every Python.

It wants Qt.py, which imports every Qt module there is, and `distutils`, which left the standard library with Python 3.12. Both
are given here as small modules that hold what NodeGraphQt 0.6 uses of them.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

from PySide6 import QtCore, QtGui, QtSvg, QtWidgets

_MOVED = ("QAction", "QActionGroup", "QShortcut", "QUndoCommand", "QUndoGroup", "QUndoStack")
"""What Qt 6 has in QtGui and Qt 5 had in QtWidgets."""


def _install() -> None:
    qt: Any = ModuleType("Qt")
    qt.QtCore, qt.QtGui, qt.QtWidgets, qt.QtSvg = QtCore, QtGui, QtWidgets, QtSvg
    qt.__binding__, qt.__version__ = "PySide6", "2.0.7"
    qt.IsPySide6, qt.IsPySide2, qt.IsPyQt5, qt.IsPyQt6 = True, False, False, False
    for name in _MOVED:
        if not hasattr(QtWidgets, name):
            setattr(QtWidgets, name, getattr(QtGui, name))
    for module, old, new in (
        (QtCore, "QRegExp", "QRegularExpression"),
        (QtGui, "QRegExpValidator", "QRegularExpressionValidator"),
    ):
        if not hasattr(module, old):
            setattr(module, old, getattr(module, new))
    compat: Any = ModuleType("Qt.QtCompat")
    compat.QHeaderView = _HeaderView
    qt.QtCompat = compat
    sys.modules.setdefault("Qt", qt)
    for name in ("QtCore", "QtGui", "QtWidgets", "QtSvg", "QtCompat"):
        sys.modules.setdefault(f"Qt.{name}", getattr(qt, name))
    if "distutils" not in sys.modules:
        version: Any = ModuleType("distutils.version")
        version.LooseVersion = _Version
        distutils: Any = ModuleType("distutils")
        distutils.version = version
        sys.modules["distutils"], sys.modules["distutils.version"] = distutils, version


class _HeaderView:
    """Qt.py's way to say `setSectionResizeMode`."""

    @staticmethod
    def setSectionResizeMode(header: Any, *mode: Any) -> Any:  # noqa: N802 - Qt's name
        return header.setSectionResizeMode(*mode)


class _Version:
    """Enough of LooseVersion to compare Qt's versions."""

    def __init__(self, text: str) -> None:
        self._numbers = [int(part) for part in text.split(".")[:3] if part.isdigit()]

    def __ge__(self, other: _Version) -> bool:
        return self._numbers >= other._numbers

    def __lt__(self, other: _Version) -> bool:
        return self._numbers < other._numbers


_install()

from NodeGraphQt import BaseNode, NodeGraph  # noqa: E402 - needs what is installed above
from NodeGraphQt.constants import PortTypeEnum  # noqa: E402
from NodeGraphQt.qgraphics.node_abstract import AbstractNodeItem  # noqa: E402
from NodeGraphQt.widgets.viewer import NodeViewer  # noqa: E402

__all__ = ["AbstractNodeItem", "BaseNode", "NodeGraph", "NodeViewer", "PortTypeEnum"]
