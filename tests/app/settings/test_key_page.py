"""The manual's page of keys says what the desktop does."""

from __future__ import annotations

import os

from PySide6.QtGui import QKeySequence

from app.canvas.keys import CANVAS_KEYS
from app.settings.key_page import key_page
from app.window.action_table import ACTIONS
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


def test_no_key_of_the_canvas_is_one_of_an_action():
    """An action's key would be taken before the canvas gets it."""
    of_actions = {QKeySequence(row.key).toString() for row in ACTIONS if row.key}
    of_canvas = {QKeySequence(key).toString() for each in CANVAS_KEYS for key in each.keys}
    assert of_actions & of_canvas == set()
