"""Numbers as a person reads them on a card: short, and never wider than the room there is."""

from __future__ import annotations

_BYTES = ("bytes", "KB", "MB", "GB", "TB", "PB")
_SHORT = ("", "k", "M", "G", "T")


def count(number: int) -> str:
    """1,234,567 up to seven digits, then 12.3 M."""
    if number < 10_000_000:
        return f"{number:,}"
    value, unit = float(number), 0
    while value >= 1000 and unit < len(_SHORT) - 1:
        value /= 1000
        unit += 1
    return f"{value:.3g} {_SHORT[unit]}"


def size(number: int) -> str:
    """512 bytes, 3.4 KB: in steps of 1,000."""
    value, unit = float(number), 0
    while value >= 999.5 and unit < len(_BYTES) - 1:
        value /= 1000
        unit += 1
    return f"{number} bytes" if unit == 0 else f"{value:.3g} {_BYTES[unit]}"


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
