"""A form on the screen, and what a person does to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget

from app.form.context import FormContext
from app.form.editor import Editor
from app.form.form import Form
from engine.client.setting import Setting

PARAMETERS = {"slow_ms": 500, "word": "fast", "folder": "logs"}


class ShownForm:
    """A form in a window that has the keyboard. `heard` holds what its signals told."""

    def __init__(self, qtbot, settings: Sequence[Setting], values: Mapping[str, Any] | None = None, folder: Path = Path()):
        self.qtbot = qtbot
        self.window = QWidget()
        qtbot.addWidget(self.window)
        context = FormContext(folder, lambda: PARAMETERS, lambda: ["DB_URL", "TOKEN"])
        self.form = Form(settings, values, context, self.window)
        layout = QVBoxLayout(self.window)
        layout.addWidget(self.form)
        layout.addStretch(1)
        self.window.resize(420, 700)
        self.heard: list[tuple[str, Any]] = []
        self.valid: list[bool] = []
        self.form.value_changed.connect(lambda name, value: self.heard.append((name, value)))
        self.form.validity_changed.connect(self.valid.append)
        with qtbot.waitExposed(self.window):
            self.window.show()
        self.window.activateWindow()

    def editor(self, name: str) -> Editor:
        return self.form.field(name).editor

    def input(self, name: str, at: int = 0) -> Any:
        return self.editor(name).inputs()[at]

    def click(self, widget: QWidget) -> None:
        self.qtbot.mouseClick(widget, Qt.MouseButton.LeftButton)

    def type(self, name: str, text: str, at: int = 0) -> None:
        """Replace the text of an input by typing."""
        widget = self.input(name, at)
        self.click(widget)
        self.qtbot.keyClick(widget, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        if text:
            self.qtbot.keyClicks(widget, text)
        else:
            self.qtbot.keyClick(widget, Qt.Key.Key_Delete)

    def menu(self, name: str) -> dict[str, Any]:
        """The actions of a field's menu by their words."""
        menu = self.form.field(name).menu
        menu.aboutToShow.emit()
        found = {action.text(): action for action in menu.actions()}
        for action in list(found.values()):
            below = action.menu()
            found |= {inner.text(): inner for inner in below.actions()} if isinstance(below, QMenu) else {}
        return found
