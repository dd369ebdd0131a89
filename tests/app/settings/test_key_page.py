"""The manual's page of keys says what the desktop does."""

from __future__ import annotations

import os

from PySide6.QtGui import QKeySequence

from app.settings.key_page import key_page
from engine.resource import resource_path
from tests.app.desk import Desk, story


def test_the_page_in_the_manual_is_made_of_the_actions_there_are(qtbot, tmp_path):
    def tell(desk: Desk) -> None:
        shortcuts = desk.window.preferences.shortcuts
        made = key_page(shortcuts, usual=True)
        page = resource_path("manual", "keys.md")
        if os.environ.get("WRITE_MANUAL"):
            page.write_text(made, encoding="utf-8")
        cure = "keys have changed: run this test with WRITE_MANUAL=1 to have the page written anew"
        assert page.read_text(encoding="utf-8") == made, cure
        shortcuts.choose("run", [QKeySequence("Ctrl+F9")])
        assert "| Run | `Ctrl+F9` |" in key_page(shortcuts)
        assert key_page(shortcuts, usual=True) == made

    story(tmp_path, tell)
