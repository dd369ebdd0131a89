"""EditCommands, the actions of the Edit menu."""

from __future__ import annotations

from PySide6.QtGui import QColor, QContextMenuEvent, QGuiApplication
from PySide6.QtWidgets import QApplication, QColorDialog

from app.window.command.command_group import CommandGroup


class EditCommands(CommandGroup):
    """Parts are copied, deleted, selected, added, renamed."""

    def cut(self) -> None:
        """To the clipboard, and away."""
        self._to_clipboard(self._page.editing.cut())

    def copy(self) -> None:
        """To the clipboard."""
        self._to_clipboard(self._page.editing.copy())

    @staticmethod
    def _to_clipboard(text: str) -> None:
        if text:
            QGuiApplication.clipboard().setText(text)

    def paste(self) -> None:
        """From the clipboard, where the pointer is."""
        viewer = self._page.viewer
        spot = viewer.spot_of(viewer.mapToScene(viewer.pointer)) if viewer.underMouse() else viewer.middle
        if not self._page.editing.paste(QGuiApplication.clipboard().text(), (spot.x(), spot.y())):
            self._window.tell(self.tr("The clipboard holds no part of a flow."))

    def duplicate(self) -> None:
        """A second copy."""
        self._page.editing.duplicate()

    def delete(self) -> None:
        """Away with it."""
        self._page.delete()

    def delete_and_heal(self) -> None:
        """Away with it, and its neighbours joined."""
        self._page.editing.delete(heal=True)

    def select_all(self) -> None:
        """Everything."""
        self._page.viewer.select_all()

    def select_upstream(self) -> None:
        """Everything that leads here."""
        self._select_reached(upstream=True)

    def select_downstream(self) -> None:
        """Everything that this leads to."""
        self._select_reached(upstream=False)

    def _select_reached(self, *, upstream: bool) -> None:
        board = self._page.board
        keys = [key for key in board.sheet.selected() if key in board.sheet.cards.rows]
        self._page.viewer.choose(sorted(board.graph.reached(keys, upstream=upstream)), board.sheet.hand)

    def add_part(self) -> None:
        """Offer what can be added."""
        self._page.ask_for_part()

    def draw_connection(self) -> None:
        """Draw a connection by keys."""
        self._page.viewer.setFocus()
        self._page.viewer.keyboard.connect()

    def open_menu(self) -> None:
        """The menu of what has the keyboard."""
        widget = self._focused
        if widget is not None:
            at = widget.rect().center()
            reason = QContextMenuEvent.Reason.Keyboard
            QApplication.sendEvent(widget, QContextMenuEvent(reason, at, widget.mapToGlobal(at)))

    def rename(self) -> None:
        """Give a step another name."""
        keys = [key for key in self._page.viewer.selected_keys() if key in self._page.board.level.steps]
        if len(keys) == 1:
            step = self._page.board.level.steps[keys[0]]
            name = self._ask_name(self.tr("Rename"), self.tr("Name of '{}':").format(step.id), step.name or step.id)
            if name is not None:
                self._page.editing.rename(step.id, "" if name == step.id else name)

    def set_color(self) -> None:
        """Colour what is selected."""
        color = QColorDialog.getColor(self._color_at_hand(), self._window, self.tr("Colour"))
        if color.isValid():
            self._page.editing.set_color(color.name())

    def _color_at_hand(self) -> QColor:
        """The colour that the first selected part with one has."""
        level = self._page.board.level
        labels = {f"label:{id}": label for id, label in level.labels.items()}
        parts = {**level.steps, **level.connections, **labels}
        colors = (parts[key].color for key in self._page.viewer.selected_keys() if key in parts)
        return QColor(next(filter(None, colors), "#ffffff"))
