"""Contents as a person sees them."""

from __future__ import annotations

import base64

import pytest
from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QPixmap

from app.results.message_view import MessageView, content_bytes, content_text, hex_dump


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("plain", "plain"),
        ({"$type": "bytes", "size": 5, "text": "hello"}, "hello"),
        ({"b": [1, "ü"]}, '{\n  "b": [\n    1,\n    "ü"\n  ]\n}'),
        (None, "null"),
    ],
)
def test_content_is_text_or_json(content, text):
    assert content_text(content) == text


def test_bytes_are_shown_as_they_are():
    data = bytes(range(20))
    content = {"$type": "bytes", "size": 20, "base64": base64.b64encode(data).decode()}
    assert content_bytes(content) == data
    first, second = hex_dump(data).splitlines()
    assert first == "00000000  00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f  ................"
    assert second.startswith("00000010  10 11 12 13 ")


def test_a_long_content_is_cut_in_hexadecimal_and_says_so():
    assert hex_dump(bytes(100), most=32).endswith("… 68 more bytes")


def test_a_message_fills_the_tabs(qtbot):
    view = MessageView()
    qtbot.addWidget(view)
    view.show_message({"n": 1}, {"path": "a.txt", "line": "7"})
    assert '"n": 1' in view.text.toPlainText()
    assert view.attributes.rowCount() == 2
    item = view.attributes.item(1, 1)
    assert item is not None
    assert item.text() == "7"
    assert not view.isTabVisible(3)
    view.clear_message()
    assert view.text.toPlainText() == ""
    assert view.attributes.rowCount() == 0


def test_a_picture_is_shown_as_one(qtbot):
    view = MessageView()
    qtbot.addWidget(view)
    picture = QPixmap(8, 8)
    picture.fill("red")
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    picture.save(buffer, "PNG")
    data = bytes(buffer.data().data())
    view.show_message({"$type": "bytes", "size": len(data), "base64": base64.b64encode(data).decode()}, {})
    assert view.isTabVisible(3)
