"""MessageView, one message: its content as text, JSON, bytes or a picture, and its attributes."""

from __future__ import annotations

import json
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import (
    QHeaderView,
    QLabel,
    QPlainTextEdit,
    QScrollArea,
    QTableWidget,
    QTableWidgetItem,
    QTabWidget,
    QWidget,
)

from app.theme.fonts import wear_code_font

_ROW = 16
_MOST_LETTERS = 2_000_000
"""More would keep the window waiting; the whole is in the queue."""


class MessageView(QTabWidget):
    """Shows what `show_message` was given last."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Message"))
        self.text = self._page(self.tr("Content"))
        self.attributes = QTableWidget(0, 2)
        self.attributes.setHorizontalHeaderLabels([self.tr("Attribute"), self.tr("Value")])
        self.attributes.horizontalHeader().setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        self.attributes.verticalHeader().hide()
        self.attributes.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.addTab(self.attributes, self.tr("Attributes"))
        self.hex = self._page(self.tr("Bytes"))
        self._picture = QLabel()
        self._picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        area = QScrollArea()
        area.setWidget(self._picture)
        area.setWidgetResizable(True)
        self._picture_tab = self.addTab(area, self.tr("Picture"))
        self.setTabVisible(self._picture_tab, False)  # noqa: FBT003 - Qt's signature

    def _page(self, title: str) -> QPlainTextEdit:
        page = QPlainTextEdit()
        page.setReadOnly(True)
        wear_code_font(page)
        page.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        page.setAccessibleName(title)
        self.addTab(page, title)
        return page

    def show_message(self, content: Any, attributes: dict[str, str]) -> None:
        """Show a content as the engine tells it (see the manual's page on queues), and attributes."""
        self._show(content_text(content), content_bytes(content), attributes)

    def show_whole(self, media: str, data: bytes, attributes: dict[str, str]) -> None:
        """Show the whole content of a message, of which `show_message` had only a part."""
        if media.startswith("application/octet-stream"):
            try:
                words = data.decode()
            except UnicodeDecodeError:
                words = self.tr("{} bytes, which are no text: see the page “Bytes”").format(f"{len(data):,}")
        else:
            words = data.decode("utf-8", "replace")
            if media.startswith("application/json") and len(words) <= _MOST_LETTERS:
                words = content_text(json.loads(words))
        if len(words) > _MOST_LETTERS:
            words = words[:_MOST_LETTERS] + self.tr("\n… {} more characters").format(f"{len(words) - _MOST_LETTERS:,}")
        self._show(words, data, attributes)

    def _show(self, words: str, data: bytes, attributes: dict[str, str]) -> None:
        self.text.setPlainText(words)
        self.hex.setPlainText(hex_dump(data))
        self.attributes.setRowCount(len(attributes))
        for row, (name, value) in enumerate(attributes.items()):
            self.attributes.setItem(row, 0, QTableWidgetItem(name))
            self.attributes.setItem(row, 1, QTableWidgetItem(value))
        picture = QPixmap()
        is_picture = len(data) > _ROW and picture.loadFromData(data)
        self._picture.setPixmap(picture)
        self.setTabVisible(self._picture_tab, is_picture)

    def clear_message(self) -> None:
        """Show nothing."""
        self.show_message("", {})


def is_part(content: Any) -> bool:
    """Whether a content, as it comes with a page of a queue, is not all of it: it was cut, or is kept in a file."""
    if isinstance(content, dict):
        return content.get("cut") is True or content.get("$type") == "claim" or any(map(is_part, content.values()))
    return isinstance(content, list) and any(map(is_part, content))


def content_text(content: Any) -> str:
    """A content for people: text as it is, anything else as JSON."""
    if isinstance(content, str):
        return content
    if isinstance(content, dict) and content.get("$type") in ("bytes", "str") and "text" in content:
        return str(content["text"])
    return json.dumps(content, indent=2, ensure_ascii=False)


def content_bytes(content: Any) -> bytes:
    """A content's bytes: its own, or those of its text."""
    if isinstance(content, dict) and content.get("$type") == "bytes" and "base64" in content:
        import base64

        return base64.b64decode(content["base64"])
    return content_text(content).encode()


def hex_dump(data: bytes, most: int = 64_000) -> str:
    """Bytes in hexadecimal, sixteen a line, with the letters that they are."""
    lines: list[str] = []
    for start in range(0, min(len(data), most), _ROW):
        row = data[start : start + _ROW]
        letters = "".join(chr(byte) if 32 <= byte < 127 else "." for byte in row)
        lines.append(f"{start:08x}  {row.hex(' '):<{_ROW * 3}} {letters}")
    if len(data) > most:
        lines.append(f"… {len(data) - most:,} more bytes")
    return "\n".join(lines)
