"""AboutDialog, which PYFI this is and what it is made with."""

from __future__ import annotations

import platform

import PySide6
from PySide6.QtCore import Qt, qVersion
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from app.theme.fonts import scaled, wear_code_font
from app.theme.icon import icon
from app.theme.style_sheet import set_look
from app.window.licence import licences
from engine.client.version import version

_WIDTH, _HEIGHT = 720, 520


class AboutDialog(QDialog):
    """The version, and the licences by the names of their parts."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("About PYFI"))
        self.resize(scaled(_WIDTH), scaled(_HEIGHT))
        self._licences = licences()
        title = QLabel(f"PYFI {version()}")
        set_look(title, "title")
        summary = QLabel(self.tr("Visual data flows of your own Python, Node.js and bash code."))
        self.facts = QLabel(
            f"Python {platform.python_version()}, Qt {qVersion()}, PySide6 {PySide6.__version__}, {platform.platform()}"
        )
        self.facts.setWordWrap(True)
        self.facts.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        set_look(self.facts, "muted")
        heading = QLabel(self.tr("Made with, and under which licence"))
        set_look(heading, "heading")
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        self.copy_button = QPushButton(icon("copy"), self.tr("Copy"))
        self.copy_button.setToolTip(self.tr("The versions of PYFI and of all parts, as text"))
        buttons.addButton(self.copy_button, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.rejected.connect(self.close)
        self.copy_button.clicked.connect(self._on_copied)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 14)
        column.setSpacing(6)
        for widget in (title, summary, self.facts):
            column.addWidget(widget)
        column.addSpacing(10)
        column.addWidget(heading)
        column.addWidget(self._made_with(), 1)
        column.addWidget(buttons)

    def _made_with(self) -> QSplitter:
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("Parts"))
        for each in self._licences:
            item = QListWidgetItem(f"{each.part} {each.version}")
            item.setToolTip(each.name)
            self.list.addItem(item)
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setAccessibleName(self.tr("Licence"))
        wear_code_font(self.text, 0.9)
        self.list.currentRowChanged.connect(self._on_row_changed)
        self.list.setCurrentRow(0)
        split = QSplitter()
        split.addWidget(self.list)
        split.addWidget(self.text)
        split.setSizes([scaled(230), scaled(450)])
        split.setChildrenCollapsible(False)
        return split

    def _on_row_changed(self, number: int) -> None:
        each = self._licences[number]
        text = each.text or self.tr("The text did not come with this installation.")
        self.text.setPlainText(f"{each.part} {each.version}\n{each.name}\n\n{text}")

    def _on_copied(self) -> None:
        parts = [f"{each.part} {each.version} ({each.name})" for each in self._licences]
        QGuiApplication.clipboard().setText("\n".join([f"PYFI {version()}", self.facts.text(), "", *parts]))
