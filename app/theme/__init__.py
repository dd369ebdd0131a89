"""Colours, fonts, icons and the style sheet: how everything in the window looks."""
