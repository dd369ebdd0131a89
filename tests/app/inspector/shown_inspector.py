"""An inspector on the screen, and what a person does to it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from app.document.document import Document
from app.form.field import Field
from app.inspector.inspector import Inspector
from app.inspector.page import Page
from engine.client.flow import Opened, problems
from engine.model.codec import load_flow

FLOW = load_flow("""
pyfi: 1
name: triage
parameters: {slow_ms: 500, file: access.log}
processors:
  - {id: read, type: read_lines, config: {path: "${file}"}}
  - {id: parse, type: python, code: 'def process(line): return line', retry: {attempts: 3}}
  - {id: slow, type: route, config: {rules: {slow: "content['ms'] > 1"}, otherwise: rest}}
  - {id: out, type: write_lines, config: {path: out.jsonl}}
  - {id: clean, flow: clean-text, parameters: {mode: hard}}
connections:
  - {from: read.success, to: parse.in}
  - {from: parse.success, to: slow.in}
  - {from: slow.slow, to: out.in}
  - {from: slow.rest, to: clean.in}
auto_terminate: [clean.success]
subflows:
  - name: clean-text
    inputs: [in]
    outputs: [success]
    parameters: {mode: soft, size: 10}
    processors: [{id: log, type: log}]
    connections: [{from: in, to: log.in}, {from: log.success, to: success}]
labels: [{id: note, text: Hello}]
""")


class ShownInspector:
    """An inspector of a small flow in a window that has the keyboard."""

    def __init__(self, qtbot, folder: Path):
        self.qtbot = qtbot
        self.document = Document(FLOW, folder)
        self.inspector = Inspector(self.document)
        qtbot.addWidget(self.inspector)
        self.inspector.resize(360, 900)
        with qtbot.waitExposed(self.inspector):
            self.inspector.show()
        self.inspector.activateWindow()

    @property
    def history(self) -> list[str]:
        stack = self.document.undo_stack
        return [stack.text(at) for at in range(stack.count())]

    def show(self, *keys: str, within: str = "", tab: str = "Settings") -> None:
        self.inspector.show_parts(within, keys)
        self.inspector.show_tab(tab)

    def tabs(self) -> list[str]:
        tabs = self.inspector.tabs
        return [tabs.tabText(at) for at in range(tabs.count())]

    def check(self) -> None:
        """What the window does after an edit: have the flow checked."""
        self.inspector.set_problems(problems(Opened(self.document.flow, self.document.folder, "")))

    def page(self) -> Page:
        page = self.inspector.page(self.inspector.tabs.tabText(self.inspector.tabs.currentIndex()))
        assert page is not None
        return page

    def field(self, name: str) -> Field:
        return next(form.field(name) for form in self.page().forms() if name in form.fields)

    def editor(self, name: str) -> Any:
        return self.field(name).editor

    def step(self, id: str) -> Any:
        return self.document.flow.steps[id]

    def input(self, name: str, at: int = 0) -> Any:
        return self.field(name).editor.inputs()[at]

    def click(self, widget: QWidget) -> None:
        self.qtbot.mouseClick(widget, Qt.MouseButton.LeftButton)

    def type(self, name: str, text: str, at: int = 0) -> None:
        """Replace the text of an input by typing."""
        widget = self.input(name, at)
        widget.setFocus()
        self.qtbot.keyClick(widget, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        if text:
            self.qtbot.keyClicks(widget, text)
        else:
            self.qtbot.keyClick(widget, Qt.Key.Key_Delete)
