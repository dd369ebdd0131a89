"""Icons in the colours of the theme."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QIcon, QImage

from app.theme.current import set_current_theme
from app.theme.icon import icon, icon_names, pixmap, program_icon
from app.theme.theme import DARK, LIGHT
from engine.resource import resource_path


def colors(image: QImage) -> set[str]:
    """The colours of all pixels that are not transparent in any degree."""
    pixels = (image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height()))
    return {pixel.name() for pixel in pixels if pixel.alpha() == 255}


def near(found: set[str], wanted: str) -> bool:
    """Whether there are colours, and all are this one, up to the rounding of premultiplied pixels."""
    return bool(found) and all(abs(a - b) <= 1 for shade in found for a, b in zip(parts(shade), parts(wanted), strict=True))


def parts(color: str) -> bytes:
    return bytes.fromhex(color.removeprefix("#"))


@pytest.mark.parametrize("name", icon_names())
def test_every_icon_is_of_the_set_and_shows_something(qapp, name: str):
    root = ET.fromstring(resource_path("icons", f"{name}.svg").read_text())
    assert root.get("viewBox") == "0 0 24 24"
    assert root.get("stroke") == "currentColor"
    image = icon(name, DARK).pixmap(QSize(48, 48)).toImage()
    assert near(colors(image), DARK.text)
    edge = [image.pixelColor(at, side).alpha() for at in range(48) for side in (0, 47)]
    edge += [image.pixelColor(side, at).alpha() for at in range(48) for side in (0, 47)]
    assert max(edge) == 0, "it touches the edge and would be cut off"


def test_without_a_theme_it_has_the_colours_of_the_one_in_use(qapp):
    run = icon("run", role="running")
    set_current_theme(LIGHT)
    assert colors(run.pixmap(24, 24).toImage()) == {LIGHT.running}
    set_current_theme(DARK)
    assert colors(run.pixmap(24, 24).toImage()) == {DARK.running}


def test_a_disabled_one_is_pale(qapp):
    assert colors(icon("stop", DARK).pixmap(QSize(24, 24), QIcon.Mode.Disabled).toImage()) == {DARK.disabled}


def test_it_is_sharp_where_a_logical_pixel_has_several(qapp):
    found = icon("stop", DARK).pixmap(QSize(24, 24), 2.0)
    assert (found.size(), found.devicePixelRatio()) == (QSize(48, 48), 2.0)
    picture = pixmap("stop", 16, 1.5, LIGHT, "stopped")
    assert (picture.size(), picture.devicePixelRatio()) == (QSize(24, 24), 1.5)
    assert LIGHT.stopped in colors(picture.toImage())


def test_it_is_made_once(qapp):
    assert icon("run", DARK) is icon("run", DARK)
    assert pixmap("run", 16, theme=DARK).cacheKey() == pixmap("run", 16, theme=DARK).cacheKey()


def test_an_icon_that_is_not_there_is_an_error(qapp):
    with pytest.raises(FileNotFoundError):
        icon("no such icon")


def test_the_programs_icon_is_sharp_at_every_size(qapp):
    for side in (16, 48, 256):
        picture = program_icon().pixmap(QSize(side, side)).toImage()
        assert picture.pixelColor(side // 2, side // 8).alpha() == 255
        assert picture.pixelColor(0, 0).alpha() < 255, "its corners are round"
