"""Letters of menus."""

from __future__ import annotations

import pytest

from app.window.accelerators import letter_of, lettered


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["&File", "&Edit"], ["&File", "&Edit"]),
        (["&Save", "Open &Stored"], ["&Save", "&Open Stored"]),
        (["Palette", "Problems", "&Paste"], ["P&alette", "P&roblems", "&Paste"]),
        (["Cut && paste", "&Copy"], ["Cut && &paste", "&Copy"]),
        (["&a", "a", "A"], ["&a", "a", "A"]),
        (["Öffnen …", "&Über"], ["&Öffnen …", "&Über"]),
        ([], []),
    ],
)
def test_every_text_gets_a_letter_that_no_other_has(texts, expected):
    assert lettered(texts) == expected
    letters = [letter_of(text) for text in expected if letter_of(text)]
    assert len(letters) == len(set(letters))
