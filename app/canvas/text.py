"""Numbers as a person reads them on a card: short, and never wider than the room there is."""

from __future__ import annotations

_BYTES = ("bytes", "KB", "MB", "GB", "TB", "PB")
_SHORT = ("", "k", "M", "G", "T")
_TOO_WIDE = 999.5
"""From here on three digits are not enough: it would be rounded to 1000."""


def count(number: int) -> str:
    """1,234,567 up to seven digits, then 12.3 M."""
    if number < 10_000_000:
        return f"{number:,}"
    value, unit = float(number), 0
    while value >= _TOO_WIDE and unit < len(_SHORT) - 1:
        value /= 1000
        unit += 1
    return f"{_three_digits(value)} {_SHORT[unit]}"


def size(number: int) -> str:
    """512 bytes, 3.4 KB: in steps of 1,000."""
    value, unit = float(number), 0
    while value >= _TOO_WIDE and unit < len(_BYTES) - 1:
        value /= 1000
        unit += 1
    if unit == 0:
        return "1 byte" if number == 1 else f"{number} bytes"
    return f"{_three_digits(value)} {_BYTES[unit]}"


def _three_digits(value: float) -> str:
    """Three digits that count; more only where no larger unit is left."""
    return f"{value:.3g}" if value < _TOO_WIDE else f"{value:,.0f}"


def duration(seconds: float) -> str:
    """How long, in the unit that fits: 12 ms, 3.4 s, 2:05 min, 3:20 h."""
    if seconds < 0.0995:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 59.95:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 3600:
        return f"{whole // 60}:{whole % 60:02} min"
    return f"{whole // 3600}:{whole % 3600 // 60:02} h"
