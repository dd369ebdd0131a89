"""FlowsDialog, which lets one choose among the stored flows."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QVBoxLayout, QWidget

from app.flows.flow_list import FlowList


class FlowsDialog(QDialog):
    """A FlowList, and a button that opens what is selected in it. It closes when a flow is opened."""

    def __init__(self, flows: FlowList, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Stored flows"))
        self.resize(460, 480)
        self.flows = flows
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Open | QDialogButtonBox.StandardButton.Close)
        column = QVBoxLayout(self)
        column.setContentsMargins(4, 4, 4, 8)
        column.addWidget(flows, 1)
        column.addWidget(self.buttons)
        self.buttons.accepted.connect(self._on_open_pressed)
        self.buttons.rejected.connect(self.reject)
        flows.opened.connect(lambda _: self.accept())
        flows.field.setFocus()

    def _on_open_pressed(self) -> None:
        chosen = self.flows.chosen
        if chosen is not None:
            self.flows.opened.emit(chosen.id)
