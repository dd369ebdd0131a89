"""F1 and Shift+F1 wherever the keyboard is; and that nothing in the window is without its words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QDockWidget, QMenu, QToolBar, QToolButton, QWidget

from app.form.field import Field
from app.form.form import Form
from app.help import shown
from app.help.topic import topic_of
from app.inspector.configure_dialog import ConfigureDialog
from engine.client.part_setting import header_settings, part_settings
from engine.client.processor_type import describe_types
from engine.client.type_setting import type_settings
from engine.model.codec import load_flow
from tests.app.desk import Desk, story, until
from tests.app.hand import LEFT, RIGHT, SHIFT
from tests.app.help.test_manual import leads_somewhere

FLOW = load_flow("""
pyfi: 1
name: helped
processors:
  - {id: make, type: generate, config: {count: 3}}
  - {id: code, type: python, code: "def f(x): return x"}
  - {id: inside, flow: inner}
connections: [{from: make.success, to: code.in}, {from: code.success, to: inside.in}]
subflows: [{name: inner, inputs: [in], processors: [{id: out, type: log}], connections: [{from: in, to: out.in}]}]
labels: [{id: note, text: hello}]
layout: {make: [0, 0], code: [400, 0], inside: [800, 0]}
""")


@pytest.fixture
def told(qtbot, tmp_path: Path) -> Iterator[Callable[[Callable[[Desk], None]], None]]:
    yield lambda tell: story(tmp_path, tell)
    shown.close_help()


def topic() -> str:
    """What the manual shows."""
    assert shown._window is not None
    assert shown._window.isVisible()
    return shown._window.browser.topic


def helped(desk: Desk, widget: QWidget | None = None) -> str:
    """What F1 shows with the keyboard in a widget."""
    shown.close_help()
    desk.window.activateWindow()
    if widget is not None:
        widget.setFocus()
    desk.key(Qt.Key.Key_F1)
    return topic()


def test_f1_on_the_canvas_is_about_what_is_selected(told):
    def tell(desk: Desk) -> None:
        assert helped(desk) == "index.md"
        desk.open(FLOW)
        assert helped(desk) == "desktop.md#draw"
        for key, expected in (
            ("make", "processors/generate.md"),
            ("code", "writing-code.md#python"),
            ("inside", "flow-file.md#a-subflow"),
            ("make.success->code.in", "flow-file.md#a-connection"),
            ("label:note", "flow-file.md#a-label"),
        ):
            desk.viewer.select([key])
            assert helped(desk, desk.viewer) == expected

    told(tell)


def test_the_menu_of_a_card_and_the_inspector_lead_to_the_page_of_its_type(told):
    def tell(desk: Desk) -> None:
        desk.open(FLOW)
        desk.hand.click(desk.middle("make"), RIGHT)
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        action = desk.window.actions_by_id["view_documentation"]
        QTest.mouseClick(menu, LEFT, pos=menu.actionGeometry(action).center())
        assert topic() == "processors/generate.md"
        desk.viewer.select(["code"])
        desk.click(desk.window.sides.inspector.heading.help_button)
        assert topic() == "writing-code.md#python"

    told(tell)


def test_f1_in_a_field_is_about_that_setting(told):
    def tell(desk: Desk) -> None:
        desk.open(FLOW)
        desk.viewer.select(["make"])
        inspector = desk.window.sides.inspector
        for name, expected in (
            ("rate", "processors/generate.md#rate"),
            ("name", "flow-file.md#a-processor.name"),
            ("timeout", "flow-file.md#a-processor.timeout"),
        ):
            assert inspector.focus_setting(name)
            assert helped(desk, QApplication.focusWidget()) == expected

    told(tell)


def test_f1_in_the_dialog_works_too(told):
    def tell(desk: Desk) -> None:
        desk.open(FLOW)
        desk.hand.click(desk.middle("make"))
        desk.key(Qt.Key.Key_Return)
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, ConfigureDialog)
        assert dialog.inspector.focus_setting("count")
        desk.key(Qt.Key.Key_F1)
        assert topic() == "processors/generate.md#count"
        dialog.reject()

    told(tell)


def test_f1_in_a_panel_is_about_the_panel(told):
    def tell(desk: Desk) -> None:
        desk.open(FLOW)
        window = desk.window
        palette = window.docks.palette
        until(lambda: palette.tree.topLevelItemCount() > 2)
        palette.field.setFocus()
        desk.type("read_csv")
        assert helped(desk) == "processors/read_csv.md"
        desk.click(palette.help_button)
        assert topic() == "processors/read_csv.md"
        shown.close_help()
        window.activateWindow()
        window.docks.show("outline")
        assert helped(desk) == "desktop.md#panels.outline"
        shown.close_help()
        window.docks.show("code")
        assert helped(desk) == "editor.md"

    told(tell)


def test_every_place_that_a_widget_names_is_in_the_manual(told):
    def tell(desk: Desk) -> None:
        desk.open(FLOW)
        seen: set[str] = set()
        for key in ("make", "code", "inside", "make.success->code.in", "label:note", ""):
            desk.viewer.select([key] if key else [])
            inspector = desk.window.sides.inspector
            for at in range(inspector.tabs.count()):
                inspector.tabs.setCurrentIndex(at)
                seen |= {topic_of(widget) for widget in desk.window.findChildren(QWidget)}
        assert len(seen) > 30
        wrong = [topic for topic in sorted(seen - {""}) if not leads_somewhere(topic)]
        assert not wrong

    told(tell)


def explained(widget: QWidget | None) -> bool:
    while widget is not None:
        if widget.whatsThis():
            return True
        widget = widget.parentWidget()
    return False


def test_every_panel_button_and_action_says_what_it_is(told):
    def tell(desk: Desk) -> None:
        desk.open(FLOW)
        window = desk.window
        unsaid = [id for id, action in window.actions_by_id.items() if not action.whatsThis()]
        unsaid += [dock.objectName() for dock in window.findChildren(QDockWidget) if not explained(dock)]
        buttons: list[QAbstractButton] = [
            button for bar in window.findChildren(QToolBar) for button in bar.findChildren(QToolButton)
        ]
        unsaid += [button.text() for button in buttons if button.isVisible() and not explained(button)]
        assert len(buttons) > 10
        unsaid += [repr(page) for page in (desk.page, window._tabs, window._strip, window._welcome) if not explained(page)]
        assert unsaid == []

    told(tell)


def all_settings() -> Iterator[tuple[str, list]]:
    for described in describe_types():
        yield described.name, list(type_settings(described.name))
    for part in (*FLOW.steps.values(), *FLOW.connections.values(), *FLOW.labels.values()):
        for name, settings in part_settings(part).items():
            yield f"{type(part).__name__} {name}", list(settings)
    yield "flow", list(header_settings(is_definition=False))
    yield "subflow", list(header_settings(is_definition=True))


def test_every_field_says_what_it_is_for(qtbot):
    unsaid, count = [], 0
    for where, settings in all_settings():
        form = Form(settings)
        qtbot.addWidget(form)
        for field in form.findChildren(Field):
            count += 1
            assert field.setting.title in field.whatsThis()
            if not field.setting.meaning or not explained(field.editor.inputs()[0]):
                unsaid.append(f"{where}: {field.setting.name}")
    assert count > 150
    assert unsaid == []


def test_shift_f1_says_a_word_about_what_has_the_keyboard(told):
    def tell(desk: Desk) -> None:
        desk.open(FLOW)
        desk.viewer.select(["make"])
        assert desk.window.sides.inspector.focus_setting("rate")
        desk.key(Qt.Key.Key_F1, SHIFT)
        boxes = [widget for widget in QApplication.topLevelWidgets() if widget.metaObject().className() == "QWhatsThat"]
        assert [box.isVisible() for box in boxes] == [True]
        desk.key(Qt.Key.Key_Escape)
        until(lambda: not any(w.metaObject().className() == "QWhatsThat" for w in QApplication.topLevelWidgets()))

    told(tell)


def test_explaining_by_click_explains_and_does_nothing_else(told):
    def tell(desk: Desk) -> None:
        desk.open(FLOW)
        before = desk.flow
        action: QAction = desk.window.actions_by_id["arrange"]
        button = next(b for b in desk.window.findChildren(QToolButton) if b.defaultAction() is action)
        desk.window.actions_by_id["explain_clicked"].trigger()
        desk.click(button)
        assert desk.flow == before
        boxes = [widget for widget in QApplication.topLevelWidgets() if widget.metaObject().className() == "QWhatsThat"]
        assert len(boxes) == 1
        desk.click(boxes[0])
        until(lambda: not any(w.metaObject().className() == "QWhatsThat" for w in QApplication.topLevelWidgets()))

    told(tell)
