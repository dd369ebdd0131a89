"""Inspector, which shows what is selected and edits it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QScrollArea, QTabWidget, QVBoxLayout, QWidget

from app.document.document import Document
from app.help.shown import show_help
from app.help.topic import topic_of_part
from app.inspector.gesture import Gestures
from app.inspector.heading import Banner, Heading
from app.inspector.outline import Outline, Sheet, outline_of
from app.inspector.page import Page
from app.inspector.subject import FLOW, Subject
from app.theme.icon import icon
from app.theme.style_sheet import set_look
from engine.model.apply import split_key
from engine.model.change import Change
from engine.model.flow import Part
from engine.model.problem import Problem

_WIDTH = 320


class Inspector(QWidget):
    """The selected part in tabs; several parts by what they have in common; with nothing selected, the flow.

    Every edit goes to the document at once. Edits of one field that follow each other are one step of its history.
    """

    part_chosen = Signal(str, str)
    """Another part is wanted: the path of its level and its key, as `show_parts` takes them."""

    code_requested = Signal(str, str)
    """The code of a processor is to be edited: the path of its level and its id."""

    def __init__(self, document: Document | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document: Document | None = None
        self._subject: Subject | None = None
        self._sheets: list[Sheet] = []
        self._shape: object = None
        self._tab = ""
        self._pages: dict[str, Page] = {}
        self._problems: list[Problem] = []
        self._gestures = Gestures(self)
        self.heading = Heading(self)
        self.heading.help_requested.connect(self._on_help_requested)
        self.banner = Banner(self)
        self.banner.reason_chosen.connect(self._on_reason_chosen)
        self.code_button = QPushButton(self.tr("Edit code"), self)
        self.code_button.setIcon(icon("code"))
        self.code_button.clicked.connect(self._on_code_clicked)
        self._nothing = QLabel(self.tr("No flow is open."), self)
        set_look(self._nothing, "muted")
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.tabs = QTabWidget(self)
        self.tabs.setDocumentMode(True)
        self.tabs.setUsesScrollButtons(True)
        self.tabs.currentChanged.connect(self._on_tab_changed)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(0)
        self._layout.addWidget(self.heading)
        above = QVBoxLayout()
        above.setContentsMargins(14, 0, 14, 4)
        above.setSpacing(8)
        above.addWidget(self.banner)
        above.addWidget(self.code_button, 0, Qt.AlignmentFlag.AlignLeft)
        self._layout.addLayout(above)
        self._layout.addWidget(self.tabs, 1)
        self._layout.addWidget(self._nothing, 1)
        self.setMinimumWidth(_WIDTH)
        self.setAccessibleName(self.tr("Inspector"))
        self.set_document(document)

    @property
    def subject(self) -> Subject | None:
        """What is shown."""
        return self._subject

    def set_document(self, document: Document | None) -> None:
        """Show another document, nothing selected; or none at all."""
        if self._document is not None:
            self._document.changed.disconnect(self._on_changed)
        self._document = document
        self._problems = []
        self._subject = None
        if document is not None:
            document.changed.connect(self._on_changed)
            self.show_parts("", ())
        else:
            self._show_nothing()

    def show_parts(self, within: str, keys: Sequence[str]) -> None:
        """Show parts of the level that `within` names, by the keys that a Change has for them there; none: the level."""
        if self._document is None:
            return
        self._gestures.end()
        subject = Subject.of(self._document, within, keys)
        parts = list(subject.parts().values())
        if len(parts) == len(subject.keys) == 1 and self._subject is not None:
            if subject == self._subject:
                return
            if subject.within == self._subject.within and _shape_of(parts) == self._shape:
                self._turn_to(subject, parts)
                return
        self._subject = subject
        self._rebuild()

    def set_problems(self, problems: Sequence[Problem]) -> None:
        """Take note of everything that is wrong with the flow; what is about the part that is shown is shown."""
        self._problems = list(problems)
        self._show_problems()

    def focus_setting(self, name: str) -> bool:
        """Give the field of a setting the keyboard, on whatever tab it is; whether there is one."""
        return self._focus_reason(f"`{name}`")

    def _on_help_requested(self) -> None:
        part = self._subject.part() if self._subject is not None else None
        show_help(topic_of_part(part) if part is not None else "inspector.md")

    def page(self, title: str) -> Page | None:
        """The page of a tab, by the tab's title."""
        self._build(title)
        return self._pages.get(title)

    def show_tab(self, title: str) -> None:
        """Bring a tab to the front."""
        for at in range(self.tabs.count()):
            if self.tabs.tabText(at) == title:
                self.tabs.setCurrentIndex(at)

    # -- building

    def _turn_to(self, subject: Subject, parts: Sequence[Part]) -> None:
        """Show another part of the same kind with the pages there are."""
        self._subject = subject
        self._show_heading(outline_of(subject, parts))
        for page in self._pages.values():
            page.turn_to(subject)
        self._show_problems()

    def _rebuild(self) -> None:
        """Show the subject with new pages."""
        assert self._subject is not None
        parts = self._subject.parts()
        if not parts and self._subject.keys != (FLOW,):
            self._subject = Subject.of(self._subject.document, self._subject.within, ())
            parts = self._subject.parts()
        if not parts:  # the level is gone, too
            self._subject = Subject.of(self._subject.document, "", ())
            parts = self._subject.parts()
        outline = outline_of(self._subject, list(parts.values()))
        self._shape = _shape_of(list(parts.values()))
        self._sheets = outline.sheets
        self._show_heading(outline)
        self._pages = {}
        wanted = self._tab
        self.tabs.blockSignals(True)  # noqa: FBT003 - Qt's signature
        while self.tabs.count():
            old = self.tabs.widget(0)
            self.tabs.removeTab(0)
            if old is not None:
                old.deleteLater()
        for sheet in self._sheets:
            self.tabs.addTab(_scroller(), sheet.title)
        titles = [sheet.title for sheet in self._sheets]
        self.tabs.setCurrentIndex(titles.index(wanted) if wanted in titles else 0)
        self.tabs.blockSignals(False)  # noqa: FBT003
        self.tabs.tabBar().setVisible(len(titles) > 1)
        self.tabs.setVisible(bool(titles))
        self._nothing.setVisible(not titles)
        self._nothing.setText(self.tr("These parts have nothing in common."))
        self.heading.show()
        if titles:
            self._build(titles[self.tabs.currentIndex()])
        self._show_problems()

    def _show_nothing(self) -> None:
        self._sheets = []
        self._pages = {}
        self.tabs.hide()
        self.heading.hide()
        self.banner.set_reasons(())
        self.code_button.hide()
        self._nothing.setText(self.tr("No flow is open."))
        self._nothing.show()

    def _build(self, title: str) -> None:
        """Make the page of a tab, once it is wanted."""
        at = next((at for at, sheet in enumerate(self._sheets) if sheet.title == title), -1)
        if at < 0 or title in self._pages:
            return
        assert self._subject is not None
        page = self._sheets[at].make(self._subject, self._gestures)
        page.set_reasons(self._reasons())
        chosen = getattr(page, "part_chosen", None)
        if chosen is not None:
            chosen.connect(self._on_part_chosen)
        scroller = self.tabs.widget(at)
        assert isinstance(scroller, QScrollArea)
        scroller.setWidget(page)
        self._pages[title] = page
        stops = [stop for form in page.forms() for stop in form.tab_stops()]
        for before, after in pairwise([self.tabs.tabBar(), *stops]):  # a page that is put in later would come at the very end
            QWidget.setTabOrder(before, after)

    def _show_heading(self, outline: Outline) -> None:
        self.heading.show_part(outline.icon, outline.name, outline.kind, outline.hint)
        self.code_button.setVisible(outline.has_code)

    # -- following

    def _on_changed(self, changes: Sequence[Change]) -> None:
        subject = self._subject
        if subject is None or not any(_concerns(change, subject) for change in changes):
            return
        parts = list(subject.parts().values())
        if len(parts) < len(subject.keys) or _shape_of(parts) != self._shape:
            self._rebuild()
            return
        if len(parts) == 1:  # several have no name to change
            self._show_heading(outline_of(subject, parts))
        for page in self._pages.values():
            page.refresh()

    def _on_tab_changed(self, index: int) -> None:
        if 0 <= index < len(self._sheets):
            self._tab = self._sheets[index].title
            self._build(self._tab)

    def _reasons(self) -> list[str]:
        subject = self._subject
        if subject is None:
            return []
        keys = {subject.prefix + key for key in subject.keys}
        found = [problem for problem in self._problems if problem.key in keys]
        return [problem.reason if len(keys) == 1 else str(problem) for problem in found]

    def _show_problems(self) -> None:
        reasons = self._reasons()
        self.banner.set_reasons(reasons)
        for page in self._pages.values():
            page.set_reasons(reasons)

    # -- what a person does

    def _on_reason_chosen(self, reason: str) -> None:
        self._focus_reason(reason)

    def _focus_reason(self, reason: str) -> bool:
        for sheet in self._sheets:
            page = self.page(sheet.title)
            found = page.names(reason) if page is not None else None
            if found is not None:
                self.show_tab(sheet.title)
                form, name = found
                form.focus_setting(name)
                self._scroll_to(form.field(name))
                return True
        return False

    def _scroll_to(self, field: QWidget) -> None:
        scroller = self.tabs.currentWidget()
        if isinstance(scroller, QScrollArea):
            scroller.ensureWidgetVisible(field)

    def _on_part_chosen(self, key: str) -> None:
        if self._subject is not None:
            self.part_chosen.emit(self._subject.within, key)

    def _on_code_clicked(self) -> None:
        if self._subject is not None:
            self.code_requested.emit(self._subject.within, self._subject.key)


def _scroller() -> QScrollArea:
    scroller = QScrollArea()
    scroller.setWidgetResizable(True)
    scroller.setFrameShape(QFrame.Shape.NoFrame)
    scroller.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    return scroller


def _shape_of(parts: Sequence[Part]) -> object:
    """What of parts decides which pages there are."""
    return tuple((type(part), getattr(part, "type", ""), getattr(part, "flow", "")) for part in parts)


def _concerns(change: Change, subject: Subject) -> bool:
    """Whether a change may alter what is shown: the parts, what is connected to them, parameters, the levels around."""
    path, key = split_key(change.id)
    within = tuple(subject.within.split("/")) if subject.within else ()
    if key.startswith(("flow:", "parameter:")):
        return True
    if path != within:
        return False
    return key in subject.own or (len(subject.keys) == 1 and "->" in key and f"{subject.key}." in key)
