"""Deeds for actions that show something, or show it differently."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QToolButton, QWidget

from app.cluster.targets_dialog import TargetsDialog
from app.crash.report_dialog import ReportDialog
from app.help import shown as manual
from app.help.help_window import HelpWindow
from app.inspector.configure_dialog import ConfigureDialog
from app.settings.settings_dialog import SettingsDialog
from app.settings.shortcut_page import ShortcutPage
from app.sources.code_dialog import CodeDialog
from app.sources.environments_dialog import EnvironmentsDialog
from app.window.about_dialog import AboutDialog
from engine.client.parts import Place
from tests.app.desk import Desk, shown, until
from tests.app.hand import press
from tests.app.window.deed.deed import by_menu, deed, is_gone, pick
from tests.app.window.deed.drawing import DRAWN, rect_of


@deed(DRAWN, "zoom_in")
def zoom_in(desk: Desk, folder: Path) -> None:
    by_menu(desk, "zoom_in")
    assert desk.viewer.scale_factor > 1


@deed(DRAWN, "zoom_out")
def zoom_out(desk: Desk, folder: Path) -> None:
    by_menu(desk, "zoom_out")
    assert desk.viewer.scale_factor < 1


@deed(DRAWN, "actual_size")
def actual_size(desk: Desk, folder: Path) -> None:
    desk.look(600, 250, 0.4)
    by_menu(desk, "actual_size")
    assert desk.viewer.scale_factor == 1


@deed(DRAWN, "fit")
def fit(desk: Desk, folder: Path) -> None:
    desk.look(-9000, 4000, 2.0)
    by_menu(desk, "fit")
    assert desk.viewer.seen.contains(desk.page.board.sheet.bounds())


@deed(DRAWN, "fit_selection")
def fit_selection(desk: Desk, folder: Path) -> None:
    pick(desk, "b")
    desk.look(-9000, 4000, 0.3)
    by_menu(desk, "fit_selection")
    assert desk.viewer.seen.contains(rect_of(desk, "b"))
    assert desk.viewer.scale_factor > 0.3


@deed(DRAWN, "centre_in_view")
def centre_in_view(desk: Desk, folder: Path) -> None:
    pick(desk, "b")
    by_menu(desk, "centre_in_view")
    off = desk.viewer.seen.center() - rect_of(desk, "b").center()
    assert abs(off.x()) + abs(off.y()) < 10
    assert desk.viewer.scale_factor == 1


@deed(DRAWN, "leave_subflow")
def leave_subflow(desk: Desk, folder: Path) -> None:
    desk.hand.double_click(desk.middle("inner"))
    assert desk.page.board.place == Place(("inner",))
    by_menu(desk, "leave_subflow")
    assert desk.page.board.place == Place()


@deed(DRAWN, "go_back")
def go_back(desk: Desk, folder: Path) -> None:
    desk.hand.double_click(desk.middle("inner"))
    by_menu(desk, "go_back")
    assert desk.page.board.place == Place()


@deed(DRAWN, "go_forward")
def go_forward(desk: Desk, folder: Path) -> None:
    desk.hand.double_click(desk.middle("inner"))
    press(desk.window, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert desk.page.board.place == Place()
    by_menu(desk, "go_forward")
    assert desk.page.board.place == Place(("inner",))


@deed(DRAWN, "next_place")
def next_place(desk: Desk, folder: Path) -> None:
    by_menu(desk, "next_place")
    focused = desk.window.focusWidget()
    assert desk.window.components.isAncestorOf(focused)


@deed(DRAWN, "previous_place")
def previous_place(desk: Desk, folder: Path) -> None:
    press(desk.window, Qt.Key.Key_F6)
    assert not desk.viewer.hasFocus()
    by_menu(desk, "previous_place")
    assert desk.window.focusWidget() is desk.viewer


@deed(DRAWN, "find")
def find(desk: Desk, folder: Path) -> None:
    by_menu(desk, "find")
    assert QApplication.activePopupWidget() is desk.window.finder
    desk.type("inner")
    press(desk.window, Qt.Key.Key_Return)
    assert desk.chosen == ["inner"]


@deed(DRAWN, "show_commands")
def show_commands(desk: Desk, folder: Path) -> None:
    by_menu(desk, "show_commands")
    desk.type("select all")
    press(desk.window, Qt.Key.Key_Return)
    assert len(desk.chosen) >= len(desk.flow.steps)


@deed(DRAWN, "switch_theme")
def switch_theme(desk: Desk, folder: Path) -> None:
    before = desk.viewer.brush.colors
    by_menu(desk, "switch_theme")
    assert desk.viewer.brush.colors != before
    by_menu(desk, "switch_theme")
    assert desk.viewer.brush.colors == before


# -- panels and dialogs


@deed(DRAWN, "configure")
def configure(desk: Desk, folder: Path) -> None:
    pick(desk, "b")
    by_menu(desk, "configure")
    dialog = shown(ConfigureDialog)
    assert dialog.windowTitle() == "Configure 'b'"
    desk.click(dialog.buttons.button(QDialogButtonBox.StandardButton.Cancel))


@deed(DRAWN, "configure_flow")
def configure_flow(desk: Desk, folder: Path) -> None:
    by_menu(desk, "configure_flow")
    dialog = shown(ConfigureDialog)
    assert dialog.windowTitle() == "Configure the flow"
    desk.click(dialog.buttons.button(QDialogButtonBox.StandardButton.Cancel))


@deed(DRAWN, "enter_subflow")
def enter_subflow(desk: Desk, folder: Path) -> None:
    pick(desk, "inner")
    by_menu(desk, "enter_subflow")
    assert desk.page.board.place == Place(("inner",))
    desk.page.board.leave()


@deed(DRAWN, "edit_code")
def edit_code(desk: Desk, folder: Path) -> None:
    pick(desk, "b")
    by_menu(desk, "edit_code")
    editor = desk.window.sides.code.editor
    assert desk.window.focusWidget() is editor
    assert editor.toPlainText() == "def f(x): return x"


@deed(DRAWN, "show_history")
def show_history(desk: Desk, folder: Path) -> None:
    assert not desk.window.docks.dock("charts").visibleRegion().boundingRect().height()
    by_menu(desk, "show_history")
    until(lambda: desk.window.sides.charts.visibleRegion().boundingRect().height() > 200)


@deed(DRAWN, "show_settings")
def show_settings(desk: Desk, folder: Path) -> None:
    by_menu(desk, "show_settings")
    dialog = shown(SettingsDialog)
    press(dialog, Qt.Key.Key_Escape)
    assert is_gone(SettingsDialog)


@deed(DRAWN, "show_targets")
def show_targets(desk: Desk, folder: Path) -> None:
    by_menu(desk, "show_targets")
    dialog = shown(TargetsDialog)
    desk.click(dialog.new_button)
    assert dialog.form.isVisible()
    press(dialog, Qt.Key.Key_Escape)


@deed(DRAWN, "choose_code")
def choose_code(desk: Desk, folder: Path) -> None:
    pick(desk, "b")
    by_menu(desk, "choose_code")
    dialog = shown(CodeDialog)
    assert not dialog.use_button.isEnabled(), "there is no repository yet"
    press(dialog, Qt.Key.Key_Escape)
    assert is_gone(CodeDialog)


@deed(DRAWN, "show_flow_git")
def show_flow_git(desk: Desk, folder: Path) -> None:
    by_menu(desk, "show_flow_git")
    assert desk.window.strip.message.startswith("The flow has no file;")


@deed(DRAWN, "show_environments")
def show_environments(desk: Desk, folder: Path) -> None:
    by_menu(desk, "show_environments")
    dialog = shown(EnvironmentsDialog)
    press(dialog, Qt.Key.Key_Escape)
    assert is_gone(EnvironmentsDialog)


# -- help


def topic() -> str:
    """What the manual shows; it is closed then."""
    found = shown(HelpWindow).browser.topic
    manual.close_help()
    return found


@deed(DRAWN, "show_help")
def show_help(desk: Desk, folder: Path) -> None:
    pick(desk, "b")
    by_menu(desk, "show_help")
    assert topic() == "writing-code.md#python"


@deed(DRAWN, "view_documentation")
def view_documentation(desk: Desk, folder: Path) -> None:
    pick(desk, "a")
    by_menu(desk, "view_documentation")
    assert topic() == "processors/generate.md"


@deed(DRAWN, "show_manual")
def show_manual(desk: Desk, folder: Path) -> None:
    by_menu(desk, "show_manual")
    assert topic() == "index.md"


def word() -> list[QWidget]:
    """The word beside a widget that is seen."""
    return [
        each for each in QApplication.topLevelWidgets() if each.metaObject().className() == "QWhatsThat" and each.isVisible()
    ]


@deed(DRAWN, "explain_focused")
def explain_focused(desk: Desk, folder: Path) -> None:
    by_menu(desk, "explain_focused")
    assert len(word()) == 1
    press(desk.window, Qt.Key.Key_Escape)
    until(lambda: not word())


@deed(DRAWN, "explain_clicked")
def explain_clicked(desk: Desk, folder: Path) -> None:
    by_menu(desk, "explain_clicked")
    action = desk.window.actions_by_id["arrange"]
    button = next(each for each in desk.window.findChildren(QToolButton) if each.defaultAction() is action)
    before = desk.flow
    desk.click(button)
    assert desk.flow is before, "it is explained, not done"
    (box,) = word()
    desk.click(box)
    until(lambda: not word())
    desk.click(button)
    assert desk.flow is not before, "the next click is one like any other"


@deed(DRAWN, "show_shortcuts")
def show_shortcuts(desk: Desk, folder: Path) -> None:
    by_menu(desk, "show_shortcuts")
    dialog = shown(SettingsDialog)
    assert [page.isVisible() for page in dialog.pages if isinstance(page, ShortcutPage)] == [True]
    press(dialog, Qt.Key.Key_Escape)


@deed(DRAWN, "show_log_folder")
def show_log_folder(desk: Desk, folder: Path) -> None:
    (folder / "state" / "pyfi").mkdir(parents=True)
    by_menu(desk, "show_log_folder")
    assert (folder / "shown").read_text() == str(folder / "state" / "pyfi")


@deed(DRAWN, "report_problem")
def report_problem(desk: Desk, folder: Path) -> None:
    by_menu(desk, "report_problem")
    dialog = shown(ReportDialog)
    assert "1 open with 5 cards shown" in dialog.text.toPlainText()
    by_menu(desk, "report_problem")
    assert shown(ReportDialog) is dialog, "there is one at a time"
    desk.click(dialog.copy_button)
    assert QApplication.clipboard().text() == dialog.text.toPlainText()
    press(dialog, Qt.Key.Key_Escape)
    assert is_gone(ReportDialog)


@deed(DRAWN, "about")
def about(desk: Desk, folder: Path) -> None:
    by_menu(desk, "about")
    dialog = shown(AboutDialog)
    assert "PySide6" in dialog.facts.text()
    second = dialog.list.visualItemRect(dialog.list.item(1)).center()
    QTest.mouseClick(dialog.list.viewport(), Qt.MouseButton.LeftButton, pos=second)
    assert dialog.list.currentRow() == 1
    desk.click(dialog.copy_button)
    assert "PySide6" in QApplication.clipboard().text()
    buttons = dialog.findChild(QDialogButtonBox)
    assert buttons is not None
    desk.click(buttons.button(QDialogButtonBox.StandardButton.Close))
    assert is_gone(AboutDialog)
