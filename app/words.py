"""Words that depend on a number, and the engine's words in the language of the user."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

_TYPES = "processors"
"""The context of what the engine says of types, settings and parts; see packaging/translations.py."""


def counted(number: int, one: str, many: str) -> str:
    """`one` for one of a thing ("1 line"), otherwise `many` with the number in it ("{} lines")."""
    return one if number == 1 else many.format(f"{number:,}")


def spoken(text: str) -> str:
    """A title, summary or meaning that the engine gives a type or a setting, in the language of the user."""
    return QCoreApplication.translate(_TYPES, text) if text else ""


def type_title(type: str) -> str:
    """What a type of processor is called."""
    from engine.client.parts import title_of

    return spoken(title_of(type))
