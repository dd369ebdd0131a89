"""A program for Python as it is in the application: says what modules of PYFI lack there, and draws a chart to a picture."""

from __future__ import annotations

import importlib
import json
import os
import pkgutil
import sys
from pathlib import Path


def lacking() -> list[str]:
    """What every module of PYFI asks for at its top, and does not get; `env` is Alembic's to run."""
    found: list[str] = []
    for top in ("engine", "app"):
        for module in pkgutil.walk_packages(importlib.import_module(top).__path__, f"{top}."):
            try:
                if not module.name.endswith(("__main__", ".env")):
                    importlib.import_module(module.name)
            except ImportError as error:
                found.append(f"{module.name}: {error}")
    return found


def draw_chart(picture: Path) -> int:
    """Save a chart of two lines; returns how many colours it has."""
    import numpy as np
    from PySide6.QtWidgets import QApplication

    from app.chart.counter import BY_ID
    from app.chart.line import Key, Line
    from app.chart.plot import Plot
    from engine.client.answer import HistoryPart

    application = QApplication([])
    plot, now = Plot(), 1_800_000_000.0
    plot.resize(800, 300)
    plot.show()
    times = now - np.arange(299, -1, -1, dtype=np.float64)
    lines = [
        Line(Key(HistoryPart("a"), each), BY_ID[each].name, BY_ID[each], BY_ID[each].color, times, np.arange(300.0))
        for each in ("in", "queued")
    ]
    plot.show_lines(lines, now - 300, now)
    application.processEvents()
    image = plot.grab().toImage()
    image.save(str(picture))
    return len({image.pixel(x, y) for x in range(image.width()) for y in range(0, image.height(), 2)})


def look(picture: Path) -> dict[str, object]:
    """All that there is to say."""
    import numpy as np

    product = np.ones((2, 3)) @ np.ones((3, 2))
    return {"lacking": lacking(), "colours": draw_chart(picture), "product": product.tolist(), "modules": len(sys.modules)}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(look(Path(sys.argv[-1]))))
    sys.stdout.flush()
    # A scene does not always bear being taken apart while Python ends; pyqtgraph's own `exit` leaves like this, too.
    os._exit(0)
