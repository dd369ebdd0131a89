"""SettingsDialog, where the user chooses: everything holds at once."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.settings.page import Page
from app.settings.pages import Fact, make_pages
from app.settings.shortcut_page import ShortcutPage
from app.settings.shortcuts import Shortcuts
from app.settings.store import Store
from app.theme.fonts import scaled, wear_icon_size
from app.theme.icon import icon
from app.theme.style_sheet import set_look

_SIZE = QSize(880, 600)
_LIST_WIDTH = 210


class SettingsDialog(QDialog):
    """Pages at the left, the one in front at the right, a search above: it leaves what it finds, on all pages."""

    def __init__(
        self, store: Store, shortcuts: Shortcuts, saving: Sequence[Fact], running: Sequence[Fact], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Settings"))
        self.resize(_SIZE * store.settings.scale / 100)
        self.pages: list[Page | ShortcutPage] = [*make_pages(store, saving, running), ShortcutPage(shortcuts)]
        self.search_field = QLineEdit()
        self.list = QListWidget()
        self.stack = QStackedWidget()
        self.nothing_label = QLabel(self.tr("No setting has these words."))
        self.restore_button = QPushButton(self.tr("Restore Defaults"))
        self._fill()
        self._arrange()
        self.search_field.textChanged.connect(self._on_searched)
        self.list.currentRowChanged.connect(self._on_row_changed)
        self.list.setCurrentRow(0)
        self.search_field.setFocus()

    def _fill(self) -> None:
        self.search_field.setPlaceholderText(self.tr("Search the settings"))
        self.search_field.setAccessibleName(self.tr("Search the settings"))
        self.search_field.setClearButtonEnabled(True)
        self.search_field.addAction(icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        self.list.setAccessibleName(self.tr("Pages"))
        wear_icon_size(self.list, 16)
        set_look(self.list, "flush")
        for page in self.pages:
            self.list.addItem(QListWidgetItem(icon(page.glyph), page.title))
            self.stack.addWidget(page)
        self.nothing_label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        set_look(self.nothing_label, "muted")
        self.stack.addWidget(self.nothing_label)

    def _arrange(self) -> None:
        left = QVBoxLayout()
        left.setContentsMargins(12, 12, 0, 12)
        left.addWidget(self.search_field)
        left.addWidget(self.list, 1)
        side = QWidget()
        side.setLayout(left)
        side.setFixedWidth(scaled(_LIST_WIDTH))
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(side)
        middle.addWidget(self.stack, 1)
        self.restore_button.setToolTip(self.tr("Everything on this page as at first"))
        self.restore_button.setAutoDefault(False)
        self.restore_button.clicked.connect(self._on_restored)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.close)
        for button in buttons.buttons():  # Return belongs to the table of keys, and to nobody in the search
            if isinstance(button, QPushButton):
                button.setAutoDefault(False)
        buttons.addButton(self.restore_button, QDialogButtonBox.ButtonRole.ResetRole)
        foot = QHBoxLayout()
        foot.setContentsMargins(12, 8, 12, 12)
        foot.addWidget(buttons)
        line = QFrame()
        set_look(line, "line")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(middle, 1)
        column.addWidget(line)
        column.addLayout(foot)

    def show_page(self, title: str) -> None:
        """Bring a page to the front."""
        self.search_field.clear()
        self.list.setCurrentRow(next(number for number, page in enumerate(self.pages) if page.title == title))

    def show_shortcuts(self) -> ShortcutPage:
        """Bring the page of the keys to the front."""
        page = next(page for page in self.pages if isinstance(page, ShortcutPage))
        self.show_page(page.title)
        return page

    def _on_searched(self, text: str) -> None:
        words = text.casefold().split()
        found = [page.search(words) for page in self.pages]
        for number, count in enumerate(found):
            self.list.item(number).setHidden(not count)
        at = self.list.currentRow()
        if not any(found):
            self.stack.setCurrentWidget(self.nothing_label)
        elif at < 0 or not found[at]:
            self.list.setCurrentRow(next(number for number, count in enumerate(found) if count))
        else:
            self._on_row_changed(at)

    def _on_row_changed(self, number: int) -> None:
        if number >= 0:
            self.stack.setCurrentIndex(number)
            self.restore_button.setEnabled(self.pages[number].can_restore)

    def _on_restored(self) -> None:
        self.pages[self.list.currentRow()].restore()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Down and Up in the search go on to the pages it found."""
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up) and self.search_field.hasFocus():
            self.list.setFocus()
            return
        super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Rows were measured before the style sheet said how much room they have."""
        super().showEvent(event)
        self.list.doItemsLayout()
