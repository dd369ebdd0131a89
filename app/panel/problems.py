"""Problems, everything that keeps the open flow from running."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTreeView, QVBoxLayout, QWidget

from app.page.flow_page import FlowPage
from app.panel.panel import Blank, OwnKeys, Panel, Stack
from app.panel.problem_model import WHAT, WHERE, ProblemModel
from app.theme.fonts import wear_icon_size
from app.theme.icon import icon
from app.theme.style_sheet import set_look
from engine.model.apply import split_key
from engine.model.problem import Problem


class Problems(Panel):
    """The problems that the page's checker has found, as they come and go. A click or Return goes there."""

    count_changed = Signal(int)
    """There are so many problems now."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Problems"))
        self.model = ProblemModel()
        self.table = ProblemTable()
        self.table.setModel(self.model)
        self.table.setAccessibleName(self.tr("Problems of the flow"))
        self.table.setRootIsDecorated(False)
        self.table.setUniformRowHeights(True)
        set_look(self.table, "flush")
        wear_icon_size(self.table, 14)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.table.setTextElideMode(Qt.TextElideMode.ElideRight)
        header = self.table.header()
        header.setSectionResizeMode(WHERE, QHeaderView.ResizeMode.Interactive)
        header.setSectionResizeMode(WHAT, QHeaderView.ResizeMode.Stretch)
        header.resizeSection(WHERE, 240)
        self._stack = Stack(self.table, Blank("check"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._stack)
        self.setFocusProxy(self.table)
        self.table.clicked.connect(self._on_chosen)
        self.table.activated.connect(self._on_chosen)
        self.show_page(None)

    def _on_page_shown(self, page: FlowPage | None) -> None:
        if page is not None:
            self._hear(page.checker.checked, self._on_checked)
        self._on_checked(page.checker.problems if page is not None else ())

    def _on_checked(self, problems: Sequence[Problem]) -> None:
        if list(problems) != list(self.model.problems):
            self.model.show(problems)
        if self.page is None:
            self._stack.say(self.tr("No flow is open."), "problem")
        elif problems:
            self._stack.say("")
        else:
            self._stack.say(self.tr("No problems. This flow can run."), "check", "running")
        self.count_changed.emit(len(problems))

    def _on_chosen(self, index: QModelIndex) -> None:
        if self.page is not None:
            path, key = split_key(self.model.problem(index.row()).key)
            self.page.board.show_part_within("/".join(path), key)


class ProblemTable(OwnKeys, QTreeView):
    """The rows of a ProblemModel."""

    def __init__(self) -> None:
        super().__init__()
        action = QAction(icon("copy"), self.tr("Copy"), self)
        action.triggered.connect(self.copy)
        self.addAction(action)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)

    def copy(self) -> None:
        """The selected problems as text, to the clipboard."""
        model = self.model()
        rows = sorted({index.row() for index in self.selectionModel().selectedIndexes()})
        if rows and isinstance(model, ProblemModel):
            QGuiApplication.clipboard().setText("\n".join(str(model.problem(row)) for row in rows))
