"""The strip below the code: a sample in, and what the processor makes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct, structs
from PySide6.QtCore import QSize, Qt, QTimer, QUrl, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QSplitter,
    QTabWidget,
    QTextBrowser,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.editor.background import soon
from app.editor.bench import Bench, Subject, prepare
from app.editor.debug_page import DebugPage
from app.editor.sample import shown
from app.editor.sample_box import SampleBox, sample_text
from app.editor.tests_page import TestsPage
from app.editor.trial import Given, Outcome, Trial
from app.editor.trial_report import TrialReport
from app.theme.icon import icon
from app.theme.style_sheet import set_look
from engine.model.flow import Processor, Sample
from engine.model.ports import code_ports
from engine.model.processor_check import facts_of

if TYPE_CHECKING:
    from engine.client.debugger import Debugging

LIMIT_S = 60.0
"""A trial that takes longer is stopped; a source may go on for ever."""
_EVERY = "*"
_PREPARE_MS = 700
"""After this long without another processor, what trials need is imported, so that the first of them is as fast as the next."""


class _Typed(Struct, frozen=True):
    """A sample as it was left: text as it was typed, or bytes."""

    content: str | bytes
    attributes: dict[str, str]


class TryStrip(QWidget):
    """Runs the processor at hand on what is typed here, beside the user interface."""

    ended = Signal(object)
    """A trial ended, with its Outcome."""
    line_chosen = Signal(int)
    """The line of a failure was clicked."""
    tests_edited = Signal(tuple)
    """The processor is to keep these Samples as its tests."""
    queue_requested = Signal()
    """A message from the queue in front of the processor is wanted as the sample."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.limit_s = LIMIT_S
        self._subject: Subject | None = None
        self._key = ""
        self._samples: dict[str, _Typed] = {}
        self._trial: Trial | None = None
        self._outcome: Outcome | None = None
        self._takes_sample = True
        self._lines: list[int] = []
        self._bench = Bench()
        self._preparing = QTimer(self)
        self._preparing.setSingleShot(True)
        self._preparing.setInterval(_PREPARE_MS)
        self._preparing.timeout.connect(lambda: soon(prepare))
        self.sample = SampleBox(self)
        self.sample_editor = self.sample.editor
        self.result = QTextBrowser(self)
        self.result.setAccessibleName(self.tr("Result"))
        self.result.setOpenLinks(False)
        self.result.setFrameShape(QFrame.Shape.NoFrame)
        self.result.setStyleSheet("QTextBrowser { border: none; border-radius: 0; }")
        self.result.document().setDocumentMargin(8)
        self.result.setPlaceholderText(self.tr("What comes of it appears here"))
        self.port_box = QComboBox(self)
        self.port_box.setAccessibleName(self.tr("Input"))
        self.port_box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.port_box.setMinimumContentsLength(2)
        self.tests = TestsPage(self.sample_editor.colors, self)
        self.tabs = QTabWidget(self)
        self.tabs.setDocumentMode(True)
        self.tabs.addTab(self.result, self.tr("Result"))
        self.tabs.addTab(self.tests, "")
        self.debug_page = DebugPage(self)
        self.debug_page.hide()
        self._hint = QLabel(self.tr("a source: it needs no sample"), self)
        set_look(self._hint, "muted")
        self._hint.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.keep_button = self._picture("pin", self.tr("Keep as test"))
        self.keep_button.setToolTip(self.tr("Keep the sample as a test of the flow that expects what has just come of it"))
        self.run_button = QPushButton(self.tr("Run"), self)
        self.run_button.setIcon(icon("run"))
        self.run_button.setToolTip(self.tr("Run the processor on the sample (Ctrl+Enter). What it does outside is real."))
        self.debug_button = self._picture("breakpoint", self.tr("Debug"))
        self.debug_button.setToolTip(
            self.tr("Run it and stop at the breakpoints: click beside a line (or press F9 in it) to set one. For Python.")
        )
        self.live_button = self._picture("step", self.tr("Debug in the flow"))
        self.live_button.setCheckable(True)
        self.live_button.setToolTip(
            self.tr(
                "Debug it in the flow that runs: real messages stop at the breakpoints, and the rest goes on. Once more gives"
                " it back."
            )
        )
        self.cancel_button = self._picture("stop", self.tr("Cancel"))
        self._arrange()
        self._connect()

    def _picture(self, name: str, text: str) -> QToolButton:
        """A button without words: beside the canvas there is little room."""
        button = QToolButton(self)
        button.setIcon(icon(name))
        button.setAccessibleName(text)
        button.setToolTip(text)
        return button

    def _arrange(self) -> None:
        title = QLabel(self.tr("Try it"), self)
        font = title.font()
        font.setBold(True)
        title.setFont(font)
        row = QHBoxLayout()
        row.setContentsMargins(10, 4, 8, 4)
        row.setSpacing(4)
        row.addWidget(title)
        row.addWidget(self.port_box)
        row.addWidget(self._hint, 1)
        row.addStretch(1)
        for button in (self.keep_button, self.cancel_button, self.live_button, self.debug_button, self.run_button):
            row.addWidget(button)
        self._split = QSplitter(Qt.Orientation.Horizontal, self)
        self._split.addWidget(self.sample)
        self._split.addWidget(self.tabs)
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
        self.debug_button.clicked.connect(self.debug)
        self.cancel_button.clicked.connect(self.cancel)
        self.sample_editor.run_requested.connect(self.run)
        self.sample.changed.connect(self._on_sample_changed)
        self.sample.queue_requested.connect(self.queue_requested)
        self.keep_button.clicked.connect(self._on_keep_clicked)
        self.tests.edited.connect(self.tests_edited)
        self.tests.chosen.connect(self._on_test_chosen)
        self.tests.ran.connect(self._count_tests)
        self.tabs.currentChanged.connect(self._show_sample_box)
        self.result.anchorClicked.connect(self._on_anchor_clicked)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Room for a few lines."""
        return QSize(500, 240)

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
        self.tests.show_subject(key, subject)
        if subject is None:
            return
        self._preparing.start()
        self._offer_debugging()
        self._show_ports(subject)
        if is_other:
            self._show_sample(self._samples.get(key) or self._first_sample(subject))
        self._count_tests()

    def _show_sample(self, typed: _Typed) -> None:
        if isinstance(typed.content, bytes):
            self.sample.show_content(typed.content, typed.attributes)
        else:
            self.sample.show_text(typed.content, typed.attributes)

    def set_code(self, processor: Processor) -> None:
        """Be about the same processor with other code."""
        if self._subject is not None:
            self._subject = structs.replace(self._subject, processor=processor)
            self.keep_button.setEnabled(False)  # what came is no longer what the code makes
            self.tests.show_subject(self._key, self._subject)
            self._count_tests()

    def set_breakpoints(self, lines: list[int]) -> None:
        """Stop at these lines when debugging."""
        self._lines = lines
        self.debug_page.set_lines(lines)
        self._offer_debugging()

    def _offer_debugging(self) -> None:
        for button in (self.debug_button, self.live_button):
            button.setVisible(self._subject is not None and is_debuggable(self._subject.processor))
        self.debug_button.setEnabled(bool(self._lines) and self._trial is None)

    def debug(self) -> None:
        """Run the processor on the sample with a debugger at it; nothing while a trial runs."""
        if self._trial is None:
            from app.editor.debug_session import DebugSession  # with all that a debugger takes

            session = DebugSession(self._lines, self)
            self.debug_page.show_session(session)
            self._start(session.debugging)
            self.tabs.addTab(self.debug_page, self.tr("Debugger"))
            self.tabs.setCurrentWidget(self.debug_page)

    def run(self) -> None:
        """Run the processor on the sample; nothing while a trial runs."""
        self._start(None)

    def _start(self, debugging: Debugging | None) -> None:
        if self._subject is None or self._trial is not None:
            return
        self.result.clear()
        self.cancel_button.show()
        self.run_button.setEnabled(False)
        self.run_button.setText(self.tr("Running…"))
        self.tabs.setCurrentWidget(self.result)
        given = Given(tuple(self._inputs()), self.sample.attributes)
        self._trial = Trial(self._subject, given, self.limit_s, self._bench, self, debugging)
        self.debug_button.setEnabled(False)
        self._trial.ended.connect(self._on_ended)

    def cancel(self) -> None:
        """End the trial that runs."""
        if self._trial is not None:
            self._trial.cancel()

    def stop(self) -> None:
        """End what runs, and the host that is kept for the next trial."""
        self.cancel()
        self.tests.cancel()
        soon(self._bench.clear)

    def _inputs(self) -> list[tuple[str, Any]]:
        """What goes in, by port."""
        assert self._subject is not None
        ports = code_ports(self._subject.processor).inputs
        content = self.sample.content
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
        self._takes_sample = bool(ports)
        self._show_sample_box()
        self._hint.setVisible(not ports)

    def _show_sample_box(self) -> None:
        """Tests have samples of their own, and so has the flow: the room is theirs while they are in front."""
        self.sample.setVisible(self._takes_sample and self.tabs.currentWidget() in (self.result, self.debug_page))

    def _first_sample(self, subject: Subject) -> _Typed:
        """What to begin with: the first of the processor's own tests, if it has any."""
        tests = subject.processor.tests
        if tests:
            first = tests[0]
            return _Typed(first.content if isinstance(first.content, bytes) else sample_text(first.content), first.attributes)
        ports = code_ports(subject.processor).inputs
        return _Typed(shown(dict.fromkeys(ports)) if self.port_box.currentData() == _EVERY else "", {})

    def _on_sample_changed(self) -> None:
        content = self.sample.content
        if self._key:
            text = self.sample_editor.text() if self.sample.is_typed else content
            self._samples[self._key] = _Typed(text, self.sample.attributes)
        self.keep_button.setEnabled(False)

    # -- tests

    def show_tests(self) -> None:
        """Bring the tests to the front."""
        self.tabs.setCurrentWidget(self.tests)

    def _count_tests(self) -> None:
        ran, failed = self.tests.tally
        count = len(self._subject.processor.tests) if self._subject is not None else 0
        words = self.tr("Tests ({0})").format(count) if count else self.tr("Tests")
        if failed:
            words = self.tr("Tests ({0} of {1} failed)").format(failed, ran)
        elif ran:
            words = self.tr("Tests ({0} passed)").format(ran)
        self.tabs.setTabText(1, words)

    def _on_keep_clicked(self) -> None:
        if self._subject is None or self._outcome is None:
            return
        expect: dict[str, list[Any]] = {}
        for made in self._outcome.made:
            expect.setdefault(made.port, []).append(made.content)
        ports = code_ports(self._subject.processor).inputs
        port = str(self.port_box.currentData() or "in") if ports else "in"
        content = self.sample.content if ports else None
        kept = Sample(content, dict(self.sample.attributes), port, expect)
        self.tests_edited.emit((*self._subject.processor.tests, kept))
        self.show_tests()

    def _on_test_chosen(self, sample: Sample) -> None:
        self.show_message(sample.content, sample.attributes, sample.port)

    def show_message(self, content: Any, attributes: dict[str, str], port: str) -> None:
        """Take a message as the sample, for an input if it has that."""
        self.sample.show_content(content, attributes)
        row = self.port_box.findData(port)
        if row >= 0:
            self.port_box.setCurrentIndex(row)
        self.tabs.setCurrentWidget(self.result)

    def _on_ended(self, outcome: Outcome) -> None:
        self._forget_trial()
        self._outcome = outcome
        is_current = self._subject is not None and outcome.code == self._subject.processor.code
        # A reason says that it did not come to its end: nobody knows what should have come.
        self.keep_button.setEnabled(is_current and not outcome.reason and bool(outcome.made))
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
        self.debug_page.end()
        if (at := self.tabs.indexOf(self.debug_page)) >= 0:
            self.tabs.removeTab(at)
            self.tabs.setCurrentWidget(self.result)
        self._offer_debugging()
        self._outcome = None
        self.keep_button.setEnabled(False)
        self.cancel_button.hide()
        self.run_button.setEnabled(True)
        self.run_button.setText(self.tr("Run"))

    def _on_anchor_clicked(self, url: QUrl) -> None:
        if url.scheme() == "line":
            self.line_chosen.emit(int(url.path()))


def is_debuggable(processor: Processor) -> bool:
    """Whether breakpoints can be set in a processor's code here: Python that is not from a repository."""
    return processor.type == "python" and processor.git is None
