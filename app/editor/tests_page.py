"""TestsPage, the samples that a processor keeps with what is expected of them."""

from __future__ import annotations

import asyncio
import html
from collections.abc import Mapping, Sequence
from contextlib import aclosing
from typing import TYPE_CHECKING

from msgspec import structs
from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QResizeEvent
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

LIMIT_S = 60.0
"""A test that takes longer is stopped, and those behind it are not run."""
_SHOWN = 120
_NARROW_PX = 560
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
        self.limit_s = LIMIT_S
        self._key = ""
        self._subject: Subject | None = None
        self._samples: tuple[Sample, ...] = ()
        self._results: dict[int, Result] = {}
        self._run: _Run | None = None
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
        self.run_button.clicked.connect(self._on_run_clicked)
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
        split = self._split = QSplitter(Qt.Orientation.Horizontal)
        split.addWidget(self.table)
        split.addWidget(self.details)
        split.setSizes([500, 300])
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        column.addWidget(split, 1)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Beside the canvas, where there is no room for both side by side, put what came below the tests."""
        super().resizeEvent(event)
        is_narrow = event.size().width() < _NARROW_PX
        self._split.setOrientation(Qt.Orientation.Vertical if is_narrow else Qt.Orientation.Horizontal)

    def show_subject(self, key: str, subject: Subject | None) -> None:
        """Be about a processor, known by `key`, or about none.

        Results stay with the tests that they are of. When the processor is another, or runs otherwise than it did, they are
        no longer what it makes: they go, and a run ends unheard.
        """
        is_other = key != self._key
        before = self._samples, len(self._results)
        if is_other or _runs_otherwise(subject, self._subject):
            self._drop_run()
            self._results = {}
        samples = subject.processor.tests if subject is not None else ()
        self._results = _moved(self._results, self._samples, samples)
        self._key, self._subject, self._samples = key, subject, samples
        if is_other or before != (samples, len(self._results)):
            self._fill()
        self._show_details()

    @property
    def tally(self) -> tuple[int, int]:
        """Of the results that are shown, how many there are, and how many failed."""
        return len(self._results), sum(not each.passed for each in self._results.values())

    def set_colors(self, colors: EditorColors) -> None:
        """Paint in other colours."""
        self._colors = colors
        self._fill()

    # -- runs

    def run(self) -> None:
        """Run all tests; nothing while they run."""
        if self._subject is None or self._run is not None or not self._samples:
            return
        self._results = {}
        self._fill()
        self._run = _Run(self._subject, self.limit_s, self)
        self._run.work.done.connect(self._on_ran)
        self._run.work.failed.connect(self._on_failed)
        self._run.work.cancelled.connect(self._on_ran)
        self._run.start()
        self._show_running()

    def cancel(self) -> None:
        """End what runs; what has come until then stays."""
        if self._run is not None:
            self._run.work.cancel()

    def _on_run_clicked(self) -> None:
        if self._run is None:
            self.run()
        else:
            self.cancel()

    def _on_ran(self) -> None:
        run = self._drop_run()
        assert run is not None
        # Tests may have come or gone meanwhile.
        self._results = _moved(dict(enumerate(run.results)), run.subject.processor.tests, self._samples)
        self._fill()
        self.ran.emit(*self.tally)

    def _on_failed(self, error: object) -> None:
        self._drop_run()
        self.details.setPlainText(str(error))

    def _drop_run(self) -> _Run | None:
        """Have no run any more; one that is not at its end is ended, and nobody hears of it."""
        run, self._run = self._run, None
        if run is not None:
            run.work.blockSignals(True)  # noqa: FBT003 - Qt's
            run.work.cancel()
            run.work.deleteLater()
        self._show_running()
        return run

    def _show_running(self) -> None:
        is_running = self._run is not None
        self.run_button.setText(self.tr("Cancel") if is_running else self.tr("Run all"))
        self.run_button.setIcon(icon("stop" if is_running else "run"))
        self.run_button.setEnabled(is_running or bool(self._samples))

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
                first = self.table.item(number, _NAME)  # in sight however narrow the table is
                assert first is not None
                first.setIcon(icon("check" if result.passed else "close", role="running" if result.passed else "error"))
                first.setToolTip(self._verdict(result))
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
        self._show_running()
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


class _Run:
    """The tests of one subject on their way, with what has come of them."""

    def __init__(self, subject: Subject, limit_s: float, parent: QWidget) -> None:
        self.subject = subject
        self.results: list[Result] = []
        self.work = Work(parent)
        self._limit_s = limit_s

    def start(self) -> None:
        """Begin; what comes is put into `results`."""
        self.work.start(_fill_results(self.subject, self._limit_s, self.results))


async def _fill_results(subject: Subject, limit_s: float, results: list[Result]) -> None:
    """Run the tests. One that takes longer than `limit_s` has failed and is the last: its host is gone."""
    from engine.client.flow import Opened
    from engine.client.sample import Result, run_samples, subjects

    opened = Opened(subject.flow, subject.folder, "")
    async with aclosing(run_samples(opened, subjects(opened, ())[0])) as made:
        while True:
            try:
                async with asyncio.timeout(limit_s):
                    result = await anext(made, None)
            except TimeoutError:
                at = len(results)
                stopped = QCoreApplication.translate("TestsPage", "stopped after {0:g} s").format(limit_s)
                name = subject.processor.tests[at].name
                results.append(Result(subject.processor.id, at + 1, name, limit_s, error=stopped))
                return
            if result is None:
                return
            results.append(result)


def _runs_otherwise(one: Subject | None, other: Subject | None) -> bool:
    """Whether something makes a difference to what comes of the tests."""
    return one is not other and (one is None or other is None or one.bare != other.bare)


def _moved(results: Mapping[int, Result], of: Sequence[Sample], samples: Sequence[Sample]) -> dict[int, Result]:
    """Results by the places that their tests, which were `of`, have among `samples`; without those of tests that changed."""
    places = {id(of[at]): at for at in results}
    return {at: results[places[id(sample)]] for at, sample in enumerate(samples) if id(sample) in places}


def _line(content: object) -> str:
    return " ".join(shown(content).split())[:_SHOWN]
