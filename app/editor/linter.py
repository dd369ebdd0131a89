"""Has the code of an editor checked a moment after it was changed."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

from app.editor.background import Work
from app.editor.code_editor import CodeEditor
from app.editor.code_problem import CodeProblem
from app.editor.lint import check, formatted
from app.editor.quick_fix import QuickFix

_PAUSE_MS = 400


class Linter(QObject):
    """Sets the problems of an editor. One check runs at a time; what it says of a text that is no longer there is dropped."""

    checked = Signal(list)
    """The problems of the text as it is."""

    def __init__(self, editor: CodeEditor) -> None:
        super().__init__(editor)
        self._editor = editor
        self._work: Work | None = None
        self._text: str | None = None
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self.check)
        editor.textChanged.connect(self._pause.start)
        self._layout: Work | None = None
        editor.format_requested.connect(self.format)
        self.quick_fix = QuickFix(editor)
        self._checked: tuple[str, list[CodeProblem]] | None = None
        self._wanted: str | None = None
        """The text that fixes are wanted of; once it is changed, they are not."""
        editor.fix_requested.connect(self.offer_fixes)

    def check(self) -> None:
        """Check now."""
        self._pause.stop()
        if self._work is not None:
            self._pause.start()
            return
        self._text = self._editor.text()
        self._work = Work(self)
        self._work.done.connect(self._on_done)
        self._work.failed.connect(self._on_ended)
        self._work.cancelled.connect(self._on_ended)
        self._work.start(check(self._editor.language.name, self._text))

    def offer_fixes(self) -> None:
        """Offer what can be fixed, as soon as the text is checked as it is."""
        if self._checked is not None and self._checked[0] == self._editor.text():
            self.quick_fix.offer(self._checked[1])
        else:
            self._wanted = self._editor.text()
            self.check()

    def format(self) -> None:
        """Lay the code out anew, unless it is changed before that is done; the cursor stays in its place of the text."""
        if self._layout is not None:
            return
        text = self._editor.text()
        self._layout = Work(self)
        self._layout.done.connect(lambda found: self._on_formatted(text, found))
        self._layout.failed.connect(lambda _: self._forget_layout())
        self._layout.cancelled.connect(self._forget_layout)
        self._layout.start(formatted(self._editor.language.name, text))

    def _on_formatted(self, text: str, found: object) -> None:
        self._forget_layout()
        if isinstance(found, str) and self._editor.text() == text:
            self._editor.set_text(found)

    def _forget_layout(self) -> None:
        if self._layout is not None:
            self._layout.deleteLater()
            self._layout = None

    def _on_done(self, problems: object) -> None:
        is_current = self._text == self._editor.text()
        self._on_ended()
        if is_current and isinstance(problems, list):
            self._checked = (self._editor.text(), problems)
            self._editor.set_problems(problems)
            self.checked.emit(problems)
            if self._wanted == self._text and self._editor.hasFocus():
                self.quick_fix.offer(problems)
            self._wanted = None

    def _on_ended(self) -> None:
        if self._work is not None:
            self._work.deleteLater()
            self._work = None
