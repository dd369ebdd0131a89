"""ProbeList, which servers of a target answer, and why the others do not."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from app.theme.icon import icon
from app.theme.icon_label import IconLabel
from app.theme.style_sheet import set_look

ORDER = ("broker", "bus", "database", "results")


class ProbeList(QWidget):
    """A line a server: an icon, what the server is for, and what it says."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        titles = {
            "broker": self.tr("Broker"),
            "bus": self.tr("Bus"),
            "database": self.tr("Database"),
            "results": self.tr("Results"),
        }
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(2, 1)
        self._icons: dict[str, IconLabel] = {}
        self.answers: dict[str, QLabel] = {}
        top = Qt.AlignmentFlag.AlignTop
        for row, role in enumerate(ORDER):
            glyph, title, answer = IconLabel(icon("timer", role="muted"), 14), QLabel(titles[role]), QLabel()
            answer.setWordWrap(True)
            answer.setTextFormat(Qt.TextFormat.PlainText)
            answer.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            answer.setAccessibleName(titles[role])
            self._icons[role], self.answers[role] = glyph, answer
            grid.addWidget(glyph, row, 0, top)
            grid.addWidget(title, row, 1, top)
            grid.addWidget(answer, row, 2, top)
        self.hide()

    def show_asking(self) -> None:
        """The servers are being asked."""
        for role in ORDER:
            self._say(role, self.tr("asked …"), "timer", "muted", "muted")
        self.show()

    def show_answers(self, answers: Mapping[str, str | None], *, has_results: bool = True) -> None:
        """By server: None if it answers, else why not. Without a server of their own results are in the database."""
        for role in ORDER:
            if role == "results" and not has_results:
                self._say(role, self.tr("are kept in the database"), "database", "muted", "muted")
                continue
            reason = answers.get(role)
            if reason is None:
                self._say(role, self.tr("answers"), "check", "running", "")
            else:
                self._say(role, reason, "invalid", "invalid", "error")
        self.show()

    def _say(self, role: str, words: str, glyph: str, color: str, look: str) -> None:
        self._icons[role].set_icon(icon(glyph, role=color))
        self.answers[role].setText(words)
        set_look(self.answers[role], look)
