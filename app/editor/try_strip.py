"""The strip below the code: a sample in, and what the processor makes of it."""

from __future__ import annotations

from typing import Any

from msgspec import structs
from PySide6.QtCore import QSize, Qt, QUrl, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSplitter,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from app.editor.code_editor import CodeEditor
from app.editor.language import JSON, TEXT
from app.editor.sample import kind_of, read_sample, shown
from app.editor.trial import Outcome, Subject, Trial
from app.editor.trial_report import TrialReport
from app.theme.icon import icon
from app.theme.style_sheet import set_look
from engine.model.flow import Processor
from engine.model.ports import code_ports
from engine.model.processor_check import facts_of

LIMIT_S = 60.0
"""A trial that takes longer is stopped; a source may go on for ever."""
_EVERY = "*"


class TryStrip(QWidget):
    """Runs the processor at hand on what is typed here, beside the user interface."""

    ended = Signal(object)
    """A trial ended, with its Outcome."""
    line_chosen = Signal(int)
    """The line of a failure was clicked."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.limit_s = LIMIT_S
        self._subject: Subject | None = None
        self._key = ""
        self._samples: dict[str, str] = {}
        self._trial: Trial | None = None
        self.sample_editor = CodeEditor(self)
        self.sample_editor.load("", JSON)
        self.sample_editor.setAccessibleName(self.tr("Sample"))
        self.sample_editor.setPlaceholderText(self.tr("Content of a message: JSON, or any text"))
        self.result = QTextBrowser(self)
        self.result.setAccessibleName(self.tr("Result"))
        self.result.setOpenLinks(False)
        self.result.setFrameShape(QFrame.Shape.NoFrame)
        self.result.setStyleSheet("QTextBrowser { border: none; border-radius: 0; }")
        self.result.document().setDocumentMargin(8)
        self.result.setPlaceholderText(self.tr("What the processor makes of it appears here"))
        self.port_box = QComboBox(self)
        self.port_box.setAccessibleName(self.tr("Input"))
        self._hint = QLabel(self)
        set_look(self._hint, "muted")
        self.run_button = QPushButton(self.tr("Run"), self)
        self.run_button.setIcon(icon("run"))
        self.run_button.setToolTip(self.tr("Run the processor on the sample (Ctrl+Enter). What it does outside is real."))
        self.cancel_button = QPushButton(self.tr("Cancel"), self)
        self._arrange()
        self._connect()

    def _arrange(self) -> None:
        title = QLabel(self.tr("Try it"), self)
        font = title.font()
        font.setBold(True)
        title.setFont(font)
        row = QHBoxLayout()
        row.setContentsMargins(10, 4, 8, 4)
        row.setSpacing(8)
        for widget in (title, self.port_box, self._hint):
            row.addWidget(widget)
        row.addStretch(1)
        row.addWidget(self.cancel_button)
        row.addWidget(self.run_button)
        self._split = QSplitter(Qt.Orientation.Horizontal, self)
        self._split.addWidget(self.sample_editor)
        self._split.addWidget(self.result)
        self._split.setStretchFactor(0, 2)
        self._split.setStretchFactor(1, 3)
        self._split.setChildrenCollapsible(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        column.addWidget(self._split, 1)
        self.cancel_button.hide()

    def _connect(self) -> None:
        self.run_button.clicked.connect(self.run)
        self.cancel_button.clicked.connect(self.cancel)
        self.sample_editor.run_requested.connect(self.run)
        self.sample_editor.textChanged.connect(self._on_sample_changed)
        self.result.anchorClicked.connect(self._on_anchor_clicked)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Room for a few lines."""
        return QSize(500, 190)

    @property
    def is_running(self) -> bool:
        """Whether a trial runs."""
        return self._trial is not None

    def show_subject(self, key: str, subject: Subject | None) -> None:
        """Be about a processor, known by `key`, whose sample is remembered; None: about none."""
        is_other = key != self._key
        self._subject = subject
        if is_other:
            self._forget_trial()
            self._key = key
            self.result.clear()
        if subject is None:
            return
        self._show_ports(subject)
        if is_other:
            text = self._samples.get(key)
            self.sample_editor.load(self._first_sample(subject) if text is None else text, JSON)
        self._show_kind()

    def set_code(self, processor: Processor) -> None:
        """Be about the same processor with other code."""
        if self._subject is not None:
            self._subject = structs.replace(self._subject, processor=processor)

    def run(self) -> None:
        """Run the processor on the sample; nothing while a trial runs."""
        if self._subject is None or self._trial is not None:
            return
        self.result.clear()
        self.cancel_button.show()
        self.run_button.setEnabled(False)
        self.run_button.setText(self.tr("Running…"))
        self._trial = Trial(self._subject, self._inputs(), self.limit_s, self)
        self._trial.ended.connect(self._on_ended)

    def cancel(self) -> None:
        """End the trial that runs."""
        if self._trial is not None:
            self._trial.cancel()

    def _inputs(self) -> list[tuple[str, Any]]:
        """What goes in, by port."""
        assert self._subject is not None
        ports = code_ports(self._subject.processor).inputs
        content = read_sample(self.sample_editor.text())
        if self.port_box.currentData() == _EVERY and isinstance(content, dict):
            return [(port, content.get(port)) for port in ports]
        return [(str(self.port_box.currentData() or ""), content)] if ports else []

    def _show_ports(self, subject: Subject) -> None:
        ports = code_ports(subject.processor).inputs
        chosen = self.port_box.currentData()
        self.port_box.clear()
        facts = facts_of(subject.processor) if len(ports) > 1 else None
        if facts is not None and facts.is_join:
            self.port_box.addItem(self.tr("every input"), _EVERY)
        for port in ports:
            self.port_box.addItem(port, port)
        self.port_box.setCurrentIndex(max(0, self.port_box.findData(chosen)))
        self.port_box.setVisible(len(ports) > 1)
        self.sample_editor.setVisible(bool(ports))

    def _first_sample(self, subject: Subject) -> str:
        """What to begin with: the first of the processor's own tests, if it has any."""
        tests = subject.processor.tests
        if tests:
            return shown(tests[0].content)
        ports = code_ports(subject.processor).inputs
        return shown(dict.fromkeys(ports)) if self.port_box.currentData() == _EVERY else ""

    def _on_sample_changed(self) -> None:
        if self._key:
            self._samples[self._key] = self.sample_editor.text()
        self._show_kind()

    def _show_kind(self) -> None:
        """Say how the sample is read."""
        text = self.sample_editor.text()
        is_source = self._subject is not None and not code_ports(self._subject.processor).inputs
        self._hint.setText(self.tr("a source: it needs no sample") if is_source else kind_of(text) if text else "")
        self.sample_editor.set_language(TEXT if text and read_sample(text) is text else JSON)

    def _on_ended(self, outcome: Outcome) -> None:
        self._forget_trial()
        report = TrialReport(self.sample_editor.colors, self.sample_editor.font().family())
        self.result.setHtml(report.page(outcome))
        self.ended.emit(outcome)

    def _forget_trial(self) -> None:
        """Be ready for another trial; one that still runs is ended, and nobody hears of it."""
        trial, self._trial = self._trial, None
        if trial is not None:
            trial.ended.disconnect(self._on_ended)
            trial.cancel()
            trial.deleteLater()
        self.cancel_button.hide()
        self.run_button.setEnabled(True)
        self.run_button.setText(self.tr("Run"))

    def _on_anchor_clicked(self, url: QUrl) -> None:
        if url.scheme() == "line":
            self.line_chosen.emit(int(url.path()))
