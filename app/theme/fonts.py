"""The fonts in use: of the interface and of code, and how large all of it is."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QSize
from PySide6.QtGui import QFont, QFontDatabase
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QApplication, QToolBar, QWidget

_SMALLEST_POINTS = 10.0
_GENERIC = frozenset({"Sans Serif", "Sans", "sans-serif", ""})
_PREFERRED = ("Inter", "Noto Sans", "Ubuntu", "Cantarell", "DejaVu Sans")
_CODE = "pyfi_code_scale"
_ICONS = "pyfi_icon_size"


@dataclass(frozen=True)
class Fonts:
    """What somebody may choose: families (empty: the system's), a scale of the whole interface, the size of code in points.

    A size of 0 has code as large as the interface.
    """

    family: str = ""
    scale: float = 1.0
    code_family: str = ""
    code_points: float = 0.0


_in_use = Fonts()


def current_fonts() -> Fonts:
    """The fonts that were applied last."""
    return _in_use


def set_current_fonts(fonts: Fonts) -> None:
    """Say what is in use; for `apply` alone."""
    global _in_use  # noqa: PLW0603 - an application has one set of fonts, and widgets ask for it when they are made
    _in_use = fonts


def interface_font(scale: float = 1.0, family: str = "") -> QFont:
    """The font of the system, or a good one where the system names none, and not too small to read."""
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont)
    if family:
        font.setFamily(family)
    elif font.family() in _GENERIC:
        there = set(QFontDatabase.families())
        font.setFamily(next((family for family in _PREFERRED if family in there), font.family()))
    font.setPointSizeF(max(font.pointSizeF(), _SMALLEST_POINTS) * scale)
    return font


def code_font(scale: float = 1.0) -> QFont:
    """The font of code in use, its characters equally wide; `scale` is for text beside it that is smaller."""
    fonts = _in_use
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    if fonts.code_family:
        font.setFamily(fonts.code_family)
    # The scale of the interface is for code, too: a size in points is what it is at 100 %.
    points = fonts.code_points * fonts.scale if fonts.code_points else interface_font(fonts.scale).pointSizeF()
    font.setPointSizeF(points * scale)
    font.setStyleHint(QFont.StyleHint.Monospace)
    return font


def wear_code_font(widget: QWidget, scale: float = 1.0) -> None:
    """Have a widget show its text in the font of code, also after somebody has chosen another."""
    widget.setProperty(_CODE, scale)
    widget.setFont(code_font(scale))


def wear_icon_size(widget: QToolBar | QAbstractItemView | QAbstractButton, pixels: int) -> None:
    """Have a widget show icons of so many pixels at 100 %, larger or smaller at other scales."""
    widget.setProperty(_ICONS, pixels)
    widget.setIconSize(QSize(scaled(pixels), scaled(pixels)))


def scaled(pixels: float) -> int:
    """So many pixels of a layout at the scale of the interface."""
    return round(pixels * _in_use.scale)


def renew_widgets(application: QApplication) -> None:
    """Give the widgets that are there the fonts of code and the sizes of icons in use."""
    for widget in application.allWidgets():
        if (scale := widget.property(_CODE)) is not None:
            widget.setFont(code_font(float(scale)))
        if (pixels := widget.property(_ICONS)) is not None and isinstance(
            widget, QToolBar | QAbstractItemView | QAbstractButton
        ):
            wear_icon_size(widget, int(pixels))
