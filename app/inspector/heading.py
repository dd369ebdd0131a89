"""Heading, what a person reads first of a part: icon, name, type; and Banner, what is wrong with it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from app.form.shown import sentence
from app.theme.elided import Elided
from app.theme.icon import icon, pixmap
from app.theme.style_sheet import set_look

_MOST_SHOWN = 6


class Heading(QWidget):
    """Icon, name, a line about what it is, and the way to the manual."""

    help_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon_name = "processor"
        self._icon = QLabel(self)
        self._icon.setFixedSize(28, 28)
        self.name = Elided("heading", self)
        self.kind = Elided("small", self)
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addWidget(self.name)
        words.addWidget(self.kind)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(14, 12, 14, 8)
        layout.setSpacing(10)
        layout.addWidget(self._icon)
        layout.addLayout(words, 1)
        self.help_button = QToolButton(self)
        self.help_button.setIcon(icon("help", role="muted"))
        self.help_button.setAutoRaise(True)
        self.help_button.setToolTip(self.tr("What the manual says about it"))
        self.help_button.setAccessibleName(self.tr("Manual"))
        self.help_button.clicked.connect(self.help_requested)
        layout.addWidget(self.help_button, 0, Qt.AlignmentFlag.AlignTop)

    def show_part(self, icon_name: str, name: str, kind: str, hint: str = "") -> None:
        """Show a part; `hint` is a sentence about its kind."""
        self._icon_name = icon_name
        self.name.set_text(name)
        self.kind.set_text(kind)
        self.setToolTip(hint)
        self._paint_icon()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """The icon in the colours of another theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._paint_icon()

    def _paint_icon(self) -> None:
        self._icon.setPixmap(pixmap(self._icon_name, 28, self.devicePixelRatioF(), role="muted"))


class Banner(QFrame):
    """What is wrong, a line each; a line leads to the setting that it is about."""

    reason_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_look(self, "error_banner")
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(10, 8, 10, 8)
        self._layout.setSpacing(5)
        self._reasons: tuple[str, ...] = ()
        self.hide()

    @property
    def reasons(self) -> tuple[str, ...]:
        """What it says."""
        return self._reasons

    def lines(self) -> list[QLabel]:
        """The lines that can be chosen."""
        return self.findChildren(Line)

    def set_reasons(self, reasons: Sequence[str]) -> None:
        """Say this; nothing hides it."""
        if tuple(reasons) == self._reasons:
            return
        self._reasons = tuple(reasons)
        while self._layout.count():
            widget = self._layout.takeAt(0).widget()  # type: ignore[union-attr]
            if widget is not None:
                widget.setParent(None)
                widget.deleteLater()
        for reason in reasons[:_MOST_SHOWN]:
            line = Line(reason, self)
            line.chosen.connect(lambda reason=reason: self.reason_chosen.emit(reason))
            self._layout.addWidget(line)
        if len(reasons) > _MOST_SHOWN:
            self._layout.addWidget(QLabel(self.tr("and {0} more").format(len(reasons) - _MOST_SHOWN), self))
        self.setVisible(bool(reasons))


class Line(QLabel):
    """A line of a banner."""

    chosen = Signal()

    def __init__(self, reason: str, parent: QWidget) -> None:
        super().__init__(sentence(reason), parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(self.tr("Problem: {0}").format(reason))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """A click chooses it."""
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.chosen.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """So do Return and Space."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.chosen.emit()
        else:
            super().keyPressEvent(event)
