"""Deeds for actions that change what is drawn."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from app.canvas.key_connect import KeyConnect
from engine.client.parts import Place
from engine.model.codec import load_flow, read_flow
from engine.model.flow import Subflow
from engine.model.layout import placed
from tests.app.desk import Desk, until
from tests.app.hand import CTRL, press, type_in
from tests.app.window.deed.deed import Deed, by_menu, deed, pick, pick_link, write_over
from tests.app.window.test_by_mouse import choose_color, name_file, when_asked

DRAWN = "drawn"
FLOW = placed(
    load_flow("""
pyfi: 1
name: work
processors:
  - {id: a, type: generate, config: {count: 3}}
  - {id: b, type: python, code: 'def f(x): return x'}
  - {id: c, type: log}
  - {id: d, type: python, code: 'def f(x): return x'}
  - {id: inner, flow: cleaning}
subflows:
  - name: cleaning
    inputs: [in]
    outputs: [success]
    processors: [{id: clean, type: python, code: 'def f(x): return x'}]
    connections: [{from: in, to: clean.in}, {from: clean.success, to: success}]
connections:
  - {from: a.success, to: b.in}
  - {from: b.success, to: c.in}
layout: {a: [0, 0], b: [450, 30], c: [980, 0], d: [450, 350], inner: [980, 350]}
""")
)
LINK = "a.success->b.in"


@deed(DRAWN, "cut")
def cut(desk: Desk, folder: Path) -> None:
    QGuiApplication.clipboard().clear()
    pick(desk, "b")
    by_menu(desk, "cut")
    assert "b" not in desk.flow.steps
    assert "def f(x)" in QGuiApplication.clipboard().text()


@deed(DRAWN, "copy")
def copy(desk: Desk, folder: Path) -> None:
    QGuiApplication.clipboard().clear()
    pick(desk, "b")
    by_menu(desk, "copy")
    assert "b" in desk.flow.steps
    assert "def f(x)" in QGuiApplication.clipboard().text()


@deed(DRAWN, "paste")
def paste(desk: Desk, folder: Path) -> None:
    pick(desk, "a")
    press(desk.window, Qt.Key.Key_C, CTRL)
    by_menu(desk, "paste")
    assert desk.chosen == ["a-2"]


@deed(DRAWN, "duplicate")
def duplicate(desk: Desk, folder: Path) -> None:
    pick(desk, "b", "d")
    by_menu(desk, "duplicate")
    assert {"b-2", "d-2"} <= set(desk.flow.steps)


@deed(DRAWN, "delete")
def delete(desk: Desk, folder: Path) -> None:
    pick(desk, "b")
    by_menu(desk, "delete")
    assert set(desk.flow.steps) == {"a", "c", "d", "inner"}
    assert not desk.flow.connections


@deed(DRAWN, "delete_and_heal")
def delete_and_heal(desk: Desk, folder: Path) -> None:
    pick(desk, "b")
    by_menu(desk, "delete_and_heal")
    assert set(desk.flow.connections) == {"a.success->c.in"}


@deed(DRAWN, "select_all")
def select_all(desk: Desk, folder: Path) -> None:
    by_menu(desk, "select_all")
    assert set(desk.chosen) >= set(desk.flow.steps)


@deed(DRAWN, "select_upstream")
def select_upstream(desk: Desk, folder: Path) -> None:
    pick(desk, "b")
    by_menu(desk, "select_upstream")
    assert desk.chosen == ["a", "b"]


@deed(DRAWN, "select_downstream")
def select_downstream(desk: Desk, folder: Path) -> None:
    pick(desk, "b")
    by_menu(desk, "select_downstream")
    assert desk.chosen == ["b", "c"]


@deed(DRAWN, "add_part")
def add_part(desk: Desk, folder: Path) -> None:
    by_menu(desk, "add_part")
    desk.type("delay")
    press(desk.window, Qt.Key.Key_Return)
    assert "delay" in desk.flow.steps


@deed(DRAWN, "draw_connection")
def draw_connection(desk: Desk, folder: Path) -> None:
    pick(desk, "d")
    by_menu(desk, "draw_connection")
    assert isinstance(desk.viewer.gesture, KeyConnect)
    target = desk.viewer.gesture.target
    press(desk.window, Qt.Key.Key_Return)
    press(desk.window, Qt.Key.Key_Return)
    assert f"d.success->{target}.in" in desk.flow.connections


@deed(DRAWN, "rename")
def rename(desk: Desk, folder: Path) -> None:
    pick(desk, "b")
    widths: list[int] = []

    def name_it(dialog: QWidget) -> None:
        widths.append(dialog.width())
        write_over(desk, "Second")

    when_asked(name_it)
    by_menu(desk, "rename")
    assert widths[0] >= 460, "there is room for a long name"
    cards = desk.page.board.sheet.cards
    assert (desk.flow.steps["b"].name, cards.card(cards.rows["b"]).name) == ("Second", "Second")


@deed(DRAWN, "set_color")
def set_color(desk: Desk, folder: Path) -> None:
    pick(desk, "b", "d")
    when_asked(lambda dialog: choose_color(desk, dialog, "#ff8800"))
    by_menu(desk, "set_color")
    assert {desk.flow.steps[key].color for key in ("b", "d")} == {"#ff8800"}


@deed(DRAWN, "write_note")
def write_note(desk: Desk, folder: Path) -> None:
    key = desk.page.editing.add_label((0.0, 600.0))
    desk.viewer.select([key])
    by_menu(desk, "write_note")
    desk.type("written")
    press(desk.window, Qt.Key.Key_Escape)
    assert [label.text for label in desk.flow.labels.values()] == ["written"]


@deed(DRAWN, "open_menu")
def open_menu(desk: Desk, folder: Path) -> None:
    pick(desk, "b")
    by_menu(desk, "open_menu")
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    assert desk.window.actions_by_id["edit_code"] in menu.actions()
    press(desk.window, Qt.Key.Key_Escape)


# -- parts and subflows


@deed(DRAWN, "disable")
def disable(desk: Desk, folder: Path) -> None:
    pick(desk, "b", "c")
    by_menu(desk, "disable")
    assert {key for key, step in desk.flow.steps.items() if not step.enabled} == {"b", "c"}


@deed(DRAWN, "enable")
def enable(desk: Desk, folder: Path) -> None:
    pick(desk, "b", "c")
    desk.page.editing.set_enabled(enabled=False)
    by_menu(desk, "enable")
    assert all(step.enabled for step in desk.flow.steps.values())


@deed(DRAWN, "wrap")
def wrap(desk: Desk, folder: Path) -> None:
    pick(desk, "b", "c")
    when_asked(lambda _: write_over(desk, "ending"))
    by_menu(desk, "wrap")
    assert {"b", "c"}.isdisjoint(desk.flow.steps)
    assert {step.flow for step in desk.flow.steps.values() if isinstance(step, Subflow)} == {"cleaning", "ending"}


@deed(DRAWN, "unwrap")
def unwrap(desk: Desk, folder: Path) -> None:
    pick(desk, "inner")
    by_menu(desk, "unwrap")
    assert "clean" in desk.flow.steps
    assert "inner" not in desk.flow.steps


@deed(DRAWN, "move_to_parent")
def move_to_parent(desk: Desk, folder: Path) -> None:
    desk.hand.double_click(desk.middle("inner"))
    assert desk.page.board.place == Place(("inner",))
    desk.viewer.fit()
    pick(desk, "clean")
    by_menu(desk, "move_to_parent")
    assert "clean" in desk.flow.steps


@deed(DRAWN, "expand")
def expand(desk: Desk, folder: Path) -> None:
    pick(desk, "inner")
    by_menu(desk, "expand")
    assert "inner/clean" in desk.page.board.sheet.cards.rows


@deed(DRAWN, "collapse")
def collapse(desk: Desk, folder: Path) -> None:
    pick(desk, "inner")
    desk.page.editing.expand(expanded=True)
    assert "inner/clean" in desk.page.board.sheet.cards.rows
    by_menu(desk, "collapse")
    assert "inner/clean" not in desk.page.board.sheet.cards.rows


@deed(DRAWN, "save_subflow_file")
def save_subflow_file(desk: Desk, folder: Path) -> None:
    path = folder / "inner.flow.yaml"
    pick(desk, "inner")
    when_asked(lambda _: name_file(desk, str(path)))
    by_menu(desk, "save_subflow_file")
    until(path.exists)
    until(lambda: "Saved to" in desk.window.strip.message)
    assert read_flow(path).definitions["cleaning"].steps.keys() == {"clean"}


@deed(DRAWN, "save_pattern")
def save_pattern(desk: Desk, folder: Path) -> None:
    def fill_in() -> None:
        press(desk.window, Qt.Key.Key_A, CTRL)
        type_in(desk.window, "Two in a row")
        press(desk.window, Qt.Key.Key_Return)

    pick(desk, "b", "c")
    when_asked(lambda _: fill_in())
    by_menu(desk, "save_pattern")
    path = folder / "patterns" / "two-in-a-row.flow.yaml"
    until(path.exists)
    assert set(read_flow(path).definitions["two-in-a-row"].steps) == {"b", "c"}


# -- order


@deed(DRAWN, "arrange")
def arrange(desk: Desk, folder: Path) -> None:
    before = [desk.place(key) for key in desk.flow.steps]
    by_menu(desk, "arrange")
    assert [desk.place(key) for key in desk.flow.steps] != before
    rects = [rect_of(desk, key) for key in desk.flow.steps]
    assert not any(one.intersects(other) for one in rects for other in rects if one is not other)


@deed(DRAWN, "bring_to_front")
def bring_to_front(desk: Desk, folder: Path) -> None:
    pick(desk, "b")
    by_menu(desk, "bring_to_front")
    assert desk.flow.steps["b"].layer > desk.flow.steps["a"].layer


@deed(DRAWN, "send_to_back")
def send_to_back(desk: Desk, folder: Path) -> None:
    pick(desk, "b")
    by_menu(desk, "send_to_back")
    assert desk.flow.steps["b"].layer < desk.flow.steps["a"].layer


def rect_of(desk: Desk, key: str) -> QRectF:
    cards = desk.page.board.sheet.cards
    return cards.rect(cards.rows[key])


def aligning(id: str, edge: Callable[[QRectF], float]) -> Deed:
    """Three cards, none in line with another, are so afterwards."""

    def align(desk: Desk, folder: Path) -> None:
        keys = ("a", "b", "inner")
        pick(desk, *keys)
        assert len({edge(rect_of(desk, key)) for key in keys}) > 1
        by_menu(desk, id)
        places = [edge(rect_of(desk, key)) for key in keys]
        assert max(places) - min(places) <= 1

    return align


def distributing(id: str, end: Callable[[QRectF], float], begin: Callable[[QRectF], float]) -> Deed:
    """The gaps of three cards are equal afterwards."""

    def gaps(desk: Desk) -> float:
        """How much they differ."""
        rects = sorted((rect_of(desk, key) for key in ("a", "d", "inner")), key=begin)
        return abs((begin(rects[1]) - end(rects[0])) - (begin(rects[2]) - end(rects[1])))

    def distribute(desk: Desk, folder: Path) -> None:
        pick(desk, "a", "d", "inner")
        assert gaps(desk) > 20
        by_menu(desk, id)
        assert gaps(desk) <= 1

    return distribute


for _id, _edge in (
    ("align_left", QRectF.left),
    ("align_centre", lambda rect: rect.center().x()),
    ("align_right", QRectF.right),
    ("align_top", QRectF.top),
    ("align_middle", lambda rect: rect.center().y()),
    ("align_bottom", QRectF.bottom),
):
    deed(DRAWN, _id)(aligning(_id, _edge))
deed(DRAWN, "distribute_across")(distributing("distribute_across", QRectF.right, QRectF.left))
deed(DRAWN, "distribute_down")(distributing("distribute_down", QRectF.bottom, QRectF.top))


# -- from connections to cards


@deed(DRAWN, "go_to_source")
def go_to_source(desk: Desk, folder: Path) -> None:
    pick_link(desk, LINK)
    by_menu(desk, "go_to_source")
    assert desk.chosen == ["a"]


@deed(DRAWN, "go_to_destination")
def go_to_destination(desk: Desk, folder: Path) -> None:
    pick_link(desk, LINK)
    by_menu(desk, "go_to_destination")
    assert desk.chosen == ["b"]
