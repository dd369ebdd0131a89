"""Naming targets in their dialog, with real clicks and keys, over a real file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from app.cluster.targets_dialog import TargetsDialog
from engine.client.targets import Target, Targets
from tests.app.desk import run, until

PROD = Target(
    name="prod",
    broker="amqp://me:se%40cret@rabbit//",
    bus="redis://:se%40cret@bus:1/0",
    database="postgresql://me:se%40cret@db/x",
)
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def targets(tmp_path: Path) -> Targets:
    found = Targets(tmp_path / "targets.toml", {})
    found.add(PROD)
    return found


@pytest.fixture
def dialog(qtbot: QtBot, targets: Targets) -> Iterator[TargetsDialog]:
    made = TargetsDialog(targets)
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
    qtbot.addWidget(made)
    made.show()
    yield made
    made.close()


def fill(dialog: TargetsDialog, **texts: str) -> None:
    for role, text in texts.items():
        field = dialog.form.fields[role]
        QTest.mouseClick(field, LEFT)
        field.selectAll()
        QTest.keyClicks(field, text)


def answer(title: str) -> None:
    box = next(each for each in QApplication.topLevelWidgets() if isinstance(each, QMessageBox) and each.isVisible())
    QTest.mouseClick(next(each for each in box.findChildren(QPushButton) if each.text() == title), LEFT)


def test_without_targets_none_can_be_deleted_and_a_file_that_is_wrong_is_said(qtbot: QtBot, tmp_path: Path) -> None:
    file = tmp_path / "none.toml"
    empty = TargetsDialog(Targets(file, {}))
    qtbot.addWidget(empty)
    assert not empty.delete_button.isEnabled()
    assert empty.status.text().startswith("Name the servers of a cluster")
    file.write_text("[targets")
    wrong = TargetsDialog(Targets(file, {}))
    qtbot.addWidget(wrong)
    assert not wrong.delete_button.isEnabled()
    assert str(file) in wrong.status.text()


def test_no_password_is_shown(dialog: TargetsDialog) -> None:
    shown = [field.text() for field in dialog.form.fields.values()]
    assert "amqp://me@rabbit//" in shown
    assert not any("cret" in text for text in shown)


def test_a_change_elsewhere_keeps_the_passwords(dialog: TargetsDialog, targets: Targets) -> None:
    fill(dialog, database="postgresql://me@db/other", results="redis://other/3")
    QTest.mouseClick(dialog.save_button, LEFT)
    kept = targets.find("prod")
    assert kept.database == "postgresql://me:se%40cret@db/other"
    assert (kept.broker, kept.bus, kept.results) == (PROD.broker, PROD.bus, "redis://other/3")


def test_another_server_is_not_sent_the_password_of_this_one(dialog: TargetsDialog, targets: Targets) -> None:
    fill(dialog, bus="redis://elsewhere/0")
    QTest.mouseClick(dialog.save_button, LEFT)
    assert targets.find("prod").bus == "redis://elsewhere/0"


def test_a_target_is_added_once_all_its_fields_are_right(dialog: TargetsDialog, targets: Targets, qtbot: QtBot) -> None:
    QTest.mouseClick(dialog.new_button, LEFT)
    fill(dialog, name="te st", broker="http://x", bus="redis://bus", database="postgresql://db/x", shared="flows")
    said = {role: label.text() for role, label in dialog.form.reasons.items() if label.isVisible()}
    assert said["broker"] == "It must be a URL that begins with amqp:// or amqps:// or redis:// or rediss:// or sqs://."
    assert said["shared"] == "“flows” must be an absolute path."
    assert "cannot be a target's name" in said["name"]
    assert not dialog.save_button.isEnabled()
    assert not dialog.test_button.isEnabled()
    fill(dialog, name="staging", broker="redis://bus/1", shared="/mnt/flows, /data")
    assert not any(label.isVisible() for label in dialog.form.reasons.values())
    with qtbot.waitSignal(dialog.targets_changed):
        QTest.mouseClick(dialog.save_button, LEFT)
    assert targets.find("staging").shared == ("/mnt/flows", "/data")
    assert [dialog.list.item(row).text() for row in range(dialog.list.count())] == ["prod", "staging"]
    assert dialog.chosen == targets.find("staging")


def test_a_name_that_is_taken_is_refused(dialog: TargetsDialog, targets: Targets) -> None:
    QTest.mouseClick(dialog.new_button, LEFT)
    fill(dialog, name="prod", broker="redis://x", bus="redis://x", database="postgresql://x/x")
    QTest.mouseClick(dialog.save_button, LEFT)
    assert "there is a target 'prod'" in dialog.status.text()
    assert targets.all() == [PROD]


def test_a_target_is_forgotten_when_that_is_confirmed(dialog: TargetsDialog, targets: Targets) -> None:
    QTest.mouseClick(dialog.delete_button, LEFT)
    answer("Cancel")
    assert targets.all() == [PROD]
    QTest.mouseClick(dialog.delete_button, LEFT)
    answer("Forget")
    assert targets.all() == []
    assert dialog.chosen is None
    assert not dialog.delete_button.isEnabled()


def test_the_connection_test_says_of_each_server_why_it_does_not_answer(qapp: QApplication, tmp_path: Path) -> None:
    targets = Targets(tmp_path / "targets.toml", {})
    nobody = "127.0.0.1:1"
    database = f"postgresql://me:hidden@{nobody}/x"
    targets.add(Target(name="dead", broker=f"redis://{nobody}", bus=f"redis://:hidden@{nobody}", database=database))

    def act() -> None:
        dialog = TargetsDialog(targets)
        dialog.show()
        QTest.mouseClick(dialog.test_button, LEFT)
        assert not dialog.test_button.isEnabled()
        until(dialog.test_button.isEnabled)
        said = {role: label.text() for role, label in dialog.probes.answers.items()}
        dialog.close()
        assert all(nobody in said[role] for role in ("broker", "bus", "database"))
        assert said["results"] == "are kept in the database"
        assert "hidden" not in "".join(said.values())

    run(act)
