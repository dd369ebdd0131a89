"""Settings, what the user chose for the desktop."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

LEAST_SCALE, GREATEST_SCALE = 80, 200
LEAST_CODE, GREATEST_CODE = 6, 40
LEAST_GRID, GREATEST_GRID = 5, 100


class Settings(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Every choice, with what holds while nothing was chosen."""

    theme: Literal["system", "dark", "light"] = "system"
    scale: Annotated[int, Meta(ge=LEAST_SCALE, le=GREATEST_SCALE)] = 100
    """How large the whole interface is, in per cent."""
    font: str = ""
    """Family of the interface's font; empty: the system's."""
    code_font: str = ""
    code_size: Annotated[int, Meta(le=GREATEST_CODE, ge=0)] = 0
    """In points at 100 %; 0: as large as the interface."""
    language: str = ""
    """Code such as `de`; empty: the system's. `en` is what the program is written in."""
    snap: bool = True
    grid: Annotated[int, Meta(ge=LEAST_GRID, le=GREATEST_GRID)] = 10
    """Distance of the lines that parts snap to, in pixels at 1:1."""
    at_close: Literal["ask", "run", "stop"] = "ask"
    """What becomes of running flows when the window is closed."""
    updates: bool = False
    """Whether to look for a newer version at each start."""


NAMES = Settings.__struct_fields__
DEFAULT = Settings()


def read_value(name: str, text: object) -> Any:
    """The value of a setting out of an INI file, where everything is text.

    Raises:
        msgspec.ValidationError: it is none.
    """
    # INI files of Qt write numbers and booleans as plain text, so the conversion is not to be strict.
    read: Settings = msgspec.convert({name: text}, Settings, strict=False)
    return getattr(read, name)
