"""ChartPanel, what the selected parts of a flow did over time, and what they do now."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtWidgets import (
    QButtonGroup,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QMenu,
    QSplitter,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.chart import loader
from app.chart.legend import Legend
from app.chart.line import Line, as_csv, line_of
from app.chart.reader import read
from app.chart.span import SPANS, Span
from app.chart.subject import Subject, subjects
from app.feed.background import in_background
from app.page.flow_page import FlowPage
from app.panel.seen import Seen
from app.theme.icon import icon
from app.theme.style_sheet import set_look
from engine.client.answer import History
from engine.client.cluster_link import ClusterLink
from engine.client.engine import Engine
from engine.errors import PyfiError

if TYPE_CHECKING:
    from app.chart.plot import Plot


class ChartPanel(QWidget):
    """Follows the selection, unless it is pinned to its subjects. It asks while it can be seen."""

    def __init__(self, door_of: Callable[[FlowPage], Engine | ClusterLink], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Charts"))
        self._door_of = door_of
        self._page: FlowPage | None = None
        self.subjects: list[Subject] = []
        self.span = SPANS[0]
        self._histories: list[History] = []
        self._read_s = 0.0
        self._asking: asyncio.Task[None] | None = None
        self._asked_again = False
        self._loading: asyncio.Task[None] | None = None
        self.plot: Plot | None = None
        self._make()
        self._clock = QTimer(self)
        self._clock.timeout.connect(self.refresh)
        self.seen = Seen(self)
        self.seen.changed.connect(self._on_seen)

    def _make(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 6, 8, 6)
        column.setSpacing(6)
        column.addLayout(self._bar())
        self.stack = QStackedWidget()
        self.message = QLabel(self.tr("Loading …"))
        self.message.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.message.setWordWrap(True)
        self.message.setAccessibleName(self.tr("Why there is no chart"))
        set_look(self.message, "muted")
        self.stack.addWidget(self.message)
        self.legend = Legend()
        self.legend.toggled.connect(self._draw)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.addWidget(self.stack)
        split.addWidget(self.legend)
        split.setStretchFactor(0, 1)
        split.setStretchFactor(1, 0)
        split.setChildrenCollapsible(False)
        column.addWidget(split, 1)

    def _bar(self) -> QHBoxLayout:
        bar = QHBoxLayout()
        bar.setSpacing(4)
        self.title = QLabel()
        self.title.setAccessibleName(self.tr("What the chart is about"))
        set_look(self.title, "heading")
        self.pin = self._button("pin", self.tr("Stay with these parts, whatever is selected"), checkable=True)
        self.pin.toggled.connect(self._on_pin_toggled)
        bar.addWidget(self.title)
        bar.addWidget(self.pin)
        bar.addStretch()
        self.live = self._button("", self.tr("Go on with the clock (Home)"), checkable=True, text=self.tr("Live"))
        self.live.setChecked(True)
        self.live.clicked.connect(self._on_live_clicked)
        bar.addWidget(self.live)
        self.spans: dict[str, QToolButton] = {}
        group = QButtonGroup(self)
        for span in SPANS:
            button = self._button("", self.tr("How much time is shown"), checkable=True, text=span.name)
            button.setChecked(span is self.span)
            button.clicked.connect(lambda _=False, span=span: self.show_span(span))
            group.addButton(button)
            bar.addWidget(button)
            self.spans[span.id] = button
        self.save = self._button("save", self.tr("Save the chart"))
        self.save.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self.save)
        menu.addAction(self.tr("Picture (PNG) …"), self._on_save_picture)
        menu.addAction(self.tr("Figures (CSV) …"), self._on_save_figures)
        self.save.setMenu(menu)
        bar.addWidget(self.save)
        return bar

    def _button(self, glyph: str, words: str, *, checkable: bool = False, text: str = "") -> QToolButton:
        button = QToolButton()
        button.setAutoRaise(True)
        button.setCheckable(checkable)
        button.setToolTip(words)
        button.setAccessibleName(f"{text}: {words}" if text else words)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        if glyph:
            button.setIcon(icon(glyph))
        if text:
            button.setText(text)
        return button

    # -- what it is about

    def show_page(self, page: FlowPage | None) -> None:
        """Follow the selection of another page."""
        if page is self._page:
            return
        if self._page is not None:
            self._page.viewer.selected.disconnect(self.follow_selection)
            self._page.board.place_changed.disconnect(self.follow_selection)
        self._page = page
        if page is not None:
            page.viewer.selected.connect(self.follow_selection)
            page.board.place_changed.connect(self.follow_selection)
            self.follow_selection()

    def follow_selection(self, *_: object) -> None:
        """The selection, or the target that the page shows, is another: be about that, unless it is pinned."""
        if self._page is not None and not self.pin.isChecked():
            self.show_subjects(subjects(self._page, self._page.viewer.selected_keys(), self._door_of(self._page)))

    def _on_pin_toggled(self, is_pinned: bool) -> None:
        if not is_pinned:
            self.follow_selection()

    def show_subjects(self, found: Sequence[Subject]) -> None:
        """Be about these parts."""
        if list(found) == self.subjects:
            return
        self.subjects = list(found)
        names = ", ".join(subject.name for subject in found)
        self.title.setText(self.title.fontMetrics().elidedText(names, Qt.TextElideMode.ElideRight, 420))
        self.title.setToolTip(names)
        self._histories = []
        self.legend.show_subjects(self.subjects)
        self._draw()
        self.refresh()

    def show_span(self, span: Span) -> None:
        """Show more time, or less, up to now."""
        self.span = span
        self.spans[span.id].setChecked(True)
        self._histories = []
        self._go_live()
        self._clock.setInterval(span.refresh_ms)
        self.refresh()

    # -- what it is made of

    def _on_seen(self, seen: bool) -> None:
        """Everything it needs is loaded when it is first seen; while nobody looks, nothing is asked."""
        if not seen:
            self._clock.stop()
            return
        self._clock.start(self.span.refresh_ms)
        if self.plot is None and self._loading is None:
            self._loading = in_background(self._load())
        self.refresh()

    async def _load(self) -> None:
        self.message.setText(self.tr("Loading …"))
        try:
            await loader.load()
        except ImportError as error:
            self._loading = None  # tried again when it is seen again
            self._say(self.tr("Charts need a package that is not installed ({}). Install PYFI again.").format(error))
            return
        from app.chart.plot import Plot

        self.plot = Plot()
        self.plot.live_changed.connect(self._on_live_changed)
        self.plot.hovered.connect(self._on_hovered)
        self.stack.addWidget(self.plot)
        self._draw()

    def refresh(self) -> None:
        """Ask for what is new."""
        if not self.subjects or not self.seen.now:
            return
        if self._asking is not None and not self._asking.done():
            self._asked_again = True
            return
        self._asking = in_background(self._ask())

    async def _ask(self) -> None:
        self._asked_again = True
        while self._asked_again:
            self._asked_again = False
            found, span = self.subjects, self.span
            try:
                histories = await read(
                    found[0].door, found[0].flow, [subject.part for subject in found], span.since_ms(time.time())
                )
            except PyfiError as error:
                self._say(str(error))
                return
            if (found, span) == (self.subjects, self.span):
                self._histories, self._read_s = histories, time.time()
                self._draw()
            else:
                self._asked_again = True

    # -- drawing

    def lines(self) -> list[Line]:
        """What the figures come to, of all counters that are chosen."""
        return [
            line_of(subject, counter, history, self._read_s, number=number, among=len(self.subjects))
            for number, (subject, history) in enumerate(zip(self.subjects, self._histories, strict=False))
            for counter in subject.counters
            if self.legend.is_chosen(subject, counter)
        ]

    def _draw(self) -> None:
        plot = self.plot
        if plot is None:
            return
        if not self._histories:  # what was drawn last stays for the moment until they come
            if self.stack.currentWidget() is not plot:
                self._say(self.tr("Loading …"))
            return
        if not any(any(row) for history in self._histories for row in history.rows):
            self._say(self._why_empty())
            return
        lines = self.lines()
        if not lines:
            self._say(self.tr("Nothing is chosen. Tick what is to be drawn in the list on the right."))
            return
        times = [float(line.times[0]) for line in lines if len(line.times)]
        if not times:  # others of these parts have a past, those that are chosen have none
            self._say(self._why_empty())
            return
        end = self._read_s
        begin = end - self.span.seconds if self.span.seconds else min(times)
        plot.show_lines(lines, begin, end)
        self.stack.setCurrentWidget(plot)
        self._show_values()

    def _why_empty(self) -> str:
        if self.span.id == "all":
            return self.tr("Nothing of this has run yet. Run the flow (F5) to see here what it does.")
        return self.tr("Nothing has run in this span. Run the flow (F5), or choose a longer span above.")

    def _say(self, text: str) -> None:
        self.message.setText(text)
        self.stack.setCurrentWidget(self.message)
        self.legend.show_values({})

    def _show_values(self) -> None:
        """Beside each name its value, under the crosshair or the newest."""
        plot = self.plot
        if plot is None:
            return
        at = plot.at if plot.at is not None else self._read_s
        found = {line.key: row[1] for line in plot.lines if (row := line.at(at)) is not None}
        self.legend.show_values(found)

    def _on_hovered(self, _: object) -> None:
        self._show_values()

    # -- live

    def _on_live_changed(self) -> None:
        self.live.setChecked(self.plot is None or self.plot.is_live)

    def _on_live_clicked(self) -> None:
        self._go_live()

    def _go_live(self) -> None:
        self.live.setChecked(True)
        if self.plot is not None:
            self.plot.go_live()

    # -- saving

    def _on_save_picture(self) -> None:
        if self.plot is None or self.stack.currentWidget() is not self.plot:
            return
        path = self._ask_path(self.tr("Save the chart as a picture"), self.tr("Pictures (*.png)"), ".png")
        if path is not None and not self.plot.picture().save(str(path)):
            self._tell_unsaved(path)

    def _on_save_figures(self) -> None:
        path = self._ask_path(self.tr("Save the figures of the chart"), self.tr("Comma-separated values (*.csv)"), ".csv")
        if path is None:
            return
        try:
            path.write_text(as_csv(self.lines()), encoding="utf-8")
        except OSError:
            self._tell_unsaved(path)

    def _ask_path(self, title: str, kinds: str, suffix: str) -> Path | None:
        first = "".join(each if each.isalnum() else "-" for each in self.subjects[0].name) if self.subjects else "chart"
        name, _ = QFileDialog.getSaveFileName(self, title, f"{first}{suffix}", kinds)
        if not name:
            return None
        path = Path(name)
        return path if path.suffix else path.with_suffix(suffix)

    def _tell_unsaved(self, path: Path) -> None:
        from PySide6.QtWidgets import QMessageBox

        QMessageBox.warning(self, self.tr("Not saved"), self.tr("{} cannot be written. Choose another folder.").format(path))

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Icons in the colours of the theme."""
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "save"):
            self.pin.setIcon(icon("pin"))
            self.save.setIcon(icon("save"))
        super().changeEvent(event)
