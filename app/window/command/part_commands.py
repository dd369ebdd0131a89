"""PartCommands, the actions that change selected parts, or lead from one to another."""

from __future__ import annotations

import asyncio
from pathlib import Path

from PySide6.QtWidgets import QFileDialog

from app.window.command.command_group import CommandGroup
from app.window.command.file_commands import flow_files
from engine.model.flow import Flow, Subflow


class PartCommands(CommandGroup):
    """Steps are configured, switched off and wrapped; connections lead to their ends."""

    def configure(self) -> None:
        """Settings of what is selected."""
        self._window.sides.configure(self._page, self._page.viewer.selected_keys())

    def configure_flow(self) -> None:
        """Settings, ports and parameters of the flow or subflow that is shown."""
        from app.inspector.subject import FLOW

        self._window.sides.configure(self._page, [FLOW])

    def write_note(self) -> None:
        """Write in the first selected note, where it lies."""
        notes = [key for key in self._page.viewer.selected_keys() if key.startswith("label:")]
        self._page.hand.note_opened.emit(notes[0])

    def enter_subflow(self) -> None:
        """Into the first selected subflow."""
        level = self._page.board.level
        steps = [key for key in self._page.viewer.selected_keys() if isinstance(level.steps.get(key), Subflow)]
        self._page.board.enter(steps[0])

    def edit_code(self) -> None:
        """The code of the selected processor."""
        self._window.sides.show_code()

    def debug_step(self) -> None:
        """Debug the selected processor in the flow that runs, or give it back."""
        for key in self._page.viewer.selected_keys()[:1]:
            self._window.sides.debug(self._page, key)

    def go_to_source(self) -> None:
        """Where the selected connection comes from."""
        self._go_to_end(of_source=True)

    def go_to_destination(self) -> None:
        """Where it leads."""
        self._go_to_end(of_source=False)

    def _go_to_end(self, *, of_source: bool) -> None:
        sheet = self._page.board.sheet
        for key in self._chosen_links()[:1]:
            link = sheet.links.link(sheet.links.rows[sheet.prefix + key])
            end = (link.source if of_source else link.target).removeprefix(sheet.prefix)
            self._page.viewer.select([end])
            self._page.viewer.reveal(end)

    def enable(self) -> None:
        """Let the selected steps take part."""
        self._page.editing.set_enabled(enabled=True)

    def disable(self) -> None:
        """Leave the selected steps out."""
        self._page.editing.set_enabled(enabled=False)

    def wrap(self) -> None:
        """Make a subflow of what is selected."""
        name = self._ask_name(self.tr("Wrap into a subflow"), self.tr("Name of the subflow:"), "subflow")
        if name is not None:
            self._page.editing.wrap(name)

    def unwrap(self) -> None:
        """Put what is in a subflow in its place."""
        for key in self._page.viewer.selected_keys():
            if isinstance(self._page.board.level.steps.get(key), Subflow):
                self._page.editing.unwrap(key)

    def expand(self) -> None:
        """Show what is in the selected subflows where they are; go into the one that is shown so already."""
        board = self._page.board
        steps = [board.level.steps.get(key) for key in self._page.viewer.selected_keys()]
        if any(isinstance(step, Subflow) and not step.expanded for step in steps):
            self._page.editing.expand(expanded=True)
        elif step := next((step for step in steps if isinstance(step, Subflow)), None):
            board.work_in(step.id)

    def collapse(self) -> None:
        """Make a card of each selected subflow again, or of the one in whose frame one works."""
        page = self._page
        subflows = [key for key in page.viewer.selected_keys() if isinstance(page.board.level.steps.get(key), Subflow)]
        if not subflows and page.board.sheet.hand:
            page.board.leave()
        page.editing.expand(expanded=False)

    def move_to_parent(self) -> None:
        """Move what is selected out of the subflow that is shown."""
        self._page.editing.lift()

    def save_subflow_file(self) -> None:
        """Write the selected subflow, with all it needs, to a flow file of its own."""
        page = self._page
        steps = [step for key in page.viewer.selected_keys() if isinstance(step := page.board.level.steps.get(key), Subflow)]
        if len(steps) != 1:
            self._window.tell(self.tr("Select one subflow to download its definition."))
            return
        step = steps[0]
        name = step.name or step.flow
        path, _ = QFileDialog.getSaveFileName(
            self._window,
            self.tr("Download the flow definition"),
            str(page.book.folder / f"{step.flow}.flow.yaml"),
            flow_files(),
        )
        if path:
            self.go(self._write(page.document.flow, step.id, name, page.board.within, Path(path)))

    async def _write(self, flow: Flow, step: str, name: str, within: str, path: Path) -> None:
        from engine.client.pattern import make_pattern, save_pattern

        definition = make_pattern(flow, [step], name, "", (), within)
        await asyncio.to_thread(save_pattern, definition, path)
        self._window.tell(self.tr("Saved to {}").format(path))

    def save_pattern(self) -> None:
        """Keep what is selected in the pattern library."""
        self._window.library.save_selection(self._page)
