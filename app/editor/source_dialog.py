"""SourceDialog, the file that something is defined in, to be read."""

from __future__ import annotations

import tokenize
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QLabel, QVBoxLayout, QWidget

from app.editor.code_editor import CodeEditor
from app.editor.completion_client import Definition
from app.editor.language import PYTHON
from app.theme.style_sheet import set_look


class SourceDialog(QDialog):
    """Shows a definition in its file. Escape closes it; it may stay open beside the code."""

    def __init__(self, definition: Definition, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Definition of {}").format(definition.name))
        self.resize(860, 620)
        self.path_label = QLabel(definition.path)
        self.path_label.setContentsMargins(10, 6, 10, 6)
        self.path_label.setWordWrap(True)
        self.path_label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        set_look(self.path_label, "muted")
        self.editor = CodeEditor()
        self.editor.setReadOnly(True)
        self.editor.left.connect(self.close)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.path_label)
        column.addWidget(self.editor, 1)
        try:
            with tokenize.open(Path(definition.path)) as file:
                self.editor.load(file.read(), PYTHON)
        except (OSError, SyntaxError, UnicodeDecodeError) as error:
            self.editor.setPlaceholderText(self.tr("The file cannot be read: {}").format(error))
        self._place = (definition.line, definition.column + 1)

    def open_beside(self) -> None:
        """Show it, with the definition in the middle."""
        self.show()
        self.editor.go_to(*self._place)
