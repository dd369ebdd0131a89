"""LineageDialog, what came to a processor and left it, and where each message came from and what became of it."""

from __future__ import annotations

import time
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QScrollArea,
    QSplitter,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.results.asking_dialog import AskingDialog
from app.results.lineage_tree import LineageTree
from app.theme.icon import icon
from app.words import counted
from engine.client.cluster_link import ClusterLink
from engine.client.engine import Engine


class LineageDialog(AskingDialog):
    """Of a processor (`step`): its latest messages, and the one that is chosen; or of one `message`."""

    def __init__(
        self, engine: Engine | ClusterLink, flow: str, *, step: str = "", message: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(flow, parent)
        self._engine = engine
        self._step = step
        self._message = message
        self._events: list[Any] = []
        self._places: list[Any] = []
        self.setWindowTitle(self.tr("Data provenance of {}").format(step or message))
        self.resize(1040, 640)
        self.events = self._table(self.tr("Messages"), [self.tr("Time"), self.tr("What"), self.tr("Queue"), self.tr("Message")])
        self.events.currentCellChanged.connect(self._on_event_chosen)
        self.events.setVisible(bool(step))
        self.tree = LineageTree()
        self.tree.chosen.connect(self._on_place_clicked)
        self._area = QScrollArea()
        self._area.setWidget(self.tree)
        self._area.setWidgetResizable(True)
        self.places = self._table(
            self.tr("Places"), [self.tr("Time"), self.tr("Processor"), self.tr("Queue"), self.tr("What became of it")]
        )
        self.places.currentCellChanged.connect(self._on_place_chosen)
        split = QSplitter(Qt.Orientation.Vertical)
        for widget, stretch in ((self.events, 2), (self._area, 3), (self.places, 2)):
            split.addWidget(widget)
            split.setStretchFactor(split.count() - 1, stretch)
        split.setSizes([200, 240, 180])
        for table, widths in ((self.events, (120, 120, 0, 300)), (self.places, (120, 180, 0, 180))):
            for column, width in enumerate(widths):
                if width:
                    table.setColumnWidth(column, width)
        refresh = QPushButton(icon("restart"), self.tr("Refresh"))
        refresh.clicked.connect(self.refresh)
        row = QHBoxLayout()
        row.addWidget(self.status, 1)
        row.addWidget(refresh)
        layout = QVBoxLayout(self)
        layout.addWidget(split)
        layout.addLayout(row)
        self.refresh()

    @staticmethod
    def _table(name: str, columns: list[str]) -> QTableWidget:
        table = QTableWidget(0, len(columns))
        table.setAccessibleName(name)
        table.setHorizontalHeaderLabels(columns)
        table.horizontalHeader().setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(24)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setTabKeyNavigation(False)
        return table

    def refresh(self) -> None:
        """Look again."""
        self._go(self._load_events() if self._step else self._load_trace(self._message))

    async def _load_events(self) -> None:
        self._events = await self._engine.lineage_events(self._flow, self._step)
        words = {
            "arrived": self.tr("arrived"),
            "sent": self.tr("sent"),
            "failed": self.tr("failed for good"),
            "edited": self.tr("edited by hand"),
        }
        self.events.setRowCount(len(self._events))
        for row, event in enumerate(self._events):
            _fill(self.events, row, (_time(event.at_ms), _by(words[event.kind], event.by), _arrow(event.queue), event.message))
        one, many = self.tr("The last message"), self.tr("The last {} messages")
        nothing = self.tr("No message has come to it or left it by a queue; fused processors pass theirs on without one.")
        self.status.setText(counted(len(self._events), one, many) if self._events else nothing)
        if self._events:
            self.events.selectRow(0)

    def _on_event_chosen(self, row: int, *_: int) -> None:
        if 0 <= row < len(self._events):
            self._go(self._load_trace(self._events[row].message))

    async def _load_trace(self, message: str) -> None:
        trace = await self._engine.trace(self._flow, message)
        became = {
            "source": self.tr("made here"),
            "waiting": self.tr("waits"),
            "dead": self.tr("failed for good"),
            "passed": self.tr("passed on"),
            "ended": self.tr("nothing came of it"),
        }
        self._places = trace.places
        self.tree.show_trace(trace, {place.id: (place.step, became[place.state]) for place in trace.places})
        self.places.setRowCount(len(trace.places))
        for row, place in enumerate(trace.places):
            edits = (self.tr("edited {0} by {1}").format(_time(each.at_ms), each.by) for each in place.edits)
            told = ", ".join((became[place.state], *edits))
            _fill(self.places, row, (_time(place.at_ms), place.step, _arrow(place.queue), told))
            if place.id == message:
                self.places.selectRow(row)
        if trace.is_cut:
            self.status.setText(self.tr("There is more than is looked back on."))
        elif not self._step:
            self.status.setText(counted(len(trace.places), self.tr("1 place"), self.tr("{} places")))

    def _on_place_clicked(self, id: str) -> None:
        row = next((row for row, place in enumerate(self._places) if place.id == id), -1)
        self.places.selectRow(row)

    def _on_place_chosen(self, row: int, *_: int) -> None:
        if 0 <= row < len(self._places):
            spot = self.tree.choose(self._places[row].id).toRect()
            self._area.ensureVisible(spot.center().x(), spot.center().y(), spot.width(), spot.height())


def _fill(table: QTableWidget, row: int, words: tuple[str, ...]) -> None:
    for column, text in enumerate(words):
        item = QTableWidgetItem(text)
        item.setToolTip(text)
        table.setItem(row, column, item)


def _time(at_ms: int) -> str:
    return time.strftime("%H:%M:%S", time.localtime(at_ms / 1000)) + f".{at_ms % 1000:03}" if at_ms else ""


def _by(words: str, who: str) -> str:
    return f"{words} ({who})" if who else words


def _arrow(queue: str) -> str:
    return queue.replace("->", " → ")
