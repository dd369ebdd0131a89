"""What is broken around the program: one clear sentence with the cure, and everything stays as it was."""

from __future__ import annotations

import sqlite3

import pytest
from PySide6.QtCore import Qt

from app.canvas.card import State
from engine.client.library import Library
from engine.model.codec import load_flow
from engine.model.layout import placed
from tests.app.desk import Desk, until

FLOW = placed(
    load_flow("""
pyfi: 1
name: orders
processors:
  - {id: read, type: generate, config: {count: 3}}
  - {id: out, type: log}
connections: [{from: read.success, to: out.in}]
""")
)
FAULTY = """
pyfi: 1
name: faulty
processors:
  - {id: read, type: generate, config: {count: many}}
  - {id: what, type: no_such_type}
  - {id: code, type: python, code: 'def f(x:'}
  - {id: out, type: log}
connections: [{from: read.success, to: out.in}]
"""


def said(desk: Desk) -> str:
    """What the window says last."""
    return desk.window.strip.message


def says(desk: Desk, *words: str) -> None:
    """It says one sentence in which all of these are."""
    until(lambda: all(word in said(desk) for word in words))
    assert "\n" not in said(desk).strip()
    assert desk.window.notice.words.text() == said(desk)
    assert desk.window.notice.isVisible()
    desk.click(desk.window.notice.close_button)
    assert not desk.window.notice.isVisible()


def test_a_database_that_is_none(told, tmp_path):
    rubbish = b"this is no database" * 100
    (tmp_path / "flows.db").write_bytes(rubbish)

    def tell(desk: Desk) -> None:
        desk.key(Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
        says(desk, "flows.db", "no PYFI database", "restore a backup")
        assert desk.window.pages() == []

    told(tell)
    assert (tmp_path / "flows.db").read_bytes() == rubbish


def test_a_database_of_a_newer_version(told, tmp_path):
    with Library(f"sqlite:///{tmp_path / 'flows.db'}") as library:
        library.create(FLOW)
    database = sqlite3.connect(tmp_path / "flows.db")
    database.execute("UPDATE store_version SET version_num = '9999'")
    database.commit()

    def tell(desk: Desk) -> None:
        desk.window.commands.open_reference("orders")
        says(desk, "newer PYFI", "install the newer PYFI")
        assert desk.window.pages() == []

    told(tell)
    assert database.execute("SELECT count(*) FROM flows").fetchone() == (1,)
    database.close()


def test_an_example_that_is_missing(told):
    def tell(desk: Desk) -> None:
        desk.window.commands.open_example("no-such-example")
        says(desk, "no example 'no-such-example'", "install PYFI again")

    told(tell)


@pytest.mark.parametrize("content", [b"\xff\xfe\x00 no text", b"{pyfi: 1", b"- a list\n- no flow\n", b""])
def test_a_file_that_is_no_flow(told, tmp_path, content):
    path = tmp_path / "wrong.flow.yaml"
    path.write_bytes(content)

    def tell(desk: Desk) -> None:
        desk.window.commands.open_reference(str(path))
        says(desk, "wrong.flow.yaml")
        assert desk.window.pages() == []

    told(tell)
    assert path.read_bytes() == content


def test_a_flow_with_faults_opens_and_marks_them(told, tmp_path):
    path = tmp_path / "faulty.flow.yaml"
    path.write_text(FAULTY)

    def tell(desk: Desk) -> None:
        desk.open_again(str(path))
        cards = desk.page.board.sheet.cards
        until(lambda: all(cards.state[cards.rows[key]] == State.INVALID for key in ("read", "what", "code")))
        assert cards.state[cards.rows["out"]] == State.STOPPED
        assert "no_such_type" in cards.card(cards.rows["what"]).hint
        desk.key(Qt.Key.Key_F5)
        says(desk, "not valid")
        assert desk.saved().steps.keys() == {"read", "what", "code", "out"}

    told(tell)


def test_an_engine_that_cannot_start(told, tmp_path):
    (tmp_path / "ws").write_text("a file where the workspace should be")

    def tell(desk: Desk) -> None:
        desk.open(FLOW)
        desk.key(Qt.Key.Key_F5)
        says(desk, str(tmp_path / "ws"))
        assert desk.window.conductor.state_of(desk.page) == ""
        assert desk.saved().steps.keys() == {"read", "out"}

    told(tell)
