"""ArrangeCommands, the actions that put parts in order."""

from __future__ import annotations

from app.window.command.command_group import CommandGroup


class ArrangeCommands(CommandGroup):
    """Parts are laid out, aligned and distributed."""

    def arrange(self) -> None:
        """Lay out."""
        self._page.editing.arrange()
        self._page.viewer.fit()

    def bring_to_front(self) -> None:
        """Over all else of its kind."""
        self._page.editing.bring_to_front()

    def send_to_back(self) -> None:
        """Below all else of its kind."""
        self._page.editing.send_to_back()

    def align_left(self) -> None:
        """In line at the left."""
        self._page.editing.align("left")

    def align_centre(self) -> None:
        """In line upright."""
        self._page.editing.align("centre")

    def align_right(self) -> None:
        """In line at the right."""
        self._page.editing.align("right")

    def align_top(self) -> None:
        """In line at the top."""
        self._page.editing.align("top")

    def align_middle(self) -> None:
        """In line level."""
        self._page.editing.align("middle")

    def align_bottom(self) -> None:
        """In line at the bottom."""
        self._page.editing.align("bottom")

    def distribute_across(self) -> None:
        """Equal gaps from left to right."""
        self._page.editing.distribute("x")

    def distribute_down(self) -> None:
        """Equal gaps from top to bottom."""
        self._page.editing.distribute("y")
