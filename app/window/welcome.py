"""Welcome, what one sees with no flow open: recent flows, examples, a new one."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, QSize, Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from app.theme.icon import icon
from app.theme.style_sheet import set_look


def _(text: str) -> str:
    return str(QT_TRANSLATE_NOOP("examples", text))


_EXAMPLES = {
    "airports": (_("Airports"), _("A CSV file through nested subflows with parameters.")),
    "earthquakes": (_("Earthquakes"), _("Two feeds joined, sorted by strength, with alerts.")),
    "git-code": (_("Code from git"), _("A processor whose code comes from a commit.")),
    "playback": (_("Playback"), _("A week in half a minute: queues fill, a step fails, results grow.")),
    "polyglot": (_("Three languages"), _("Python to Node.js to bash, a year of weather.")),
    "web-log-triage": (_("Web log triage"), _("Parses a compressed log, sorts errors and slow requests out.")),
}


class Welcome(QScrollArea):
    """Offers what to begin with."""

    new_wanted = Signal()
    file_wanted = Signal()
    example_chosen = Signal(str)
    flow_chosen = Signal(str)
    """The id of a stored flow."""

    def __init__(self, examples: list[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Welcome"))
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        page = QWidget()
        middle = QHBoxLayout(page)
        middle.addStretch(1)
        column = QVBoxLayout()
        column.setContentsMargins(24, 48, 24, 48)
        column.setSpacing(12)
        middle.addLayout(column, 8)
        middle.addStretch(1)
        self.setWidget(page)
        title = QLabel("PYFI")
        set_look(title, "title")
        summary = QLabel(self.tr("Draw a flow of your own code, press Run, watch the messages move."))
        set_look(summary, "muted")
        column.addWidget(title)
        column.addWidget(summary)
        column.addSpacing(8)
        column.addLayout(self._begin())
        column.addSpacing(16)
        column.addWidget(self._heading(self.tr("Examples")))
        column.addLayout(self._examples(examples))
        column.addSpacing(16)
        self._recent_heading = self._heading(self.tr("Recent flows"))
        column.addWidget(self._recent_heading)
        self._recent = QVBoxLayout()
        self._recent.setSpacing(2)
        column.addLayout(self._recent)
        column.addStretch()
        self.show_recent([])

    @staticmethod
    def _heading(text: str) -> QLabel:
        label = QLabel(text)
        set_look(label, "heading")
        return label

    def _begin(self) -> QHBoxLayout:
        row = QHBoxLayout()
        new = QPushButton(icon("plus", role="on_accent"), self.tr("New flow"))
        set_look(new, "primary")
        new.clicked.connect(self.new_wanted)
        self.new_button = new
        file = QPushButton(icon("folder"), self.tr("Open a file …"))
        file.clicked.connect(self.file_wanted)
        for button in (new, file):
            button.setMinimumHeight(34)
            row.addWidget(button)
        row.addStretch()
        return row

    def _examples(self, names: list[str]) -> QGridLayout:
        grid = QGridLayout()
        grid.setSpacing(10)
        for number, name in enumerate(names):
            title, summary = (QCoreApplication.translate("examples", text) for text in _EXAMPLES.get(name, (name, "")))
            card = ExampleCard(title, summary, lambda name=name: self.example_chosen.emit(name))
            card.setObjectName(f"example-{name}")
            grid.addWidget(card, number // 3, number % 3)
        for column in range(3):
            grid.setColumnStretch(column, 1)
        return grid

    def show_recent(self, flows: list[tuple[str, str, str]]) -> None:
        """Show flows as (id, name, when and where)."""
        while (item := self._recent.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        self._recent_heading.setVisible(bool(flows))
        for id, name, words in flows:
            button = QPushButton(icon("subflow"), f"{name}    {words}")
            set_look(button, "flat")
            button.setStyleSheet("text-align: left;")
            button.setCursor(Qt.CursorShape.PointingHandCursor)
            button.clicked.connect(lambda _=False, id=id: self.flow_chosen.emit(id))
            self._recent.addWidget(button)


class ExampleCard(QPushButton):
    """A button with a title and a sentence."""

    def __init__(self, title: str, summary: str, on_clicked: Callable[[], None]) -> None:
        super().__init__()
        self.setAccessibleName(title)
        self.setAccessibleDescription(summary)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        column = self._column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 14, 12)
        head = QLabel(title)
        set_look(head, "heading")
        words = QLabel(summary)
        words.setWordWrap(True)
        set_look(words, "muted")
        for label in (head, words):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            column.addWidget(label)
        column.addStretch()
        self.setMinimumSize(220, 92)
        # Columns are as wide as each other, whatever their sentences would like.
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.clicked.connect(lambda _=False: on_clicked())

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """As its words want."""
        return self._column.sizeHint().expandedTo(QSize(220, 92))
