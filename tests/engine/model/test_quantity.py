from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.model.quantity import format_duration, format_size, parse_duration, parse_size


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("0s", 0),
        ("250ms", 0.25),
        ("100us", 0.0001),
        ("1.5s", 1.5),
        ("90s", 90),
        ("5m", 300),
        ("1h30m", 5400),
        ("1h 30m", 5400),
        ("2d", 172800),
        ("5", 5),
        (" 5 S ", 5),
        ("-3s", -3),
        ("1e-05s", 1e-05),
    ],
)
def test_a_duration_is_read_as_seconds(text, seconds):
    assert parse_duration(text) == seconds


@pytest.mark.parametrize("text", ["", "s", "5x", "5 s x", "1h30", "five", "1,5s", "--1s", "nan", "inf", "1e999s", "9" * 200])
def test_what_is_no_duration_is_refused(text):
    with pytest.raises(ValueError, match=r"must be a duration|is too large"):
        parse_duration(text)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.0, "0s"), (0.25, "250ms"), (30.0, "30s"), (60.0, "1m"), (5400.0, "90m"), (86400.0, "1d"), (1.5, "1.5s")],
)
def test_a_duration_is_written_short(seconds, text):
    assert format_duration(seconds) == text


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_duration_survives_writing(seconds):
    assert parse_duration(format_duration(seconds)) == seconds


@pytest.mark.parametrize(
    ("text", "size_bytes"),
    [
        ("0", 0),
        ("4096", 4096),
        ("1KB", 1000),
        ("1KiB", 1024),
        ("512MB", 512_000_000),
        ("1.5GB", 1_500_000_000),
        ("2 tb", 2 * 10**12),
        ("7B", 7),
    ],
)
def test_a_size_is_read_as_bytes(text, size_bytes):
    assert parse_size(text) == size_bytes


@pytest.mark.parametrize("text", ["", "MB", "1XB", "1.0001KB5", "0.3B", "1GB 2MB", "1e400GB"])
def test_what_is_no_size_is_refused(text):
    with pytest.raises(ValueError, match=r"must be a|is too large"):
        parse_size(text)


@pytest.mark.parametrize(
    ("size_bytes", "text"), [(0, "0B"), (999, "999B"), (1000, "1KB"), (65536, "64KiB"), (10**9, "1GB"), (2**30, "1GiB")]
)
def test_a_size_is_written_short(size_bytes, text):
    assert format_size(size_bytes) == text


@given(st.integers(-(2**70), 2**70))
def test_a_size_survives_writing(size_bytes):
    assert parse_size(format_size(size_bytes)) == size_bytes
