"""HelpWindow, the manual beside the desktop."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLabel, QSizePolicy, QSplitter, QToolBar, QVBoxLayout, QWidget

from app.help.browser import Browser
from app.help.contents import Contents
from app.help.topic import START
from app.theme.icon import icon
from app.theme.style_sheet import set_look

_SIZE = QSize(1180, 820)
_BESIDE = 280


class HelpWindow(QWidget):
    """Contents and search at the left, a page at the right, its tools above. Escape closes it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setObjectName("help")
        self.setWindowIcon(icon("help"))
        self.resize(_SIZE)
        self.browser = Browser()
        self.contents = Contents()
        self._marks = QLabel()
        set_look(self._marks, "small")
        splitter = QSplitter()
        splitter.addWidget(self.contents)
        splitter.addWidget(self.browser)
        splitter.setStretchFactor(1, 1)
        splitter.setSizes([_BESIDE, _SIZE.width() - _BESIDE])
        splitter.setChildrenCollapsible(False)
        self.contents.setMinimumWidth(200)
        self.actions_by_id: dict[str, QAction] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._make_bar())
        column.addWidget(splitter, 1)
        self.contents.topic_chosen.connect(self.browser.show_topic)
        self.browser.topic_changed.connect(self._on_topic_changed)
        self.browser.marks_changed.connect(self._on_marks_changed)
        self.browser.backwardAvailable.connect(self.actions_by_id["back"].setEnabled)
        self.browser.forwardAvailable.connect(self.actions_by_id["forward"].setEnabled)
        self._on_marks_changed()

    def _make_bar(self) -> QToolBar:
        bar = QToolBar(self.tr("Manual"), self)
        bar.setAccessibleName(self.tr("Manual"))
        bar.setIconSize(QSize(18, 18))
        browser = self.browser
        for id, text, glyph, keys, act in (
            ("back", self.tr("Back"), "chevron_left", ("Alt+Left",), browser.backward),
            ("forward", self.tr("Forward"), "chevron_right", ("Alt+Right",), browser.forward),
            ("contents", self.tr("Contents"), "library", ("Alt+Home",), lambda: browser.show_topic(START)),
            ("zoom_out", self.tr("Smaller"), "zoom_out", ("Ctrl+-",), lambda: browser.zoom_by(-1)),
            ("actual_size", self.tr("Usual Size"), "actual_size", ("Ctrl+0",), lambda: browser.set_zoom(1.0)),
            ("zoom_in", self.tr("Larger"), "zoom_in", ("Ctrl++", "Ctrl+="), lambda: browser.zoom_by(1)),
            ("search", self.tr("Search"), "search", ("Ctrl+F",), self._search),
            ("previous_hit", self.tr("Previous Mark"), "chevron_up", ("Shift+F3",), lambda: self._go_to_mark(-1)),
            ("next_hit", self.tr("Next Mark"), "chevron_down", ("F3",), lambda: self._go_to_mark(1)),
        ):
            bar.addAction(self._action(id, text, glyph, keys, act))
            if id in ("contents", "zoom_in"):
                bar.addSeparator()
        for id in ("back", "forward"):
            self.actions_by_id[id].setEnabled(False)
        bar.addWidget(self._marks)
        gap = QWidget()
        gap.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        bar.addWidget(gap)
        return bar

    def _action(self, id: str, text: str, glyph: str, keys: tuple[str, ...], act: Callable[[], object]) -> QAction:
        action = QAction(icon(glyph), text, self)
        action.setShortcuts([QKeySequence(key) for key in keys])
        action.setToolTip(f"{text} ({action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)})")
        action.setWhatsThis(action.toolTip())
        action.triggered.connect(lambda _=False: act())
        self.addAction(action)
        self.actions_by_id[id] = action
        return action

    def show_topic(self, topic: str) -> None:
        """Show a page, or a place on one, in front."""
        self.browser.show_topic(topic or START)
        if self.isMinimized():
            self.showNormal()
        self.show()
        self.raise_()
        self.activateWindow()
        self.browser.setFocus(Qt.FocusReason.OtherFocusReason)

    def _search(self) -> None:
        self.contents.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.contents.field.selectAll()

    def _go_to_mark(self, steps: int) -> None:
        self.browser.show_hit(self.browser.hit + steps)

    def _on_topic_changed(self, topic: str) -> None:
        self.contents.show_current(topic)
        title = self.browser.document().toPlainText().partition("\n")[0]
        self.setWindowTitle(self.tr("{} - PYFI Manual").format(title.strip()))

    def _on_marks_changed(self) -> None:
        count = self.browser.hits
        for id in ("previous_hit", "next_hit"):
            self.actions_by_id[id].setEnabled(count > 0)
        self._marks.setText(self.tr("{} of {}").format(self.browser.hit + 1, count) if count else "")

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Escape closes it."""
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        else:
            super().keyPressEvent(event)
