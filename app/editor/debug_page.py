"""Where the code stands: its calls, their variables, and the ways on."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QListWidget,
    QPushButton,
    QSplitter,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.theme.icon import icon
from app.theme.style_sheet import set_look

if TYPE_CHECKING:  # what a debugger takes is imported when somebody debugs
    from app.editor.debug_session import DebugSession, Standing
    from engine.client.debugger import DebugAddress, Frame, Step, Variable

_REFERENCE = Qt.ItemDataRole.UserRole


class DebugPage(QWidget):
    """Shows a DebugSession, and steers it."""

    line_shown = Signal(int)
    """The code stands at this line, or the call that was chosen does; 0: it runs, or has ended."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session: DebugSession | None = None
        self._address: DebugAddress | None = None
        self._frames: tuple[Frame, ...] = ()
        self._line = 0
        self._open: dict[int, QTreeWidgetItem] = {}
        self.state = QLabel(self)
        set_look(self.state, "muted")
        self.state.setWordWrap(True)
        self.state.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.calls = QListWidget(self)
        self.calls.setAccessibleName(self.tr("Calls"))
        self.variables = QTreeWidget(self)
        self.variables.setAccessibleName(self.tr("Variables"))
        self.variables.setHeaderLabels([self.tr("Variable"), self.tr("Value"), self.tr("Type")])
        self.buttons: dict[Step, QPushButton] = {
            "continue": self._button("continue", self.tr("Continue"), "run", "F5"),
            "next": self._button("next", self.tr("Step over"), "right", "F10"),
            "stepIn": self._button("stepIn", self.tr("Step in"), "down", "F11"),
            "stepOut": self._button("stepOut", self.tr("Step out"), "leave", "Shift+F11"),
        }
        self.calls.currentRowChanged.connect(self._on_call_chosen)
        self.variables.itemExpanded.connect(self._on_expanded)
        self._arrange()
        self._show_running("")

    def _button(self, step: Step, text: str, picture: str, keys: str) -> QPushButton:
        button = QPushButton(icon(picture), "", self)  # without words, so that the panel can be narrow
        button.setAccessibleName(text)
        button.setToolTip(f"{text} ({keys})")
        button.clicked.connect(lambda: self.go(step))
        return button

    def _arrange(self) -> None:
        row = QHBoxLayout()
        row.setContentsMargins(6, 4, 6, 4)
        row.setSpacing(6)
        for button in self.buttons.values():
            row.addWidget(button)
        row.addWidget(self.state, 1)
        split = QSplitter(Qt.Orientation.Horizontal, self)
        split.addWidget(self.calls)
        split.addWidget(self.variables)
        split.setStretchFactor(0, 1)
        split.setStretchFactor(1, 3)
        split.setChildrenCollapsible(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        column.addWidget(split, 1)

    @property
    def is_standing(self) -> bool:
        """Whether the code stands."""
        return bool(self._frames)

    def show_session(self, session: DebugSession) -> None:
        """Be about this session from its beginning."""
        self.end()
        self._session = session
        session.listening.connect(self._on_listening)
        session.stopped.connect(self._on_stopped)
        session.resumed.connect(lambda: self._show_running(self.tr("Running …")))
        session.left.connect(lambda _: self._show_running(self.tr("The host has ended")))
        session.looked_into.connect(self._on_looked_into)
        session.failed.connect(self.state.setText)
        self._show_running(self.tr("Starting …"))

    def end(self) -> None:
        """The session has ended."""
        session, self._session, self._address = self._session, None, None
        if session is not None:
            session.blockSignals(True)  # noqa: FBT003 - Qt's way; what was on its way is of no interest any more
            session.deleteLater()
        self._show_running("")

    def go(self, step: Step) -> None:
        """Continue, or go one step."""
        if self._session is not None:
            self._session.go(step)

    def set_lines(self, lines: list[int]) -> None:
        """Stop at these lines from now on."""
        if self._session is not None and self._address is not None:
            self._session.set_lines(self._address, lines)

    def _show_running(self, words: str) -> None:
        self._frames = ()
        self.state.setText(words)
        self.calls.clear()
        self._clear_variables()
        for button in self.buttons.values():
            button.setEnabled(False)
        self._tell_line(0)

    def show_line(self) -> None:
        """Tell once more where the code stands."""
        self.line_shown.emit(self._line)

    def _tell_line(self, line: int) -> None:
        self._line = line
        self.line_shown.emit(line)

    def _on_listening(self, address: DebugAddress) -> None:
        self._address = address
        self.state.setText(self.tr("Running; the host listens at {0}").format(address))

    def _on_stopped(self, standing: Standing) -> None:
        self._frames = standing.stop.frames
        for button in self.buttons.values():
            button.setEnabled(True)
        own = self._own_file
        self.calls.blockSignals(True)  # noqa: FBT003 - Qt's way; the first is shown with what has come along
        self.calls.clear()
        for frame in self._frames:
            place = frame.line if frame.file == own else f"{Path(frame.file).name}:{frame.line}"
            self.calls.addItem(f"{frame.name} · {place}")
        self.calls.setCurrentRow(0)
        self.calls.blockSignals(False)  # noqa: FBT003
        self._show_variables(standing.variables)
        line = self._line_of(0)
        self.state.setText(self.tr("Stopped at line {0}").format(line) if line else self.tr("Stopped in other code"))
        self._tell_line(line)

    @property
    def _own_file(self) -> str:
        return str(self._address.file) if self._address is not None else ""

    def _line_of(self, row: int) -> int:
        """Where the innermost call of the processor's own code stands, from this one on."""
        return next((frame.line for frame in self._frames[row:] if frame.file == self._own_file), 0)

    def _on_call_chosen(self, row: int) -> None:
        if self._session is not None and 0 <= row < len(self._frames):
            self._session.look_into(self._frames[row])
            self._tell_line(self._line_of(row))

    def _on_looked_into(self, place: Frame | int, variables: list[Variable]) -> None:
        if not isinstance(place, int):
            if place in self._frames:
                self._show_variables(variables)
        elif (item := self._open.get(place)) is not None:
            item.takeChildren()
            item.addChildren([self._item(each) for each in variables])

    def _on_expanded(self, item: QTreeWidgetItem) -> None:
        if self._session is not None:
            self._open[item.data(0, _REFERENCE)] = item
            self._session.look_into(item.data(0, _REFERENCE))

    def _clear_variables(self) -> None:
        self._open.clear()
        self.variables.clear()

    def _show_variables(self, variables: list[Variable] | tuple[Variable, ...]) -> None:
        self._clear_variables()
        self.variables.addTopLevelItems([self._item(each) for each in variables])

    def _item(self, variable: Variable) -> QTreeWidgetItem:
        item = QTreeWidgetItem([variable.name, variable.value, variable.type])
        item.setToolTip(1, variable.value)
        item.setData(0, _REFERENCE, variable.reference)
        if variable.reference:
            item.setChildIndicatorPolicy(QTreeWidgetItem.ChildIndicatorPolicy.ShowIndicator)
        return item
