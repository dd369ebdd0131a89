"""How a sample is read and a value is shown."""

from __future__ import annotations

import pytest

from app.editor.sample import kind_of, read_sample, short_time, shown


@pytest.mark.parametrize(
    ("text", "value", "kind"),
    [
        ('{"a": 1}', {"a": 1}, "JSON object"),
        ("[1, null]", [1, None], "JSON list"),
        ("12", 12, "JSON value"),
        ('"12"', "12", "JSON text"),
        ("10.0.0.1 GET /", "10.0.0.1 GET /", "text"),
        ("[1, 2", "[1, 2", "text"),
        ("", "", "text"),
        ("[" * 100_000, "[" * 100_000, "text"),
    ],
    ids=lambda value: str(value)[:12],
)
def test_what_is_not_json_is_text(text, value, kind):
    assert read_sample(text) == value
    assert kind_of(text) == kind


def test_values_are_shown_as_json_where_it_has_words_for_them():
    assert shown("a\nb") == "a\nb"
    assert shown({"ü": [1]}) == '{\n  "ü": [\n    1\n  ]\n}'
    assert shown(b"\x00a") == "\"b'\\\\x00a'\""
    assert shown({(1, 2): 3}) == "{(1, 2): 3}"
    endless: list[object] = []
    endless.append(endless)
    assert shown(endless) == "[[...]]"


def test_no_more_is_shown_than_anybody_reads():
    assert len(shown(list(range(1_000_000)))) < 11_000
    assert shown("x" * 1_000_000).endswith("x…")


def test_times():
    times = {0.000_01: "0.1 ms", 0.0042: "4.2 ms", 0.25: "250 ms", 2.5: "2.5 s", 250: "250 s"}
    assert {seconds: short_time(seconds) for seconds in times} == times
