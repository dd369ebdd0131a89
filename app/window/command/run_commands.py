"""RunCommands, the actions that have flows and steps run."""

from __future__ import annotations

from app.window.command.command_group import CommandGroup


class RunCommands(CommandGroup):
    """Flows and steps are started and stopped."""

    def run(self) -> None:
        """Have the flow run; where its target is a cluster, see first what that changes there."""
        if self._window.conductor.targets.name_of(self._page):
            self._window.commands.deploy()
        else:
            self.go(self._window.conductor.run(self._page))

    def stop(self) -> None:
        """Have it stop."""
        self.go(self._window.conductor.stop(self._page))

    def start_selected(self) -> None:
        """Start the selected steps."""
        self.go(self._window.conductor.start_steps(self._page, self._page.viewer.selected_keys()))

    def stop_selected(self) -> None:
        """Stop the selected steps."""
        self.go(self._window.conductor.stop_steps(self._page, self._page.viewer.selected_keys()))

    def run_once(self) -> None:
        """One task of each selected step."""
        self.go(self._window.conductor.run_once(self._page, self._page.viewer.selected_keys()))
