"""LogPanel, what the open flow says while it runs."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Sequence
from weakref import WeakKeyDictionary

from PySide6.QtCore import QPoint, QSignalBlocker, Qt, QTimer
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QMenu, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from app.feed.feed import Line
from app.page.flow_page import FlowPage
from app.panel.log_model import LEVELS, MOST, Filter, LogModel
from app.panel.log_view import LogView
from app.panel.panel import Blank, Panel, Stack
from app.theme.fonts import wear_icon_size
from app.theme.icon import icon
from engine.client.parts import Place

REST_MS = 100
"""Lines that come faster than this are shown together."""
_WARNING = LEVELS.index("warning")


class LogPanel(Panel):
    """The log of the page in front. It is told the lines of all pages (`add_lines`), so that nothing is missed meanwhile."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Log"))
        self._logs: WeakKeyDictionary[FlowPage, dict[str, LogModel]] = WeakKeyDictionary()
        """By the target whose log it is; "" is this machine."""
        self._waiting: WeakKeyDictionary[FlowPage, dict[str, deque[Line]]] = WeakKeyDictionary()
        self._places: WeakKeyDictionary[FlowPage, str] = WeakKeyDictionary()
        """The target that each page shows."""
        self._nothing = LogModel()
        self.level_box, self.step_box = QComboBox(), QComboBox()
        self.field = QLineEdit()
        self.bulletins = self._button("bulletin", self.tr("Bulletins"), self.tr("Show only warnings and errors"))
        self.follow = self._button("down", "", self.tr("Follow: stay with the newest line"))
        self.clear_button = self._button("trash", "", self.tr("Clear: forget these lines (the log file keeps them)"))
        self.view = LogView(self._nothing)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._rest.timeout.connect(self._take)
        self._arrange()
        self._connect()
        self.show_page(None)

    def _button(self, glyph: str, words: str, tip: str) -> QToolButton:
        button = QToolButton()
        button.setIcon(icon(glyph))
        wear_icon_size(button, 16)
        button.setText(words)
        button.setToolTip(tip)
        button.setAccessibleName(words or tip.partition(":")[0])
        button.setToolButtonStyle(
            Qt.ToolButtonStyle.ToolButtonTextBesideIcon if words else Qt.ToolButtonStyle.ToolButtonIconOnly
        )
        return button

    def _arrange(self) -> None:
        self.bulletins.setCheckable(True)
        self.follow.setCheckable(True)
        self.follow.setChecked(True)
        self.level_box.setAccessibleName(self.tr("Least level"))
        self.level_box.addItems([self.tr("All levels"), self.tr("Information"), self.tr("Warnings"), self.tr("Errors")])
        self.level_box.setToolTip(self.tr("Show lines of this level and above"))
        self.step_box.setAccessibleName(self.tr("Step"))
        self.step_box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.step_box.setMinimumContentsLength(8)
        self.field.setPlaceholderText(self.tr("Filter the log …"))
        self.field.setAccessibleName(self.tr("Filter the log"))
        self.field.setClearButtonEnabled(True)
        self.field.setMinimumWidth(80)
        self.field.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.field.addAction(icon("filter", role="muted"), QLineEdit.ActionPosition.LeadingPosition)
        self.view.setAccessibleName(self.tr("Lines of the log"))
        bar = QHBoxLayout()
        bar.setContentsMargins(8, 6, 8, 6)
        bar.setSpacing(6)
        for widget in (self.bulletins, self.level_box, self.step_box, self.field, self.follow, self.clear_button):
            bar.addWidget(widget)
        self._stack = Stack(self.view, Blank("log"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(bar)
        column.addWidget(self._stack, 1)
        self.setFocusProxy(self.view)

    def _connect(self) -> None:
        self.level_box.currentIndexChanged.connect(self._refilter)
        self.step_box.currentIndexChanged.connect(self._refilter)
        self.field.textChanged.connect(self._refilter)
        self.bulletins.toggled.connect(self._refilter)
        self.follow.toggled.connect(lambda wanted: self.view.follow(wanted=wanted))
        self.clear_button.clicked.connect(self.clear)
        self.view.step_chosen.connect(self._on_step_chosen)
        self.view.follows_changed.connect(self.follow.setChecked)
        self.view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.view.customContextMenuRequested.connect(self._on_menu_asked)

    # -- what it follows

    def _on_page_shown(self, page: FlowPage | None) -> None:
        self.view.show_log(self._log(page) if page is not None else self._nothing)
        for widget in (self.bulletins, self.level_box, self.step_box, self.field, self.follow, self.clear_button):
            widget.setEnabled(page is not None)
        self._fill_steps()
        self._refilter()

    def show_place(self, page: FlowPage, place: str) -> None:
        """A page shows another target, "" for this machine: so does its log."""
        self._places[page] = place
        if page is self.page:
            self.show_page(page)

    def _log(self, page: FlowPage, place: str | None = None) -> LogModel:
        logs = self._logs.setdefault(page, {})
        return logs.setdefault(self._places.get(page, "") if place is None else place, LogModel())

    def add_lines(self, page: FlowPage, lines: Sequence[Line], place: str = "") -> None:
        """A page's flow said something, on a target."""
        self._waiting.setdefault(page, {}).setdefault(place, deque(maxlen=MOST)).extend(lines)
        if not self._rest.isActive():
            self._rest.start()

    def note_missed(self, count: int) -> None:
        """So many lines were too many to be told."""
        text = self.tr("{:,} lines came too fast to be shown here; `pyfi logs` has them.").format(count)
        if self.page is not None:
            self.add_lines(self.page, [Line(int(time.time() * 1000), "", "info", text)], self._places.get(self.page, ""))

    def _take(self) -> None:
        """Show what has come."""
        waiting = [(page, place, lines) for page, told in self._waiting.items() for place, lines in told.items()]
        self._waiting.clear()
        for page, place, lines in waiting:
            log = self._log(page, place)
            if log is self.view.log:
                self.view.keep(lambda log=log, lines=lines: log.append(lines))
            else:
                log.append(list(lines))
        self._fill_steps()
        self._say()

    # -- filters

    def _fill_steps(self) -> None:
        """Offer the steps that have said anything, if there are others than before."""
        steps = sorted(self.view.log.steps)
        offered = [self.step_box.itemData(number) for number in range(1, self.step_box.count())]
        if steps == offered and self.step_box.count():
            return
        chosen = self.step_box.currentData()
        if chosen and chosen not in steps:
            steps.append(chosen)
        with QSignalBlocker(self.step_box):
            self.step_box.clear()
            self.step_box.addItem(self.tr("All steps"), "")
            for step in steps:
                self.step_box.addItem(step, step)
            self.step_box.setCurrentIndex(max(0, self.step_box.findData(chosen)))

    def _refilter(self) -> None:
        level = max(self.level_box.currentIndex(), _WARNING if self.bulletins.isChecked() else 0)
        wanted = Filter(level, self.step_box.currentData() or "", tuple(self.field.text().casefold().split()))
        self.view.log.show_only(wanted)
        if self.view.follows:
            self.view.scrollToBottom()
        self._say()

    def _say(self) -> None:
        log = self.view.log
        if self.page is None:
            self._stack.say(self.tr("No flow is open."), "log")
        elif log.rowCount():
            self._stack.say("")
        elif len(log):
            self._stack.say(self.tr("None of the lines passes the filter."), "filter")
        else:
            self._stack.say(self.tr("Nothing was said yet. What steps say while the flow runs appears here."), "log")

    # -- what one does

    def clear(self) -> None:
        """Forget the lines of the page in front."""
        if self.page is not None:
            self._waiting.get(self.page, {}).pop(self._places.get(self.page, ""), None)
        self.view.log.clear()
        self._fill_steps()
        self._refilter()

    def show_step(self, step: str) -> None:
        """Show only what a step says, by its full id; "" for all."""
        if step and self.step_box.findData(step) < 0:
            self.step_box.addItem(step, step)
        self.step_box.setCurrentIndex(max(0, self.step_box.findData(step)))

    def _on_step_chosen(self, step: str) -> None:
        page = self.page
        if page is None:
            return
        *above, key = step.split("/")
        place = Place(tuple(above))
        scope = place.scope(page.document.flow)
        if scope is not None and key in scope.flow.steps:
            page.board.show_part(place, key)

    def _on_menu_asked(self, at: QPoint) -> None:
        index = self.view.indexAt(at)
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(icon("copy"), self.tr("Copy"), self.view.copy)
        if index.isValid() and (step := self.view.log.said(index.row()).line.step):
            menu.addAction(icon("enter"), self.tr("Go to '{}'").format(step), lambda: self._on_step_chosen(step))
            menu.addAction(icon("filter"), self.tr("Only what '{}' says").format(step), lambda: self.show_step(step))
        menu.addSeparator()
        menu.addAction(icon("trash"), self.tr("Clear"), self.clear)
        menu.popup(self.view.viewport().mapToGlobal(at))
