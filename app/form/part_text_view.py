"""PartTextView, a part as a flow file has it, to be read and written."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QColor, QTextCursor, QTextFormat
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QPlainTextEdit, QTextEdit, QVBoxLayout, QWidget

from app.form.shown import sentence
from app.form.yaml_highlighter import YamlHighlighter
from app.theme.current import current_theme
from app.theme.fonts import wear_code_font
from app.theme.icon import icon
from engine.client.flow import part_text
from engine.client.part_setting import LineProblem, read_part_text
from engine.model.flow import Connection, Part

_MOST_SHOWN = 4
_FIXED: dict[type, tuple[str, ...]] = {Connection: ("source", "target")}


class PartTextView(QWidget):
    """The YAML of one part. What is typed and can be read is the part from then on; what cannot be is said, with its line."""

    part_edited = Signal(object)
    """A person made another part of it."""

    validity_changed = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._part: Part | None = None
        self._problems: list[LineProblem] = []
        self.text = QPlainTextEdit(self)
        wear_code_font(self.text)
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.text.setTabStopDistance(2 * self.text.fontMetrics().horizontalAdvance(" "))
        self.text.setAccessibleName(self.tr("YAML"))
        self._highlighter = YamlHighlighter(self.text.document())
        self.problem_list = QListWidget(self)
        self.problem_list.setAccessibleName(self.tr("Problems of the YAML"))
        self.problem_list.setWordWrap(True)
        self.problem_list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.problem_list.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self.text, 1)
        layout.addWidget(self.problem_list)
        self.setFocusProxy(self.text)
        self.text.textChanged.connect(self._on_text_changed)
        self.problem_list.itemClicked.connect(self._on_problem_chosen)
        self.problem_list.itemActivated.connect(self._on_problem_chosen)

    @property
    def part(self) -> Part | None:
        """The part that was shown or read last."""
        return self._part

    @property
    def problems(self) -> list[LineProblem]:
        """What is wrong with the text."""
        return list(self._problems)

    def set_part(self, part: Part) -> None:
        """Show a part. If the text says the same already, in other words perhaps, it is left alone."""
        if part == self._part and (self._problems or self.text.toPlainText()):
            return
        self._part = part
        with QSignalBlocker(self.text):
            self.text.setPlainText(part_text(part))
        self._tell([])

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Colour anew in another theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._highlighter.rehighlight()
            self._mark_lines()

    def _on_text_changed(self) -> None:
        assert self._part is not None
        part, problems = read_part_text(self.text.toPlainText(), type(self._part))
        if part is not None:
            problems = self._moved(part)
        self._tell(problems)
        if part is not None and not problems and part != self._part:
            self._part = part
            self.part_edited.emit(part)

    def _moved(self, part: Part) -> list[LineProblem]:
        """What identifies a part stays."""
        names = _FIXED.get(type(part), ("id",))
        keys = {"source": "from", "target": "to"}
        changed = [name for name in names if getattr(part, name, None) != getattr(self._part, name, None)]
        lines = self.text.toPlainText().splitlines()
        return [
            LineProblem(
                next((number for number, line in enumerate(lines, start=1) if line.startswith(f"{keys.get(name, name)}:")), 1),
                self.tr("`{0}` stays as long as the part lives; add another part instead").format(keys.get(name, name)),
            )
            for name in changed
        ]

    def _tell(self, problems: Sequence[LineProblem]) -> None:
        was_valid = not self._problems
        self._problems = list(problems)
        self.problem_list.clear()
        for problem in problems:
            words = self.tr("Line {0}: {1}").format(problem.line, sentence(problem.reason))
            item = QListWidgetItem(icon("problem", role="error"), words)
            item.setData(Qt.ItemDataRole.UserRole, problem.line)
            self.problem_list.addItem(item)
        self.problem_list.setVisible(bool(problems))
        heights = [self.problem_list.sizeHintForRow(row) for row in range(min(len(problems), _MOST_SHOWN))]
        self.problem_list.setFixedHeight(sum(max(height, 40) for height in heights) + 8)
        self._mark_lines()
        if was_valid != (not problems):
            self.validity_changed.emit(not problems)

    def _mark_lines(self) -> None:
        """Lay a ground under the lines that are wrong."""
        marks: list[QTextEdit.ExtraSelection] = []
        for problem in self._problems:
            mark = QTextEdit.ExtraSelection()
            mark.format.setBackground(QColor(current_theme().error_ground))  # type: ignore[attr-defined]
            mark.format.setProperty(QTextFormat.Property.FullWidthSelection, True)  # type: ignore[attr-defined] # noqa: FBT003
            mark.cursor = self._cursor_at(problem.line)  # type: ignore[attr-defined]
            marks.append(mark)
        self.text.setExtraSelections(marks)

    def _cursor_at(self, line: int) -> QTextCursor:
        block = self.text.document().findBlockByNumber(line - 1)
        return QTextCursor(block if block.isValid() else self.text.document().lastBlock())

    def _on_problem_chosen(self, item: QListWidgetItem) -> None:
        self.text.setTextCursor(self._cursor_at(item.data(Qt.ItemDataRole.UserRole)))
        self.text.setFocus()
