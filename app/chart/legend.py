"""Legend, the counters of a chart: which are drawn, in which colour, and what they come to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QHeaderView, QTreeWidget, QTreeWidgetItem, QWidget

from app.chart.counter import Counter
from app.chart.line import Key, color_of, figure
from app.chart.subject import Subject

_KEY = Qt.ItemDataRole.UserRole


class Legend(QTreeWidget):
    """A tick draws a line, by mouse or Space. What was chosen holds for other parts of the same kind, too."""

    toggled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("What the chart shows"))
        self.setColumnCount(2)
        self.setHeaderHidden(True)
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setIndentation(12)
        self.setIconSize(QSize(12, 12))
        self.setMinimumWidth(150)
        self.header().setStretchLastSection(False)
        self.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        self._chosen: dict[tuple[str, ...], set[str]] = {}
        """Ids of counters, by the counters that a kind of part has."""
        self._items: dict[Key, QTreeWidgetItem] = {}
        self.itemChanged.connect(self._on_item_changed)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Wide enough for the names, beside a chart."""
        return QSize(190, 120)

    def is_chosen(self, subject: Subject, counter: Counter) -> bool:
        """Whether a line is drawn."""
        return counter.id in self._choice(subject)

    def _choice(self, subject: Subject) -> set[str]:
        kind = tuple(counter.id for counter in subject.counters)
        return self._chosen.setdefault(kind, set(subject.usual))

    def show_subjects(self, subjects: Sequence[Subject]) -> None:
        """List the counters of these; of several, under their names."""
        with QSignalBlocker(self):
            self.clear()
            self._items = {}
            for number, subject in enumerate(subjects):
                parent: QTreeWidget | QTreeWidgetItem = self
                if len(subjects) > 1:
                    parent = QTreeWidgetItem(self, [subject.name])
                    parent.setToolTip(0, subject.name)
                    parent.setFirstColumnSpanned(True)
                for counter in subject.counters:
                    self._add(parent, subject, counter, color_of(subject, counter, number=number, among=len(subjects)))
            self.expandAll()

    def _add(self, parent: QTreeWidget | QTreeWidgetItem, subject: Subject, counter: Counter, color: str) -> None:
        item = QTreeWidgetItem(parent, [counter.name])
        item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
        item.setCheckState(0, Qt.CheckState.Checked if self.is_chosen(subject, counter) else Qt.CheckState.Unchecked)
        item.setIcon(0, _swatch(color))
        item.setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        item.setToolTip(0, f"{counter.name} ({counter.unit_name})")
        item.setData(0, _KEY, (subject, counter))
        self._items[Key(subject.part, counter.id)] = item

    def item_of(self, key: Key) -> QTreeWidgetItem:
        """The row of a line."""
        return self._items[key]

    def show_values(self, values: Mapping[Key, float]) -> None:
        """What lines come to; those without have nothing beside their names."""
        with QSignalBlocker(self):
            for key, item in self._items.items():
                item.setText(1, figure(values[key]) if key in values else "")

    def _on_item_changed(self, item: QTreeWidgetItem, column: int) -> None:
        data = item.data(0, _KEY)
        if data is None or column != 0:
            return
        subject, counter = data
        choice = self._choice(subject)
        if item.checkState(0) == Qt.CheckState.Checked:
            choice.add(counter.id)
        else:
            choice.discard(counter.id)
        self._tick(subject.counters)
        self.toggled.emit()

    def _tick(self, counters: Sequence[Counter]) -> None:
        """Parts of one kind have the same choice: tick the others as well."""
        with QSignalBlocker(self):
            for item in self._items.values():
                subject, counter = item.data(0, _KEY)
                if subject.counters == counters:
                    is_chosen = self.is_chosen(subject, counter)
                    item.setCheckState(0, Qt.CheckState.Checked if is_chosen else Qt.CheckState.Unchecked)


def _swatch(color: str) -> QIcon:
    pixmap = QPixmap(24, 24)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(color))
    painter.drawRoundedRect(2, 2, 20, 20, 5, 5)
    painter.end()
    return QIcon(pixmap)
