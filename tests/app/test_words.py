"""Words that depend on a number."""

from __future__ import annotations

import pytest

from app.words import counted


@pytest.mark.parametrize(("number", "words"), [(0, "0 lines"), (1, "1 line"), (2, "2 lines"), (12_345, "12,345 lines")])
def test_one_is_one_and_all_others_are_many(number, words):
    assert counted(number, "1 line", "{} lines") == words
