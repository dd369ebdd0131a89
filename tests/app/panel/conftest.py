"""A page for a test to work on."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication

from app.page.flow_page import FlowPage
from app.theme.apply import apply
from app.theme.theme import DARK
from tests.app.feed.looping import run
from tests.app.panel.paged import FLOW, paged

Work = Callable[[FlowPage], Coroutine[Any, Any, None]]


@pytest.fixture
def on_page(qapp: QApplication, tmp_path: Path) -> Callable[..., None]:
    """Runs a test's coroutine on the desktop's loop, with an open page."""
    apply(qapp, DARK)

    def carry_out(work: Work, text: str = FLOW) -> None:
        async def whole() -> None:
            async with paged(tmp_path, text) as page:
                await work(page)

        run(qapp, whole())

    return carry_out
