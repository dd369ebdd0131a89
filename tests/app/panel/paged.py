"""An open page, and panels beside it on the screen."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import TypeVar

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from app.document.shelf import Shelf
from app.page.flow_page import FlowPage
from app.panel.panel import Panel
from app.theme.theme import DARK

FLOW = """
pyfi: 1
name: orders
processors:
  - {id: read, type: generate, config: {count: 3}, notes: Where it all begins}
  - {id: parse, type: python, name: Parse the lines, code: 'def f(x): return x', schedule: {every: 5s}}
  - {id: tidy, flow: clean}
  - {id: out, type: write_lines, config: {path: out/orders.jsonl}, enabled: false}
connections:
  - {from: read.success, to: parse.in, name: raw}
  - {from: parse.success, to: tidy.in, expire: 60s}
  - {from: tidy.success, to: out.in}
auto_terminate: [parse.failure, tidy.failure]
labels:
  - {id: note, text: '**Orders** of the day'}
subflows:
  - name: clean
    inputs: [in]
    outputs: [success, failure]
    processors:
      - {id: strip, type: python, code: 'def f(x): return x.strip()', schedule: {cron: '0 * * * *'}}
      - {id: deep, flow: deeper}
    connections:
      - {from: in, to: strip.in}
      - {from: strip.success, to: deep.in}
      - {from: strip.failure, to: failure}
      - {from: deep.success, to: success}
    subflows:
      - name: deeper
        inputs: [in]
        outputs: [success]
        processors:
          - {id: innermost, type: python, code: 'def f(x): return x.lower()'}
        connections:
          - {from: in, to: innermost.in}
          - {from: innermost.success, to: success}
        auto_terminate: [innermost.failure]
"""
T = TypeVar("T", bound=QWidget)
P = TypeVar("P", bound=Panel)


@contextlib.asynccontextmanager
async def paged(folder: Path, text: str = FLOW) -> AsyncIterator[FlowPage]:
    """A page on the screen with a flow in it, from a database of its own; closed at the end."""
    QGuiApplication.setQuitOnLastWindowClosed(False)  # as `app.start` does: the loop ends when its work does
    (folder / "it.flow.yaml").write_text(text, encoding="utf-8")
    shelf = Shelf(folder, f"sqlite:///{folder / 'flows.db'}")
    page = FlowPage(await shelf.open(str(folder / "it.flow.yaml")), shelf, DARK)
    try:
        with shown(page, 900, 600):
            yield page
    finally:
        await page.close_page()
        await shelf.close()
        page.deleteLater()
        await rest(0.01)


@contextlib.contextmanager
def shown(widget: T, width: int, height: int) -> Iterator[T]:
    """A widget on the screen, until the end."""
    widget.resize(width, height)
    widget.show()
    try:
        yield widget
    finally:
        widget.close()


@contextlib.contextmanager
def beside(panel: P, page: FlowPage | None, width: int = 300, height: int = 500) -> Iterator[P]:
    """A panel on the screen that shows a page."""
    panel.show_page(page)
    with shown(panel, width, height):
        yield panel
        panel.show_page(None)
    panel.deleteLater()


async def rest(seconds: float = 0.0) -> None:
    """Let the loop do what is due."""
    await asyncio.sleep(seconds)
    await asyncio.sleep(0)
