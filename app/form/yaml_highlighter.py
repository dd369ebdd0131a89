"""YamlHighlighter, the colours of YAML."""

from __future__ import annotations

import re

from PySide6.QtGui import QColor, QSyntaxHighlighter, QTextCharFormat

from app.theme.current import current_theme

_TOKENS = re.compile(
    r"""(?P<comment>(?:^|(?<=\s))\#.*)
      | (?P<name>(?:"(?:[^"\\]|\\.)*"|[\w./\-]+)(?=\s*:(?:\s|$)))
      | (?P<text>"(?:[^"\\]|\\.)*"|'(?:[^']|'')*')
      | (?P<type>\$\{[^}\n]*\})
      | (?P<number>(?<![\w.])[-+]?\d[\d.]*(?:us|ms|s|m|h|d|[KMGT]i?B|B)?(?![\w.]))
      | (?P<keyword>(?<![\w.])(?:true|false|null)(?![\w.]))
      | (?P<operator>[\[\]{},|>&*]|(?<!\S)-(?=\s)|:(?=\s|$))""",
    re.VERBOSE,
)


class YamlHighlighter(QSyntaxHighlighter):
    """Colours keys, texts, numbers, comments and references to parameters in the colours of the theme in use."""

    def highlightBlock(self, text: str) -> None:  # noqa: N802 - Qt's name
        """Colour a line."""
        theme = current_theme()
        for found in _TOKENS.finditer(text):
            form = QTextCharFormat()
            form.setForeground(QColor(getattr(theme, f"code_{found.lastgroup}")))
            self.setFormat(found.start(), found.end() - found.start(), form)
