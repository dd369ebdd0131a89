from __future__ import annotations

import math

import pytest
import yaml
from hypothesis import given

from engine.model.scalar import block, fits_a_block, quoted, resolve, write_number, write_text
from tests.engine.model.strategies import NASTY, numbers, texts


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", None),
        ("~", None),
        ("null", None),
        ("true", True),
        ("False", False),
        ("yes", "yes"),
        ("on", "on"),
        ("5", 5),
        ("-017", -17),
        ("0x1F", 31),
        ("0o17", 15),
        ("1.5", 1.5),
        ("1e3", 1000.0),
        (".5", 0.5),
        ("-.inf", -math.inf),
        ("1_000", "1_000"),
        ("12:30", "12:30"),
        ("2024-01-31", "2024-01-31"),
        ("-", "-"),
        ("1.2.3", "1.2.3"),
    ],
)
def test_a_plain_word_has_the_type_of_yaml_1_2(text, value):
    found = resolve(text)
    assert found == value
    assert type(found) is type(value)


def test_not_a_number():
    found = resolve(".nan")
    assert isinstance(found, float)
    assert math.isnan(found)


@pytest.mark.parametrize("digits", ["9" * 1001, "0x" + "f" * 1001, "1." + "0" * 1000])
def test_an_absurd_number_is_refused(digits):
    with pytest.raises(ValueError, match="too long; put it in quotes"):
        resolve(digits)


@given(texts)
def test_written_text_is_read_as_the_same_text_by_yaml_1_1_too(text):
    assert yaml.load(write_text(text), yaml.CSafeLoader) == text
    assert yaml.safe_load(f"[{write_text(text)}, x]") == [text, "x"]
    assert yaml.load(quoted(text), yaml.CSafeLoader) == text


@pytest.mark.parametrize(
    "text", ["parse", "out/slow.jsonl", "attribute:NAME", "1GB", "30s", "./x", "https://a.org/b", "a.p->b.q"]
)
def test_harmless_text_stays_without_quotes(text):
    assert write_text(text) == text


@given(numbers)
def test_numbers_are_the_same_for_yaml_1_1(number):
    if isinstance(number, float):
        assert yaml.load(write_number(number), yaml.CSafeLoader) == number
        assert resolve(write_number(number)) == number


@given(texts)
def test_a_block_gives_the_text_back(text):
    if fits_a_block(text):
        header, lines = block(text, 2)
        assert yaml.load("\n".join([f"a: {header}", *lines, "b: 1\n"]), yaml.CSafeLoader) == {"a": text, "b": 1}
        assert yaml.safe_load("\n".join([f"a: {header}", *lines]) + "\n") == {"a": text}


@pytest.mark.parametrize("text", [text for text in NASTY if "\r" in text or "\0" in text or "\x85" in text or not text.strip()])
def test_what_a_block_would_lose_is_no_block(text):
    assert not fits_a_block(text)
