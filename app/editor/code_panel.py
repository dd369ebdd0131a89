"""CodePanel, the code of one processor of a document."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, QKeyCombination, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLabel, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from app.document.document import Document, new_gesture
from app.editor.bench import Subject
from app.editor.code_editor import CodeEditor
from app.editor.code_header import CodeHeader
from app.editor.code_problem import CodeProblem
from app.editor.completion import CompletionSession
from app.editor.completion_client import CompletionClient, Definition
from app.editor.environment_finder import EnvironmentFinder
from app.editor.guide import Guide
from app.editor.key_table import combination_of
from app.editor.language import PYTHON, language_of
from app.editor.linter import Linter
from app.editor.live_debug import OpenStep
from app.editor.live_tab import LiveTab
from app.editor.trial import Outcome
from app.editor.try_strip import TryStrip, is_debuggable
from app.theme.style_sheet import set_look
from engine.errors import PyfiError
from engine.model import edits
from engine.model.change import Change
from engine.model.flatten import with_needs
from engine.model.flow import CODE_TYPES, Flow, Processor, Sample, Subflow
from engine.model.level import headers_to, scope_at

if TYPE_CHECKING:
    from app.editor.debug_page import DebugPage
    from engine.client.debugger import Step

_PAUSE_MS = 1000
_STEPS: dict[int, Step] = {
    Qt.Key.Key_F5.value: "continue",
    Qt.Key.Key_F10.value: "next",
    Qt.Key.Key_F11.value: "stepIn",
    QKeyCombination(Qt.KeyboardModifier.ShiftModifier, Qt.Key.Key_F11).toCombined(): "stepOut",
}
_EXAMPLES = {
    "python": "def process(content):\n    return content",
    "node": "module.exports = (content, ctx) => content",
    "bash": "cat",
}


class CodePanel(QWidget):
    """Shows and edits the code of a processor, and tries it on a sample.

    Every key becomes an edit of the document at once; those without a pause of a second between them are one step of its
    history. Undo and redo are the document's. What others do to the code appears here, and the cursor stays where it is.
    """

    shown = Signal(str, str)
    """The code of this processor is shown (within, id); empty: none."""
    history_requested = Signal(str, str)
    """What the code of this processor (within, id) was is wanted."""
    queue_requested = Signal(str, str)
    """A message from the queue in front of this processor (within, id) is wanted as the sample."""
    live_requested = Signal(str, str)
    """This processor (within, id) is to be debugged in the flow that runs."""
    live_ended = Signal(str)
    """It is debugged there no more; says why, if nobody here wished it."""
    problems_found = Signal(list)
    """The CodeProblems of the code that is shown."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Code"))
        self._document: Document | None = None
        self._within = ""
        self._id = ""
        self._gesture = -1
        self._breakpoints: dict[tuple[str, str], list[int]] = {}
        """By step, the lines to stop at; for as long as this document is shown."""
        self._is_following = False
        self._moves_cursor = False
        self.editor = CodeEditor(self)
        self.editor.setUndoRedoEnabled(False)
        self.header = CodeHeader(self)
        self.try_strip = TryStrip(self)
        self.live = LiveTab(self.try_strip.tabs, self.try_strip.live_button, self)
        self.notice = QLabel(self)
        self.notice.setWordWrap(True)
        self.notice.setContentsMargins(10, 6, 10, 6)
        self.notice.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.empty_label = QLabel(self)
        self.empty_label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty_label.setWordWrap(True)
        set_look(self.empty_label, "muted")
        self.completion_client = CompletionClient()
        self.completion = CompletionSession(self.editor, self.completion_client)
        self.guide = Guide(self.editor, self.completion_client)
        self.environment = EnvironmentFinder(self)
        self.linter = Linter(self.editor)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._arrange()
        self._connect()
        self._show_nothing()

    # -- what is shown

    def set_document(self, document: Document | None) -> None:
        """Show the code of another document; nothing of it is shown yet."""
        if self._document is not None:
            self._document.changed.disconnect(self._on_changed)
        self.live.end()
        self._document = document
        self._breakpoints.clear()
        if document is not None:
            document.changed.connect(self._on_changed)
        self.clear()

    def show_step(self, within: str, id: str) -> None:
        """Show the code of a step, or say that it has none. `within` is the path of definitions, empty at the top."""
        if (within, id) == (self._within, self._id) and self._processor() is not None:
            return
        self._within, self._id = within, id
        self._reload()

    def clear(self) -> None:
        """Show nothing."""
        self._within = self._id = ""
        self._reload()

    def step(self) -> tuple[str, str]:
        """The step that is shown, as (within, id); both empty: none."""
        return self._within, self._id

    def code_now(self) -> str:
        """The code that is shown."""
        processor = self._processor()
        return (processor.code or "") if processor is not None else ""

    def restore(self, code: str, saved: str) -> None:
        """Make the code what it was when it was saved at that time; one step of the document's history."""
        processor = self._processor()
        if processor is None or self._document is None:
            return
        self._end_gesture()
        changes = edits.edit_code(self._document.flow, self._id, code, self._within)
        self._document.edit(
            self.tr("Take back the code of '{0}' as saved {1}").format(processor.name or processor.id, saved), changes
        )

    def stop(self) -> None:
        """End the helper process and a trial that runs; for the end of the program."""
        self.completion_client.stop()
        self.live.end()
        self.try_strip.stop()

    def _arrange(self) -> None:
        self._split = QSplitter(Qt.Orientation.Vertical, self)
        self._split.addWidget(self.editor)
        self._split.addWidget(self.try_strip)
        self._split.setStretchFactor(0, 1)
        self._split.setChildrenCollapsible(False)
        filled = QWidget(self)
        column = QVBoxLayout(filled)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for widget in (self.header, self.notice):
            column.addWidget(widget)
        column.addWidget(self._split, 1)
        self._stack = QStackedWidget(self)
        self._stack.addWidget(self.empty_label)
        self._stack.addWidget(filled)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._stack)

    def _connect(self) -> None:
        self.editor.textChanged.connect(self._on_text_changed)
        self.editor.undo_requested.connect(self._on_undo_requested)
        self.editor.redo_requested.connect(self._on_redo_requested)
        self.editor.run_requested.connect(self.try_strip.run)
        self.editor.breakpoints.changed.connect(self._on_breakpoints_changed)
        self.try_strip.debug_page.line_shown.connect(self._on_debugged_line)
        self.live.page.line_shown.connect(lambda line: self._on_debugged_line(line) if self.live.is_shown else None)
        self.live.requested.connect(lambda: self.live_requested.emit(self._within, self._id))
        self.live.ended.connect(self.live_ended)
        self.editor.focus_lost.connect(self._end_gesture)
        self.editor.zoomed.connect(self.try_strip.sample_editor.set_point_size)
        self._pause.timeout.connect(self._on_paused)
        self.linter.checked.connect(self._on_checked)
        self.environment.found.connect(self._on_environment_found)
        self.guide.source_requested.connect(self._on_source_requested)
        self.header.next_problem_requested.connect(self._on_next_problem_requested)
        self.header.history_requested.connect(lambda: self.history_requested.emit(self._within, self._id))
        self.try_strip.ended.connect(self._on_trial_ended)
        self.try_strip.line_chosen.connect(self.editor.go_to)
        self.try_strip.tests_edited.connect(self._on_tests_edited)
        self.try_strip.queue_requested.connect(lambda: self.queue_requested.emit(self._within, self._id))
        self.destroyed.connect(self.completion_client.stop)
        application = QCoreApplication.instance()
        if application is not None:
            application.aboutToQuit.connect(self.stop)

    def _reload(self) -> None:
        """Show the step from its beginning."""
        self._end_gesture()
        self.completion.close()
        self.guide.close()
        processor = self._processor()
        if processor is None:
            self._show_nothing()
            return
        self._is_following = True
        self.editor.breakpoints.is_offered = False
        self.editor.load(processor.code or "", language_of(processor.type))
        self._is_following = False
        self.editor.breakpoints.is_offered = is_debuggable(processor)
        self.editor.breakpoints.set_lines(self._breakpoints.get((self._within, self._id), ()))
        self.header.show_problems([])
        self._show_facts(processor)
        self._stack.setCurrentIndex(1)
        self.live.show_key((self._within, self._id))
        if processor.git is None:
            self.linter.check()
            if self.editor.language is PYTHON:
                self.completion_client.start()
        self.shown.emit(self._within, self._id)

    def _show_nothing(self) -> None:
        self.try_strip.show_subject("", None)
        self.live.show_key((self._within, self._id))
        self.empty_label.setText(self._why_nothing())
        self._stack.setCurrentIndex(0)
        self.shown.emit("", "")

    def _why_nothing(self) -> str:
        step = self._step()
        if isinstance(step, Subflow):
            return self.tr("'{0}' is a subflow. Enter it and select a processor that has code.").format(step.name or step.id)
        if isinstance(step, Processor):
            return self.tr("'{0}' is of the built-in type {1} and has no code.").format(step.name or step.id, step.type)
        return self.tr("Select a processor that has code")

    def _show_facts(self, processor: Processor) -> None:
        """Show what there is to say of a processor besides its code."""
        self.header.show_processor(processor)
        git = processor.git
        self.editor.setReadOnly(git is not None)
        self.editor.setVisible(git is None)
        self.editor.setPlaceholderText(_EXAMPLES.get(processor.type, ""))
        self.notice.setVisible(git is not None)
        if git is not None:
            text = self.tr(
                "From git: module {0} of {1} at {2}. It is read-only here: change it in its repository, "
                "then choose the new commit."
            )
            self.notice.setText(text.format(git.module, git.repo, git.commit[:12]))
        assert self._document is not None
        level = scope_at(self._document.flow, self._within).flow
        key = f"{self._document.folder}\n{self._document.flow.name}\n{self._within}\n{self._id}"
        needing = self._needing(processor)
        self.try_strip.show_subject(key, Subject(needing, level.parameters, self._document.folder))
        self.environment.find(needing, self._document.folder)

    def _needing(self, processor: Processor) -> Processor:
        """The processor with what the flows around it say that its code needs."""
        assert self._document is not None
        return with_needs(processor, headers_to(self._document.flow, self._within))

    def _level(self) -> Flow | None:
        if self._document is None or not self._id:
            return None
        try:
            return scope_at(self._document.flow, self._within).flow
        except PyfiError:
            return None  # the definition is gone

    def _step(self) -> Processor | Subflow | None:
        level = self._level()
        return level.steps.get(self._id) if level is not None else None

    def _processor(self) -> Processor | None:
        """The processor that is shown, if it can have code."""
        step = self._step()
        return step if isinstance(step, Processor) and step.type in CODE_TYPES else None

    # -- from here to the document

    def _on_text_changed(self) -> None:
        processor = self._processor()
        if self._is_following or processor is None or self._document is None:
            return
        if self._gesture < 0:
            self._gesture = new_gesture()
        self._pause.start()
        self.editor.set_failed_line(0)  # what failed is no longer what is there
        text = self.tr("Edit the code of '{0}'").format(processor.name or processor.id)
        changes = edits.edit_code(self._document.flow, self._id, self.editor.text(), self._within)
        self._is_following = True  # what comes back is what was just typed
        try:
            self._document.edit(text, changes, self._gesture)
        finally:
            self._is_following = False
        self._on_breakpoints_changed()  # they moved with the text
        edited = self._processor()
        if edited is not None:
            self.try_strip.set_code(self._needing(edited))

    def _on_paused(self) -> None:
        self._end_gesture()
        processor = self._processor()
        if processor is not None:
            self._show_facts(processor)

    def _end_gesture(self) -> None:
        """What is typed from now on is another step of the history."""
        self._pause.stop()
        self._gesture = -1

    def _on_undo_requested(self) -> None:
        if self._document is not None:
            self._follow_history(self._document.undo_stack.undo)

    def _on_redo_requested(self) -> None:
        if self._document is not None:
            self._follow_history(self._document.undo_stack.redo)

    def _follow_history(self, step: Callable[[], None]) -> None:
        """Go back or forward, and put the cursor where the code changed by it."""
        self._end_gesture()
        self._moves_cursor = True
        try:
            step()
        finally:
            self._moves_cursor = False

    # -- from the document to here

    def _on_changed(self, changes: Sequence[Change]) -> None:
        key = f"{self._within}/{self._id}" if self._within else self._id
        if not self._id or self._is_following or not any(_concerns(change.id, key) for change in changes):
            return
        processor = self._processor()
        if processor is None or self._stack.currentIndex() == 0 or language_of(processor.type) is not self.editor.language:
            self._reload()
            return
        self._end_gesture()
        self._is_following = True
        position = self.editor.set_text(processor.code or "")
        self._is_following = False
        self._on_breakpoints_changed()
        if position is not None and self._moves_cursor:
            cursor = self.editor.textCursor()
            cursor.setPosition(position)
            self.editor.setTextCursor(cursor)
            self.editor.ensureCursorVisible()
        self._show_facts(processor)

    # -- debugging

    def event(self, event: QEvent) -> bool:
        """While code stands, the keys that steer it are not the window's."""
        if isinstance(event, QKeyEvent) and (page := self._standing_page()) is not None:
            step = _STEPS.get(combination_of(event))
            if step is not None and event.type() == QEvent.Type.ShortcutOverride:
                event.accept()
                return True
            if step is not None and event.type() == QEvent.Type.KeyPress:
                page.go(step)
                return True
        return super().event(event)

    def _standing_page(self) -> DebugPage | None:
        """Where what is shown stands: in the flow, or in a trial."""
        pages = (self.live.page, self.try_strip.debug_page) if self.live.is_shown else (self.try_strip.debug_page,)
        return next((page for page in pages if page.is_standing), None)

    def debug_live(self, open_step: OpenStep) -> None:
        """Debug the processor that is shown in its flow, which hands it over; with the breakpoints that it has."""
        self.live.start(open_step, self.editor.breakpoints.lines)

    def _on_breakpoints_changed(self) -> None:
        lines = self.editor.breakpoints.lines
        self._breakpoints[self._within, self._id] = lines
        self.live.set_lines(lines)
        self.try_strip.set_breakpoints(lines)

    def _on_debugged_line(self, line: int) -> None:
        self.editor.breakpoints.stand_at(line)
        if line:
            self.editor.go_to(line)

    # -- problems and trials

    def _on_checked(self, problems: list[CodeProblem]) -> None:
        self.header.show_problems(problems)
        self.problems_found.emit(problems)

    def _on_environment_found(self, folder: str) -> None:
        self.completion_client.environment = folder

    def _on_source_requested(self, definition: Definition) -> None:
        from app.editor.source_dialog import SourceDialog

        SourceDialog(definition, self).open_beside()

    def _on_next_problem_requested(self) -> None:
        place = self.editor.place()
        problems = sorted(self.editor.problems(), key=lambda each: (each.line, each.column))
        following = [each for each in problems if (each.line, each.column) > place] or problems
        if following:
            self.editor.go_to(following[0].line, following[0].column + 1)

    def _on_tests_edited(self, tests: tuple[Sample, ...]) -> None:
        processor = self._processor()
        if processor is None or self._document is None:
            return
        self._end_gesture()
        text = self.tr("Edit the tests of '{0}'").format(processor.name or processor.id)
        self._document.edit(text, edits.configure(self._document.flow, self._id, self._within, tests=tests))

    def _on_trial_ended(self, outcome: Outcome) -> None:
        self.environment.find_again()  # the trial may have made it
        is_current = (outcome.code or "") == self.editor.text()
        self.editor.set_failed_line(outcome.line if is_current else 0, outcome.complaint)


def _concerns(changed: str, key: str) -> bool:
    """Whether a change's id is that of a part, or of the header of a definition that holds it."""
    return changed == key or (changed.endswith("flow:") and key.startswith(changed.removesuffix("flow:")))
