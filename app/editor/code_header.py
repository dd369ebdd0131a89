"""What stands above the code: whose it is, and whether it is sound."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from app.editor.code_problem import CodeProblem
from app.editor.language import language_of
from app.theme.elided import Elided
from app.theme.icon import icon
from app.theme.style_sheet import set_look
from engine.model.flow import Processor
from engine.model.processor_check import facts_of

_LONGEST_INSPECTED = 10_000
"""Characters; longer code would be felt when its function is looked for."""


class CodeHeader(QWidget):
    """Name, language and function of a processor, and the number of problems, which leads to the next one."""

    next_problem_requested = Signal()
    history_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name_label = Elided("", self)
        font = self.name_label.font()
        font.setBold(True)
        self.name_label.setFont(font)
        self.type_label = QLabel(self)
        self.function_label = QLabel(self)
        for label in (self.type_label, self.function_label):
            set_look(label, "muted")
        self.problem_button = QPushButton(self)
        set_look(self.problem_button, "flat")
        self.problem_button.setIcon(icon("problem"))
        self.problem_button.setToolTip(self.tr("Go to the next problem"))
        self.setMinimumHeight(self.problem_button.sizeHint().height() + 8)  # the same with and without problems
        self.problem_button.clicked.connect(self.next_problem_requested)
        self.history_button = QPushButton(self)
        set_look(self.history_button, "flat")
        self.history_button.setIcon(icon("history"))
        self.history_button.setToolTip(self.tr("History of this code"))
        self.history_button.setAccessibleName(self.tr("History of this code"))
        self.history_button.clicked.connect(self.history_requested)
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 4, 8, 4)
        row.setSpacing(10)
        row.addWidget(self.name_label, 1)
        for widget in (self.function_label, self.type_label, self.problem_button, self.history_button):
            row.addWidget(widget)

    def show_processor(self, processor: Processor) -> None:
        """Be about a processor."""
        name = processor.name or processor.id
        self.name_label.set_text(name)
        self.setToolTip(processor.id if name == processor.id else f"{name} ({processor.id})")
        title = language_of(processor.type).title
        self.type_label.setText(self.tr("{0}, from git").format(title) if processor.git else title)
        self.function_label.setText(_signature(processor))
        self.history_button.setVisible(processor.git is None)

    def show_problems(self, problems: Sequence[CodeProblem]) -> None:
        """Say how many problems there are."""
        errors = sum(problem.severity == "error" for problem in problems)
        warnings = len(problems) - errors
        words: list[str] = []
        if errors:
            words.append(self.tr("1 error") if errors == 1 else self.tr("{0} errors").format(errors))
        if warnings:
            words.append(self.tr("1 warning") if warnings == 1 else self.tr("{0} warnings").format(warnings))
        self.problem_button.setText(", ".join(words))
        self.problem_button.setVisible(bool(words))


def _signature(processor: Processor) -> str:
    if processor.type != "python":
        return ""
    if processor.code is None or len(processor.code) > _LONGEST_INSPECTED:
        return processor.function or ""
    facts = facts_of(processor)
    if facts is None:
        return processor.function or ""
    return f"{facts.function}({', '.join(facts.parameters)})" if facts.is_certain else facts.function
