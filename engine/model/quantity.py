"""Durations and sizes as people write them: `500ms`, `1h30m`, `512MB`, `64KiB`.

A number with no unit is seconds or bytes. Writing and reading again gives the very same number.
"""

from __future__ import annotations

import math
import re
from functools import lru_cache

_NUMBER = r"(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?"
_PIECE = re.compile(rf"({_NUMBER})\s*([a-zµ]+)\s*", re.IGNORECASE | re.ASCII)
_PLAIN = re.compile(_NUMBER, re.IGNORECASE | re.ASCII)
_LONGEST = 100

_SECONDS = {"us": 1e-6, "µs": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_BYTES = {
    "b": 1,
    "kb": 10**3,
    "mb": 10**6,
    "gb": 10**9,
    "tb": 10**12,
    "kib": 2**10,
    "mib": 2**20,
    "gib": 2**30,
    "tib": 2**40,
}
_SIZE_UNITS = (
    ("TB", 10**12),
    ("TiB", 2**40),
    ("GB", 10**9),
    ("GiB", 2**30),
    ("MB", 10**6),
    ("MiB", 2**20),
    ("KB", 10**3),
    ("KiB", 2**10),
)


@lru_cache(maxsize=1000)
def parse_duration(text: str) -> float:
    """Seconds of a duration such as `0s`, `250ms`, `1h30m` or `5` (seconds).

    Raises:
        ValueError: the text is no duration; the message is the end of a sentence that begins with what was read.
    """
    sign, body = _sign(text)
    if len(body) <= _LONGEST and _PLAIN.fullmatch(body):
        return _finite(sign * float(body))
    total, at = 0.0, 0
    while len(body) <= _LONGEST and (piece := _PIECE.match(body, at)):
        unit = _SECONDS.get(piece[2].lower())
        if unit is None:
            break
        # One division instead of a product keeps 0.1 s and 100ms the same number.
        amount = float(piece[1])
        total += amount / round(1 / unit) if unit < 1 else amount * unit
        at = piece.end()
    if at == 0 or at != len(body):
        raise ValueError("must be a duration such as 500ms, 30s, 5m or 1h30m")
    return _finite(sign * total)


def format_duration(seconds: float) -> str:
    """The shortest usual way to write a duration; `parse_duration` gives the same number back."""
    if seconds == 0:
        return "0s"
    candidates: list[str] = []
    if seconds == int(seconds):
        whole = int(seconds)
        candidates = [f"{whole // size}{unit}" for unit, size in (("d", 86400), ("h", 3600), ("m", 60)) if whole % size == 0]
        candidates.append(f"{whole}s")
    elif abs(seconds) < 1:
        candidates = [f"{seconds * 1000:.15g}ms", f"{seconds * 1e6:.15g}us"]
    for candidate in candidates:
        if len(candidate) <= 20 and parse_duration(candidate) == seconds:
            return candidate
    return f"{seconds!r}s"


@lru_cache(maxsize=1000)
def parse_size(text: str) -> int:
    """Bytes of a size such as `1GB` (10^9), `64KiB` (2^16) or `4096`.

    Raises:
        ValueError: the text is no size, or no whole number of bytes.
    """
    sign, body = _sign(text)
    if len(body) <= _LONGEST and body.isascii() and body.isdigit():
        return sign * int(body)
    match = _PIECE.fullmatch(body) if len(body) <= _LONGEST else None
    unit = _BYTES.get(match[2].lower()) if match else None
    if match is None or unit is None:
        raise ValueError("must be a size such as 4096, 64KB, 512MB or 1GB")
    if match[1].isdigit():
        return sign * int(match[1]) * unit
    size = _finite(float(match[1]) * unit)
    if size != int(size):
        raise ValueError("must be a whole number of bytes")
    return sign * int(size)


def format_size(size_bytes: int) -> str:
    """The shortest exact way to write a number of bytes."""
    for unit, factor in _SIZE_UNITS:
        if size_bytes and size_bytes % factor == 0:
            return f"{size_bytes // factor}{unit}"
    return f"{size_bytes}B"


def _sign(text: str) -> tuple[int, str]:
    stripped = text.strip()
    return (-1, stripped[1:]) if stripped.startswith("-") else (1, stripped)


def _finite(number: float) -> float:
    if not math.isfinite(number):
        raise ValueError("is too large")
    return number
