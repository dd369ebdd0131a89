"""ViewCommands, the actions of the View menu."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication

from app.canvas.measure import MEASURE
from app.theme.current import current_theme
from app.window.command.command_group import CommandGroup

_STEP = 1.25


class ViewCommands(CommandGroup):
    """Where one looks, and what looks how."""

    def zoom_in(self) -> None:
        """Larger."""
        self._page.viewer.zoom(_STEP)

    def zoom_out(self) -> None:
        """Smaller."""
        self._page.viewer.zoom(1 / _STEP)

    def fit(self) -> None:
        """Everything in view."""
        self._page.viewer.fit()

    def fit_selection(self) -> None:
        """What is selected in view."""
        self._page.viewer.fit(self._page.viewer.selected_keys())

    def centre_in_view(self) -> None:
        """What is selected in the middle, at the scale there is."""
        self._page.viewer.centre_on(self._page.viewer.selected_keys())

    def actual_size(self) -> None:
        """1:1."""
        self._page.viewer.look_at(self._page.viewer.centre, MEASURE.unit)

    def go_back(self) -> None:
        """The place in the code before, if that has the keyboard and there is one; otherwise the level before."""
        if not self._goes_in_code(-1):
            self._page.go(-1)

    def go_forward(self) -> None:
        """The place in the code after, or the level after."""
        if not self._goes_in_code(1):
            self._page.go(1)

    def _goes_in_code(self, steps: int) -> bool:
        from app.editor.code_editor import CodeEditor

        focused = QApplication.focusWidget() or self._window.focusWidget()  # a menu may just be closing
        return isinstance(focused, CodeEditor) and focused.trail.go(steps)

    def leave_subflow(self) -> None:
        """One level up."""
        self._page.board.leave()

    def find(self) -> None:
        """Search all parts of the flow."""
        self._window.finder.ask_parts(self._page, self._window.conductor.fullness(self._page))

    def show_commands(self) -> None:
        """Search all actions."""
        self._window.finder.ask_actions(list(self._window.actions_by_id.values()))

    def switch_theme(self) -> None:
        """Dark or light."""
        self._window.preferences.store.change(theme="light" if current_theme().is_dark else "dark")

    def next_place(self) -> None:
        """The keyboard to the next panel."""
        self._window.places.go(1)

    def previous_place(self) -> None:
        """The keyboard to the panel before."""
        self._window.places.go(-1)
