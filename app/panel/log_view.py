"""LogView, the table of a log: follows the newest line as long as one looks at it, opens what is folded, goes to steps."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QModelIndex, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from app.panel.log_model import STEP, TEXT, TIME, LogModel
from app.panel.panel import OwnKeys
from app.panel.row_delegate import RowDelegate
from app.theme.fonts import wear_code_font, wear_icon_size
from app.theme.style_sheet import set_look

_ROOM = 6


class LogView(OwnKeys, QTableView):
    """Shows a LogModel. It follows the newest line until one scrolls up, and again when one has come down to it."""

    step_chosen = Signal(str)
    """The id of a step that one wants to see."""
    follows_changed = Signal(bool)
    """Whether it follows."""

    def __init__(self, log: LogModel) -> None:
        super().__init__()
        self.setShowGrid(False)
        self.setWordWrap(False)
        set_look(self, "flush")
        wear_icon_size(self, 12)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerItem)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)
        wear_code_font(self, 0.9)
        self.setItemDelegateForColumn(TEXT, RowDelegate(self))
        rows = self.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setMinimumSectionSize(1)
        self.setModel(log)
        columns = self.horizontalHeader()
        columns.setStretchLastSection(True)
        columns.setHighlightSections(False)
        columns.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self._measure()
        self._follows = True
        self._changing = False
        """While lines come and go, the bar is not moved by the user."""
        self.clicked.connect(self._on_clicked)
        self.verticalScrollBar().valueChanged.connect(self._on_scrolled)
        self.verticalScrollBar().rangeChanged.connect(self._on_range_changed)

    def _measure(self) -> None:
        """Rows and columns as the font wants them."""
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + _ROOM)
        self.setColumnWidth(TIME, self.fontMetrics().horizontalAdvance("00:00:00.000") + 44)
        self.setColumnWidth(STEP, self.fontMetrics().horizontalAdvance("m") * 18)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """The font of code is another."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._measure()

    @property
    def log(self) -> LogModel:
        """What it shows."""
        model = self.model()
        assert isinstance(model, LogModel)
        return model

    def show_log(self, log: LogModel) -> None:
        """Show another log, its newest line first."""
        if log is self.model():
            return
        before = self.selectionModel()
        self.setModel(log)
        before.deleteLater()
        self.follow(wanted=True)

    @property
    def follows(self) -> bool:
        """Whether it stays with the newest line."""
        return self._follows

    def follow(self, *, wanted: bool) -> None:
        """Stay with the newest line from now on, or where one looks."""
        if wanted:
            self.scrollToBottom()
        if wanted != self._follows:
            self._follows = wanted
            self.follows_changed.emit(wanted)

    def _on_scrolled(self, value: int) -> None:
        if not self._changing:
            self.follow(wanted=value >= self.verticalScrollBar().maximum())

    def _on_range_changed(self, _: int, most: int) -> None:
        """Lines came, or the panel has another height."""
        if self._follows:
            self.verticalScrollBar().setValue(most)

    def keep(self, change: Callable[[], int]) -> None:
        """Make a change that takes rows away at the top (returns how many): stay where one looks, or with the newest line."""
        follows, bar = self._follows, self.verticalScrollBar()
        at = bar.value()
        self._changing = True
        gone = change()
        if follows:
            self.scrollToBottom()
        elif gone:
            bar.setValue(max(0, at - gone))
        self._changing = False

    def copy(self) -> None:
        """The selected rows as text, all if none is selected, to the clipboard."""
        rows = sorted({index.row() for index in self.selectionModel().selectedRows()})
        log = self.log
        chosen = rows or range(log.rowCount())
        heads = {row for row in chosen if log.is_head(row)}
        texts = [log.text(row) for row in chosen if row in heads or log.head_row(row) not in heads]
        if texts:
            QGuiApplication.clipboard().setText("\n".join(texts))

    def go_to_step(self) -> None:
        """Go to the step of the current row."""
        index = self.currentIndex()
        if index.isValid() and (step := self.log.said(index.row()).line.step):
            self.step_chosen.emit(step)

    def _on_clicked(self, index: QModelIndex) -> None:
        row = index.row()
        if index.column() == STEP and self.log.is_head(row):
            self.go_to_step()
        elif index.column() == TEXT and self.log.is_head(row) and not QGuiApplication.keyboardModifiers():
            self.log.set_open(row, is_open=not self.log.is_open(row))

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Right and Left open and close a line, Return goes to its step."""
        index = self.currentIndex()
        if not index.isValid():
            super().keyPressEvent(event)
        elif event.key() in (Qt.Key.Key_Right, Qt.Key.Key_Left):
            head = self.log.index(self.log.head_row(index.row()), index.column())
            self.setCurrentIndex(head)
            self.log.set_open(head.row(), is_open=event.key() == Qt.Key.Key_Right)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.go_to_step()
        else:
            super().keyPressEvent(event)
