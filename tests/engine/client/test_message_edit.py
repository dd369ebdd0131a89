"""Contents as people write them, there and back."""

from __future__ import annotations

import json
from typing import Any

import pytest

from engine.client.answer import Content
from engine.client.message_edit import Kind, kind_of_content, read_file, read_text, written
from engine.errors import UsageError
from engine.runtime.readable import as_file
from engine.runtime.typed_json import from_json


@pytest.mark.parametrize(
    ("value", "kind", "text"),
    [
        ("plain ü", Kind.TEXT, "plain ü"),
        ("", Kind.TEXT, ""),
        (bytes(range(18)), Kind.HEX, "00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f\n10 11"),
        (b"", Kind.HEX, ""),
        ({"n": [1, "ü"]}, Kind.JSON, '{\n  "n": [\n    1,\n    "ü"\n  ]\n}'),
        ((1, 2), Kind.JSON, json.dumps({"$type": "tuple", "items": [1, 2]}, indent=2)),
        (None, Kind.JSON, "null"),
    ],
)
def test_what_is_written_is_read_as_it_was(value: Any, kind: Kind, text: str) -> None:
    content = Content(*as_file(value))
    assert kind_of_content(content) is kind
    assert written(content) == text
    assert from_json(read_text(kind, text)) == value
    assert from_json(read_file(kind, content.data)) == value


@pytest.mark.parametrize(
    ("kind", "text", "sentence"),
    [
        (Kind.JSON, "hello", "not JSON: Expecting value in line 1, column 1; a text needs quotes around it"),
        (Kind.JSON, '{"a": }', r"not JSON: Expecting value in line 1, column 7$"),
        (Kind.JSON, "[NaN]", 'JSON has no NaN; write {"\\$type": "float", "value": "nan"}'),
        (Kind.HEX, "4g", "in hexadecimal, two digits each"),
        (Kind.HEX, "4", "in hexadecimal, two digits each"),
    ],
)
def test_what_is_not_of_its_kind_is_refused(kind: Kind, text: str, sentence: str) -> None:
    with pytest.raises(UsageError, match=sentence):
        read_text(kind, text)


def test_a_file_that_is_no_text_is_refused_as_text() -> None:
    with pytest.raises(UsageError, match="not text in UTF-8: byte 1"):
        read_file(Kind.TEXT, b"a\xff")
