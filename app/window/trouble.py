"""Trouble, what a window does when the program itself goes wrong: one dialog with a report, and on with the work."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from engine.errors import PyfiError

if TYPE_CHECKING:
    from app.crash.catcher import Catcher
    from app.crash.report_dialog import ReportDialog
    from app.window.main_window import MainWindow


class Trouble(QObject):
    """Shows reports over a window."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self.dialog: ReportDialog | None = None
        """The report that is open, if any."""

    def follow(self, catcher: Catcher) -> None:
        """Show what the catcher catches from now on, and say so if the program ended hard the last time."""
        catcher.caught.connect(self._on_caught)
        self._tell_last_words()

    def _tell_last_words(self) -> None:
        from app.crash.black_box import last_words
        from app.crash.report import clean, keep_report

        for words in last_words():
            path = keep_report(clean(words), "hard-crash")
            self._window.tell(
                self.tr("PYFI ended hard the last time. Your flows are as you left them; the report is {}.").format(path)
            )

    def _on_caught(self, error: BaseException, trace: str) -> None:
        if isinstance(error, PyfiError):  # the world went wrong, not the program: a sentence is enough
            self._window.tell(str(error))
            return
        from app.crash.report import keep_report, make_report

        report = make_report(f"unexpected {type(error).__name__}", trace, self._facts())
        path = keep_report(report)
        if self.dialog is not None:
            self.dialog.add(report)
            return
        words = [
            self.tr("All your edits are saved.") if self._is_saved() else self.tr("Your last edits are being saved."),
            self.tr("What you did last may not have been done; you can go on."),
        ]
        if path is not None:
            words.append(self.tr("The report is kept as {}.").format(path))
        self._open(self.tr("Something went wrong in PYFI"), words, report, is_fault=True)

    def report_problem(self) -> None:
        """Make a report because the user wants one; nothing is sent anywhere."""
        from app.crash.report import make_report

        if self.dialog is not None:
            self.dialog.raise_()
            self.dialog.activateWindow()
            return
        words = [
            self.tr("Copy or save this report, and add what you did, what you expected and what happened instead."),
            self.tr("It holds nothing of your flows; nothing is sent anywhere."),
        ]
        self._open(self.tr("Report a problem"), words, make_report("a problem", "", self._facts()), is_fault=False)

    def _open(self, title: str, words: list[str], report: str, *, is_fault: bool) -> None:
        from app.crash.report_dialog import ReportDialog

        dialog = self.dialog = ReportDialog(title, " ".join(words), report, self._window, is_fault=is_fault)
        dialog.finished.connect(self._on_closed)
        dialog.show()
        dialog.raise_()

    def _on_closed(self) -> None:
        if self.dialog is not None:
            self.dialog.deleteLater()
            self.dialog = None

    def _is_saved(self) -> bool:
        return all(page.keeper.is_safe for page in self._window.pages())

    def _facts(self) -> dict[str, str]:
        """How the window stands: numbers, no names."""
        from app.theme.current import current_theme

        settings, pages = self._window.preferences.store.settings, self._window.pages()
        cards = sum(len(page.board.sheet.cards) for page in pages)
        return {
            "window": f"{self._window.width()}x{self._window.height()}, {current_theme().name}, {settings.scale} %",
            "flows": f"{len(pages)} open with {cards} cards shown, {'all saved' if self._is_saved() else 'not all saved'}",
            "engine": self._window.conductor.supervisor.state,
        }
