"""HelpCommands, the actions of the Help menu."""

from __future__ import annotations

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QWhatsThis, QWidget

from app.help.shown import show_help, show_help_for
from app.help.topic import topic_of_part
from app.window.command.command_group import CommandGroup

_DESKTOP, _CANVAS, _OWN_PORT = "desktop.md", "desktop.md#draw", "flow-file.md#a-subflow"
_TALL = 200
"""Pixels; what is taller is explained in its middle."""


class HelpCommands(CommandGroup):
    """What helps, and what this is."""

    def show_help(self) -> None:
        """What the manual has about whatever has the keyboard: a field, a panel, the part that is selected."""
        widget = self._focused
        if self._window.page is not None and (widget is None or widget is self._page.viewer):
            show_help(self._topic_of_chosen())
        else:
            show_help_for(widget, _DESKTOP if self._window.page is not None else "")

    def view_documentation(self) -> None:
        """The page about the part that is selected."""
        show_help(self._topic_of_chosen())

    def show_manual(self) -> None:
        """The manual, from its beginning."""
        show_help()

    def _topic_of_chosen(self) -> str:
        chosen = self._page.viewer.selected_keys()
        if not chosen:
            return _CANVAS
        level, key = self._page.board.level, chosen[0]
        part = level.steps.get(key) or level.connections.get(key) or level.labels.get(key.removeprefix("label:"))
        return topic_of_part(part) if part is not None else _OWN_PORT

    def explain_focused(self) -> None:
        """A word about whatever has the keyboard, beside it."""
        widget = self._focused
        while widget is not None and not widget.whatsThis():
            widget = widget.parentWidget()
        if widget is None:
            self.explain_clicked()
        else:
            QWhatsThis.showText(self._beside(self._focused or widget), widget.whatsThis(), widget)

    @staticmethod
    def _beside(widget: QWidget) -> QPoint:
        """Where words about a widget stand: below its beginning; in the middle of a large one."""
        area = widget.rect()
        at = area.center() if area.height() > _TALL else area.bottomLeft()
        return widget.mapToGlobal(at)

    def explain_clicked(self) -> None:
        """A word about whatever is clicked next."""
        QWhatsThis.enterWhatsThisMode()

    def show_shortcuts(self) -> None:
        """Which keys do what, and other ones."""
        self._window.preferences.show().show_shortcuts()

    def show_log_folder(self) -> None:
        """The folder with the program's own log and the reports."""
        from app.crash.place import state_folder
        from app.settings.row import show_folder

        show_folder(state_folder())

    def report_problem(self) -> None:
        """A report that the user wants."""
        self._window.trouble.report_problem()

    def about(self) -> None:
        """What this is."""
        from app.window.about_dialog import AboutDialog

        dialog = AboutDialog(self._window)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
