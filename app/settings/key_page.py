"""The manual's page of keys, made of everything that has some."""

from __future__ import annotations

from itertools import groupby

from PySide6.QtGui import QKeySequence

from app.settings.shortcuts import Shortcuts

HEAD = """# Keys

The keys of the desktop: in its own manual those that you chose, otherwise those that it comes with. Settings, Shortcuts
gives them to other actions.
The code editor and the panels have keys of their own besides, see [the code editor](editor.md) and [the desktop](desktop.md).
"""
_PORTABLE = QKeySequence.SequenceFormat.PortableText


def key_page(shortcuts: Shortcuts, *, usual: bool = False) -> str:
    """The page in Markdown: with the keys in use, or the `usual` ones that everybody begins with."""
    parts = [HEAD]
    for group, entries in groupby(shortcuts, key=lambda each: each.group):
        rows = []
        for each in entries:
            keys = each.usual if usual else shortcuts.keys(each.id)
            if keys:
                rows.append(f"| {each.title} | {', '.join(f'`{key.toString(_PORTABLE)}`' for key in keys)} |")
        if rows:
            parts.append("\n".join([f"## {group}", "", "| action | keys |", "|---|---|", *rows]) + "\n")
    return "\n".join(parts)
