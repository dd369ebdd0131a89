"""Puts a theme on the application: palette, style sheet, fonts."""

from __future__ import annotations

from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QStyleFactory

from app.theme.current import set_current_theme
from app.theme.fonts import Fonts, interface_font, renew_widgets, set_current_fonts
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


def apply(application: QApplication, theme: Theme, font_scale: float = 1.0, fonts: Fonts | None = None) -> None:
    """Give the whole application the looks of a theme, at once.

    `fonts` says which they are and how large everything is; `font_scale` is short for the usual ones, larger or smaller.
    """
    fonts = fonts or Fonts(scale=font_scale)
    set_current_theme(theme)
    set_current_fonts(fonts)
    if application.style().name() != "fusion":
        application.setStyle(QStyleFactory.create("Fusion"))
    font = interface_font(fonts.scale, fonts.family)
    if application.font() != font:
        application.setFont(font)
    application.setPalette(palette(theme))
    application.setStyleSheet(style_sheet(theme, font.pointSizeF(), fonts.scale))
    renew_widgets(application)


def palette(theme: Theme) -> QPalette:
    """The theme as a QPalette."""
    made = QPalette()
    for role, color in _ROLES.items():
        made.setColor(role, QColor(getattr(theme, color)))
    for role in _DISABLED:
        made.setColor(_Group.Disabled, role, QColor(theme.disabled))
    made.setColor(_Group.Disabled, _Role.Highlight, QColor(theme.hover))
    return made
