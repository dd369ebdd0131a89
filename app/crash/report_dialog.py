"""ReportDialog, a report to read, to copy and to save."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QGuiApplication, QIcon
from PySide6.QtWidgets import QDialog, QFileDialog, QHBoxLayout, QLabel, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from app.theme.fonts import scaled, wear_code_font
from app.theme.icon import icon
from app.theme.icon_label import IconLabel
from app.theme.style_sheet import set_look

_SIZE = QSize(760, 520)


class ReportDialog(QDialog):
    """Says what happened and shows the report. It does not keep anybody from going on beside it."""

    def __init__(self, title: str, words: str, report: str, parent: QWidget | None = None, *, is_fault: bool = True) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setWindowModality(Qt.WindowModality.NonModal)
        self.resize(scaled(_SIZE.width()), scaled(_SIZE.height()))
        picture: QIcon = icon("problem", role="error") if is_fault else icon("information")
        self.head = QLabel(title)
        set_look(self.head, "heading")
        self.words = QLabel(words)
        self.words.setWordWrap(True)
        self.text = QPlainTextEdit(report)
        self.text.setReadOnly(True)
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.text.setAccessibleName(self.tr("Report"))
        wear_code_font(self.text, 0.9)
        self.said = QLabel()
        set_look(self.said, "muted")
        self.said.setSizePolicy(self.said.sizePolicy().Policy.Ignored, self.said.sizePolicy().Policy.Preferred)
        self.copy_button = QPushButton(icon("copy"), self.tr("Copy"))
        self.save_button = QPushButton(icon("save"), self.tr("Save Report …"))
        self.go_on_button = QPushButton(self.tr("Go On") if is_fault else self.tr("Close"))
        self.go_on_button.setDefault(True)
        head = QHBoxLayout()
        head.setSpacing(14)
        head.addWidget(IconLabel(picture, 28), 0, Qt.AlignmentFlag.AlignTop)
        beside = QVBoxLayout()
        beside.addWidget(self.head)
        beside.addWidget(self.words)
        head.addLayout(beside, 1)
        foot = QHBoxLayout()
        foot.addWidget(self.copy_button)
        foot.addWidget(self.save_button)
        foot.addWidget(self.said, 1)
        foot.addWidget(self.go_on_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 16, 18, 14)
        column.setSpacing(12)
        column.addLayout(head)
        column.addWidget(self.text, 1)
        column.addLayout(foot)
        self.copy_button.clicked.connect(self._on_copied)
        self.save_button.clicked.connect(self._on_save_wanted)
        self.go_on_button.clicked.connect(self.close)
        self.go_on_button.setFocus()

    def add(self, more: str) -> None:
        """Something else happened while the dialog is open."""
        self.text.appendPlainText(f"\n{more}")

    def _on_copied(self) -> None:
        QGuiApplication.clipboard().setText(self.text.toPlainText())
        self.said.setText(self.tr("The report is on the clipboard."))

    def _on_save_wanted(self) -> None:
        dialog = QFileDialog(self, self.tr("Save the report"), str(Path.home() / "pyfi-report.txt"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.selectFile("pyfi-report.txt")
        dialog.fileSelected.connect(self._save)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _save(self, path: str) -> None:
        try:
            Path(path).write_text(self.text.toPlainText(), encoding="utf-8")
        except OSError as error:
            self.said.setText(self.tr("Not saved ({}); choose another place.").format(error.strerror))
        else:
            self.said.setText(self.tr("Saved to {}").format(path))
