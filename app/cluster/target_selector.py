"""TargetSelector, the button that says where the flow in front runs, and lets one choose."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QSizePolicy, QToolButton, QWidget

from app.theme.fonts import wear_icon_size
from app.theme.icon import icon

_LONGEST = 18


class TargetSelector(QToolButton):
    """Lists the targets when it is opened. It chooses nothing itself: it says what was wanted, and is told what holds."""

    chosen = Signal(str)
    """The name of a target, "" for this machine."""
    managing_wanted = Signal()

    def __init__(self, names: Callable[[], Sequence[str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._names = names
        self._target = ""
        self.setObjectName("target_selector")
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        wear_icon_size(self, 20)
        menu = QMenu(self)
        menu.aboutToShow.connect(self._fill)
        self.setMenu(menu)
        self.show_target("")

    @property
    def target(self) -> str:
        """The target that is shown, "" for this machine."""
        return self._target

    def show_target(self, name: str) -> None:
        """Say where the flow runs."""
        self._target = name
        words = name or self.tr("local")
        self.setText(words if len(words) <= _LONGEST else f"{words[: _LONGEST - 1]}…")
        self.setIcon(icon("cluster" if name else "computer"))
        self.setAccessibleName(self.tr("Target: {}").format(words))
        self.setToolTip(
            self.tr("Target: the flow is deployed to “{}”, and its figures are shown").format(name)
            if name
            else self.tr("Target: the flow runs on this machine")
        )

    def _fill(self) -> None:
        menu = self.menu()
        menu.clear()
        group = QActionGroup(menu)
        for name in ("", *self._names()):
            action = QAction(icon("cluster" if name else "computer"), name or self.tr("local"), menu)
            action.setCheckable(True)
            action.setChecked(name == self._target)
            action.triggered.connect(lambda _=False, name=name: self.chosen.emit(name))
            group.addAction(action)
            menu.addAction(action)
        menu.addSeparator()
        menu.addAction(icon("settings"), self.tr("Manage Targets …"), self.managing_wanted.emit)
