"""Browser, which shows pages of the manual: links, pictures, zoom, marks on what was searched for."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import Any

from PySide6.QtCore import QEvent, QSignalBlocker, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import (
    QColor,
    QDesktopServices,
    QResizeEvent,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextOption,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QTextBrowser, QTextEdit, QWidget

from app.help.manual import page_text
from app.help.markup import html_of
from app.help.picture import picture
from app.theme.current import current_theme
from engine.resource import resource_path

_SCHEME = "pyfi"
_LINE = 920
"""No line of text is wider than so many pixels at 100 %: longer ones are hard to read."""
_MARGIN = 28
_LEAST, _MOST, _STEP = 0.6, 3.0, 1.15


class Browser(QTextBrowser):
    """Shows a page by its topic, `page.md#place`. Pages are Markdown files below the folder of resources."""

    topic_changed = Signal(str)
    marks_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setOpenLinks(False)
        self.setUndoRedoEnabled(False)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        # Lines always fit; what Qt adds to a page's width are the borders of its tables.
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(self.tr("Page of the manual"))
        self.setProperty("look", "flush")
        self._zoom = 1.0
        self._theme = current_theme()
        self._words: Sequence[str] = ()
        self._hits: list[QTextCursor] = []
        self._hit = -1
        self._renewal = QTimer(self)
        self._renewal.setSingleShot(True)
        self._renewal.setInterval(150)
        self._renewal.timeout.connect(self._renew)
        self.anchorClicked.connect(self._on_anchor_clicked)
        self.sourceChanged.connect(self._on_source_changed)
        self.document().setDocumentMargin(0)
        self._fit()

    # -- pages

    @property
    def topic(self) -> str:
        """What is shown."""
        return _topic(self.source())

    def show_topic(self, topic: str, words: Sequence[str] = ()) -> None:
        """Show a page, or a place on one, with words marked on it."""
        self._words = words
        self.setSource(QUrl(f"{_SCHEME}:/manual/").resolved(QUrl(topic)))
        self._mark()
        if self._hits:
            self.show_hit(self._first_hit())

    def loadResource(self, type: int, name: QUrl | str) -> Any:  # noqa: N802 - Qt's name
        """A page as HTML, a picture in the size that it has room for."""
        url = self.source().resolved(QUrl(name))
        path = url.path().lstrip("/")
        if type == QTextDocument.ResourceType.ImageResource:
            return picture(resource_path(*PurePosixPath(path).parts), self._room, self.devicePixelRatioF())
        text = page_text(path)
        if text is None:
            text = self.tr("# No such page\n\nThe manual has no page “{}”. [Contents](/manual/index.md)").format(path)
        return html_of(text, self._theme)

    def _on_anchor_clicked(self, url: QUrl) -> None:
        target = self.source().resolved(url)
        if target.scheme() == _SCHEME:
            self._words = ()
            self.setSource(target)
        else:
            QDesktopServices.openUrl(target)

    def _on_source_changed(self, url: QUrl) -> None:
        self._mark()
        self.topic_changed.emit(_topic(url))

    # -- how it looks

    @property
    def zoom(self) -> float:
        """How large letters are; 1 is as in the rest of the desktop."""
        return self._zoom

    def set_zoom(self, zoom: float) -> None:
        """Make letters larger or smaller."""
        self._zoom = min(_MOST, max(_LEAST, zoom))
        font = QApplication.font()
        font.setPointSizeF(font.pointSizeF() * self._zoom)
        self.setFont(font)
        self._fit()
        self._renewal.start()

    def zoom_by(self, steps: int) -> None:
        """Larger by so many steps; smaller by negative ones."""
        self.set_zoom(self._zoom * _STEP**steps)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        """With Ctrl, the wheel zooms."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom_by(1 if event.angleDelta().y() > 0 else -1)
            event.accept()
        else:
            super().wheelEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Lines stay readable; pictures get another size once the window rests."""
        super().resizeEvent(event)
        self._fit()
        self._renewal.start()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Another theme, or letters of another size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self._theme is not current_theme():
            self._theme = current_theme()
            self._renewal.start(0)
        elif event.type() == QEvent.Type.ApplicationFontChange:
            self.set_zoom(self._zoom)

    @property
    def _room(self) -> int:
        """The width of a page."""
        return max(200, self.viewport().width() - 12)

    def _fit(self) -> None:
        """Margins at both sides that leave a page of at most `_LINE`."""
        whole = self.width() - self.verticalScrollBar().sizeHint().width()
        side = max(_MARGIN, (whole - round(_LINE * self._zoom)) // 2)
        self.setViewportMargins(side, 12, max(8, side - 12), 0)

    def _renew(self) -> None:
        """Lay the page out anew, at the place where it is."""
        if self.source().isEmpty():
            return
        bar = self.verticalScrollBar()
        seen = bar.value() / max(1, bar.maximum())
        with QSignalBlocker(self):
            self.reload()
        bar.setValue(round(seen * bar.maximum()))
        hit = self._hit
        self._mark()
        self._hit = min(hit, len(self._hits) - 1)
        self._paint_marks()
        self.marks_changed.emit()

    # -- what was searched for

    @property
    def hits(self) -> int:
        """How many words are marked."""
        return len(self._hits)

    @property
    def hit(self) -> int:
        """The number of the mark one is at, from 0; -1 without one."""
        return self._hit

    def show_hit(self, number: int) -> None:
        """Go to a mark; beyond the last comes the first."""
        if self._hits:
            self._hit = number % len(self._hits)
            cursor = QTextCursor(self._hits[self._hit])
            cursor.setPosition(cursor.selectionStart())
            self.setTextCursor(cursor)
            self.ensureCursorVisible()
            self._paint_marks()
            self.marks_changed.emit()

    def _first_hit(self) -> int:
        """The first mark below what is at the top of the view."""
        top = self.cursorForPosition(self.viewport().rect().topLeft()).position()
        return next((at for at, cursor in enumerate(self._hits) if cursor.selectionStart() >= top), 0)

    def _mark(self) -> None:
        """Mark the words wherever they are on the page."""
        self._hits, self._hit = [], -1
        for word in self._words:
            cursor = QTextCursor(self.document())
            while not (cursor := self.document().find(word, cursor)).isNull():
                self._hits.append(QTextCursor(cursor))
        self._hits.sort(key=lambda cursor: cursor.selectionStart())
        self._paint_marks()
        self.marks_changed.emit()

    def _paint_marks(self) -> None:
        made: list[QTextEdit.ExtraSelection] = []
        for number, cursor in enumerate(self._hits):
            selection = QTextEdit.ExtraSelection()
            shape = QTextCharFormat()
            current = number == self._hit
            shape.setBackground(QColor(self._theme.bar_yellow if current else self._theme.warning_ground))
            shape.setForeground(QColor("#1d242c" if current else self._theme.warning))
            selection.format, selection.cursor = shape, cursor  # type: ignore[attr-defined] - the stubs lack the fields
            made.append(selection)
        self.setExtraSelections(made)


def _topic(url: QUrl) -> str:
    """A page's address as a topic; what is not in the manual's own folder is said from there."""
    path = url.path()
    inside = path.removeprefix("/manual/")
    name = inside if inside != path else f"..{path}"
    return name + (f"#{url.fragment()}" if url.fragment() else "")
