"""StatusStrip, the line that says how the open flow is: what waits, what runs, what is wrong, whether it is saved."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from app.canvas import text
from app.canvas.card import State
from app.theme.icon import icon
from app.theme.icon_label import IconLabel
from app.theme.style_sheet import set_look

_SHOWN = (
    ("queue", "queued", "text"),
    ("run", "running", "running"),
    ("stop", "stopped", "stopped"),
    ("invalid", "invalid", "invalid"),
    ("disable", "disabled", "muted"),
    ("bulletin", "bulletins", "bulletin"),
)


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
            "running": self.tr("Running processors"),
            "stopped": self.tr("Stopped processors"),
            "invalid": self.tr("Invalid processors"),
            "disabled": self.tr("Disabled processors"),
            "bulletins": self.tr("Bulletins of the last five minutes"),
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
        self._engine = QLabel()
        self._message = QLabel()
        self._saved = QLabel()
        set_look(self._message, "muted")
        set_look(self._saved, "muted")
        row.addWidget(self._engine)
        row.addStretch()
        row.addWidget(self._message)
        row.addWidget(self._saved)

    def show_counts(self, counts: dict[State, int]) -> None:
        """How many processors are in which state."""
        for name, states in (
            ("running", (State.RUNNING,)),
            ("stopped", (State.STOPPED, State.PAUSED, State.ENDED)),
            ("invalid", (State.INVALID, State.BROKEN)),
            ("disabled", (State.DISABLED,)),
        ):
            self._labels[name].setText(text.count(sum(counts.get(state, 0) for state in states)))

    def show_queued(self, messages: int, size: int) -> None:
        """What waits in all queues."""
        self._labels["queued"].setText(f"{text.count(messages)} ({text.size(size)})" if messages else "0")

    def show_bulletins(self, count: int) -> None:
        """How many warnings and errors there were lately."""
        self._labels["bulletins"].setText(text.count(count))

    def show_engine(self, words: str) -> None:
        """How the engine is."""
        self._engine.setText(words)

    def show_message(self, words: str) -> None:
        """A sentence, until the next."""
        self._message.setText(words)

    def show_saved(self, words: str, *, safe: bool) -> None:
        """Whether the last edit is saved."""
        self._saved.setText(words)
        set_look(self._saved, "muted" if safe else "error")
