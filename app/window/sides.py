"""Sides, the panels that follow what is selected: the inspector, the code, the results."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.editor.code_panel import CodePanel
from app.inspector.configure_dialog import ConfigureDialog
from app.inspector.inspector import Inspector
from app.page.flow_page import FlowPage
from app.results.results_panel import ResultsPanel
from engine.model.flow import CODE_TYPES, Processor
from engine.model.problem import Problem

if TYPE_CHECKING:
    from app.window.main_window import MainWindow


class Sides(QObject):
    """Shows in its panels what is selected on the page in front."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._page: FlowPage | None = None
        self.inspector = Inspector()
        self.code = CodePanel()
        self.results = ResultsPanel()
        self.inspector.part_chosen.connect(self._on_part_chosen)
        self.inspector.code_requested.connect(self._on_code_requested)

    def show_page(self, page: FlowPage | None) -> None:
        """Follow another page."""
        if page is self._page:
            return
        if self._page is not None:
            self._page.viewer.selected.disconnect(self._on_selected)
            self._page.checker.checked.disconnect(self._on_checked)
        self._page = page
        document = page.document if page is not None else None
        self.inspector.set_document(document)
        self.code.set_document(document)
        if page is not None:
            page.viewer.selected.connect(self._on_selected)
            page.checker.checked.connect(self._on_checked)
            self._on_checked(page.checker.problems)
            self._on_selected()

    def _on_selected(self) -> None:
        page = self._page
        if page is None:
            return
        keys = [key for key in page.viewer.selected_keys() if not key.startswith(("input:", "output:"))]
        self.inspector.show_parts(page.board.within, keys)
        steps = page.board.level.steps
        code = [key for key in keys if isinstance(steps.get(key), Processor)]
        if len(code) == 1:
            self.code.show_step(page.board.within, code[0])
        else:
            self.code.clear()

    def _on_checked(self, problems: Sequence[Problem]) -> None:
        self.inspector.set_problems(problems)

    def _on_part_chosen(self, within: str, key: str) -> None:
        """Go to another part, as the inspector asks."""
        if self._page is not None:
            self._page.board.show_part_within(within, key)

    def _on_code_requested(self, within: str, key: str) -> None:
        self.code.show_step(within, key)
        self.show_code()

    def show_code(self) -> None:
        """Bring the code to the front."""
        self._window.docks.show("code", focus=False)
        self.code.editor.setFocus()

    def open_part(self, page: FlowPage, key: str) -> None:
        """A part was double-clicked: code is edited beside the canvas, anything else in a dialog."""
        step = page.board.level.steps.get(key)
        if isinstance(step, Processor) and step.type in CODE_TYPES:
            self._on_code_requested(page.board.within, key)
        else:
            self.configure(page, [key])

    def configure(self, page: FlowPage, keys: Sequence[str]) -> None:
        """Configure parts in a dialog; what it changes is one step of the history."""
        if not keys:
            return
        dialog = ConfigureDialog(page.document, page.board.within, keys, self._window)
        dialog.set_problems(page.checker.problems)
        dialog.code_requested.connect(self._on_code_requested)
        dialog.part_chosen.connect(self._on_part_chosen)
        dialog.open()

    def close(self) -> None:
        """End what the panels have started."""
        self.code.stop()
