"""The translations are whole: every text in the code is in them, translated, and compiled."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

pytest.importorskip("PySide6")

import translations

FILES = sorted(translations.FOLDER.glob("pyfi_*.ts"))
CURE = "run `python3 packaging/dev.py translate`, translate what it names, and run it again"
_PLACE = re.compile(r"\{(?:\d*|[a-z]+|[a-z0-9]*:[^}]*)\}|%n")
_EXAMPLES = frozenset({"{expressions}", "{attributes}", "{n}", "{uuid}", "{time}", "{id}"})
"""In braces, but for people to read."""


def messages(ts: Path) -> list[tuple[str, str, list[str]]]:
    """Context, source and forms of every text in a file."""
    return [
        (
            context.findtext("name") or "",
            message.findtext("source") or "",
            [form.text or "" for form in message.iter("numerusform")] or [message.findtext("translation") or ""],
        )
        for context in ET.parse(ts).getroot().iter("context")
        for message in context.iter("message")
    ]


def test_there_is_a_language_beside_english():
    assert "pyfi_de.ts" in [path.name for path in FILES]


@pytest.mark.parametrize("ts", FILES, ids=lambda path: path.stem)
def test_every_text_of_the_code_is_translated(ts):
    known = {(context, source) for context, source, _ in messages(ts)}
    wanted = set(translations.all_texts())
    assert wanted - known == set(), CURE
    assert known - wanted == set(), CURE
    assert translations.unfinished(ts) == [], CURE
    assert all(all(forms) for _, _, forms in messages(ts))


@pytest.mark.parametrize("ts", FILES, ids=lambda path: path.stem)
def test_what_the_code_fills_in_has_its_place_in_the_translation(ts):
    wrong = [
        (source, form)
        for _, source, forms in messages(ts)
        for form in forms
        if sorted(set(_PLACE.findall(source)) - _EXAMPLES) != sorted(set(_PLACE.findall(form)) - _EXAMPLES)
    ]
    assert wrong == []


@pytest.mark.parametrize("ts", FILES, ids=lambda path: path.stem)
def test_what_the_desktop_reads_was_compiled_from_it(ts, tmp_path):
    copy = shutil.copy(ts, tmp_path / ts.name)
    made = tmp_path / "made.qm"
    translations.tool("lrelease", "-silent", str(copy), "-qm", str(made))
    assert ts.with_suffix(".qm").read_bytes() == made.read_bytes(), CURE


def test_texts_are_found_wherever_code_has_them(tmp_path):
    code = tmp_path / "module.py"
    code.write_text("""
_CONTEXT = "table"

def _(text):
    return str(QT_TRANSLATE_NOOP(_CONTEXT, text))

def tr(text):
    return QCoreApplication.translate("words", text)

ROWS = [_("row"), _("two " "pieces")]

class Panel:
    def show(self):
        self.tr("of a class")
        translate("named", "by name")
        tr("by a function")
        _(given)
""")
    assert list(translations.texts_of(code)) == [
        ("table", "row"),
        ("table", "two pieces"),
        ("Panel", "of a class"),
        ("named", "by name"),
        ("words", "by a function"),
    ]
