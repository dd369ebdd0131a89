"""PathEditor, for files and folders."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QToolButton, QWidget

from app.form.context import FormContext
from app.form.editor import edits
from app.form.line_editor import LineEditor
from app.theme.icon import icon
from engine.client.setting import Kind, Setting


@edits(Kind.PATH, Kind.NEW_PATH, Kind.FOLDER)
class PathEditor(LineEditor):
    """A line with a button that lets one choose a file or a folder; what lies below the flow's folder is named from there."""

    def __init__(self, setting: Setting, context: FormContext, parent: QWidget | None = None) -> None:
        super().__init__(setting, context, parent)
        self.button = QToolButton(self)
        self.button.setIcon(icon("folder"))
        self.button.setToolTip(self.tr("Choose a folder…") if setting.kind is Kind.FOLDER else self.tr("Choose a file…"))
        self.button.setAccessibleName(self.tr("Choose {0}").format(setting.title))
        self.button.clicked.connect(self._on_button_clicked)
        layout = self.layout()
        assert layout is not None
        layout.addWidget(self.button)

    def tab_stops(self) -> list[QWidget]:
        """The line and its button."""
        return [self.line, self.button]

    def choose(self, path: Path) -> None:
        """Take a path that was chosen."""
        folder = self.context.folder.absolute()
        inside = path.absolute().is_relative_to(folder)
        self.line.setText((path.absolute().relative_to(folder) if inside else path).as_posix())
        self.line.textEdited.emit(self.line.text())
        self.line.setFocus()

    def _on_button_clicked(self) -> None:
        dialog = QFileDialog(self, self.setting.title, str(self._begin()))
        if self.setting.kind is Kind.FOLDER:
            dialog.setFileMode(QFileDialog.FileMode.Directory)
        elif self.setting.kind is Kind.NEW_PATH:
            dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
            dialog.setFileMode(QFileDialog.FileMode.AnyFile)
            # The step overwrites or appends by its own settings; nothing is overwritten here.
            dialog.setOption(QFileDialog.Option.DontConfirmOverwrite)
        else:
            dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(lambda name: self.choose(Path(name)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _begin(self) -> Path:
        """The folder that is shown first: that of the path, if it is there."""
        given = self.value()
        path = self.context.folder / given if isinstance(given, str) else self.context.folder
        return path if path.is_dir() else path.parent if path.parent.is_dir() else self.context.folder
