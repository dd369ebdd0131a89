"""What tests of the desktop share: no screen is needed, and no window is left behind."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.app.desk import Desk

# Before anybody makes the application. A test that needs a real screen starts Xvfb and a process of its own.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


@pytest.fixture(autouse=True)
def garbage_in_this_thread(request: pytest.FixtureRequest) -> Iterator[None]:
    """As in the desktop: what belongs to Qt is not collected in a thread that asks the database (see `Collector`)."""
    if not {"qapp", "qtbot"} & set(request.fixturenames):
        yield
        return
    from app.collector import Collector

    collector = Collector()
    yield
    collector.close()
    gc.collect()


@pytest.fixture(autouse=True)
def no_window_left(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fails a test that leaves a top-level widget visible."""
    yield
    if "qapp" not in request.fixturenames and "qtbot" not in request.fixturenames:
        return
    from PySide6.QtWidgets import QApplication

    left = [widget for widget in QApplication.topLevelWidgets() if widget.isVisible()]
    for widget in left:
        widget.close()
    assert not left, f"windows left open: {left}"


@pytest.fixture
def told(qtbot, tmp_path: Path) -> Callable[[Callable[[Desk], None]], None]:
    """Tells a story in the real window, whose files are in the test's folder."""
    from tests.app.desk import story

    return lambda tell: story(tmp_path, tell)
