"""Settings in the language of the user."""

from __future__ import annotations

from msgspec.structs import replace

from app.words import spoken
from engine.client.setting import Setting


def spoken_setting(setting: Setting) -> Setting:
    """A setting with its title and meaning, and those of everything in it, as the user reads them."""
    item = spoken_setting(setting.item) if setting.item is not None else None
    return replace(
        setting,
        title=spoken(setting.title),
        meaning=spoken(setting.meaning),
        pattern_meaning=spoken(setting.pattern_meaning),
        item=item,
        fields=tuple(map(spoken_setting, setting.fields)),
        alternatives=tuple(map(spoken_setting, setting.alternatives)),
    )
