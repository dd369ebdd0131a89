"""Puts a theme on the application: palette, style sheet, fonts."""

from __future__ import annotations

from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication, QStyleFactory

from app.theme.current import set_current_theme
from app.theme.style_sheet import style_sheet
from app.theme.theme import Theme

_Role = QPalette.ColorRole
_Group = QPalette.ColorGroup

_ROLES: dict[QPalette.ColorRole, str] = {
    _Role.Window: "window",
    _Role.WindowText: "text",
    _Role.Base: "surface",
    _Role.AlternateBase: "window",
    _Role.Text: "text",
    _Role.PlaceholderText: "muted",
    _Role.Button: "raised",
    _Role.ButtonText: "text",
    _Role.BrightText: "error",
    _Role.Highlight: "selection",
    _Role.HighlightedText: "on_selection",
    _Role.Accent: "accent",
    _Role.Link: "hyperlink",
    _Role.LinkVisited: "hyperlink",
    _Role.ToolTipBase: "tooltip",
    _Role.ToolTipText: "on_tooltip",
    _Role.Light: "hover",
    _Role.Midlight: "raised",
    _Role.Mid: "border",
    _Role.Dark: "border",
    _Role.Shadow: "shadow",
}
_DISABLED = (_Role.WindowText, _Role.Text, _Role.ButtonText, _Role.HighlightedText, _Role.PlaceholderText)
_SMALLEST_POINTS = 10.0
_GENERIC = frozenset({"Sans Serif", "Sans", "sans-serif", ""})
_PREFERRED = ("Inter", "Noto Sans", "Ubuntu", "Cantarell", "DejaVu Sans")


def apply(application: QApplication, theme: Theme, font_scale: float = 1.0) -> None:
    """Give the whole application the looks of a theme, at once; `font_scale` makes all text larger or smaller."""
    set_current_theme(theme)
    if application.style().name() != "fusion":
        application.setStyle(QStyleFactory.create("Fusion"))
    font = interface_font(font_scale)
    if application.font() != font:
        application.setFont(font)
    application.setPalette(palette(theme))
    application.setStyleSheet(style_sheet(theme, font.pointSizeF()))


def palette(theme: Theme) -> QPalette:
    """The theme as a QPalette."""
    made = QPalette()
    for role, color in _ROLES.items():
        made.setColor(role, QColor(getattr(theme, color)))
    for role in _DISABLED:
        made.setColor(_Group.Disabled, role, QColor(theme.disabled))
    made.setColor(_Group.Disabled, _Role.Highlight, QColor(theme.hover))
    return made


def interface_font(scale: float = 1.0) -> QFont:
    """The font of the system, or a good one where the system names none, and not too small to read."""
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont)
    if font.family() in _GENERIC:
        there = set(QFontDatabase.families())
        font.setFamily(next((family for family in _PREFERRED if family in there), font.family()))
    font.setPointSizeF(max(font.pointSizeF(), _SMALLEST_POINTS) * scale)
    return font


def code_font(scale: float = 1.0) -> QFont:
    """A font whose characters are equally wide, of the same size."""
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    font.setPointSizeF(interface_font(scale).pointSizeF())
    font.setStyleHint(QFont.StyleHint.Monospace)
    return font
