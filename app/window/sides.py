"""Sides, the panels that follow what is selected: the inspector, the code, the results."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QRect

from app.page.flow_page import FlowPage
from engine.model.flow import CODE_TYPES, Processor
from engine.model.problem import Problem

if TYPE_CHECKING:
    from app.chart.chart_panel import ChartPanel
    from app.editor.code_panel import CodePanel
    from app.inspector.inspector import Inspector
    from app.results.results_panel import ResultsPanel
    from app.window.main_window import MainWindow


_GIVING_BACK_S = 10.0
"""So long the window waits, when it closes, for a processor that is debugged to be given back."""


class Sides(QObject):
    """Shows in its panels what is selected on the page in front. A panel is made when it is first asked for.

    Their modules are a fifth of all that the desktop imports, and are imported with them.
    """

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._page: FlowPage | None = None
        self._has_inspector = self._has_code = False

    @cached_property
    def inspector(self) -> Inspector:
        """Shows and changes settings."""
        from app.inspector.inspector import Inspector

        made = Inspector()
        made.part_chosen.connect(self._on_part_chosen)
        made.code_requested.connect(self._on_code_requested)
        if self._page is not None:
            made.set_document(self._page.document)
            made.set_problems(self._page.checker.problems)
            made.show_parts(self._page.board.within, self._keys(self._page))
        self._has_inspector = True
        return made

    @cached_property
    def code(self) -> CodePanel:
        """Shows and changes code."""
        from app.editor.code_panel import CodePanel

        made = CodePanel()
        made.editor.left.connect(self._on_left)
        made.history_requested.connect(self._on_history_requested)
        made.queue_requested.connect(self._on_queue_requested)
        made.live_requested.connect(self._on_live_requested)
        made.live_ended.connect(self._window.tell)
        if self._page is not None:
            made.set_document(self._page.document)
            self._show_code_of(made, self._page)
        self._has_code = True
        return made

    @cached_property
    def results(self) -> ResultsPanel:
        """Shows what files hold that flows have written."""
        from app.results.results_panel import ResultsPanel

        return ResultsPanel()

    @cached_property
    def charts(self) -> ChartPanel:
        """Shows what parts did over time."""
        from app.chart.chart_panel import ChartPanel

        conductor = self._window.conductor
        made = ChartPanel(conductor.door_of)
        conductor.targets.changed.connect(made.follow_selection)
        return made

    def show_page(self, page: FlowPage | None) -> None:
        """Follow another page."""
        if page is self._page:
            return
        if self._page is not None:
            self._page.viewer.selected.disconnect(self._on_selected)
            self._page.checker.checked.disconnect(self._on_checked)
        self._page = page
        document = page.document if page is not None else None
        if self._has_inspector:
            self.inspector.set_document(document)
        if self._has_code:
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
        if self._has_inspector:
            self.inspector.show_parts(page.board.within, self._keys(page))
        if self._has_code:
            self._show_code_of(self.code, page)

    @staticmethod
    def _keys(page: FlowPage) -> list[str]:
        """What is selected, but for the ports of the level itself."""
        return [key for key in page.viewer.selected_keys() if not key.startswith(("input:", "output:"))]

    def _show_code_of(self, panel: CodePanel, page: FlowPage) -> None:
        steps = page.board.level.steps
        code = [key for key in self._keys(page) if isinstance(steps.get(key), Processor)]
        if len(code) == 1:
            panel.show_step(page.board.within, code[0])
        else:
            panel.clear()

    def _on_checked(self, problems: Sequence[Problem]) -> None:
        if self._has_inspector:
            self.inspector.set_problems(problems)

    def _on_part_chosen(self, within: str, key: str) -> None:
        """Go to another part, as the inspector asks."""
        if self._page is not None:
            self._page.board.show_part_within(within, key)

    def _on_code_requested(self, within: str, key: str) -> None:
        self.code.show_step(within, key)
        self.show_code()

    def _on_history_requested(self, within: str, key: str) -> None:
        """What the code was, in a dialog; taking it back is a step of the history of the flow."""
        page = self._page
        if page is None:
            return
        from app.editor.archive import Archive
        from app.editor.history_dialog import HistoryDialog

        path = f"{within}/{key}" if within else key
        archive = Archive(self._window.shelf, page.book.id, path, page.keeper.settle)
        dialog = HistoryDialog(key, archive, self.code.editor.language, self.code.code_now, self._window)
        dialog.restore_requested.connect(self.code.restore)
        dialog.open()

    def _on_queue_requested(self, within: str, key: str) -> None:
        """A real message as the sample of a processor; it stays in its queue."""
        page = self._page
        if page is None:
            return
        from app.editor.queue_sample_dialog import QueueSampleDialog

        conductor = self._window.conductor
        dialog = QueueSampleDialog(page.title, self._running_id(page, within, key), lambda: conductor.need(page), self._window)
        dialog.taken.connect(self.code.try_strip.show_message)
        dialog.open()

    def _on_live_requested(self, within: str, key: str) -> None:
        """Debug a processor in the flow that runs."""
        page = self._page
        if page is not None:
            step = self._running_id(page, within, key)
            self.code.debug_live(lambda: self._window.conductor.debugged(page, step))

    @staticmethod
    def _running_id(page: FlowPage, within: str, key: str) -> str:
        """What a step of a definition is called in the running flow: as part of the subflow that is shown, if it is in that."""
        is_shown = page.board.within == within
        return page.board.place.prefix + key if is_shown else f"{within}/{key}" if within else key

    def debug(self, page: FlowPage, key: str) -> None:
        """Debug a step in the flow that runs; one that is debugged is given back."""
        self._on_code_requested(page.board.within, key)
        if self.code.live.toggle():
            return
        if other := self.code.live.other:
            self._window.tell(self.tr("'{}' is debugged already; give it back first").format(other))
        else:
            self._window.tell(self.tr("Only Python that stands in the flow can be debugged here"))

    def _on_left(self) -> None:
        """Back to the canvas."""
        if self._page is not None:
            self._page.setFocus()

    def show_code(self) -> None:
        """Bring the code to the front."""
        self._window.docks.show("code", focus=False)
        self.code.editor.setFocus()

    def chart_beside(self, page: FlowPage, key: str) -> None:
        """A chart of a part, in a window beside its card; the one that is there already comes to the front."""
        from app.chart.chart_window import ChartWindow
        from app.chart.subject import subjects

        subject, viewer = subjects(page, [key], self._window.conductor.door_of(page))[0], page.viewer
        opened = next((each for each in self._window.findChildren(ChartWindow) if each.subject == subject), None)
        if opened is None:
            opened = ChartWindow(subject, self._window)
            cards = page.board.sheet.cards
            area = viewer.viewportTransform().mapRect(cards.rect(cards.rows[key])).toAlignedRect()
            opened.place_beside(QRect(viewer.viewport().mapToGlobal(area.topLeft()), area.size()))
        opened.show()
        opened.activateWindow()

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
        from app.inspector.configure_dialog import ConfigureDialog

        dialog = ConfigureDialog(page.document, page.board.within, keys, self._window)
        dialog.set_problems(page.checker.problems)
        dialog.code_requested.connect(self._on_code_requested)
        dialog.part_chosen.connect(self._on_part_chosen)
        dialog.open()

    async def give_back(self) -> None:
        """Have the flow take back the processor that is debugged: when the engine is not asked any more, nobody could."""
        if self._has_code:
            await self.code.live.settled(_GIVING_BACK_S)

    def close(self) -> None:
        """End what the panels have started."""
        if self._has_code:
            self.code.stop()
