"""Positions and texts between Python and Qt."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QTextCursor, QTextDocument

from app.editor.text import characters, normalized, position_at, replace_text, text_of, units

# Qt takes two of the characters that are none for the borders of frames; surrogates are no text.
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\ufdd0\ufdd1"), max_size=60)
LINES = st.lists(st.sampled_from(["", "a", "bb", "😀 c", "\u00a0", "a"]), max_size=12).map("\n".join)


@given(TEXTS)
def test_units_and_characters_are_inverse(text):
    for at in range(len(text) + 1):
        assert characters(text, units(text[:at])) == at


@pytest.mark.parametrize("kind", [TEXTS, LINES], ids=["characters", "lines"])
def test_a_document_becomes_any_other_text(qapp, kind):
    @given(kind, kind)
    def check(old, new):
        document = QTextDocument(old)
        changed = replace_text(document, new)
        assert text_of(document) == normalized(new)
        assert (changed is None) == (normalized(old) == normalized(new))
        assert replace_text(document, new) is None

    check()


def test_cursors_outside_what_differs_stay_in_their_words(qapp):
    document = QTextDocument("one\n😀 two\nthree\nfour five\n")
    cursor = QTextCursor(document)
    cursor.setPosition(text_of(document).index("three") + 1)  # one more unit than characters, because of the face
    cursor.movePosition(QTextCursor.MoveOperation.EndOfWord, QTextCursor.MoveMode.KeepAnchor)
    assert cursor.selectedText() == "three"
    replace_text(document, "zero\none\n😀😀 2\nthree\nfour 5\nsix\n")
    assert cursor.selectedText() == "three"


def test_places_outside_the_text_are_brought_inside(qapp):
    document = QTextDocument("ab\n😀c")
    assert [position_at(document, *place) for place in ((1, 1), (1, 99), (2, 1), (0, 0), (99, 0), (2, -5))] == [
        1,
        2,
        5,
        0,
        3,
        3,
    ]
