"""Editor, what all editors of one setting have in common."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from msgspec import UNSET
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.form.context import FormContext
from app.theme.style_sheet import set_property
from engine.client.setting import Kind, Setting


class Editor(QWidget):
    """Shows a setting's value and lets a person change it. UNSET is a value that is not given, so that the default holds."""

    edited = Signal()
    """A person changed the value."""

    inputs_changed = Signal()
    """There are other inputs than before, so that the way of the Tab key is another."""

    has_title = False
    """Whether it shows the setting's title itself."""

    def __init__(self, setting: Setting, context: FormContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setting = setting
        self.context = context

    def value(self) -> Any:
        """What is given, or UNSET."""
        raise NotImplementedError

    def set_value(self, value: Any) -> None:
        """Show a value, without a signal."""
        raise NotImplementedError

    def fits(self, value: Any) -> bool:
        """Whether it can show a value at all; what it cannot is edited as text of YAML."""
        return True

    def problem(self) -> str | None:
        """Why what is shown is no value yet; None when it is one."""
        return None

    def empty_value(self) -> Any:
        """The value that says "nothing" where the default says something else; UNSET where there is none such."""
        return UNSET

    def inputs(self) -> list[QWidget]:
        """The widgets that are typed in or clicked, the first to have the keyboard first."""
        raise NotImplementedError

    def tab_stops(self) -> list[QWidget]:
        """Where the Tab key goes, in this order."""
        return self.inputs()

    def set_invalid(self, invalid: bool) -> None:
        """Show whether the value is wrong."""
        for widget in self.inputs():
            set_property(widget, "invalid", invalid)

    def set_accessible(self, name: str, description: str) -> None:
        """Tell those who cannot see it what it is."""
        self.setAccessibleName(name)
        for widget in self.inputs():
            if not widget.accessibleName():
                widget.setAccessibleName(name)
                widget.setAccessibleDescription(description)

    def _row(self, *widgets: QWidget, stretch: int = 0) -> QHBoxLayout:
        """Put widgets side by side; the one at `stretch` takes the room that is left."""
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        for widget in widgets:
            layout.addWidget(widget)
        if stretch < len(widgets):
            layout.setStretch(stretch, 1)
        self.setFocusProxy(widgets[0])
        return layout


_Class = TypeVar("_Class", bound=type[Editor])
_classes: dict[tuple[Kind, bool], type[Editor]] = {}


def edits(*kinds: Kind, suggests: bool = False) -> Callable[[_Class], _Class]:
    """Make a class the editor of some kinds of settings; with `suggests`, of those of them that have choices."""

    def register(editor: _Class) -> _Class:
        _classes.update({(kind, suggests): editor for kind in kinds})
        return editor

    return register


def make_editor(setting: Setting, context: FormContext, parent: QWidget | None = None) -> Editor:
    """The editor of a setting; `app.form.editors` must have been imported, so that all are there."""
    kind = (setting.kind, bool(setting.choices))
    return _classes.get(kind, _classes[setting.kind, False])(setting, context, parent)
