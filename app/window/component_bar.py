"""ComponentBar, the parts one drags onto the canvas, as in NiFi."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QDrag, QMouseEvent
from PySide6.QtWidgets import QApplication, QToolBar, QToolButton, QWidget

from app.page.component import Component
from app.theme.fonts import wear_icon_size
from app.theme.icon import icon

_ICON = 22


class ComponentBar(QToolBar):
    """A button for each kind of part: drag it to a place, or click it to have it in the middle."""

    clicked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Components"))
        self.setObjectName("components")
        self.setAccessibleName(self.tr("Components"))
        wear_icon_size(self, _ICON)
        self.setMovable(False)
        for component, words in (
            (
                Component("processor", "python", self.tr("Processor"), icon="processor"),
                self.tr("Processor: a step of the flow"),
            ),
            (Component("input", "", self.tr("Input"), icon="input"), self.tr("Input port of this subflow")),
            (Component("output", "", self.tr("Output"), icon="output"), self.tr("Output port of this subflow")),
            (Component("subflow", "", self.tr("Subflow"), icon="subflow"), self.tr("Subflow: a flow inside this one")),
            (
                Component("processor", "funnel", self.tr("Funnel"), icon="funnel"),
                self.tr("Funnel: many connections in, one out"),
            ),
            (Component("label", "", self.tr("Label"), icon="label"), self.tr("Label: a note in Markdown")),
        ):
            button = ComponentButton(component, words)
            button.pressed_short.connect(self.clicked)
            self.addWidget(button)


class ComponentButton(QToolButton):
    """One kind of part."""

    pressed_short = Signal(object)

    def __init__(self, component: Component, words: str) -> None:
        super().__init__()
        self.component = component
        self._press: QPoint | None = None
        self.setIcon(icon(component.icon))
        self.setText(component.title)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        self.setToolTip(words)
        self.setWhatsThis(words)
        self.setAccessibleName(component.title)
        self.setAccessibleDescription(words)
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        self.clicked.connect(lambda: self.pressed_short.emit(self.component))

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Remember where, for a drag."""
        self._press = event.position().toPoint()
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Begin to drag."""
        away = (event.position().toPoint() - self._press).manhattanLength() if self._press is not None else 0
        if self._press is None or away < QApplication.startDragDistance():
            return
        self._press = None
        self.setDown(False)
        drag = QDrag(self)
        drag.setMimeData(self.component.mime())
        drag.setPixmap(icon(self.component.icon).pixmap(_ICON * 2, _ICON * 2))
        drag.exec(Qt.DropAction.CopyAction)
