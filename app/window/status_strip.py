"""StatusStrip, the line that says how the open flow is: what waits, what runs, what is wrong, whether it is saved."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from app.canvas import text
from app.canvas.card import State
from app.theme.elided import Elided
from app.theme.icon import icon
from app.theme.icon_label import IconLabel
from app.theme.style_sheet import set_look

_SHOWN = (
    ("queue", "queued", "text"),
    ("timer", "tasks", "running"),
    ("run", "running", "running"),
    ("check", "ended", "muted"),
    ("stop", "stopped", "stopped"),
    ("invalid", "invalid", "invalid"),
    ("disable", "disabled", "muted"),
    ("bulletin", "bulletins", "bulletin"),
    ("computer", "target", "muted"),
)
_STATES = {
    "running": (State.RUNNING,),
    "ended": (State.ENDED,),
    "stopped": (State.STOPPED, State.PAUSED),
    "invalid": (State.INVALID, State.BROKEN),
    "disabled": (State.DISABLED,),
}


class Standing(NamedTuple):
    """How a whole flow stands: processors by state, tasks under way, messages and bytes that wait, bulletins of late."""

    counts: Mapping[State, int]
    tasks: int
    messages: int
    size: int
    bulletins: int


class StatusStrip(QWidget):
    """Numbers with an icon each, then a sentence, then how safe the last edit is."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Status"))
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 3, 10, 3)
        row.setSpacing(14)
        names = {
            "queued": self.tr("Queued messages"),
            "tasks": self.tr("Tasks under way"),
            "running": self.tr("Running processors"),
            "ended": self.tr("Processors that have done all their work"),
            "stopped": self.tr("Stopped processors"),
            "invalid": self.tr("Invalid processors, and those that cannot run"),
            "disabled": self.tr("Disabled processors"),
            "bulletins": self.tr("Bulletins of the last five minutes"),
            "target": self.tr("Target: where the flow runs"),
        }
        self._labels: dict[str, QLabel] = {}
        for glyph, name, role in _SHOWN:
            pair = QHBoxLayout()
            pair.setSpacing(4)
            picture, label = IconLabel(icon(glyph, role=role), 14), QLabel("0")
            for each in (picture, label):
                each.setToolTip(names[name])
                pair.addWidget(each)
            label.setAccessibleName(names[name])
            self._labels[name] = label
            row.addLayout(pair)
        self.show_target("")
        self._engine = Elided("", keen=True)
        self._trouble = Elided("error")
        self._trouble.hide()
        self._message = Elided("muted")
        self._message.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._saved = QLabel()
        set_look(self._saved, "muted")
        row.addWidget(self._engine)
        row.addWidget(self._trouble, 2)
        row.addWidget(self._message, 1)
        row.addWidget(self._saved)

    def show_standing(self, standing: Standing) -> None:
        """How the flow stands, those of its parts that are inside subflows included."""
        numbers = {name: sum(standing.counts.get(state, 0) for state in states) for name, states in _STATES.items()}
        for name, number in (*numbers.items(), ("tasks", standing.tasks), ("bulletins", standing.bulletins)):
            self._labels[name].setText(text.count(number))
        waiting = f"{text.count(standing.messages)} ({text.size(standing.size)})" if standing.messages else "0"
        self._labels["queued"].setText(waiting)

    def number(self, name: str) -> str:
        """What a number reads: queued, tasks, running, ended, stopped, invalid, disabled, bulletins or target."""
        return self._labels[name].text()

    def show_target(self, name: str) -> None:
        """Where the flow runs; "" is this machine."""
        self._labels["target"].setText(name or self.tr("local"))

    def show_target_trouble(self, words: str) -> None:
        """Why figures of the target do not come as they should, as long as that lasts."""
        self._trouble.set_text(words)
        self._trouble.setVisible(bool(words))

    @property
    def target_trouble(self) -> str:
        """What is said of it."""
        return self._trouble.full_text

    def show_engine(self, words: str) -> None:
        """How the engine is."""
        self._engine.set_text(words)

    def show_message(self, words: str) -> None:
        """A sentence, until the next; what there is no room for is in its tooltip."""
        self._message.set_text(words)

    @property
    def message(self) -> str:
        """The sentence that was said last."""
        return self._message.full_text

    @property
    def is_message_cut(self) -> bool:
        """Whether there is no room for all of it."""
        return self._message.is_cut

    def show_saved(self, words: str, *, safe: bool) -> None:
        """Whether the last edit is saved."""
        self._saved.setText(words)
        set_look(self._saved, "muted" if safe else "error")
