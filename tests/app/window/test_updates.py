"""Looking for a newer version: not before somebody allows it, and without trouble where there is no network."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox

from tests.app.desk import Desk, story, until
from tests.app.hand import press
from tests.app.settings.test_settings_dialog import row, settings
from tests.engine.client.test_updates import answers  # noqa: F401 - a fixture
from tests.servers import free_port


def allow(desk: Desk) -> None:
    """Check the box, by keys."""
    dialog = settings(desk)
    box = row(dialog, "updates").editor
    assert isinstance(box, QCheckBox)
    assert not box.isChecked()
    box.setFocus()
    press(box, Qt.Key.Key_Space)
    assert box.isChecked()
    press(dialog, Qt.Key.Key_Escape)


def test_nobody_is_asked_before_it_is_allowed(qtbot, qapp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answers) -> None:  # noqa: F811
    url = answers["url"].decode()
    answers["/newest"] = b'{"version": "99.1", "page": "https://example.org/new"}'
    monkeypatch.setenv("PYFI_UPDATES_URL", f"{url}/newest")
    said: list[str] = []

    def tell(desk: Desk) -> None:
        monkeypatch.setattr(desk.window, "tell", said.append)
        until(lambda: desk.window.first_paint.is_through)
        assert "asked" not in answers
        allow(desk)
        until(lambda: bool(said))
        assert said == ["PYFI 99.1 is there: https://example.org/new"]

    story(tmp_path, tell)


@pytest.mark.parametrize("has_address", [True, False])
def test_without_a_network_nothing_is_said(qtbot, qapp, tmp_path: Path, monkeypatch, has_address: bool) -> None:
    if has_address:
        monkeypatch.setenv("PYFI_UPDATES_URL", f"http://127.0.0.1:{free_port()}/newest")
    said: list[str] = []

    def tell(desk: Desk) -> None:
        monkeypatch.setattr(desk.window, "tell", said.append)
        allow(desk)
        task = desk.window.preferences.updates._task
        assert task is not None
        until(task.done)
        until(lambda: desk.window.first_paint.is_through)
        assert len(said) == (0 if has_address else 1)
        assert has_address or "set updates_url in settings.toml" in said[0]

    story(tmp_path, tell)
