"""The style sheet of a theme, on the base of Qt's Fusion style.

Widgets that want to look different from their like say so by a property, `set_look(button, "primary")`:
`primary` for the button that does what a dialog is for, `danger` for one that destroys, `flat` for a button without a frame;
`muted` and `small` for text of less weight, `title` and `heading` for more, `error` and `warning` for what is wrong;
`error_banner` and `warning_banner` for frames that say it, `card` for a frame that stands out, `line` for one that parts;
`flush` for a list that fills its panel to the edge.
An input with the property `invalid` has a border that says so.
"""

from __future__ import annotations

import re

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from app.theme.theme import Theme
from engine.resource import resource_path

_PLACE = re.compile(r"@(\w+)")
_PIXELS = re.compile(r"\b(\d+)px\b")
_ICON_SIZES = "QPushButton, QToolButton, QListView, QTreeView, QTableView, QTabBar, QComboBox, QMenu { icon-size: 16px; }"
"""What Qt's style has at 100 %, where nobody said otherwise."""
_LINE = 2
"""Lines of so many pixels or fewer are as thin at every scale."""


def style_sheet(theme: Theme, points: float, scale: float = 1.0) -> str:
    """The style sheet in the theme's colours, for a font of so many points; `scale` is that of paddings and small pictures."""
    places = {
        "controls": resource_path("themes", theme.name).as_posix(),
        "small": f"{points * 0.9:.1f}pt",
        "title": f"{points * 1.5:.1f}pt",
    }
    places |= {role: getattr(theme, role) for role in Theme.roles()}
    text = resource_path("themes", "style.qss").read_text(encoding="utf-8")
    return _PLACE.sub(lambda match: places[match[1]], _scaled(text, scale))


def _scaled(text: str, scale: float) -> str:
    if scale == 1.0:
        return text
    text += _ICON_SIZES

    def larger(match: re.Match[str]) -> str:
        pixels = int(match[1])
        return match[0] if pixels <= _LINE else f"{max(_LINE, round(pixels * scale))}px"

    return _PIXELS.sub(larger, text)


def set_look(widget: QWidget, look: str) -> None:
    """Give a widget one of the looks above, also when it has been shown before."""
    set_property(widget, "look", look)


def set_property(widget: QWidget, name: str, value: object) -> None:
    """Set a property that the style sheet goes by, and restyle the widget if that changes anything."""
    if widget.property(name) == value:
        return
    widget.setProperty(name, value)
    if widget.testAttribute(Qt.WidgetAttribute.WA_WState_Polished):
        widget.style().unpolish(widget)
        widget.style().polish(widget)
