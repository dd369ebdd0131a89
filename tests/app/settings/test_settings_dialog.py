"""The settings, used by mouse and keys in the real window."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QMenu, QSpinBox, QToolButton, QTreeWidget, QWidget

from app.canvas.keys import CANVAS_KEYS, KEY_MAP, usual_keys
from app.canvas.measure import MEASURE
from app.settings.row import Row
from app.settings.settings import DEFAULT
from app.settings.settings_dialog import SettingsDialog
from app.theme.apply import apply
from app.theme.current import current_theme
from app.theme.theme import DARK, LIGHT
from app.window.action_table import ACTIONS
from tests.app.desk import Desk, story, until
from tests.app.hand import ALT, CTRL, LEFT, NONE, SHIFT, press, type_in
from tests.app.window.test_drawing import CHAIN

KEY = Qt.Key


@pytest.fixture
def told(qtbot, qapp, tmp_path: Path):
    yield lambda tell: story(tmp_path, tell)
    apply(qapp, DARK)
    MEASURE.unit, MEASURE.grid = 1.0, 10.0
    for each in CANVAS_KEYS:
        if not each.is_fixed:
            KEY_MAP.give(each.id, usual_keys(each.id))


def settings(desk: Desk) -> SettingsDialog:
    """The dialog, opened by its key."""
    desk.key(KEY.Key_Comma, CTRL)
    dialog = next(each for each in desk.window.findChildren(SettingsDialog) if each.isVisible())
    QTest.qWaitForWindowActive(dialog, 5000)
    return dialog


def row(dialog: SettingsDialog, name: str) -> Row:
    """The row of a setting, its page in front."""
    for number, page in enumerate(dialog.pages):
        for each in getattr(page, "rows", ()):
            if name in each.names:
                dialog.list.setCurrentRow(number)
                return each
    raise AssertionError(name)


def choose(box: QWidget, words: str) -> None:
    """An entry of a combo box, by the keys that need no clock: letters typed one after the other count together for a while."""
    assert isinstance(box, QComboBox)
    box.setFocus()
    press(box, KEY.Key_Home)
    for _ in range(box.count()):
        if box.currentText().startswith(words):
            return
        press(box, KEY.Key_Down)
    pytest.fail(f"there is no entry '{words}'")


def use(tell: Callable[[Desk, SettingsDialog], None]) -> Callable[[Desk], None]:
    def told_with(desk: Desk) -> None:
        dialog = settings(desk)
        tell(desk, dialog)
        press(dialog, KEY.Key_Escape)
        assert not any(each.isVisible() for each in desk.window.findChildren(SettingsDialog))

    return told_with


def test_a_theme_holds_at_once_and_the_one_of_the_system_is_followed(told):
    def tell(desk: Desk, dialog: SettingsDialog) -> None:
        hints = QGuiApplication.styleHints()
        box = row(dialog, "theme").editor
        choose(box, "Light")
        assert current_theme() is LIGHT
        hints.colorSchemeChanged.emit(Qt.ColorScheme.Dark)
        assert current_theme() is LIGHT
        desk.window.actions_by_id["switch_theme"].trigger()
        assert current_theme() is DARK
        assert isinstance(box, QComboBox)
        assert box.currentText() == "Dark"  # the dialog shows what was chosen elsewhere
        choose(box, "As")
        assert desk.window.preferences.store.settings.theme == "system"

    told(use(tell))


def test_the_system_turning_light_turns_the_window_light(told, monkeypatch):
    def tell(desk: Desk) -> None:
        desk.open(CHAIN)
        before = desk.viewer.brush.generation
        scheme = Qt.ColorScheme.Light
        monkeypatch.setattr("app.window.looks.system_theme", lambda: LIGHT if scheme is Qt.ColorScheme.Light else DARK)
        QGuiApplication.styleHints().colorSchemeChanged.emit(scheme)
        assert current_theme() is LIGHT
        assert desk.viewer.brush.generation > before

    told(tell)


def test_everything_grows_the_canvas_too(told):
    def tell(desk: Desk) -> None:
        desk.open(CHAIN)
        points = desk.window.font().pointSizeF()
        log = desk.window.docks.log.view.font().pointSizeF()
        bar = desk.window.components.iconSize()
        dialog = settings(desk)
        box = row(dialog, "scale").editor
        assert isinstance(box, QSpinBox)
        box.setFocus()
        box.selectAll()
        type_in(box, "150")
        press(box, KEY.Key_Tab)
        assert desk.window.preferences.store.settings.scale == 150
        assert desk.window.font().pointSizeF() == pytest.approx(points * 1.5)
        assert desk.window.docks.log.view.font().pointSizeF() == pytest.approx(log * 1.5)
        assert desk.window.components.iconSize() == bar * 1.5
        press(dialog, KEY.Key_Escape)
        desk.viewer.setFocus()
        desk.key(KEY.Key_1, CTRL)
        assert desk.viewer.scale_factor == pytest.approx(1.5)

    told(tell)


def test_code_has_a_font_and_a_size_of_its_own(told):
    def tell(desk: Desk, dialog: SettingsDialog) -> None:
        editor = desk.window.sides.code.editor
        interface = desk.window.font().pointSizeF()
        box = row(dialog, "code_size").editor
        assert isinstance(box, QSpinBox)
        box.setFocus()
        box.selectAll()
        type_in(box, "17")
        press(box, KEY.Key_Tab)
        assert editor.point_size() == pytest.approx(17)
        assert desk.window.font().pointSizeF() == interface
        editor.zoom_in()
        desk.window.actions_by_id["switch_theme"].trigger()
        assert editor.point_size() == pytest.approx(18)  # another theme leaves the zoom
        family = row(dialog, "code_font").editor
        assert isinstance(family, QComboBox)
        family.setCurrentIndex(family.count() - 1)
        family.activated.emit(family.currentIndex())
        assert editor.font().family() == family.currentData()

    told(use(tell))


def test_parts_snap_to_the_grid_that_was_chosen_or_to_none(told):
    def tell(desk: Desk) -> None:
        desk.open(CHAIN)
        desk.look()
        dialog = settings(desk)
        grid = row(dialog, "grid").editor
        assert isinstance(grid, QSpinBox)
        grid.setFocus()
        grid.selectAll()
        type_in(grid, "50")
        press(grid, KEY.Key_Tab)
        press(dialog, KEY.Key_Escape)
        start = desk.middle("a")
        desk.hand.drag(start, start + type(start)(63, 41))
        assert [side % 50 for side in desk.place("a")] == [0, 0]
        dialog = settings(desk)
        snap = row(dialog, "snap").editor
        QTest.mouseClick(snap, LEFT, NONE, QPoint(8, snap.height() // 2))
        press(dialog, KEY.Key_Escape)
        before = desk.place("a")
        start = desk.middle("a")
        desk.hand.drag(start, start + type(start)(63, 41))
        moved = [now - then for now, then in zip(desk.place("a"), before, strict=True)]
        assert moved == pytest.approx([63, 41], abs=1)

    told(tell)


def test_a_search_leaves_what_it_finds_and_goes_there(told):
    def tell(desk: Desk, dialog: SettingsDialog) -> None:
        type_in(dialog, "snap")
        shown = [
            dialog.list.item(number).text() for number in range(dialog.list.count()) if not dialog.list.item(number).isHidden()
        ]
        assert shown == ["Canvas"]
        assert [each.isVisible() for each in dialog.pages[2].findChildren(Row)] == [True, False]
        assert dialog.stack.currentWidget() is dialog.pages[2]
        dialog.search_field.selectAll()
        type_in(dialog, "no such thing")
        assert dialog.stack.currentWidget() is dialog.nothing_label
        dialog.search_field.clear()
        assert all(not dialog.list.item(number).isHidden() for number in range(dialog.list.count()))
        press(dialog, KEY.Key_Down)
        press(dialog, KEY.Key_Down)
        assert dialog.list.hasFocus()

    told(use(tell))


def test_a_page_goes_back_to_its_defaults(told):
    def tell(desk: Desk, dialog: SettingsDialog) -> None:
        store = desk.window.preferences.store
        store.change(grid=35, snap=False, theme="light")
        box = row(dialog, "grid").editor
        assert isinstance(box, QSpinBox)
        assert box.value() == 35
        desk.click(dialog.restore_button)
        assert (store.settings.grid, store.settings.snap, store.settings.theme) == (10, True, "light")
        assert box.value() == 10

    told(use(tell))


def test_the_places_of_everything_can_be_read_and_copied(told, tmp_path):
    def tell(desk: Desk, dialog: SettingsDialog) -> None:
        facts = {line.accessibleName(): line.text() for line in dialog.findChildren(QLineEdit) if line.isReadOnly()}
        assert facts["Flow database"] == desk.url
        assert facts["Workspace"] == str(desk.window.conductor.engine.folder)
        assert facts["Logs"] == "40 MB for each flow"
        line = next(each for each in dialog.findChildren(QLineEdit) if each.accessibleName() == "Workspace")
        dialog.list.setCurrentRow(3)
        line.setFocus()
        press(line, KEY.Key_A, CTRL)
        press(line, KEY.Key_C, CTRL)
        assert QGuiApplication.clipboard().text() == str(desk.window.conductor.engine.folder)

    told(use(tell))


def test_settings_of_the_machine_are_typed_and_kept_in_their_file(told, tmp_path, monkeypatch):
    path = tmp_path / "settings.toml"
    path.write_text("# ours\nhistory_days = 3\n", encoding="utf-8")
    monkeypatch.setenv("PYFI_SETTINGS", str(path))
    monkeypatch.delenv("PYFI_PACKAGES", raising=False)
    monkeypatch.setenv("PYFI_REPOSITORIES", "https://git.example/*")

    def typed(dialog: SettingsDialog, title: str, text: str) -> QLineEdit:
        line = next(each for each in dialog.findChildren(QLineEdit) if each.accessibleName() == title)
        dialog.list.setCurrentRow(next(at for at, page in enumerate(dialog.pages) if page.isAncestorOf(line)))
        line.setFocus()
        line.selectAll()
        type_in(line, text)
        press(line, KEY.Key_Tab)
        return line

    def tell(desk: Desk, dialog: SettingsDialog) -> None:
        said: list[str] = []
        desk.window.preferences.store.trouble_met.connect(said.append)
        typed(dialog, "Folder of packages", "/srv/wheels")
        assert path.read_text(encoding="utf-8") == '# ours\nhistory_days = 3\npackages = "/srv/wheels"\n'
        assert typed(dialog, "Repositories allowed", "x").text() == "https://git.example/*", "the environment says it"
        path.write_text("history_days = \n", encoding="utf-8")
        typed(dialog, "Folder of packages", "/elsewhere")
        assert "line 1" in said[0]
        assert path.read_text(encoding="utf-8") == "history_days = \n"
        path.unlink()

    told(use(tell))


def test_every_choice_can_be_reached_and_has_a_name(told):
    def tell(desk: Desk, dialog: SettingsDialog) -> None:
        offered = {name for page in dialog.pages for each in getattr(page, "rows", ()) for name in each.names}
        assert offered == set(DEFAULT.__struct_fields__)
        for page in dialog.pages:
            for each in getattr(page, "rows", ()):
                assert each.editor.accessibleName()
                assert each.editor.focusPolicy() & Qt.FocusPolicy.TabFocus or each.editor.focusProxy() is not None

    told(use(tell))


# -- keys


def tree(dialog: SettingsDialog) -> QTreeWidget:
    return dialog.show_shortcuts().table


def test_every_action_panel_and_key_of_the_canvas_is_listed(told):
    def tell(desk: Desk, dialog: SettingsDialog) -> None:
        page = dialog.show_shortcuts()
        listed = {item.data(0, Qt.ItemDataRole.UserRole) for item in page._items()}
        assert listed >= {row.id for row in ACTIONS} | {"undo", "redo", "show_palette", "show_log"}
        assert listed >= {each.id for each in CANVAS_KEYS}
        assert listed == {each.id for each in desk.window.preferences.shortcuts}

    told(use(tell))


def test_recorded_keys_carry_out_the_action_at_once(told):
    def tell(desk: Desk) -> None:
        desk.open(CHAIN)
        dialog = settings(desk)
        page = dialog.show_shortcuts()
        type_in(dialog, "")
        page.choose_row("select_all")
        page.table.setFocus()
        press(dialog, KEY.Key_Return)
        assert page.recorder.isChecked()
        press(dialog, KEY.Key_Shift, SHIFT)  # alone it is nothing
        press(dialog, KEY.Key_F9, CTRL)
        assert not page.recorder.isChecked()
        press(dialog, KEY.Key_Escape)
        desk.viewer.setFocus()
        desk.key(KEY.Key_A, CTRL)
        assert desk.chosen == []
        desk.key(KEY.Key_F9, CTRL)
        assert len(desk.chosen) == 4
        assert desk.window.actions_by_id["select_all"].toolTip() == "Select All (Ctrl+F9)"

    told(tell)


def test_keys_of_something_else_are_taken_only_when_one_says_so(told):
    def tell(desk: Desk, dialog: SettingsDialog) -> None:
        actions = desk.window.actions_by_id
        page = dialog.show_shortcuts()
        page.choose_row("arrange")
        desk.click(page.recorder)
        press(dialog, KEY.Key_D, CTRL)
        assert page.conflict.isVisible()
        assert page.conflict_words.text() == "Ctrl+D belongs to “Duplicate”."
        desk.click(page.leave_button)
        assert not page.conflict.isVisible()
        assert actions["arrange"].shortcut() == QKeySequence("Ctrl+L")
        desk.click(page.recorder)
        press(dialog, KEY.Key_D, CTRL)
        desk.click(page.take_button)
        assert actions["arrange"].shortcut() == QKeySequence("Ctrl+D")
        assert actions["duplicate"].shortcuts() == []
        desk.click(page.recorder)
        press(dialog, KEY.Key_Left, CTRL)  # the canvas's own, for good
        assert page.conflict.isVisible()
        assert not page.take_button.isVisible()
        desk.click(page.leave_button)
        desk.click(page.reset_button)
        assert actions["arrange"].shortcut() == QKeySequence("Ctrl+L")
        desk.click(dialog.restore_button)
        assert actions["duplicate"].shortcut() == QKeySequence("Ctrl+D")

    told(use(tell))


def test_escape_ends_the_recording_and_no_keys_is_a_choice(told):
    def tell(desk: Desk, dialog: SettingsDialog) -> None:
        page = dialog.show_shortcuts()
        page.choose_row("run")
        desk.click(page.recorder)
        press(dialog, KEY.Key_Escape)
        assert dialog.isVisible()
        assert not page.recorder.isChecked()
        desk.click(page.clear_button)
        assert desk.window.actions_by_id["run"].shortcuts() == []
        assert not page.clear_button.isEnabled()

    told(use(tell))


def test_the_canvas_takes_other_keys(told):
    def tell(desk: Desk) -> None:
        desk.open(CHAIN)
        dialog = settings(desk)
        page = dialog.show_shortcuts()
        page.choose_row("canvas_add")
        desk.click(page.recorder)
        press(dialog, KEY.Key_Insert)
        press(dialog, KEY.Key_Escape)
        desk.viewer.setFocus()
        desk.key(KEY.Key_Tab)
        assert QApplication.activePopupWidget() is None  # it goes on to the next widget now, as elsewhere
        desk.viewer.setFocus()
        desk.key(KEY.Key_Insert)
        until(lambda: QApplication.activePopupWidget() is not None)
        desk.key(KEY.Key_Escape)

    told(tell)


def test_keys_are_found_by_their_names_and_by_themselves(told):
    def tell(desk: Desk, dialog: SettingsDialog) -> None:
        page = dialog.show_shortcuts()
        dialog.search_field.setFocus()
        type_in(dialog, "ctrl+shift+p")
        shown = [item.text(0) for item in page._items() if not item.isHidden()]
        assert set(shown) == {"Command Palette …", "Bring to Front", "Send to Back"}  # Ctrl+Shift+P, +PgUp, +PgDown
        assert dialog.stack.currentWidget() is page

    told(use(tell))


def test_the_command_palette_and_the_menu_show_the_keys_in_use(told):
    def tell(desk: Desk) -> None:
        desk.open(CHAIN)
        desk.window.preferences.shortcuts.choose("fit", [QKeySequence("Ctrl+Alt+9")])
        desk.key(KEY.Key_P, CTRL | SHIFT)
        desk.type("fit everything")
        entry = desk.window.finder._list.item(0)
        assert "Ctrl+Alt+9" in entry.text()
        desk.key(KEY.Key_Escape)
        menu = next(each for each in desk.window.findChildren(QMenu) if each.title() == "&View")
        action = next(each for each in menu.actions() if each.text() == "&Fit Everything")
        assert action.shortcut() == QKeySequence("Ctrl+Alt+9")
        button = next(each for each in desk.window.findChildren(QToolButton) if each.defaultAction() is action)
        assert button.toolTip() == "Fit Everything (Ctrl+Alt+9)"
        desk.key(KEY.Key_K, CTRL | ALT)
        dialog = desk.window.preferences.show()
        assert dialog.stack.currentWidget() is dialog.pages[-1]
        assert dialog.pages[-1].title == "Shortcuts"
        press(dialog, KEY.Key_Escape)

    told(tell)
