"""TestsPage, the samples that a processor keeps with what is expected of them."""

from __future__ import annotations

import html
from collections.abc import Sequence
from contextlib import aclosing
from typing import TYPE_CHECKING

from msgspec import structs
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QPushButton,
    QSplitter,
    QTableWidgetItem,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from app.editor.background import Work
from app.editor.bench import Subject
from app.editor.colors import EditorColors
from app.editor.sample import shown
from app.results.row_table import RowTable
from app.theme.icon import icon
from app.theme.style_sheet import set_look
from engine.model.flow import Sample

if TYPE_CHECKING:
    from engine.client.sample import Result

_SHOWN = 120
_NAME, _SAMPLE, _EXPECTED, _RESULT = range(4)


class TestsPage(QWidget):
    """Lists the tests of a processor, runs them, and shows what came otherwise. Its edits are asked for by `edited`."""

    __test__ = False
    edited = Signal(tuple)
    """The tests as they are wanted."""
    chosen = Signal(object)
    """This Sample is wanted as the sample to try."""
    ran = Signal(int, int)
    """So many tests have run, so many of them failed."""

    def __init__(self, colors: EditorColors, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._colors = colors
        self._subject: Subject | None = None
        self._samples: tuple[Sample, ...] = ()
        self._results: dict[int, Result] = {}
        self._work: Work | None = None
        self._is_filling = False
        headings = (self.tr("Test"), self.tr("Sample"), self.tr("Expected"), self.tr("Result"))
        self.table = RowTable(self.tr("Tests"), headings, wide=_EXPECTED)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.DoubleClicked | QAbstractItemView.EditTrigger.EditKeyPressed)
        self.details = QTextBrowser(self)
        self.details.setAccessibleName(self.tr("What came otherwise"))
        self.details.setPlaceholderText(self.tr("What a test that failed has made instead appears here"))
        self.run_button = QPushButton(icon("run"), self.tr("Run all"))
        # By picture alone: the panel stands beside the canvas, whose room words would take.
        self.use_button = self._picture("edit", self.tr("Use as sample"))
        self.accept_button = self._picture("check", self.tr("Expect what came"))
        self.accept_button.setToolTip(self.tr("What the test has made just now is right, and expected from now on"))
        self.delete_button = self._picture("trash", self.tr("Delete"))
        for button in self._buttons():
            set_look(button, "flat")
        self._arrange()
        self.table.currentCellChanged.connect(lambda *_: self._show_details())
        self.table.itemChanged.connect(self._on_item_changed)
        self.run_button.clicked.connect(self.run)
        self.use_button.clicked.connect(lambda: self.chosen.emit(self._samples[self.table.currentRow()]))
        self.accept_button.clicked.connect(self._on_accept_clicked)
        self.delete_button.clicked.connect(self._on_delete_clicked)
        self._show_details()

    @staticmethod
    def _picture(name: str, text: str) -> QPushButton:
        button = QPushButton(icon(name), "")
        button.setAccessibleName(text)
        button.setToolTip(text)
        return button

    def _buttons(self) -> tuple[QPushButton, ...]:
        return self.run_button, self.use_button, self.accept_button, self.delete_button

    def _arrange(self) -> None:
        row = QHBoxLayout()
        row.setContentsMargins(4, 2, 4, 2)
        for button in self._buttons():
            row.addWidget(button)
        row.addStretch(1)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.addWidget(self.table)
        split.addWidget(self.details)
        split.setSizes([500, 300])
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        column.addWidget(split, 1)

    def show_subject(self, subject: Subject | None) -> None:
        """Be about a processor; results stay with tests that are the same as before."""
        samples = subject.processor.tests if subject is not None else ()
        is_other = subject is None or self._subject is None or subject.processor.id != self._subject.processor.id
        kept = {} if is_other else self._results
        found = {number: kept[number] for number in kept if number < len(samples) and samples[number] is self._samples[number]}
        self._subject, self._results = subject, found
        if samples != self._samples or is_other:
            self._samples = samples
            self._fill()
        self._show_details()

    def set_colors(self, colors: EditorColors) -> None:
        """Paint in other colours."""
        self._colors = colors
        self._fill()

    # -- runs

    def run(self) -> None:
        """Run all tests; nothing while they run."""
        if self._subject is None or self._work is not None or not self._samples:
            return
        self._results = {}
        self._fill()
        self.run_button.setEnabled(False)
        self._work = Work(self)
        self._work.done.connect(self._on_ran)
        self._work.failed.connect(self._on_failed)
        self._work.cancelled.connect(self._forget_work)
        self._work.start(_results(self._subject))

    def cancel(self) -> None:
        """End what runs."""
        if self._work is not None:
            self._work.cancel()

    def _on_ran(self, results: list[Result]) -> None:
        self._forget_work()
        if len(results) == len(self._samples):  # otherwise others have come or gone meanwhile
            self._results = dict(enumerate(results))
            self._fill()
            self.ran.emit(len(results), sum(not each.passed for each in results))

    def _on_failed(self, error: object) -> None:
        self._forget_work()
        self.details.setPlainText(str(error))

    def _forget_work(self) -> None:
        if self._work is not None:
            self._work.deleteLater()
            self._work = None
        self.run_button.setEnabled(bool(self._samples))

    # -- what is shown

    def _fill(self) -> None:
        self._is_filling = True
        row = max(0, self.table.currentRow())
        self.table.setRowCount(len(self._samples))
        for number, sample in enumerate(self._samples):
            result = self._results.get(number)
            expected = self.tr("nothing fails") if sample.expect is None else _line(sample.expect)
            words = (sample.name, _line(sample.content), expected, self._verdict(result))
            for column, text in enumerate(words):
                item = QTableWidgetItem(text)
                if column != _NAME:
                    item.setFlags(item.flags() & ~Qt.ItemFlag.ItemIsEditable)
                self.table.setItem(number, column, item)
            if result is not None:
                last = self.table.item(number, _RESULT)
                assert last is not None
                last.setIcon(icon("check" if result.passed else "close", role="running" if result.passed else "error"))
        if self._samples:
            self.table.selectRow(min(row, len(self._samples) - 1))
        self._is_filling = False
        self._show_details()

    def _verdict(self, result: Result | None) -> str:
        if result is None:
            return ""
        return self.tr("passed") if result.passed else self.tr("failed")

    def _show_details(self) -> None:
        row = self.table.currentRow()
        is_one = 0 <= row < len(self._samples)
        result = self._results.get(row)
        self.run_button.setEnabled(bool(self._samples) and self._work is None)
        self.use_button.setEnabled(is_one)
        self.delete_button.setEnabled(is_one)
        self.accept_button.setEnabled(result is not None and bool(result.differing))
        self.details.setHtml(self._page(result) if result is not None and not result.passed else "")

    def _page(self, result: Result) -> str:
        parts = [self._pre(result.error, self._colors.error)] if result.error else []
        if result.traceback:
            parts.append(self._pre(result.traceback, self._colors.comment))
        for each in result.differing:
            parts.append(f"<p style='margin:4px 0 2px 0'><b>{html.escape(each.port)}</b></p>")
            roles = {"-": self._colors.error, "+": self._colors.success}
            parts += (self._pre(line, roles.get(line[:1], self._colors.comment)) for line in each.lines()[:200])
        return "".join(parts)

    def _pre(self, text: str, color: str) -> str:
        return f"<pre style='margin:0; color:{color}; white-space:pre-wrap'>{html.escape(text)}</pre>"

    # -- edits

    def _on_item_changed(self, item: QTableWidgetItem) -> None:
        if not self._is_filling and item.column() == _NAME:
            self._edit(item.row(), structs.replace(self._samples[item.row()], name=item.text().strip()))

    def _on_accept_clicked(self) -> None:
        row = self.table.currentRow()
        sample, result = self._samples[row], self._results[row]
        expect = dict(sample.expect or {})
        expect.update({each.port: each.made for each in result.differing})
        self._edit(row, structs.replace(sample, expect={port: made for port, made in expect.items() if made}))

    def _on_delete_clicked(self) -> None:
        row = self.table.currentRow()
        self.edited.emit((*self._samples[:row], *self._samples[row + 1 :]))

    def _edit(self, row: int, sample: Sample) -> None:
        if sample != self._samples[row]:
            self.edited.emit((*self._samples[:row], sample, *self._samples[row + 1 :]))


async def _results(subject: Subject) -> Sequence[Result]:
    from engine.client.flow import Opened
    from engine.client.sample import run_samples, subjects

    opened = Opened(subject.flow, subject.folder, "")
    async with aclosing(run_samples(opened, subjects(opened, ())[0])) as made:
        return [result async for result in made]


def _line(content: object) -> str:
    return " ".join(shown(content).split())[:_SHOWN]
