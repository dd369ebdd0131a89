"""Icons in the colours of the theme."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import numpy as np
import numpy.typing as npt
import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QIcon, QImage

from app.theme.current import set_current_theme
from app.theme.icon import icon, icon_names, pixmap, program_icon
from app.theme.theme import DARK, LIGHT
from engine.resource import resource_path

_SIDE = 48


def colors(image: QImage) -> set[str]:
    """The colours of all pixels that are not transparent in any degree."""
    red, green, blue, alpha = channels(image)
    opaque = alpha == 255
    return {f"#{r:02x}{g:02x}{b:02x}" for r, g, b in zip(red[opaque], green[opaque], blue[opaque], strict=True)}


def channels(image: QImage) -> npt.NDArray[np.uint8]:
    """Red, green, blue and alpha of its pixels: [4, height, width]."""
    plain = image.convertToFormat(QImage.Format.Format_RGBA8888)  # four bytes a pixel: its lines are not padded
    return np.frombuffer(plain.constBits(), np.uint8).reshape(plain.height(), plain.width(), 4).transpose(2, 0, 1).copy()


def near(found: set[str], wanted: str) -> bool:
    """Whether there are colours, and all are this one, up to the rounding of premultiplied pixels."""
    return bool(found) and all(abs(a - b) <= 1 for shade in found for a, b in zip(parts(shade), parts(wanted), strict=True))


def parts(color: str) -> bytes:
    return bytes.fromhex(color.removeprefix("#"))


def fault_of(name: str) -> str:
    """What is wrong with an icon of the set, drawn 48 pixels wide; empty if nothing is."""
    root = ET.fromstring(resource_path("icons", f"{name}.svg").read_text())
    if (root.get("viewBox"), root.get("stroke")) != ("0 0 24 24", "currentColor"):
        return "it is not drawn like the others"
    for theme in (DARK, LIGHT):
        image = icon(name, theme).pixmap(QSize(_SIDE, _SIDE)).toImage()
        if not near(colors(image), theme.text):
            return f"it has not the colour of text of the {theme.name} theme: {colors(image)}"
        edge = channels(image)[3]
        edge[1:-1, 1:-1] = 0
        if edge.any():
            return "it touches the edge and would be cut off"
    return ""


def test_every_icon_is_of_the_set_and_shows_something(qapp):
    names = icon_names()
    assert len(names) > 50
    assert {name: fault for name in names if (fault := fault_of(name))} == {}


def test_an_icon_that_would_be_cut_off_or_has_a_colour_of_its_own_is_found(qapp):
    image = QImage(_SIDE, _SIDE, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(0)
    assert not near(colors(image), DARK.text), "nothing is seen"
    image.setPixelColor(5, 5, QColor(DARK.text))
    assert near(colors(image), DARK.text)
    image.setPixelColor(7, 9, QColor("#123456"))
    assert colors(image) == {DARK.text, "#123456"}
    assert not near(colors(image), DARK.text)


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
