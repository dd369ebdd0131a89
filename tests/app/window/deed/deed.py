"""What each action of the window does when a person clicks it in the menu bar: deeds, gathered by the scene they need."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from engine.client.parts import Place
from tests.app.desk import Desk, until
from tests.app.hand import CTRL, LEFT, press, type_in, window_of

Deed = Callable[[Desk, Path], None]
"""Has the action done by `by_menu`, and asserts what one sees then. It may put files into the folder."""
DEEDS: dict[str, dict[str, Deed]] = {}
"""By scene and by the action's id, in the order in which they are done."""


def deed(scene: str, id: str) -> Callable[[Deed], Deed]:
    """Let a function stand for an action, in a scene."""

    def note(act: Deed) -> Deed:
        assert not any(id in acts for acts in DEEDS.values()), f"{id} is there twice"
        DEEDS.setdefault(scene, {})[id] = act
        return act

    return note


def carry_out(desk: Desk, folder: Path, scene: str, after: Callable[[Desk], None] = lambda desk: None) -> None:
    """Do all deeds of a scene, and see that each had its own action done, by the mouse; after each, tidy up."""
    for id, act in DEEDS[scene].items():
        done: list[str] = []
        following = desk.window.actions_by_id[id].triggered.connect(lambda _=False, id=id, done=done: done.append(id))
        try:
            begin_anew(desk)
            act(desk, folder)
            after(desk)
        except BaseException as error:
            error.add_note(f"This was the deed for the action {id}.")
            raise
        desk.window.actions_by_id[id].triggered.disconnect(following)
        assert done, f"the deed for {id} never clicked it"
        assert QApplication.activeModalWidget() is None, f"the deed for {id} leaves a dialog open"


def begin_anew(desk: Desk) -> None:
    """Nothing is selected, and the flow is seen as a whole at its own size."""
    in_front(desk)
    if desk.window.page is None:
        return
    while desk.page.board.place != Place():
        desk.page.board.leave()
    desk.viewer.select([])
    desk.viewer.setFocus()
    desk.look(600, 250, 1.0)


def in_front(desk: Desk) -> None:
    """Where a menu or a dialog has closed, no window manager brings the window back to the front."""
    desk.window.activateWindow()
    until(lambda: QApplication.activeWindow() is desk.window)
    QApplication.processEvents()


def by_menu(desk: Desk, id: str) -> None:
    """Click a menu of the bar, its submenu if there is one, and the action."""
    in_front(desk)
    action = desk.window.actions_by_id[id]
    until(action.isEnabled)
    bar = desk.window.menuBar()
    title, *way = way_to(desk, action)
    assert title in bar.actions()
    # As a hand does on its way back from the entry of a menu: without it, a second click on the same entry is none to Qt.
    QTest.mouseMove(window_of(desk.window), desk.window.rect().center())
    QApplication.processEvents()
    QTest.mouseClick(bar, LEFT, pos=bar.actionGeometry(title).center())
    for step in way:
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        assert step.isVisible()
        QTest.mouseClick(window_of(menu), LEFT, Qt.KeyboardModifier.NoModifier, menu.actionGeometry(step).center())
        QApplication.processEvents()


def way_to(desk: Desk, action: QAction) -> list[QAction]:
    """The entries to click one after another, from one of the bar to an action."""
    # `QAction.menu()` of PySide 6.11 takes the menu for its own, and deletes it.
    above = next((menu for menu in desk.window._menus.values() if action in menu.actions()), None)
    return [action] if above is None else [*way_to(desk, above.menuAction()), action]


# -- what deeds have in common


def pick(desk: Desk, *keys: str) -> None:
    """Click a card, and others with Ctrl."""
    for number, key in enumerate(keys):
        desk.hand.click(desk.middle(key), modifiers=CTRL if number else Qt.KeyboardModifier.NoModifier)


def pick_link(desk: Desk, key: str) -> None:
    """Click the label of a connection."""
    links = desk.page.board.sheet.links
    desk.hand.click(links.label_rect(links.rows[key]).center())
    assert desk.chosen == [key]


def is_gone(kind: type[QWidget]) -> bool:
    """Whether no window of a kind is seen any more."""
    return not any(isinstance(each, kind) and each.isVisible() for each in QApplication.topLevelWidgets())


def write_over(desk: Desk, text: str) -> None:
    """Type something instead of what is written in a field, and press Return."""
    press(desk.window, Qt.Key.Key_A, CTRL)
    type_in(desk.window, text)
    press(desk.window, Qt.Key.Key_Return)
