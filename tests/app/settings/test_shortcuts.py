"""Which keys do what: usual ones, chosen ones, keys that two things want."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QAction, QKeySequence

from app.settings.shortcuts import Shortcut, Shortcuts
from app.settings.store import Store


def keys(*texts: str) -> list[QKeySequence]:
    return [QKeySequence(text) for text in texts]


@pytest.fixture
def store(qapp) -> Store:
    return Store()


@pytest.fixture
def actions() -> dict[str, QAction]:
    made = {"run": QAction("&Run"), "stop": QAction("&Stop"), "colour": QAction("C&olour …")}
    made["run"].setShortcut("F5")
    made["stop"].setShortcut("Shift+F5")
    return made


@pytest.fixture
def shortcuts(store, actions) -> Shortcuts:
    made = Shortcuts(store)
    for id, action in actions.items():
        made.add_action(id, "Flow", action)
    made.add(Shortcut("arrows", "Go", "Canvas", keys("Left", "Right"), lambda keys: None, is_fixed=True))
    return made


def test_a_chosen_key_counts_for_the_action_and_its_tool_tip(shortcuts, actions):
    shortcuts.choose("run", keys("Ctrl+R"))
    assert actions["run"].shortcuts() == keys("Ctrl+R")
    assert actions["run"].toolTip() == "Run (Ctrl+R)"
    shortcuts.choose("run", [])
    assert actions["run"].shortcuts() == []
    assert actions["run"].toolTip() == "Run"
    shortcuts.reset("run")
    assert actions["run"].shortcuts() == keys("F5")


def test_what_was_chosen_before_counts_when_an_action_comes(store, actions):
    store.set_keys("run", keys("Ctrl+R"))
    shortcuts = Shortcuts(store)
    shortcuts.add_action("run", "Flow", actions["run"])
    assert actions["run"].shortcuts() == keys("Ctrl+R")
    assert shortcuts.is_chosen("run")
    shortcuts.reset("run")
    assert store.keys == {}
    assert actions["run"].shortcuts() == keys("F5")


def test_a_key_tells_whose_it_is(shortcuts):
    assert [each.id for each in shortcuts.owners(QKeySequence("F5"))] == ["run"]
    assert shortcuts.owners(QKeySequence("F5"), besides="run") == []
    assert [each.id for each in shortcuts.owners(QKeySequence("Left"))] == ["arrows"]
    shortcuts.choose("colour", keys("Ctrl+K, Ctrl+C"))
    assert [each.id for each in shortcuts.owners(QKeySequence("Ctrl+K"))] == ["colour"]


def test_a_key_can_be_taken_from_another_but_not_from_the_arrows(shortcuts, actions):
    shortcuts.take("colour", QKeySequence("F5"))
    assert actions["colour"].shortcuts() == keys("F5")
    assert actions["run"].shortcuts() == []
    assert shortcuts.keys("arrows") == keys("Left", "Right")


def test_everything_is_usual_again_at_once(shortcuts, actions, store):
    store.set_keys("a_panel_of_another_version", keys("Ctrl+F12"))
    shortcuts.take("colour", QKeySequence("F5"))
    shortcuts.reset_all()
    assert store.keys == {}
    assert actions["run"].shortcuts() == keys("F5")
    assert actions["colour"].shortcuts() == []
