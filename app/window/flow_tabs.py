"""FlowTabs, a tab for every open flow."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QTabBar, QWidget

_MOST_LETTERS = 36


class FlowTabs(QTabBar):
    """None is so wide that the button that closes it would be out of sight; a longer name ends in …."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setShape(QTabBar.Shape.RoundedSouth)
        self.setTabsClosable(True)
        self.setMovable(True)
        self.setExpanding(False)
        self.setDrawBase(False)
        self.setElideMode(Qt.TextElideMode.ElideRight)
        self.setAccessibleName(self.tr("Open flows"))

    def tabSizeHint(self, index: int) -> QSize:  # noqa: N802 - Qt's name
        """What its name takes, up to a limit."""
        hint = super().tabSizeHint(index)
        return QSize(min(hint.width(), self.fontMetrics().averageCharWidth() * _MOST_LETTERS), hint.height())
