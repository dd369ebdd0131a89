"""The icon as Windows and macOS want it, drawn by Qt from the one there is: `python -m release.icons FOLDER`."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from environment import ROOT

_SIZE = 512


def write_icons(folder: Path) -> None:
    """Write `pyfi.ico` and `pyfi.icns`."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtCore import Qt
    from PySide6.QtGui import QGuiApplication, QImage, QPainter
    from PySide6.QtSvg import QSvgRenderer

    application = QGuiApplication.instance() or QGuiApplication([])
    image = QImage(_SIZE, _SIZE, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    QSvgRenderer(str(ROOT / "resources" / "pyfi.svg")).render(painter)
    painter.end()
    folder.mkdir(parents=True, exist_ok=True)
    for name, side in (("pyfi.ico", 256), ("pyfi.icns", _SIZE)):
        scaled = image.scaled(side, side, mode=Qt.TransformationMode.SmoothTransformation)
        if not scaled.save(str(folder / name)):
            raise OSError(None, "Qt could not write the icon", str(folder / name))
    del application


if __name__ == "__main__":
    write_icons(Path(sys.argv[1]))
