"""PortsPage: the ports of a step, what is connected to each, and which outputs are dropped on purpose."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QLabel, QPushButton, QVBoxLayout, QWidget

from app.form.form import Form
from app.inspector.gesture import Gestures
from app.inspector.page import Page
from app.inspector.settings_page import PartPage
from app.inspector.subject import Subject
from app.theme.icon import icon
from app.theme.style_sheet import set_look
from engine.client.part_setting import part_settings
from engine.client.parts import ports
from engine.model import edits
from engine.model.flow import Processor, Subflow
from engine.model.ports import FAILURE

_MOST_SHOWN = 30

Row = tuple[str, tuple[tuple[str, str], ...], bool, str]
"""A port: its name, (key of the connection, other end) each, whether it is dropped, what is to be said of it."""


class PortsPage(Page):
    """Inputs and outputs with their connections; user code can have others."""

    part_chosen = Signal(str)
    """A connection, by its key, is wanted."""

    def __init__(self, subject: Subject, gestures: Gestures, parent: QWidget | None = None) -> None:
        super().__init__(subject, gestures, parent)
        self._shown: tuple[list[Row], list[Row]] | None = None
        self._rows = QWidget(self)
        self._layout = self._column(self._rows)
        part = subject.part()
        settings = [setting for setting in part_settings(part)["ports"] if setting.name != "auto_terminate"] if part else []
        self._own = PartPage(subject, settings, gestures, self, margin=0)
        if settings:
            self._layout.insertWidget(1, _words(self.tr("Ports of the code"), "heading", self))
        self._own.setVisible(bool(settings))
        self._layout.insertWidget(2, self._own)
        self.refresh()

    def turn_to(self, subject: Subject) -> None:
        """Show the ports of another step."""
        self._own.turn_to(subject)
        super().turn_to(subject)

    def forms(self) -> list[Form]:
        """The form of the ports of user code."""
        return [self._own.form]

    def refresh(self) -> None:
        """Show the ports as they are now."""
        self._own.refresh()
        shown = self._picture()
        if shown != self._shown:
            self._shown = shown
            self._build(*shown)

    def set_reasons(self, reasons: Sequence[str]) -> None:
        """Say at the ports' own settings what is wrong with them."""
        super().set_reasons(reasons)
        self._own.set_reasons(reasons)

    def drop_box(self, port: str) -> QCheckBox | None:
        """The box that says whether an output is dropped."""
        return self._rows.findChild(QCheckBox, f"drop {port}")

    def _picture(self) -> tuple[list[Row], list[Row]]:
        scope, part = self.subject.scope, self.subject.part()
        if scope is None or not isinstance(part, Processor | Subflow):
            return [], []
        known = ports(part, scope)
        into: dict[str, list[tuple[str, str]]] = {}
        out: dict[str, list[tuple[str, str]]] = {}
        beginning = f"{part.id}."
        for key, connection in scope.flow.connections.items():
            if connection.target.startswith(beginning):
                into.setdefault(connection.target, []).append((key, connection.source))
            if connection.source.startswith(beginning):
                out.setdefault(connection.source, []).append((key, connection.target))
        inputs: list[Row] = []
        for port in known.inputs:
            found = tuple(into.get(f"{part.id}.{port}", ()))
            inputs.append((port, found, False, "" if found else self.tr("Not connected; nothing would reach it.")))
        outputs: list[Row] = []
        for port in known.outputs:
            found = tuple(out.get(f"{part.id}.{port}", ()))
            dropped = port in part.auto_terminate
            outputs.append((port, found, dropped, "" if found or dropped else self._open(port)))
        return inputs, outputs

    def _open(self, port: str) -> str:
        """What becomes of an output that leads nowhere."""
        return self.tr("Not connected: kept as dead letters.") if port == FAILURE else self.tr("Not connected.")

    def _build(self, inputs: list[Row], outputs: list[Row]) -> None:
        new = QWidget(self)
        layout = QVBoxLayout(new)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        for title, rows, is_output in ((self.tr("Inputs"), inputs, False), (self.tr("Outputs"), outputs, True)):
            heading = QLabel(title, new)
            set_look(heading, "heading")
            layout.addWidget(heading)
            if not rows:
                layout.addWidget(_words(self.tr("None: it is a source.") if not is_output else self.tr("None."), "muted", new))
            for row in rows:
                self._add_row(layout, new, row, is_output=is_output)
            layout.addSpacing(10)
        self._layout.replaceWidget(self._rows, new)
        self._rows.hide()
        self._rows.deleteLater()
        self._rows = new
        new.show()

    def _add_row(self, layout: QVBoxLayout, parent: QWidget, row: Row, *, is_output: bool) -> None:
        port, connections, dropped, words = row
        layout.addWidget(_words(port, "", parent))
        for key, end in connections[:_MOST_SHOWN]:
            button = QPushButton(f"{'→' if is_output else '←'}  {end}", parent)
            button.setIcon(icon("connection", role="muted"))
            set_look(button, "link")
            button.setToolTip(self.tr("Show this connection"))
            button.setAccessibleName(self.tr("Connection {0}").format(key))
            button.clicked.connect(lambda _checked=False, key=key: self.part_chosen.emit(key))
            layout.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        if len(connections) > _MOST_SHOWN:
            layout.addWidget(_words(self.tr("and {0} more").format(len(connections) - _MOST_SHOWN), "small", parent))
        if words:
            layout.addWidget(_words(words, "small", parent))
        if is_output and not connections:
            box = QCheckBox(self.tr("Drop what comes here"), parent)
            box.setObjectName(f"drop {port}")
            box.setAccessibleName(self.tr("Drop what comes to {0}").format(port))
            box.setChecked(dropped)
            box.clicked.connect(lambda checked, port=port: self._on_drop_clicked(port, checked))
            layout.addWidget(box, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addSpacing(4)

    def _on_drop_clicked(self, port: str, dropped: bool) -> None:
        part = self.subject.part()
        if not isinstance(part, Processor | Subflow):
            return
        kept = [other for other in part.auto_terminate if other != port]
        wanted = [*kept, port] if dropped else kept
        document = self.subject.document
        self._gestures.end()
        self.edit(self.tr("what is dropped"), edits.set_auto_terminate(document.flow, part.id, wanted, self.subject.within))


def _words(text: str, look: str, parent: QWidget) -> QLabel:
    label = QLabel(text, parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    if look:
        set_look(label, look)
    return label
