"""Lines that stand for texts, numbers, durations and sizes."""

from __future__ import annotations

import pytest
from msgspec import UNSET
from PySide6.QtCore import Qt

from app.form.shown import escaped, unescaped
from engine.client.setting import Kind, Setting


def made(kind: Kind, **more) -> list[Setting]:
    return [Setting(name="it", title="It", kind=kind, parameters=True, **more)]


@pytest.mark.parametrize(
    ("kind", "typed", "value"),
    [
        (Kind.TEXT, " a b ", " a b "),
        (Kind.TEXT, "5", "5"),
        (Kind.INTEGER, " 5 ", 5),
        (Kind.INTEGER, "-5", -5),
        (Kind.INTEGER, "5.5", "5.5"),
        (Kind.NUMBER, "5", 5),
        (Kind.NUMBER, "0.5", 0.5),
        (Kind.NUMBER, "1e3", 1000.0),
        (Kind.DURATION, "1h30m", "1h30m"),
        (Kind.DURATION, "5", 5),
        (Kind.SIZE, "64KB", "64KB"),
        (Kind.SEPARATOR, r"\t", "\t"),
        (Kind.SEPARATOR, r"a\\n", r"a\n"),
        (Kind.EXPRESSION, "content['a']", "content['a']"),
        (Kind.SECRET, "TOKEN", "TOKEN"),
    ],
)
def test_what_is_typed_has_the_type_that_is_meant(shown, kind: Kind, typed: str, value: object):
    it = shown(made(kind))
    it.type("it", typed)
    name, heard = it.heard[-1]
    assert (name, heard, type(heard)) == ("it", value, type(value))


def test_an_emptied_line_is_the_default(shown):
    it = shown(made(Kind.TEXT, default="utf-8"), {"it": "x"})
    it.type("it", "")
    assert it.heard[-1] == ("it", UNSET)


@pytest.mark.parametrize(
    ("kind", "value", "text"),
    [
        (Kind.DURATION, 90.0, "90s"),
        (Kind.SIZE, 64_000_000, "64MB"),
        (Kind.SEPARATOR, "\n", r"\n"),
        (Kind.NUMBER, 0.1, "0.1"),
    ],
)
def test_a_value_is_shown_as_it_would_be_typed(shown, kind: Kind, value: object, text: str):
    it = shown(made(kind, default=value))
    assert it.input("it").placeholderText() == text
    it.form.set_values({"it": value})
    assert it.input("it").text() == text
    assert it.form.values() == {"it": value}


def test_the_arrows_count_within_the_bounds(shown):
    it = shown(made(Kind.INTEGER, default=8, minimum=1, maximum=10))
    line = it.input("it")
    it.click(line)
    it.qtbot.keyClick(line, Qt.Key.Key_Up)
    assert it.form.values() == {"it": 9}
    it.qtbot.keyClick(line, Qt.Key.Key_PageUp)
    assert it.form.values() == {"it": 10}
    it.qtbot.keyClick(line, Qt.Key.Key_PageDown)
    it.qtbot.keyClick(line, Qt.Key.Key_Down)
    assert it.form.values() == {"it": 1}


def test_the_arrows_leave_text_alone(shown):
    it = shown(made(Kind.TEXT), {"it": "5"})
    it.qtbot.keyClick(it.input("it"), Qt.Key.Key_Up)
    assert it.heard == []


def test_a_secret_is_offered_by_its_name(shown):
    it = shown(made(Kind.SECRET))
    it.type("it", "TO")
    completer = it.input("it").completer()
    assert completer.currentCompletion() == "TOKEN"
    completer.popup().hide()


def test_names_of_parameters_are_offered_once_a_reference_is_begun(shown):
    it = shown(made(Kind.TEXT))
    line = it.input("it")
    it.type("it", "in ${fo")
    popup = it.editor("it").completer.completer.popup()
    assert popup.isVisible()
    it.qtbot.keyClick(popup, Qt.Key.Key_Return)
    assert line.text() == "in ${folder}"
    assert it.heard[-1] == ("it", "in ${folder}")
    assert not popup.isVisible()
    it.qtbot.keyClicks(line, "/a.txt")
    assert it.form.values() == {"it": "in ${folder}/a.txt"}


def test_none_is_offered_where_there_is_none_of_the_kind(shown):
    it = shown(made(Kind.TEXT))
    it.type("it", "${zzz")
    assert not it.editor("it").completer.completer.popup().isVisible()


@pytest.mark.parametrize("text", ["\n", "\t|", "\\n", "plain", "\\", "a\\b\0"])
def test_escapes_lose_nothing(text: str):
    assert unescaped(escaped(text)) == text
