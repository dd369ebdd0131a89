"""PatternDialog, which asks for the name, description and tags of a pattern."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFormLayout, QLabel, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from app.theme.style_sheet import set_look
from engine.client.pattern import read_tags


class PatternDialog(QDialog):
    """`remark` says of a name what there is to say of it before it is taken: that it is another pattern's, say."""

    def __init__(
        self,
        title: str,
        name: str = "",
        description: str = "",
        tags: str = "",
        remark: Callable[[str], str] = lambda name: "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self._remark = remark
        self.name_line = QLineEdit(name)
        self.name_line.setAccessibleName(self.tr("Name"))
        self.description_text = QPlainTextEdit(description)
        self.description_text.setAccessibleName(self.tr("Description"))
        self.description_text.setPlaceholderText(self.tr("What it does, and what one puts in, in Markdown"))
        self.description_text.setTabChangesFocus(True)
        self.description_text.setMinimumHeight(90)
        self.tags_line = QLineEdit(tags)
        self.tags_line.setAccessibleName(self.tr("Tags"))
        self.tags_line.setPlaceholderText(self.tr("such as http, cache"))
        self.notice = QLabel()
        self.notice.setWordWrap(True)
        set_look(self.notice, "warning")
        buttons = QDialogButtonBox.StandardButton
        self.buttons = QDialogButtonBox(buttons.Save | buttons.Cancel)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        form.setVerticalSpacing(10)
        form.addRow(self.tr("&Name"), self.name_line)
        form.addRow(self.tr("&Description"), self.description_text)
        form.addRow(self.tr("&Tags"), self.tags_line)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 14)
        column.setSpacing(12)
        column.addLayout(form)
        column.addWidget(self.notice)
        column.addWidget(self.buttons)
        self.resize(440, 300)
        self.name_line.textChanged.connect(self._on_name_changed)
        self.name_line.selectAll()
        self._on_name_changed()

    @property
    def name(self) -> str:
        """The name that was typed."""
        return self.name_line.text().strip()

    @property
    def description(self) -> str:
        """The description."""
        return self.description_text.toPlainText().strip()

    @property
    def tags(self) -> tuple[str, ...]:
        """The tags."""
        return read_tags(self.tags_line.text())

    def _on_name_changed(self) -> None:
        remark = self._remark(self.name) if self.name else self.tr("A pattern must have a name.")
        self.notice.setText(remark)
        self.notice.setVisible(bool(remark))
        self.buttons.button(QDialogButtonBox.StandardButton.Save).setEnabled(bool(self.name))
