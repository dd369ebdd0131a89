"""The theme in use."""

from __future__ import annotations

from app.theme.theme import DARK, Theme

_in_use = DARK


def current_theme() -> Theme:
    """The theme that was applied last; before that, the dark one.

    A widget that paints with its colours repaints by itself when it changes, because the palette changes with it
    (`QEvent.PaletteChange`).
    """
    return _in_use


def set_current_theme(theme: Theme) -> None:
    """Say what is in use; for `apply` alone."""
    global _in_use  # noqa: PLW0603 - an application has one theme, and icons ask for it while they paint
    _in_use = theme
